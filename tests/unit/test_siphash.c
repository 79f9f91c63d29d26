/* test_siphash.c - against OpenSSL's SipHash, at every length of three words
 * and where the length wraps. */
#include "keysnap/base/siphash.h"

#include <glib.h>
#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/params.h>

static uint64_t
oracle(EVP_MAC *method, const uint8_t key[SIPHASH_KEY_SIZE], struct span text)
{
	EVP_MAC_CTX *context = EVP_MAC_CTX_new(method);
	size_t size = 8;
	const OSSL_PARAM params[] = {
		OSSL_PARAM_construct_size_t(OSSL_MAC_PARAM_SIZE, &size),
		OSSL_PARAM_construct_end(),
	};
	uint8_t octets[8] = { 0 };
	uint64_t hash = 0;

	g_assert_cmpint(
	    EVP_MAC_init(context, key, SIPHASH_KEY_SIZE, params), ==, 1);
	g_assert_cmpint(EVP_MAC_update(context, text.p, text.n), ==, 1);
	g_assert_cmpint(EVP_MAC_final(context, octets, &size, 8), ==, 1);
	EVP_MAC_CTX_free(context);
	for (size_t i = 0; i < 8; i++)
		hash |= (uint64_t)octets[i] << (8 * i);
	return hash;
}

static void
test_oracle(void)
{
	EVP_MAC *method = EVP_MAC_fetch(NULL, "SIPHASH", NULL);
	uint8_t key[SIPHASH_KEY_SIZE], text[600];

	for (size_t i = 0; i < sizeof(key); i++)
		key[i] = (uint8_t)(0xf0 + i);
	for (size_t i = 0; i < sizeof(text); i++)
		text[i] = (uint8_t)(255 - i * 7);
	g_assert_nonnull(method);
	for (size_t n = 0; n <= sizeof(text); n = n < 32 ? n + 1 : n + 71) {
		const struct span span = { text, n };

		g_assert_cmphex(
		    siphash(key, span), ==, oracle(method, key, span));
	}
	EVP_MAC_free(method);
}

/* The example of the paper, appendix A. */
static void
test_paper(void)
{
	uint8_t key[SIPHASH_KEY_SIZE], text[15];

	for (size_t i = 0; i < sizeof(key); i++)
		key[i] = (uint8_t)i;
	memcpy(text, key, sizeof(text));
	g_assert_cmphex(siphash(key, (struct span){ text, sizeof(text) }), ==,
	    UINT64_C(0xa129ca6149be45e5));
	g_assert_cmphex(siphash(key, (struct span){ NULL, 0 }), ==,
	    UINT64_C(0x726fdb47dd0e0e31));
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_set_nonfatal_assertions();
	g_test_add_func("/siphash/oracle", test_oracle);
	g_test_add_func("/siphash/paper", test_paper);
	return g_test_run();
}
