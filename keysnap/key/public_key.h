/*
 * public_key.h - the public key inside p=: RSA (RFC 8017, as
 * SubjectPublicKeyInfo or bare RSAPublicKey) and Ed25519 (RFC 8463).
 *
 * The DER is read by hand into modulus and exponent: what the library would
 * accept or refuse never decides what a key is.  Two departures from DER are
 * taken and flagged PUBLIC_KEY_NOT_DER, since OpenSSL takes them and mail was
 * checked against such keys: an INTEGER without its leading zero octet or
 * with too many of them, and a length in more octets than needed.  Octets
 * behind a structure, or a zero modulus or exponent, are MALFORMED.  Identity
 * of a key is the SHA-256 of its DER SubjectPublicKeyInfo, whichever form p=
 * has (what "openssl pkey -pubin -outform DER | sha256sum" prints).
 *
 * Limits kept: modulus 512 to 16384 bits for checking (others are parsed and
 * named); OpenSSL 3.0 refuses exponents over 64 bits when the modulus has
 * more than 3072 bits (OPENSSL_RSA_SMALL_MODULUS_BITS), exponents not below
 * the modulus, and moduli over 16384.  It cannot calculate with an even modulus
 * either: such a key is well formed and FORGEABLE, but has no checker.
 */
#ifndef KEYSNAP_KEY_PUBLIC_KEY_H
#define KEYSNAP_KEY_PUBLIC_KEY_H

#include "keysnap/base/arena.h"
#include "keysnap/base/crypto.h"
#include "keysnap/base/digest.h"
#include "keysnap/key/key_record.h"

#define PUBLIC_KEY_MIN_BITS	 512   /* smallest that signers ever used */
#define PUBLIC_KEY_MAX_BITS	 16384 /* OPENSSL_RSA_MAX_MODULUS_BITS */
#define PUBLIC_KEY_MAX_SIGNATURE (PUBLIC_KEY_MAX_BITS / 8)

enum public_key_status {
	PUBLIC_KEY_OK,
	PUBLIC_KEY_MALFORMED,	    /* neither form, or trailing octets */
	PUBLIC_KEY_WRONG_ALGORITHM, /* SPKI of another algorithm than k= says */
	PUBLIC_KEY_BAD_LENGTH,	    /* Ed25519 p= is not 32 octets */
	PUBLIC_KEY_TOO_SMALL,	    /* RSA below PUBLIC_KEY_MIN_BITS */
	PUBLIC_KEY_TOO_LARGE,	    /* RSA over PUBLIC_KEY_MAX_BITS */
	PUBLIC_KEY_EXPONENT_LIMIT   /* what the library cannot check */
};

enum public_key_form { PUBLIC_KEY_SPKI, PUBLIC_KEY_PKCS1, PUBLIC_KEY_RAW };

/* Properties of a well-formed key, ORed. */
enum public_key_flag {
	PUBLIC_KEY_WEAK = 1 << 0,     /* RSA below 1024 bits */
	PUBLIC_KEY_AGING = 1 << 1,    /* RSA 1024 to 1535 bits */
	PUBLIC_KEY_FORGEABLE = 1 << 2, /* exponent below 3 or even: anybody
					  can make signatures (with e=1 without
					  any arithmetic), an even modulus, or
					  an Ed25519 point of small order */
	PUBLIC_KEY_NOT_DER = 1 << 3    /* a note; see above */
};

struct public_key {
	enum public_key_status status;
	enum key_type type;
	enum public_key_form form;
	unsigned flags; /* enum public_key_flag */
	unsigned bits;	/* of the modulus; 256 for Ed25519 */
	struct span modulus, exponent; /* big-endian, no leading zero octets */
	struct span raw;	       /* Ed25519: 32 octets */
	uint8_t sha256[DIGEST_SHA256_SIZE]; /* identity; also set for sizes and
					       exponents that are refused */
};

/* Read the key of a record that has key data.  The spans live in "arena" or
 * borrow from "record->key_data". */
void public_key_parse(struct public_key *key, struct arena *arena,
    const struct crypto *crypto, const struct key_record *record);

/* Append the key as SubjectPublicKeyInfo in DER (RFC 5280 4.1, RFC 8410 4),
 * whose SHA-256 is its identity; false when there is no key. */
bool public_key_append_spki(GByteArray *spki, const struct public_key *key);

/* "ok", "malformed", "wrong-algorithm", ... */
const char *public_key_status_name(enum public_key_status status);

/*
 * A key ready to check signatures with, for one thread: an EVP_PKEY and, for
 * RSA, a context that recovers the encoded message.
 */
struct key_checker;

/* NULL when the key's status is not OK, or the library refuses it (then it is
 * to be reported as key-unusable, never as a failed signature).  "crypto" and
 * the key's octets need not outlive the call to key_checker_new() (crypto
 * must outlive the checker). */
struct key_checker *key_checker_new(const struct crypto *crypto,
    const struct public_key *key);
void key_checker_free(struct key_checker *checker);

enum key_check_result {
	KEY_CHECK_VALID,    /* the signature is over this digest */
	KEY_CHECK_OTHER,    /* RSA: a well-formed DigestInfo (SHA-256 or
			       SHA-1) came out, but with another digest: this
			       key made the signature over something else.
			       recovered_n tells which hash it was.
			       (The verifier says so of an Ed25519 key, too,
			       where another digest was found to hold.) */
	KEY_CHECK_MISMATCH, /* not made with this key (or damaged) */
	KEY_CHECK_UNUSABLE  /* the library failed: no statement */
};

struct key_check {
	enum key_check_result result;
	/* KEY_CHECK_VALID, KEY_CHECK_OTHER with RSA: the recovered digest. */
	uint8_t recovered[DIGEST_MAX_SIZE];
	size_t recovered_n;
};

/*
 * Check "signature" over "digest" (of "algorithm").
 * RSA: RSASSA-PKCS1-v1_5 (RFC 8017 8.2.2): the encoded message is recovered
 * once and compared, so one operation answers both questions; the signature
 * must be as long as the modulus (RFC 8017 8.2.2 step 1) and the padding is
 * checked strictly by exact comparison with the one DER DigestInfo.
 * Ed25519: RFC 8463 section 3, PureEdDSA over the SHA-256 digest.
 */
void key_checker_check(struct key_checker *checker,
    enum digest_algorithm algorithm, struct span digest, struct span signature,
    struct key_check *check_out);

#endif
