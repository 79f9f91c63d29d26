/*
 * key_checker.c - check signatures with one public key (public_key.h).
 *
 * RSA goes without the library's padding code: one raw operation gives the
 * encoded message, and comparing it here tells a signature over something
 * else from one that another key made.
 */
#include "keysnap/key/public_key.h"

#include <openssl/core_names.h>
#include <openssl/err.h>
#include <openssl/param_build.h>
#include <openssl/rsa.h>
#include <string.h>

#define PADDING_MIN 8 /* octets of FF, RFC 8017 9.2 */

struct key_checker {
	enum key_type type;
	OSSL_LIB_CTX *libctx;
	EVP_PKEY *pkey;
	EVP_PKEY_CTX *recover; /* RSA */
	EVP_MD_CTX *verify;    /* Ed25519 */
	uint8_t modulus[PUBLIC_KEY_MAX_SIGNATURE];
	size_t modulus_n;
};

/* DigestInfo up to the digest itself, RFC 8017 9.2 note 1. */
static struct span
digest_info(enum digest_algorithm algorithm)
{
	if (algorithm == DIGEST_SHA1)
		return SPAN("\x30\x21\x30\x09\x06\x05\x2b\x0e\x03\x02\x1a"
			    "\x05\x00\x04\x14");
	return SPAN("\x30\x31\x30\x0d\x06\x09\x60\x86\x48\x01\x65\x03\x04"
		    "\x02\x01\x05\x00\x04\x20");
}

static OSSL_PARAM *
rsa_params(const struct public_key *key, BIGNUM *n, BIGNUM *e)
{
	OSSL_PARAM_BLD *build = OSSL_PARAM_BLD_new();
	OSSL_PARAM *params = NULL;

	if (build != NULL &&
	    BN_bin2bn(key->modulus.p, (int)key->modulus.n, n) != NULL &&
	    BN_bin2bn(key->exponent.p, (int)key->exponent.n, e) != NULL &&
	    OSSL_PARAM_BLD_push_BN(build, OSSL_PKEY_PARAM_RSA_N, n) == 1 &&
	    OSSL_PARAM_BLD_push_BN(build, OSSL_PKEY_PARAM_RSA_E, e) == 1)
		params = OSSL_PARAM_BLD_to_param(build);
	OSSL_PARAM_BLD_free(build);
	return params;
}

static EVP_PKEY *
make_rsa(OSSL_LIB_CTX *libctx, const struct public_key *key)
{
	EVP_PKEY_CTX *context = EVP_PKEY_CTX_new_from_name(libctx, "RSA", NULL);
	BIGNUM *n = BN_new(), *e = BN_new();
	OSSL_PARAM *params = NULL;
	EVP_PKEY *pkey = NULL;

	if (context != NULL && n != NULL && e != NULL)
		params = rsa_params(key, n, e);
	if (params != NULL && EVP_PKEY_fromdata_init(context) == 1 &&
	    EVP_PKEY_fromdata(context, &pkey, EVP_PKEY_PUBLIC_KEY, params) != 1)
		pkey = NULL;
	OSSL_PARAM_free(params);
	BN_free(e);
	BN_free(n);
	EVP_PKEY_CTX_free(context);
	return pkey;
}

static bool
prepare_rsa(struct key_checker *checker, const struct public_key *key)
{
	/* Montgomery arithmetic needs an odd modulus. */
	if ((key->modulus.p[key->modulus.n - 1] & 1) == 0)
		return false;
	memcpy(checker->modulus, key->modulus.p, key->modulus.n);
	checker->modulus_n = key->modulus.n;
	checker->pkey = make_rsa(checker->libctx, key);
	if (checker->pkey == NULL)
		return false;
	checker->recover =
	    EVP_PKEY_CTX_new_from_pkey(checker->libctx, checker->pkey, NULL);
	return checker->recover != NULL &&
	    EVP_PKEY_verify_recover_init(checker->recover) == 1 &&
	    EVP_PKEY_CTX_set_rsa_padding(checker->recover, RSA_NO_PADDING) == 1;
}

static bool
prepare_ed25519(struct key_checker *checker, const struct public_key *key)
{
	checker->pkey = EVP_PKEY_new_raw_public_key_ex(
	    checker->libctx, "ED25519", NULL, key->raw.p, key->raw.n);
	checker->verify = EVP_MD_CTX_new();
	return checker->pkey != NULL && checker->verify != NULL;
}

struct key_checker *
key_checker_new(const struct crypto *crypto, const struct public_key *key)
{
	struct key_checker *checker;
	bool ready;

	if (key->status != PUBLIC_KEY_OK)
		return NULL;
	checker = g_new0(struct key_checker, 1);
	checker->type = key->type;
	checker->libctx = crypto->libctx;
	ready = key->type == KEY_TYPE_RSA ? prepare_rsa(checker, key)
					  : prepare_ed25519(checker, key);
	if (ready)
		return checker;
	ERR_clear_error();
	key_checker_free(checker);
	return NULL;
}

void
key_checker_free(struct key_checker *checker)
{
	if (checker == NULL)
		return;
	EVP_MD_CTX_free(checker->verify);
	EVP_PKEY_CTX_free(checker->recover);
	EVP_PKEY_free(checker->pkey);
	g_free(checker);
}

/*
 * EM = 0x00 || 0x01 || PS || 0x00 || DigestInfo, RFC 8017 9.2: is "message"
 * that, with a digest of "algorithm"?  *digest_out borrows from it.
 */
static bool
read_encoded(struct span message, enum digest_algorithm algorithm,
    struct span *digest_out)
{
	struct span info = digest_info(algorithm);
	size_t tail = 1 + info.n + digest_size(algorithm);

	if (message.n < 2 + PADDING_MIN + tail)
		return false;
	if (!span_starts_with(message, SPAN("\x00\x01")))
		return false;
	for (size_t i = 2; i < message.n - tail; i++) {
		if (message.p[i] != 0xff)
			return false;
	}
	message = span_from(message, message.n - tail);
	if (message.p[0] != 0x00 ||
	    !span_starts_with(span_from(message, 1), info))
		return false;
	*digest_out = span_from(message, 1 + info.n);
	return true;
}

/* What does the recovered "message" say about "digest"? */
static void
judge_encoded(struct span message, enum digest_algorithm algorithm,
    struct span digest, struct key_check *check)
{
	struct span found;

	if (!read_encoded(message, DIGEST_SHA256, &found) &&
	    !read_encoded(message, DIGEST_SHA1, &found)) {
		check->result = KEY_CHECK_MISMATCH;
		return;
	}
	/* Digests of the two algorithms differ in length. */
	g_assert(digest.n == digest_size(algorithm));
	check->result =
	    span_equal(found, digest) ? KEY_CHECK_VALID : KEY_CHECK_OTHER;
	memcpy(check->recovered, found.p, found.n);
	check->recovered_n = found.n;
}

static void
check_rsa(struct key_checker *checker, enum digest_algorithm algorithm,
    struct span digest, struct span signature, struct key_check *check)
{
	struct span modulus = { checker->modulus, checker->modulus_n };
	uint8_t message[PUBLIC_KEY_MAX_SIGNATURE];
	size_t n = sizeof(message);

	/* RFC 8017 8.2.2 step 1, and 5.2.2 step 1 */
	if (signature.n != modulus.n || span_compare(signature, modulus) >= 0) {
		check->result = KEY_CHECK_MISMATCH;
		return;
	}
	if (EVP_PKEY_verify_recover(
		checker->recover, message, &n, signature.p, signature.n) != 1 ||
	    n != modulus.n) {
		ERR_clear_error();
		check->result = KEY_CHECK_UNUSABLE;
		return;
	}
	judge_encoded((struct span){ message, n }, algorithm, digest, check);
}

static void
check_ed25519(struct key_checker *checker, struct span digest,
    struct span signature, struct key_check *check)
{
	int rc;

	if (EVP_DigestVerifyInit_ex(checker->verify, NULL, NULL,
		checker->libctx, NULL, checker->pkey, NULL) != 1) {
		ERR_clear_error();
		check->result = KEY_CHECK_UNUSABLE;
		return;
	}
	rc = EVP_DigestVerify(
	    checker->verify, signature.p, signature.n, digest.p, digest.n);
	check->result = rc == 1 ? KEY_CHECK_VALID : KEY_CHECK_MISMATCH;
	if (rc != 1)
		ERR_clear_error();
}

void
key_checker_check(struct key_checker *checker, enum digest_algorithm algorithm,
    struct span digest, struct span signature, struct key_check *check_out)
{
	*check_out = (struct key_check){ 0 };
	if (checker->type == KEY_TYPE_RSA)
		check_rsa(checker, algorithm, digest, signature, check_out);
	else
		check_ed25519(checker, digest, signature, check_out);
}
