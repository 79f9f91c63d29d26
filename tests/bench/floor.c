/*
 * floor.c - what no verifier can do without: read each file, SHA-256 over it
 * and again over its body, and one RSA-2048 public operation.
 *
 *   floor FILE-OF-NAMES
 */
#include <glib.h>
#include <openssl/evp.h>
#include <openssl/params.h>
#include <openssl/rsa.h>
#include <string.h>

static void
hash(const char *p, size_t n, uint8_t out[32])
{
	if (EVP_Digest(p, n, out, NULL, EVP_sha256(), NULL) != 1)
		g_error("no SHA-256");
}

/* One file: the two hashes and a check of "signature". */
static void
take(const char *path, EVP_PKEY_CTX *checker, const uint8_t *signature,
    size_t signature_n)
{
	g_autofree char *text = NULL;
	uint8_t digest[32];
	gsize n;

	if (!g_file_get_contents(path, &text, &n, NULL))
		g_error("%s: cannot be read", path);
	const char *body = g_strstr_len(text, (gssize)n, "\r\n\r\n");
	hash(text, n, digest);
	if (body != NULL)
		hash(body + 4, n - (size_t)(body + 4 - text), digest);
	EVP_PKEY_verify(checker, signature, signature_n, digest, 32);
}

/* A 2048-bit modulus of no known factors, e = 65537: the public operation
 * costs the same whatever comes out, and no time goes into making a key. */
static EVP_PKEY *
public_key(void)
{
	unsigned char n[256];
	unsigned e = 65537;
	EVP_PKEY *key = NULL;
	EVP_PKEY_CTX *context = EVP_PKEY_CTX_new_from_name(NULL, "RSA", NULL);

	memset(n, 0xa5, sizeof(n));
	OSSL_PARAM parameters[] = {
		OSSL_PARAM_construct_BN("n", n, sizeof(n)),
		OSSL_PARAM_construct_uint("e", &e),
		OSSL_PARAM_construct_end(),
	};
	if (EVP_PKEY_fromdata_init(context) != 1 ||
	    EVP_PKEY_fromdata(context, &key, EVP_PKEY_PUBLIC_KEY, parameters) !=
		1)
		g_error("no RSA key");
	EVP_PKEY_CTX_free(context);
	return key;
}

int
main(int argc, char **argv)
{
	g_autofree char *names = NULL;
	uint8_t signature[256];
	EVP_PKEY *key = public_key();
	EVP_PKEY_CTX *checker = EVP_PKEY_CTX_new(key, NULL);

	if (argc != 2 || !g_file_get_contents(argv[1], &names, NULL, NULL))
		return 2;
	memset(signature, 0x5a, sizeof(signature));
	if (EVP_PKEY_verify_init(checker) != 1 ||
	    EVP_PKEY_CTX_set_signature_md(checker, EVP_sha256()) != 1)
		return 2;
	g_auto(GStrv) lines = g_strsplit(names, "\n", -1);
	for (char **line = lines; *line != NULL && **line != '\0'; line++)
		take(*line, checker, signature, sizeof(signature));
	EVP_PKEY_CTX_free(checker);
	EVP_PKEY_free(key);
	return 0;
}
