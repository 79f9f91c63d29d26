/*
 * jws.h - compact JSON Web Signatures (RFC 7515 section 7.1) with EdDSA
 * (RFC 8037, Ed25519 only) and ES256 (RFC 7518 section 3.4), and the JSON Web
 * Keys (RFC 7517) that they are checked with.
 *
 * The algorithm is looked at before any key: anything but these two is
 * refused, and so is a header with a member that could point to another key
 * or change what is signed.  A key must be of the kind that the algorithm
 * asks for, and is chosen by the caller, never by the statement.
 */
#ifndef KEYSNAP_KEY_JWS_H
#define KEYSNAP_KEY_JWS_H

#include "keysnap/base/arena.h"
#include "keysnap/base/crypto.h"
#include "keysnap/base/span.h"

#include <jansson.h>

#define JWS_MAX		(512 << 10) /* octets of one: a TXT record of 64 KB,
				       escaped and in base64, fits */
#define JWS_KEY_ID_MAX	256	    /* octets of a "kid" */
#define JWS_SIGNATURE	64	    /* octets, with both algorithms */

enum jws_algorithm { JWS_EDDSA, JWS_ES256 };

struct jws {
	enum jws_algorithm algorithm;
	struct span key_id;	   /* in the arena */
	struct span signed_octets; /* header, ".", payload: borrowed */
	struct span payload;	   /* decoded */
	struct span signature;	   /* decoded */
};

/* A public key of a JWK. */
struct jwk {
	enum jws_algorithm algorithm; /* that it is for */
	EVP_PKEY *key;
	uint8_t sha256[32]; /* of its DER SubjectPublicKeyInfo */
};

/* Split and decode "text".  False with *why_out when it is none that can be
 * checked here.  No key is used, and nothing is verified yet. */
bool jws_parse(struct jws *jws, struct arena *arena, struct span text,
    const char **why_out);

/* Read one key.  False with *why_out when it is malformed, private, or not
 * for signatures of either algorithm.  To be cleared then, too. */
bool jwk_read(struct jwk *jwk, struct arena *arena,
    const struct crypto *crypto, const json_t *object, const char **why_out);
void jwk_clear(struct jwk *jwk);

/* The one key of a JWK set (RFC 7517 section 5) with this id; NULL with
 * *why_out when there is none, or more than one.  Borrowed from "set". */
const json_t *jwk_set_get(const json_t *set, struct span key_id,
    const char **why_out);

/* Was "jws" signed with "jwk"? */
bool jws_verify(const struct jws *jws, const struct jwk *jwk,
    const struct crypto *crypto);

#endif
