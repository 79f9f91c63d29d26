/* fuzz_seal_minisign.c - any signature and key of minisign.  A key that is
 * read is the one that is written. */
#include "keysnap/store/seal_minisign.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
check_key(const struct minisign_key *key)
{
	GString *text = g_string_new(NULL);
	struct minisign_key again;

	minisign_key_append(text, key);
	if (!minisign_key_parse(&again,
		(struct span){ (const uint8_t *)text->str, text->len }) ||
	    memcmp(&again, key, sizeof(again)) != 0)
		abort();
	g_string_free(text, TRUE);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct crypto *crypto; /* one for the process */
	struct arena *arena = arena_new();
	struct span text = { data, size };
	struct minisign_signature signature;
	struct minisign_key key;
	const char *why = NULL;

	if (crypto == NULL)
		crypto = crypto_open(NULL);
	memset(&key, 0, sizeof(key));
	if (minisign_key_parse(&key, text))
		check_key(&key);
	if (minisign_parse(&signature, arena, text, &why)) {
		memcpy(key.id, signature.id, sizeof(key.id));
		minisign_verify(&signature, crypto, &key, SPAN("hi\n"), &why);
	}
	if (why == NULL && !minisign_key_parse(&key, text))
		abort();
	arena_free(arena);
	return 0;
}
