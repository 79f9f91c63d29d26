/*
 * crypto.h - the one OpenSSL library context of the process.
 *
 * Made once in main and passed down.  It has no configuration file: neither
 * OPENSSL_CONF nor the system's openssl.cnf can change an answer, and the
 * process's default context is told not to load one either.
 */
#ifndef KEYSNAP_BASE_CRYPTO_H
#define KEYSNAP_BASE_CRYPTO_H

#include <glib.h>
#include <openssl/evp.h>
#include <openssl/provider.h>
#include <stdbool.h>

struct crypto {
	OSSL_LIB_CTX *libctx;
	OSSL_PROVIDER *provider; /* "default", loaded into libctx */
	EVP_MD *sha1;
	EVP_MD *sha256;
};

/* Call before anything else touches OpenSSL.  NULL with "error" set when the
 * library has no default provider.  Free with crypto_close(),
 * which takes NULL too. */
struct crypto *crypto_open(GError **error);
void crypto_close(struct crypto *crypto);

#endif
