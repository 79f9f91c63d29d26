/*
 * signature.h - a DKIM-Signature field, RFC 6376 section 3.5.
 *
 * Parsed as a whole: everything that is wrong with it is a bit in "defects",
 * nothing stops early; only what a list that breaks off (syntax, a tag twice)
 * lacks is not said to be missing.  The first group of bits makes the field
 * impossible to process (neutral), the second breaks a MUST (permerror), the
 * third are notes that change no result.
 */
#ifndef VERIFIER_DKIM_SIGNATURE_H
#define VERIFIER_DKIM_SIGNATURE_H

#include "keysnap/base/digest.h"
#include "keysnap/key/dns_name.h"
#include "keysnap/key/taglist.h"
#include "verifier/dkim/canon_body.h"
#include "verifier/message/header_index.h"

#define SIGNATURE_NAMES_MAX 2000 /* names in h=; real ones have under 100 */
#define SIGNATURES_MAX	    64	 /* checked per message; more are counted */

enum signature_defect {
	/* cannot be processed: neutral */
	SIGNATURE_SYNTAX = 1 << 0,	      /* not a tag-list */
	SIGNATURE_DUPLICATE_TAG = 1 << 1,     /* 3.2 */
	SIGNATURE_BAD_VERSION = 1 << 2,	      /* v= other than 1 */
	SIGNATURE_UNKNOWN_ALGORITHM = 1 << 3, /* a= */
	SIGNATURE_UNKNOWN_CANON = 1 << 4,     /* c= */
	SIGNATURE_UNKNOWN_QUERY = 1 << 5,     /* q= without dns/txt */
	SIGNATURE_TOO_MANY_NAMES = 1 << 6,    /* SIGNATURE_NAMES_MAX */
	SIGNATURE_NEUTRAL = (1 << 7) - 1,
	/* a MUST is broken: permerror */
	SIGNATURE_NO_VERSION = 1 << 7,	  /* v= missing */
	SIGNATURE_NO_ALGORITHM = 1 << 8,  /* a= */
	SIGNATURE_NO_DOMAIN = 1 << 9,	  /* d= */
	SIGNATURE_NO_SELECTOR = 1 << 10,  /* s= */
	SIGNATURE_NO_HEADERS = 1 << 11,	  /* h= missing or empty */
	SIGNATURE_NO_SIGNATURE = 1 << 12, /* b= missing or empty */
	SIGNATURE_NO_BODY_HASH = 1 << 13, /* bh= missing or empty */
	SIGNATURE_BAD_SIGNATURE = 1 << 14,/* b= does not decode */
	SIGNATURE_BAD_BODY_HASH = 1 << 15,/* bh= does not decode, wrong length */
	SIGNATURE_BAD_DOMAIN = 1 << 16,	  /* d= is no domain name */
	SIGNATURE_BAD_SELECTOR = 1 << 17, /* s= is no domain name part */
	SIGNATURE_BAD_HEADERS = 1 << 18,  /* h= syntax: an empty name, an octet
					     that no name has */
	SIGNATURE_FROM_UNSIGNED = 1 << 19,/* From not in h= (5.4) */
	SIGNATURE_BAD_IDENTITY = 1 << 20, /* i= syntax */
	SIGNATURE_IDENTITY_OUTSIDE = 1 << 21, /* i= domain not within d= */
	SIGNATURE_BAD_LENGTH = 1 << 22,	  /* l= is not 1*76DIGIT */
	SIGNATURE_BAD_TIME = 1 << 23,	  /* t= */
	SIGNATURE_BAD_EXPIRY = 1 << 24,	  /* x=, or x= not after t= */
	SIGNATURE_PERMERROR = (1 << 25) - (1 << 7),
	/* notes */
	SIGNATURE_UNUSED_BITS = 1 << 25,  /* base64 of b= or bh= not canonical */
	SIGNATURE_BAD_COPIED = 1 << 26,	  /* z= syntax: it is informational */
	SIGNATURE_SHA1 = 1 << 27,	  /* rsa-sha1 (RFC 8301) */
	SIGNATURE_SIGNS_ITSELF = 1 << 28  /* h= names DKIM-Signature */
};

enum signature_algorithm {
	SIGNATURE_RSA_SHA1,
	SIGNATURE_RSA_SHA256,
	SIGNATURE_ED25519_SHA256,
	SIGNATURE_ALGORITHM_UNKNOWN
};

struct signature {
	const struct header_field *field;
	size_t index;	      /* among the message's signatures, from the top */
	unsigned defects;     /* enum signature_defect */
	enum signature_algorithm algorithm;
	enum digest_algorithm digest;
	enum canonicalization header_canon, body_canon;
	/* As written, FWS trimmed; p NULL: absent. */
	struct span a, c, d, s, i, q, b, bh, h, l, t, x, z, v;
	struct span domain;    /* d= canonical (A-labels, lower case) or empty */
	struct span key_name;  /* s._domainkey.d canonical, or empty */
	struct span identity_domain; /* of i=, canonical; d= when absent */
	struct span identity_local;  /* of i=, may be empty */
	struct span b_raw;     /* the octets of b= that hashing leaves out */
	struct span signature; /* b= decoded */
	struct span body_hash; /* bh= decoded */
	const struct span *names; /* h=, in order */
	size_t n_names;
	bool has_length;
	uint64_t length;   /* l=; UINT64_MAX when over 2^64 */
	int64_t time;	   /* t=, or TIMESTAMP_NONE */
	int64_t expiry;	   /* x=, or TIMESTAMP_NONE */
};

/* Parse the field; spans borrow from it or live in "arena". */
void signature_parse(struct signature *signature, struct arena *arena,
    const struct header_field *field, size_t index);

/* All DKIM-Signature fields, top to bottom, at most SIGNATURES_MAX; the
 * number there are in all is returned. */
size_t signatures_find(const struct header_index *header, struct arena *arena,
    struct signature **signatures_out, size_t *n_out);

/* "rsa-sha256", ... */
const char *signature_algorithm_name(enum signature_algorithm algorithm);

#endif
