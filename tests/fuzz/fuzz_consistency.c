/* fuzz_consistency.c - any file of a consistency proof has one spelling. */
#include "keysnap/store/consistency.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* The octets of a checkpoint, from its text on; signatures follow it. */
static struct span
from(const struct checkpoint *checkpoint, const uint8_t *end)
{
	const uint8_t *start = checkpoint->note.text.p;

	return (struct span){ start, (size_t)(end - start) };
}

static void
check(const struct consistency *proof, struct span octets)
{
	const uint8_t *later = proof->later.note.text.p;
	GString *again = g_string_new(NULL);

	consistency_append(again, &proof->proof,
	    from(&proof->earlier, later - 1),
	    from(&proof->later, octets.p + octets.n));
	if (!span_equal(octets,
		(struct span){ (const uint8_t *)again->str, again->len }))
		abort();
	g_string_free(again, TRUE);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct crypto *crypto; /* one for the process */
	struct arena *arena = arena_new();
	struct span octets = { data, size };
	struct consistency proof;
	const char *why = NULL;

	if (crypto == NULL)
		crypto = crypto_open(NULL);
	if (consistency_parse(&proof, arena, crypto, octets, &why)) {
		check(&proof, octets);
		consistency_check(&proof, crypto, &why);
	} else if (why == NULL) {
		abort();
	}
	arena_free(arena);
	return 0;
}
