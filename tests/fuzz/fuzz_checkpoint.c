/* fuzz_checkpoint.c - any checkpoint has one spelling: its text is written
 * again as it was. */
#include "keysnap/store/checkpoint.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct crypto *crypto; /* one for the process */
	struct arena *arena = arena_new();
	struct checkpoint checkpoint;
	const char *why = NULL;

	if (crypto == NULL)
		crypto = crypto_open(NULL);
	if (checkpoint_parse(&checkpoint, arena, crypto,
		(struct span){ data, size }, &why)) {
		GString *again = g_string_new(NULL);

		checkpoint_append(again, &checkpoint);
		if (!span_equal(checkpoint.note.text,
			(struct span){
			    (const uint8_t *)again->str, again->len }))
			abort();
		g_string_free(again, TRUE);
		checkpoint_check_signatures(
		    &checkpoint, crypto, &checkpoint.signer, &why);
	} else if (why == NULL) {
		abort();
	}
	arena_free(arena);
	return 0;
}
