/* fuzz_exhibit.c - any exhibit has one spelling: it is written again as it
 * was.  Checking it and its seals ends well whatever it holds. */
#include "keysnap/store/exhibit.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
ignore(void *user, const struct snapshot_finding *finding)
{
	(void)user;
	if (finding->text == NULL || (finding->good && finding->noted))
		abort();
}

static void
check(const struct exhibit *exhibit, const struct crypto *crypto,
    struct arena *arena, struct span octets)
{
	GString *again = g_string_new(NULL);
	const struct seal_trust trust = { .now = 1800000000 };
	const struct seal_question question = { .crypto = crypto,
		.checkpoint = exhibit->checkpoint_octets,
		.text = exhibit->checkpoint.note.text,
		.set = exhibit->seals,
		.trust = &trust };
	struct seal *seals;
	size_t n;

	exhibit_write(again, exhibit);
	if (!span_equal(octets,
		(struct span){ (const uint8_t *)again->str, again->len }))
		abort();
	g_string_free(again, TRUE);
	exhibit_check(exhibit, crypto, ignore, NULL);
	seals_check(&question, arena, &seals, &n);
	for (size_t i = 0; i < n; i++) {
		if (seals[i].state == SEAL_HOLDS) /* nothing was given */
			abort();
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct crypto *crypto; /* one for the process */
	struct arena *arena = arena_new();
	struct span octets = { data, size };
	struct exhibit exhibit;
	const char *why = NULL;

	if (crypto == NULL)
		crypto = crypto_open(NULL);
	if (exhibit_parse(&exhibit, arena, crypto, octets, &why))
		check(&exhibit, crypto, arena, octets);
	else if (why == NULL)
		abort();
	arena_free(arena);
	return 0;
}
