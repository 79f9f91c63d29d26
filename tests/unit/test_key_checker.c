/* test_key_checker.c - signatures against keys, made here and of RFC 8463. */
#include "keysnap/base/base64.h"
#include "keysnap/key/der.h"
#include "keysnap/key/public_key.h"
#include "tests/unit/span_assert.h"

#include <openssl/core_names.h>
#include <openssl/err.h>
#include <openssl/rsa.h>
#include <string.h>

/* One digest of each algorithm, and others of the same. */
#define DIGEST32 SPAN("0123456789abcdef0123456789abcdef")
#define OTHER32  SPAN("0123456789abcdef0123456789abcdeg")
#define DIGEST20 SPAN("0123456789abcdef0123")

#define INFO_SHA256                                                        \
	"\x30\x31\x30\x0d\x06\x09\x60\x86\x48\x01\x65\x03\x04\x02\x01\x05" \
	"\x00\x04\x20"

/* A private key made for the test, and its public half as a key record has
 * it. */
struct pair {
	struct crypto *crypto;
	struct arena *arena;
	EVP_PKEY *pkey;
	struct public_key key;
	struct key_checker *checker;
	uint8_t signature[PUBLIC_KEY_MAX_SIGNATURE];
	size_t signature_n;
};

static struct span
number_of(struct arena *arena, EVP_PKEY *pkey, const char *name)
{
	BIGNUM *number = NULL;
	struct span out;
	uint8_t *octets;

	g_assert_true(EVP_PKEY_get_bn_param(pkey, name, &number) == 1);
	out.n = (size_t)BN_num_bytes(number);
	out.p = octets = arena_alloc(arena, out.n);
	BN_bn2bin(number, octets);
	BN_free(number);
	return out;
}

static void
open_parts(struct pair *pair, struct span modulus, struct span exponent)
{
	g_autoptr(GByteArray) numbers = g_byte_array_new();
	g_autoptr(GByteArray) pkcs1 = g_byte_array_new();
	struct key_record record = { .type = KEY_TYPE_RSA };

	der_append_unsigned(numbers, modulus);
	der_append_unsigned(numbers, exponent);
	der_append(
	    pkcs1, DER_SEQUENCE, (struct span){ numbers->data, numbers->len });
	record.key_data =
	    arena_copy(pair->arena, (struct span){ pkcs1->data, pkcs1->len });
	public_key_parse(&pair->key, pair->arena, pair->crypto, &record);
	pair->checker = key_checker_new(pair->crypto, &pair->key);
}

static void
open_rsa(struct pair *pair, size_t bits, const char *exponent)
{
	EVP_PKEY_CTX *context;
	BIGNUM *e = NULL;

	memset(pair, 0, sizeof(*pair));
	pair->crypto = crypto_open(NULL);
	pair->arena = arena_new();
	context = EVP_PKEY_CTX_new_from_name(pair->crypto->libctx, "RSA", NULL);
	g_assert_true(BN_hex2bn(&e, exponent) > 0);
	g_assert_true(EVP_PKEY_keygen_init(context) == 1);
	g_assert_true(
	    EVP_PKEY_CTX_set_rsa_keygen_bits(context, (int)bits) == 1);
	g_assert_true(EVP_PKEY_CTX_set1_rsa_keygen_pubexp(context, e) == 1);
	g_assert_true(EVP_PKEY_generate(context, &pair->pkey) == 1);
	BN_free(e);
	EVP_PKEY_CTX_free(context);
	open_parts(pair,
	    number_of(pair->arena, pair->pkey, OSSL_PKEY_PARAM_RSA_N),
	    number_of(pair->arena, pair->pkey, OSSL_PKEY_PARAM_RSA_E));
}

static void
close_pair(struct pair *pair)
{
	key_checker_free(pair->checker);
	EVP_PKEY_free(pair->pkey);
	arena_free(pair->arena);
	crypto_close(pair->crypto);
}

/* The library's own signature; "md" NULL signs "text" without any padding. */
static void
sign(struct pair *pair, const EVP_MD *md, struct span text)
{
	EVP_PKEY_CTX *context =
	    EVP_PKEY_CTX_new_from_pkey(pair->crypto->libctx, pair->pkey, NULL);
	int padding = md == NULL ? RSA_NO_PADDING : RSA_PKCS1_PADDING;

	pair->signature_n = sizeof(pair->signature);
	g_assert_true(EVP_PKEY_sign_init(context) == 1);
	g_assert_true(EVP_PKEY_CTX_set_rsa_padding(context, padding) == 1);
	if (md != NULL)
		g_assert_true(EVP_PKEY_CTX_set_signature_md(context, md) == 1);
	g_assert_true(EVP_PKEY_sign(context, pair->signature,
			  &pair->signature_n, text.p, text.n) == 1);
	EVP_PKEY_CTX_free(context);
}

static enum key_check_result
check(struct pair *pair, enum digest_algorithm algorithm, struct span digest,
    struct span want_recovered)
{
	struct key_check got;

	key_checker_check(pair->checker, algorithm, digest,
	    (struct span){ pair->signature, pair->signature_n }, &got);
	span_assert_equal("recovered",
	    (struct span){ got.recovered, got.recovered_n }, want_recovered);
	g_assert_cmpuint(ERR_peek_error(), ==, 0);
	return got.result;
}

static const struct span none = { NULL, 0 };

static void
test_rsa(void)
{
	static const struct {
		size_t bits;
		const char *exponent;
	} keys[] = {
		{ 512, "10001" }, { 1024, "3" }, { 1031, "10001" },
		{ 2048, "10001" }, { 3072, "400000000000000001" }, /* 71 bits */
	};

	for (size_t i = 0; i < G_N_ELEMENTS(keys); i++) {
		struct pair pair;

		g_test_message("%zu bits", keys[i].bits);
		open_rsa(&pair, keys[i].bits, keys[i].exponent);
		g_assert_nonnull(pair.checker);
		sign(&pair, pair.crypto->sha256, DIGEST32);
		g_assert_cmpint(check(&pair, DIGEST_SHA256, DIGEST32, DIGEST32),
		    ==, KEY_CHECK_VALID);
		g_assert_cmpint(check(&pair, DIGEST_SHA256, OTHER32, DIGEST32),
		    ==, KEY_CHECK_OTHER);
		g_assert_cmpint(check(&pair, DIGEST_SHA1, DIGEST20, DIGEST32),
		    ==, KEY_CHECK_OTHER);
		pair.signature[pair.signature_n / 2] ^= 1;
		g_assert_cmpint(check(&pair, DIGEST_SHA256, DIGEST32, none), ==,
		    KEY_CHECK_MISMATCH);
		sign(&pair, pair.crypto->sha1, DIGEST20);
		g_assert_cmpint(check(&pair, DIGEST_SHA1, DIGEST20, DIGEST20),
		    ==, KEY_CHECK_VALID);
		g_assert_cmpint(check(&pair, DIGEST_SHA256, DIGEST32, DIGEST20),
		    ==, KEY_CHECK_OTHER);
		close_pair(&pair);
	}
}

/* Wrong lengths, and numbers that are no residue of the modulus. */
static void
test_range(void)
{
	struct pair pair;
	size_t n;

	open_rsa(&pair, 1024, "10001");
	sign(&pair, pair.crypto->sha256, DIGEST32);
	n = pair.signature_n;
	for (pair.signature_n = 0; pair.signature_n <= n + 2;
	     pair.signature_n++)
		g_assert_cmpint(check(&pair, DIGEST_SHA256, DIGEST32,
				    pair.signature_n == n ? DIGEST32 : none),
		    ==,
		    pair.signature_n == n ? KEY_CHECK_VALID
					  : KEY_CHECK_MISMATCH);
	pair.signature_n = n;
	memcpy(pair.signature, pair.key.modulus.p, n);
	g_assert_cmpint(check(&pair, DIGEST_SHA256, DIGEST32, none), ==,
	    KEY_CHECK_MISMATCH);
	memset(pair.signature, 0xff, n);
	g_assert_cmpint(check(&pair, DIGEST_SHA256, DIGEST32, none), ==,
	    KEY_CHECK_MISMATCH);
	memset(pair.signature, 0, n);
	g_assert_cmpint(check(&pair, DIGEST_SHA256, DIGEST32, none), ==,
	    KEY_CHECK_MISMATCH);
	close_pair(&pair);
}

/* Encoded messages that are nearly right: one octet changed at a time, all
 * with a true signature.  Only the digest itself may differ. */
static void
test_encoding(void)
{
	const struct span info = SPAN(INFO_SHA256);
	uint8_t message[128];
	size_t digest_at = sizeof(message) - 32;
	struct pair pair;

	open_rsa(&pair, 1024, "10001");
	for (size_t at = 0; at <= sizeof(message); at++) {
		enum key_check_result want = KEY_CHECK_MISMATCH;
		struct span recovered = { message + digest_at, 32 };

		memset(message, 0xff, sizeof(message));
		message[0] = 0x00;
		message[1] = 0x01;
		message[digest_at - info.n - 1] = 0x00;
		memcpy(message + digest_at - info.n, info.p, info.n);
		memcpy(message + digest_at, DIGEST32.p, 32);
		if (at == sizeof(message))
			want = KEY_CHECK_VALID;
		else if (at >= digest_at)
			want = KEY_CHECK_OTHER;
		/* A first octet over 0 would not fit under the modulus. */
		if (at > 0 && at < sizeof(message))
			message[at] ^= 0x02;
		if (at == 0)
			continue;
		sign(&pair, NULL, (struct span){ message, sizeof(message) });
		g_assert_cmpint(
		    check(&pair, DIGEST_SHA256, DIGEST32,
			want == KEY_CHECK_MISMATCH ? none : recovered),
		    ==, want);
	}
	close_pair(&pair);
}

/* DigestInfo not at the end (Bleichenbacher's forgery for e=3), without its
 * NULL, and with less than eight octets of padding. */
static void
test_forgeries(void)
{
	static const uint8_t without_null[] = { 0x30, 0x2f, 0x30, 0x0b, 0x06,
		0x09, 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x01,
		0x04, 0x20 };
	uint8_t message[128] = { 0, 1 };
	struct pair pair;
	size_t n;

	open_rsa(&pair, 1024, "3");
	memset(message + 2, 0xff, 8);
	memcpy(message + 11, INFO_SHA256, 19);
	memcpy(message + 30, DIGEST32.p, 32);
	sign(&pair, NULL, (struct span){ message, sizeof(message) });
	g_assert_cmpint(check(&pair, DIGEST_SHA256, DIGEST32, none), ==,
	    KEY_CHECK_MISMATCH);

	n = sizeof(message) - 32 - sizeof(without_null);
	memset(message + 2, 0xff, n - 3);
	message[n - 1] = 0;
	memcpy(message + n, without_null, sizeof(without_null));
	memcpy(message + sizeof(message) - 32, DIGEST32.p, 32);
	sign(&pair, NULL, (struct span){ message, sizeof(message) });
	g_assert_cmpint(check(&pair, DIGEST_SHA256, DIGEST32, none), ==,
	    KEY_CHECK_MISMATCH);
	close_pair(&pair);
}

/* e=1: what is "signed" is the encoded message itself.  The check says so;
 * that it proves nothing is the key's flag. */
static void
test_exponent_one(void)
{
	struct pair pair = { 0 };
	uint8_t *em = pair.signature;

	pair.crypto = crypto_open(NULL);
	pair.arena = arena_new();
	pair.signature_n = 128;
	memset(em, 0xff, 128);
	open_parts(&pair, (struct span){ em, 128 }, SPAN("\x01"));
	g_assert_cmphex(
	    pair.key.flags, ==, PUBLIC_KEY_AGING | PUBLIC_KEY_FORGEABLE);
	g_assert_nonnull(pair.checker);
	em[0] = 0;
	em[1] = 1;
	em[128 - 32 - 20] = 0;
	memcpy(em + 128 - 32 - 19, INFO_SHA256, 19);
	memcpy(em + 128 - 32, DIGEST32.p, 32);
	g_assert_cmpint(check(&pair, DIGEST_SHA256, DIGEST32, DIGEST32), ==,
	    KEY_CHECK_VALID);
	close_pair(&pair);
}

/* An even exponent: what it gives is compared like any other, and the key is
 * flagged. */
static void
test_exponent_even(void)
{
	struct pair pair, even;

	open_rsa(&pair, 1024, "10001");
	sign(&pair, pair.crypto->sha256, DIGEST32);
	even = pair;
	open_parts(&even, pair.key.modulus, SPAN("\x02"));
	g_assert_cmpint(even.key.status, ==, PUBLIC_KEY_OK);
	g_assert_cmphex(
	    even.key.flags, ==, PUBLIC_KEY_AGING | PUBLIC_KEY_FORGEABLE);
	g_assert_nonnull(even.checker);
	g_assert_cmpint(check(&even, DIGEST_SHA256, DIGEST32, none), ==,
	    KEY_CHECK_MISMATCH);
	key_checker_free(even.checker);
	close_pair(&pair);
}

/* Ed25519: signatures and keys of any length but their own. */
static void
test_ed25519_lengths(void)
{
	static const uint8_t octets[80] = { 0x58, 0x66, 0x66 };
	struct crypto *crypto = crypto_open(NULL);
	g_autoptr(arena_auto) arena = arena_new();

	for (size_t n = 0; n <= 44; n++) {
		struct key_record record = { .type = KEY_TYPE_ED25519,
			.key_data = { octets, n } };
		struct public_key key;
		struct key_checker *checker;

		public_key_parse(&key, arena, crypto, &record);
		checker = key_checker_new(crypto, &key);
		g_assert_true((checker != NULL) == (n == 32));
		for (size_t k = 0; checker != NULL && k <= sizeof(octets);
		     k++) {
			struct key_check got;

			key_checker_check(checker, DIGEST_SHA256, DIGEST32,
			    (struct span){ octets, k }, &got);
			g_assert_cmpint(got.result, ==, KEY_CHECK_MISMATCH);
			g_assert_cmpuint(got.recovered_n, ==, 0);
			g_assert_cmpuint(ERR_peek_error(), ==, 0);
		}
		key_checker_free(checker);
	}
	crypto_close(crypto);
}

/* Beyond the library: named, and no checker. */
static void
test_exponent_limit(void)
{
	struct pair pair;

	open_rsa(&pair, 3080, "200000000000000001"); /* 70 bits */
	g_assert_cmpint(pair.key.status, ==, PUBLIC_KEY_EXPONENT_LIMIT);
	g_assert_null(pair.checker);
	close_pair(&pair);
}

/* The digests of the header fields in RFC 8463 A.3, and its signatures. */
static void
test_rfc8463(void)
{
	static const struct {
		const char *record, *digest, *signature;
	} cases[] = {
		{ "v=DKIM1; k=ed25519; "
		  "p=11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=",
		    "48ce9a2c710ece1710ff156996b836a7"
		    "f45470e43efe5643074d6e1690ed62e7",
		    "/gCrinpcQOoIfuHNQIbq4pgh9kyIK3AQUdt9OdqQehSwhEIug4D11Bus"
		    "Fa3bT3FY5OsU7ZbnKELq+eXdp1Q1Dw==" },
		{ "v=DKIM1; k=rsa; "
		  "p=MIGfMA0GCSqGSIb3DQEBAQUAA4GNADCBiQKBgQDkHlOQoBTzWRiGs5V6"
		  "NpP3idY6Wk08a5qhdR6wy5bdOKb2jLQiY/J16JYi0Qvx/byYzCNb3W91y3"
		  "FutACDfzwQ/BC/e/8uBsCR+yz1Lxj+PL6lHvqMKrM3rG4hstT5QjvHO9Pz"
		  "oxZyVYLzBfO2EeC3Ip3G+2kryOTIKT+l/K4w3QIDAQAB",
		    "fed71e6d70fb123bb5c353adc42821b3"
		    "04b6b9d54fc867f304f7c61daaaa1111",
		    "F45dVWDfMbQDGHJFlXUNB2HKfbCeLRyhDXgFpEL8GwpsRe0IeIixNTe3"
		    "DhCVlUrSjV4BwcVcOF6+FF3Zo9Rpo1tFOeS9mPYQTnGdaSGsgeefOsk2"
		    "JzdA+L10TeYt9BgDfQNZtKdN1WO//KgIqXP7OdEFE4LjFYNcUxZQ4FAD"
		    "Y+8=" },
	};
	struct crypto *crypto = crypto_open(NULL);
	g_autoptr(arena_auto) arena = arena_new();

	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		struct key_record record;
		struct public_key key;
		struct key_checker *checker;
		struct key_check got;
		struct span signature;
		uint8_t digest[DIGEST_SHA256_SIZE];

		key_record_parse(
		    &record, arena, span_from_string(cases[i].record));
		public_key_parse(&key, arena, crypto, &record);
		checker = key_checker_new(crypto, &key);
		g_assert_nonnull(checker);
		base64_decode_fws(
		    arena, span_from_string(cases[i].signature), &signature);
		digest_from_hex(span_from_string(cases[i].digest), digest);
		/* Twice: a checker is used again and again. */
		for (int k = 0; k < 2; k++) {
			key_checker_check(checker, DIGEST_SHA256,
			    (struct span){ digest, 32 }, signature, &got);
			g_assert_cmpint(got.result, ==, KEY_CHECK_VALID);
		}
		digest[0] ^= 1;
		key_checker_check(checker, DIGEST_SHA256,
		    (struct span){ digest, 32 }, signature, &got);
		g_assert_cmpint(got.result, ==,
		    key.type == KEY_TYPE_RSA ? KEY_CHECK_OTHER
					     : KEY_CHECK_MISMATCH);
		digest[0] ^= 1;
		signature.n--;
		key_checker_check(checker, DIGEST_SHA256,
		    (struct span){ digest, 32 }, signature, &got);
		g_assert_cmpint(got.result, ==, KEY_CHECK_MISMATCH);
		key_checker_check(checker, DIGEST_SHA256,
		    (struct span){ digest, 32 }, none, &got);
		g_assert_cmpint(got.result, ==, KEY_CHECK_MISMATCH);
		g_assert_cmpuint(ERR_peek_error(), ==, 0);
		key_checker_free(checker);
	}
	crypto_close(crypto);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_set_nonfatal_assertions();
	g_test_add_func("/key_checker/rsa", test_rsa);
	g_test_add_func("/key_checker/range", test_range);
	g_test_add_func("/key_checker/encoding", test_encoding);
	g_test_add_func("/key_checker/forgeries", test_forgeries);
	g_test_add_func("/key_checker/exponent-one", test_exponent_one);
	g_test_add_func("/key_checker/exponent-even", test_exponent_even);
	g_test_add_func("/key_checker/ed25519-lengths", test_ed25519_lengths);
	g_test_add_func("/key_checker/exponent-limit", test_exponent_limit);
	g_test_add_func("/key_checker/rfc8463", test_rfc8463);
	return g_test_run();
}
