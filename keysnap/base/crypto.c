/*
 * crypto.c - the one OpenSSL library context of the process.
 */
#include "keysnap/base/crypto.h"

#include <openssl/crypto.h>
#include <openssl/err.h>

static GQuark
crypto_error_quark(void)
{
	return g_quark_from_static_string("crypto-error");
}

static bool
fetch_all(struct crypto *crypto)
{
	crypto->libctx = OSSL_LIB_CTX_new();
	if (crypto->libctx == NULL)
		return false;
	crypto->provider = OSSL_PROVIDER_load(crypto->libctx, "default");
	if (crypto->provider == NULL)
		return false;
	crypto->sha1 = EVP_MD_fetch(crypto->libctx, "SHA1", "provider=default");
	crypto->sha256 =
	    EVP_MD_fetch(crypto->libctx, "SHA256", "provider=default");
	return crypto->sha1 != NULL && crypto->sha256 != NULL;
}

struct crypto *
crypto_open(GError **error)
{
	struct crypto *crypto = g_new0(struct crypto, 1);
	char reason[256];

	/* Before any other call: the first one to need the default context
	 * would otherwise read the configuration file. */
	if (OPENSSL_init_crypto(OPENSSL_INIT_NO_LOAD_CONFIG, NULL) == 1 &&
	    fetch_all(crypto))
		return crypto;

	ERR_error_string_n(ERR_get_error(), reason, sizeof(reason));
	ERR_clear_error();
	g_set_error(error, crypto_error_quark(), 0,
	    "OpenSSL's default provider cannot be used: %s", reason);
	crypto_close(crypto);
	return NULL;
}

void
crypto_close(struct crypto *crypto)
{
	if (crypto == NULL)
		return;
	EVP_MD_free(crypto->sha256);
	EVP_MD_free(crypto->sha1);
	if (crypto->provider != NULL)
		OSSL_PROVIDER_unload(crypto->provider);
	OSSL_LIB_CTX_free(crypto->libctx);
	g_free(crypto);
}
