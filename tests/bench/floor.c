/*
 * floor.c - what no verifier can do without: read each file, SHA-256 over it
 * and again over its body, and one RSA-2048 public operation.
 *
 *   floor FILE-OF-NAMES
 */
#include <glib.h>
#include <openssl/evp.h>
#include <openssl/rsa.h>
#include <stdio.h>
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

int
main(int argc, char **argv)
{
	g_autofree char *names = NULL;
	uint8_t signature[256], digest[32] = { 0 };
	size_t signature_n = sizeof(signature);
	EVP_PKEY *key = EVP_RSA_gen(2048);
	EVP_PKEY_CTX *signer = EVP_PKEY_CTX_new(key, NULL);
	EVP_PKEY_CTX *checker = EVP_PKEY_CTX_new(key, NULL);

	if (argc != 2 || !g_file_get_contents(argv[1], &names, NULL, NULL))
		return 2;
	if (EVP_PKEY_sign_init(signer) != 1 ||
	    EVP_PKEY_CTX_set_signature_md(signer, EVP_sha256()) != 1 ||
	    EVP_PKEY_sign(signer, signature, &signature_n, digest, 32) != 1 ||
	    EVP_PKEY_verify_init(checker) != 1 ||
	    EVP_PKEY_CTX_set_signature_md(checker, EVP_sha256()) != 1)
		return 2;
	g_auto(GStrv) lines = g_strsplit(names, "\n", -1);
	for (char **line = lines; *line != NULL && **line != '\0'; line++)
		take(*line, checker, signature, signature_n);
	EVP_PKEY_CTX_free(signer);
	EVP_PKEY_CTX_free(checker);
	EVP_PKEY_free(key);
	return 0;
}
