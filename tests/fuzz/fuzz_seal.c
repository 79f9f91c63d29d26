/* fuzz_seal.c - any files in seals/, over a fixed checkpoint.  The input is
 * files one behind the other, each after a line "== NAME", with a line feed
 * between them; "ca" is what is
 * trusted for all.  seeds/seal was made by make_seal_seeds.sh. */
#include "keysnap/store/seal.h"

#include <stdlib.h>
#include <string.h>

#define CHECKPOINT                                                     \
	"o.example\n0\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n" \
	"manifest-sha256 "                                             \
	"e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855\n"
#define FILES_MAX 16
#define MARK      "== "

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Take the next file off the front of *rest. */
static bool
take_file(struct arena *arena, struct span *rest, struct seal_file *file)
{
	struct span name;
	size_t end = span_find(*rest, '\n'), next;

	if (!span_starts_with(*rest, SPAN(MARK)) || end == rest->n)
		return false;
	name = span_sub(*rest, 3, end - 3);
	if (memchr(name.p, '\0', name.n) != NULL)
		return false;
	file->name = (const char *)arena_copy(arena, name).p;
	*rest = span_from(*rest, end + 1);
	for (next = 0; next < rest->n; next++) {
		if (span_starts_with(span_from(*rest, next), SPAN("\n" MARK)))
			break;
	}
	file->octets = span_sub(*rest, 0, next);
	*rest = span_from(*rest, next + 1);
	return true;
}

static void
check(const struct crypto *crypto, struct arena *arena, struct span rest)
{
	struct seal_file files[FILES_MAX], *file = files;
	struct seal_trust trust = { .now = 1800000000 };
	struct seal_question question = { .crypto = crypto,
		.checkpoint = SPAN(CHECKPOINT),
		.text = SPAN(CHECKPOINT),
		.trust = &trust };
	struct seal *seals;
	size_t n;

	while (file < files + FILES_MAX && take_file(arena, &rest, file)) {
		if (strcmp(file->name, "ca") == 0)
			trust.tsa_ca = trust.cms_ca = file->octets;
		else
			file++;
	}
	question.set = (struct seal_set){ files, (size_t)(file - files) };
	seals_check(&question, arena, &seals, &n);
	for (size_t i = 0; i < n; i++) {
		if (seals[i].text == NULL ||
		    (seals[i].state == SEAL_HOLDS && trust.tsa_ca.n == 0))
			abort();
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct crypto *crypto; /* one for the process */
	struct arena *arena = arena_new();

	if (crypto == NULL)
		crypto = crypto_open(NULL);
	check(crypto, arena, (struct span){ data, size });
	arena_free(arena);
	return 0;
}
