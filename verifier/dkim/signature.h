/*
 * signature.h - a field that signs: DKIM-Signature (RFC 6376 section 3.5) and
 * its kin, ARC-Message-Signature and ARC-Seal (RFC 8617 sections 4.1.2 and
 * 4.1.3) and DomainKey-Signature (RFC 4870 section 3.3).
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
#include "verifier/message/header_select.h"

#define SIGNATURE_NAMES_MAX 2000 /* names in h=; real ones have under 100 */
#define SIGNATURES_MAX	    64	 /* DKIM and DomainKeys, checked per
				    message; more are counted */
#define ARC_SETS_MAX	    50	 /* RFC 8617 4.2.1 */
/* Everything that is checked per message: seals and message signatures too. */
#define SIGNATURES_ALL_MAX  (SIGNATURES_MAX + 2 * ARC_SETS_MAX)

enum signature_kind {
	SIGNATURE_DKIM,
	SIGNATURE_ARC_MESSAGE,
	SIGNATURE_ARC_SEAL,
	SIGNATURE_DOMAINKEYS,
	SIGNATURE_KINDS
};

/* A DKIM-Signature that is older than RFC 4871 can be read as the drafts had
 * it.  That reading never leads to a pass; it is told beside the result. */
enum signature_draft {
	SIGNATURE_NO_DRAFT, /* RFC 6376, or nothing that a draft allows */
	SIGNATURE_DRAFT_00, /* no v= and no bh=: the signature is over header
			       and body at once (draft-ietf-dkim-base-00) */
	SIGNATURE_DRAFT_01  /* no v=, or v=0.x, and bh= (-01 to -10) */
};

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
	SIGNATURE_FROM_UNSIGNED = 1 << 19,/* From not in h= (5.4); DomainKeys:
					     neither From nor Sender signed */
	SIGNATURE_BAD_IDENTITY = 1 << 20, /* i= syntax; ARC: no instance */
	SIGNATURE_IDENTITY_OUTSIDE = 1 << 21, /* i= domain not within d=;
						 DomainKeys: the sender's */
	SIGNATURE_BAD_LENGTH = 1 << 22,	  /* l= is not 1*76DIGIT */
	SIGNATURE_BAD_TIME = 1 << 23,	  /* t= */
	SIGNATURE_BAD_EXPIRY = 1 << 24,	  /* x=, or x= not after t= */
	SIGNATURE_BAD_CHAIN = 1 << 25,	  /* ARC seal: cv= */
	SIGNATURE_ARC_HEADERS = 1 << 26,  /* ARC: a seal has h=, or the h= of a
					     message signature names ARC-Seal */
	SIGNATURE_PERMERROR = (1 << 27) - (1 << 7),
	/* notes */
	SIGNATURE_UNUSED_BITS = 1 << 27,  /* base64 of b= or bh= not canonical */
	SIGNATURE_BAD_COPIED = 1 << 28,	  /* z= syntax: it is informational */
	SIGNATURE_SHA1 = 1 << 29,	  /* rsa-sha1 (RFC 8301) */
	SIGNATURE_SIGNS_ITSELF = 1 << 30  /* h= names DKIM-Signature */
};

enum signature_algorithm {
	SIGNATURE_RSA_SHA1,
	SIGNATURE_RSA_SHA256,
	SIGNATURE_ED25519_SHA256,
	SIGNATURE_ALGORITHM_UNKNOWN
};

/* cv= of a seal, RFC 8617 4.4. */
enum arc_chain_value { ARC_CV_NONE, ARC_CV_FAIL, ARC_CV_PASS, ARC_CV_BAD };

struct signature {
	const struct header_field *field;
	enum signature_kind kind;
	enum signature_draft draft; /* SIGNATURE_DKIM only */
	size_t index;	      /* among those of its kind, from the top */
	unsigned defects;     /* enum signature_defect */
	unsigned instance;    /* ARC i=, 1 to ARC_SETS_MAX; 0: none */
	enum arc_chain_value chain; /* cv= of a seal */
	bool canon_known;     /* c= is understood (or absent) */
	bool assumed;	      /* DomainKeys: c= or q= is missing */
	enum signature_algorithm algorithm;
	enum digest_algorithm digest;
	enum canonicalization header_canon, body_canon;
	/* As written, FWS trimmed; p NULL: absent. */
	struct span a, c, cv, d, s, i, q, b, bh, h, l, t, x, z, v;
	struct span domain;    /* d= canonical (A-labels, lower case) or empty */
	struct span key_name;  /* s._domainkey.d canonical, or empty */
	struct span identity_domain; /* of i=, canonical; d= when absent.
					DomainKeys: the sender's, or empty */
	struct span identity_local;  /* of i= or the sender, may be empty */
	struct span b_raw;     /* the octets of b= that hashing leaves out */
	struct span signature; /* b= decoded */
	struct span body_hash; /* bh= decoded */
	const struct span *names; /* h=, in order */
	size_t n_names;
	/* DomainKeys: what is signed, from domainkeys_bind(); else NULL. */
	const struct header_selection *selected;
	bool has_length;
	uint64_t length;   /* l=; UINT64_MAX when over 2^64 */
	int64_t time;	   /* t=, or TIMESTAMP_NONE */
	int64_t expiry;	   /* x=, or TIMESTAMP_NONE */
};

/* "dkim", "arc-message", "arc-seal", "domainkeys". */
const char *signature_kind_name(enum signature_kind kind);

/* Does a signature of this kind speak for the message?  Those of ARC do not:
 * they are told beside the verdict. */
static inline bool
signature_kind_decides(enum signature_kind kind)
{
	return kind == SIGNATURE_DKIM || kind == SIGNATURE_DOMAINKEYS;
}

/* Is the digest that is signed one over header and body, so that there is no
 * body hash? */
static inline bool
signature_is_whole(const struct signature *signature)
{
	return signature->kind == SIGNATURE_DOMAINKEYS ||
	    signature->draft == SIGNATURE_DRAFT_00;
}

/* Parse the field; spans borrow from it or live in "arena".  Who the sender of
 * a DomainKeys signature is, domainkeys_bind() says. */
void signature_parse(struct signature *signature, struct arena *arena,
    enum signature_kind kind, const struct header_field *field, size_t index);

/* What a message is signed with. */
struct signatures {
	struct signature *list; /* top to bottom, all kinds */
	size_t n;
	size_t left_out; /* DKIM and DomainKeys, past SIGNATURES_MAX */
	size_t arc_fields; /* of ARC, ARC-Authentication-Results too */
	size_t arc_seals;  /* of them, ARC-Seal */
};

/* All fields that sign, top to bottom: at most SIGNATURES_MAX of DKIM and
 * DomainKeys, and ARC_SETS_MAX of each kind of ARC. */
void signatures_find(struct signatures *signatures, struct arena *arena,
    const struct header_index *header);

/* "rsa-sha256", ... */
const char *signature_algorithm_name(enum signature_algorithm algorithm);

#endif
