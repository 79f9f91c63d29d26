/* fuzz_key_record.c - any TXT record: parsed, and a check with its key. */
#include "keysnap/key/public_key.h"

#include <glib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
check_once(const struct crypto *crypto, const struct public_key *key)
{
	struct key_checker *checker = key_checker_new(crypto, key);
	uint8_t signature[PUBLIC_KEY_MAX_SIGNATURE] = { 0 };
	size_t n = key->type == KEY_TYPE_RSA ? key->modulus.n : 64;
	struct key_check check;

	g_assert(checker == NULL || key->status == PUBLIC_KEY_OK);
	if (checker == NULL)
		return;
	signature[n - 1] = 2;
	key_checker_check(checker, DIGEST_SHA256,
	    SPAN("0123456789abcdef0123456789abcdef"),
	    (struct span){ signature, n }, &check);
	g_assert(check.result != KEY_CHECK_OTHER);
	key_checker_free(checker);
}

/* p= as it stands may be text; as key data it may be anything. */
static void
parse_key(struct arena *arena, const struct crypto *crypto,
    const struct key_record *record)
{
	struct public_key key;

	public_key_parse(&key, arena, crypto, record);
	g_assert(public_key_status_name(key.status) != NULL);
	if (key.type == KEY_TYPE_RSA && key.bits > 0)
		g_assert((key.bits + 7) / 8 == key.modulus.n);
	/* Large exponents make the check slow, and find nothing more. */
	if (key.exponent.n <= 8 && key.bits <= 4096)
		check_once(crypto, &key);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct crypto *crypto; /* made once per process: it is slow */
	struct arena *arena = arena_new();
	struct key_record record;

	if (crypto == NULL)
		crypto = crypto_open(NULL);
	key_record_parse(&record, arena, (struct span){ data, size });
	g_assert(record.key_data.n <= size);
	g_assert(!record.revoked || record.key_data.n == 0);
	parse_key(arena, crypto, &record);

	record.type = KEY_TYPE_RSA;
	record.key_data = (struct span){ data, size };
	parse_key(arena, crypto, &record);
	arena_free(arena);
	return 0;
}
