/*
 * jws_case.c - make signed statements.
 */
#include "tests/unit/jws_case.h"

#include <openssl/core_names.h>
#include <openssl/ecdsa.h>
#include <string.h>

/* The private keys, base64. */
#define ED25519_D "nWGxne/9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A="
#define P256_D    "jpsQnnGQmL+YBIffH1136cspYG6+0iY7X1fCE9+E9LI="

static void
append_base64url(GString *out, const void *octets, size_t n)
{
	g_autofree char *text = g_base64_encode(octets, n);

	for (const char *p = text; *p != '\0' && *p != '='; p++)
		g_string_append_c(out,
		    (char)(*p == '+'    ? '-'
			    : *p == '/' ? '_'
					: *p));
}

static EVP_PKEY *
make_p256(void)
{
	g_autofree char *text = g_strdup(P256_D);
	gsize n;
	unsigned char *d = g_base64_decode_inplace(text, &n);
	EVP_PKEY_CTX *context = EVP_PKEY_CTX_new_from_name(NULL, "EC", NULL);
	EVP_PKEY *key = NULL;
	char group[] = "prime256v1";
	OSSL_PARAM parameters[3];

	for (size_t i = 0; i < n / 2; i++) { /* OpenSSL has the host's order */
		unsigned char octet = d[i];

		d[i] = d[n - 1 - i];
		d[n - 1 - i] = octet;
	}
	parameters[0] = OSSL_PARAM_construct_utf8_string("group", group, 0);
	parameters[1] = OSSL_PARAM_construct_BN(OSSL_PKEY_PARAM_PRIV_KEY, d, n);
	parameters[2] = OSSL_PARAM_construct_end();
	g_assert_cmpint(EVP_PKEY_fromdata_init(context), ==, 1);
	g_assert_cmpint(
	    EVP_PKEY_fromdata(context, &key, EVP_PKEY_KEYPAIR, parameters), ==,
	    1);
	EVP_PKEY_CTX_free(context);
	return key;
}

static EVP_PKEY *
make_ed25519(void)
{
	gsize n;
	g_autofree unsigned char *d = g_base64_decode(ED25519_D, &n);
	EVP_PKEY *key =
	    EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, NULL, d, n);

	g_assert_nonnull(key);
	return key;
}

/* DER to two numbers of 32 octets. */
static void
unpack(const unsigned char *der, size_t n, unsigned char out[64])
{
	ECDSA_SIG *pair = d2i_ECDSA_SIG(NULL, &der, (long)n);

	BN_bn2binpad(ECDSA_SIG_get0_r(pair), out, 32);
	BN_bn2binpad(ECDSA_SIG_get0_s(pair), out + 32, 32);
	ECDSA_SIG_free(pair);
}

static GString *
begin(const char *header, const char *payload)
{
	GString *out = g_string_new(NULL);

	append_base64url(out, header, strlen(header));
	g_string_append_c(out, '.');
	append_base64url(out, payload, strlen(payload));
	return out;
}

char *
jws_case_sign(bool p256, const char *header, const char *payload)
{
	GString *out = begin(header, payload);
	EVP_PKEY *key = p256 ? make_p256() : make_ed25519();
	EVP_MD_CTX *context = EVP_MD_CTX_new();
	unsigned char signature[128], pair[64];
	size_t n = sizeof(signature);

	g_assert_cmpint(EVP_DigestSignInit(context, NULL,
			    p256 ? EVP_sha256() : NULL, NULL, key),
	    ==, 1);
	g_assert_cmpint(EVP_DigestSign(context, signature, &n,
			    (const unsigned char *)out->str, out->len),
	    ==, 1);
	if (p256)
		unpack(signature, n, pair);
	else
		memcpy(pair, signature, 64);
	g_string_append_c(out, '.');
	append_base64url(out, pair, sizeof(pair));
	EVP_MD_CTX_free(context);
	EVP_PKEY_free(key);
	return g_string_free(out, FALSE);
}

char *
jws_case_forge(const char *header, const char *payload)
{
	GString *out = begin(header, payload);
	unsigned char zeros[64] = { 0 };

	g_string_append_c(out, '.');
	append_base64url(out, zeros, sizeof(zeros));
	return g_string_free(out, FALSE);
}
