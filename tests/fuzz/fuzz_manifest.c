/* fuzz_manifest.c - any MANIFEST has one spelling: it is written again as it
 * was. */
#include "keysnap/store/manifest.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct span text = { data, size };
	struct arena *arena = arena_new();
	struct manifest manifest;
	const char *why = NULL;

	if (manifest_parse(&manifest, arena, text, &why)) {
		GString *again = g_string_new(NULL);

		for (size_t i = 0; i < manifest.n; i++) {
			char *name = span_dup(manifest.files[i].name);

			manifest_append(again, name, manifest.files[i].sha256);
			if (strcmp(name, "keys.mdb") == 0)
				manifest_append_pieces(again,
				    (const uint8_t(*)[32])manifest.pieces,
				    manifest.n_pieces);
			g_free(name);
		}
		if (!span_equal(text,
			(struct span){
			    (const uint8_t *)again->str, again->len }) ||
		    manifest_get(&manifest, "log.jsonl") == NULL)
			abort();
		g_string_free(again, TRUE);
	} else if (why == NULL) {
		abort();
	}
	arena_free(arena);
	return 0;
}
