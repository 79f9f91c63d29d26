/* test_import_private_keys.c - published private keys, made here. */
#include "keysnap/base/digest.h"
#include "tests/unit/import_case.h"

#include <openssl/pem.h>
#include <openssl/rsa.h>
#include <string.h>

extern const struct importer import_private_keys;

static struct crypto *crypto;

/* A key, as the test's knows_key() has it in the store, or not. */
static EVP_PKEY *
make_key(bool rsa, bool known)
{
	for (;;) {
		EVP_PKEY *key = rsa
		    ? EVP_PKEY_Q_keygen(NULL, NULL, "RSA", (size_t)1024)
		    : EVP_PKEY_Q_keygen(NULL, NULL, "ED25519");
		uint8_t *der = NULL;
		int n = i2d_PUBKEY(key, &der);
		uint8_t sha256[32];

		g_assert_cmpint(n, >, 0);
		digest_sha256(crypto, (struct span){ der, (size_t)n }, sha256);
		OPENSSL_free(der);
		if ((sha256[0] % 2 == 0) == known)
			return key;
		EVP_PKEY_free(key);
	}
}

/* Append the key in PEM: as PKCS #8, encrypted, or in its own form. */
static void
append_key(GString *out, EVP_PKEY *key, bool traditional, const char *password)
{
	BIO *bio = BIO_new(BIO_s_mem());
	char *text;
	long n;

	if (traditional)
		PEM_write_bio_PrivateKey_traditional(
		    bio, key, NULL, NULL, 0, NULL, NULL);
	else
		PEM_write_bio_PrivateKey(bio, key,
		    password == NULL ? NULL : EVP_aes_128_cbc(), NULL, 0, NULL,
		    (void *)(uintptr_t)password);
	n = BIO_get_mem_data(bio, &text);
	g_string_append_len(out, text, n);
	BIO_free(bio);
}

static char *
run(const GString *text)
{
	struct import_options options = import_case_time;

	options.crypto = crypto;
	return import_case_run(&import_private_keys,
	    (struct span){ (const uint8_t *)text->str, text->len }, &options);
}

static void
test_good(void)
{
	for (int i = 0; i < 3; i++) {
		g_autoptr(GString) text = g_string_new("published by us\n");
		EVP_PKEY *key = make_key(i > 0, true);
		g_autofree char *got = NULL;

		append_key(text, key, i == 2, NULL);
		got = run(text);
		g_assert_true(g_str_has_prefix(got, "evidence of "));
		g_assert_nonnull(strstr(got, "\nprivate-key-published "));
		g_assert_true(g_str_has_suffix(
		    got, " 2020-01-02T03:04:05Z second evidence 1\n"));
		EVP_PKEY_free(key);
	}
}

static void
test_others(void)
{
	g_autoptr(GString) text = g_string_new(NULL);
	EVP_PKEY *unknown = make_key(false, false);
	EVP_PKEY *known = make_key(false, true);
	EVP_PKEY *curve = EVP_PKEY_Q_keygen(NULL, NULL, "EC", "P-256");
	g_autofree char *got = NULL;

	append_key(text, unknown, false, NULL);
	append_key(text, known, false, "secret");
	append_key(text, curve, false, NULL);
	g_string_append(text,
	    "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n"
	    "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n");
	got = run(text);
	g_assert_cmpstr(got, ==,
	    "other 1\nbad 2: an encrypted private key\n"
	    "bad 3: not a private key of RSA or Ed25519\n"
	    "bad 4: not a private key of RSA or Ed25519\nother 5\n");
	EVP_PKEY_free(unknown);
	EVP_PKEY_free(known);
	EVP_PKEY_free(curve);
}

/* Append one number of a key as a DER INTEGER. */
static void
append_number(GByteArray *out, EVP_PKEY *key, const char *name)
{
	BIGNUM *number = NULL;
	ASN1_INTEGER *integer;
	uint8_t *der = NULL;
	int n;

	g_assert_cmpint(EVP_PKEY_get_bn_param(key, name, &number), ==, 1);
	integer = BN_to_ASN1_INTEGER(number, NULL);
	n = i2d_ASN1_INTEGER(integer, &der);
	g_byte_array_append(out, der, (guint)n);
	OPENSSL_free(der);
	ASN1_INTEGER_free(integer);
	BN_free(number);
}

/* RSAPrivateKey (RFC 8017 A.1.2) with the public numbers of one key and the
 * private ones of another. */
static void
append_mixed(GString *out, EVP_PKEY *public, EVP_PKEY *private)
{
	static const char *const names[] = { "n", "e", "d", "rsa-factor1",
		"rsa-factor2", "rsa-exponent1", "rsa-exponent2",
		"rsa-coefficient1" };
	GByteArray *der = g_byte_array_new();
	uint8_t head[4] = { 0x30, 0x82 };
	g_autofree char *text = NULL;

	g_byte_array_append(der, (const guint8 *)"\2\1\0", 3);
	for (size_t i = 0; i < G_N_ELEMENTS(names); i++)
		append_number(der, i < 2 ? public : private, names[i]);
	head[2] = (uint8_t)(der->len >> 8);
	head[3] = (uint8_t)(der->len & 0xff);
	g_byte_array_prepend(der, head, sizeof(head));
	text = g_base64_encode(der->data, der->len);
	g_string_append(out, "-----BEGIN RSA PRIVATE KEY-----\n");
	for (size_t i = 0; i < strlen(text); i += 64)
		g_string_append_printf(out, "%.64s\n", text + i);
	g_string_append(out, "-----END RSA PRIVATE KEY-----\n");
	g_byte_array_free(der, TRUE);
}

/* The modulus of a known key with somebody else's private half. */
static void
test_not_its_half(void)
{
	g_autoptr(GString) text = g_string_new(NULL);
	EVP_PKEY *known = make_key(true, true), *other = make_key(true, true);
	g_autofree char *got = NULL;

	append_mixed(text, known, known);
	append_mixed(text, known, other);
	got = run(text);
	g_assert_nonnull(strstr(got, "private-key-published"));
	g_assert_true(g_str_has_suffix(got,
	    "bad 2: it names a key in the store, but is not its private "
	    "half\n"));
	EVP_PKEY_free(known);
	EVP_PKEY_free(other);
}

static void
test_no_time(void)
{
	import_case_check(&import_private_keys, "no time", SPAN("x"),
	    &import_case_nothing,
	    "bad 1: no time in this record: give one with --observed-at\n");
}

int
main(int argc, char **argv)
{
	int code;

	g_test_init(&argc, &argv, NULL);
	g_test_set_nonfatal_assertions();
	crypto = crypto_open(NULL);
	g_test_add_func("/import_private_keys/good", test_good);
	g_test_add_func("/import_private_keys/others", test_others);
	g_test_add_func("/import_private_keys/not-its-half", test_not_its_half);
	g_test_add_func("/import_private_keys/no-time", test_no_time);
	code = g_test_run();
	crypto_close(crypto);
	return code;
}
