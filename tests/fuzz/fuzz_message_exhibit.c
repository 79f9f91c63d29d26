/* fuzz_message_exhibit.c - any exhibit of a message has one spelling: it is
 * written again as it was.  With the digest at its end made anew, whatever is
 * in it, checking it ends well; who gives no key is told so. */
#include "verifier/case/message_exhibit.h"
#include "verifier/message/display.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const struct crypto *crypto; /* one for the process */
static struct alignment *alignment;

static void
ignore(void *user, const struct snapshot_finding *finding)
{
	(void)user;
	if (finding->text == NULL || (finding->good && finding->noted))
		abort();
}

static void
check(const struct message_exhibit *exhibit, struct span octets)
{
	const struct policy policy = { GRADE_B, 1, REPAIRS_NONE };
	GString *again = g_string_new(NULL);
	enum verdict verdict;
	const struct message_exhibit_trust trust = {
		.alignment = alignment,
		.policy = &policy,
		.seals = { .now = 1800000000 },
	};

	message_exhibit_write(again, exhibit, crypto);
	if (!span_equal(octets,
		(struct span){ (const uint8_t *)again->str, again->len }))
		abort();
	g_string_free(again, TRUE);
	message_exhibit_check(exhibit, crypto, &trust, ignore, NULL, &verdict);
}

/* Everything before the last line, and an end that fits it. */
static GString *
with_end(struct span octets)
{
	size_t n = octets.n > 0 ? octets.n - 1 : 0;
	GString *out;
	uint8_t sha256[DIGEST_SHA256_SIZE];
	char hex[DIGEST_HEX_SIZE];

	while (n > 0 && octets.p[n - 1] != '\n')
		n--;
	digest_sha256(crypto, span_sub(octets, 0, n), sha256);
	digest_to_hex((struct span){ sha256, sizeof(sha256) }, hex);
	out = g_string_new_len((const char *)octets.p, (gssize)n);
	g_string_append_printf(
	    out, "{\"sha256\":\"%s\",\"type\":\"end\"}\n", hex);
	return out;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena *arena;
	struct message_exhibit exhibit;
	GString *text;
	struct span octets;
	const char *why = NULL;

	if (crypto == NULL) {
		crypto = crypto_open(NULL);
		display_init();
		alignment = alignment_open(
		    "data/public_suffix_list.dat", NULL, crypto, NULL);
		if (alignment == NULL)
			abort();
	}
	arena = arena_new();
	text = with_end((struct span){ data, size });
	octets = (struct span){ (const uint8_t *)text->str, text->len };
	if (message_exhibit_parse(&exhibit, arena, crypto, octets, &why))
		check(&exhibit, octets);
	else if (why == NULL)
		abort();
	g_string_free(text, TRUE);
	arena_free(arena);
	return 0;
}
