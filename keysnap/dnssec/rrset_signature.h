/*
 * rrset_signature.h - one signature over one RRset under one key: what ldns
 * checks, and what it leaves to its caller (RFC 4035 section 5.3.1).
 */
#ifndef KEYSNAP_DNSSEC_RRSET_SIGNATURE_H
#define KEYSNAP_DNSSEC_RRSET_SIGNATURE_H

#include "keysnap/dnssec/dnssec_chain.h"

#define DNSSEC_RSA_BITS_MIN 1024 /* shorter ones have been factored in public */
#define DNSSEC_RSA_BITS_MAX 4096 /* RFC 3110 section 2, RFC 5702 section 2 */
#define DNSSEC_SIGNATURES_TRIED_MAX \
	256 /* for one chain: keys that share a tag, times signatures, can ask
	       for any number (KeyTrap, CVE-2023-50387); real chains need
	       under 60 */
#define DNSSEC_SHA1_MAX \
	20000 /* SHA-1 runs for NSEC3 of one chain (CVE-2023-50868); a name of
		 8 labels at 150 iterations takes 2500 */
#define DNSSEC_PAIRS_MAX \
	4096 /* DS records compared with keys, for one chain: hostile sets
		have a digest to make for each pair; real zones have under 20
		pairs */
#define DNSSEC_NSEC3_ITERATIONS_MAX \
	500 /* RFC 5155 section 10.3 for keys of 2048 bits; RFC 9276 wants 0 */

/*
 * Why a chain is not secure, or what is odd about one that is.  The words are
 * those of chain-result entries (keysnap.5), dnssec_reason_name().
 */
enum dnssec_reason {
	DNSSEC_NO_REASON,
	/* secure, but */
	DNSSEC_SHA1,		/* "sha1": a signature is RSASHA1 */
	/* insecure */
	DNSSEC_DS_DENIED,	/* "ds-denied": no DS at a delegation, proved */
	DNSSEC_OPT_OUT,		/* "opt-out": an NSEC3 leaves it open */
	/* bogus */
	DNSSEC_SIGNATURE,	/* "signature": it does not hold */
	DNSSEC_NO_SIGNATURE,	/* "no-signature": in a signed zone */
	DNSSEC_WINDOW,		/* "window": at no time are all valid */
	DNSSEC_ANCHOR_TIME,	/* "anchor-time": not while the anchor is */
	DNSSEC_SIGNER,		/* "signer": not the zone of the owner */
	DNSSEC_LABELS,		/* "labels": more than the owner has, or a
				   wildcard where none may be */
	DNSSEC_NO_KEY,		/* "no-key": not among the zone's keys */
	DNSSEC_KEY_FORM,	/* "key-form": not a zone key, not protocol 3 */
	DNSSEC_KEY_REVOKED,	/* "key-revoked" */
	DNSSEC_DS_MISMATCH,	/* "ds-mismatch": no key fits a DS */
	DNSSEC_WILDCARD,	/* "wildcard": a closer name is not denied */
	DNSSEC_DENIAL,		/* "denial": does not deny the name */
	DNSSEC_CNAME,		/* "cname": a circle, or too long */
	DNSSEC_ANSWER,		/* "answer": another than was observed */
	/* indeterminate */
	DNSSEC_MALFORMED,	/* "malformed": not a chain */
	DNSSEC_NO_ANSWER,	/* "no-answer": nothing about the name */
	DNSSEC_NO_DNSKEY,	/* "no-dnskey": keys of a zone are missing */
	DNSSEC_NO_DS,		/* "no-ds": neither a DS nor its denial */
	DNSSEC_NO_ANCHOR,	/* "no-anchor": ends at none that is trusted */
	DNSSEC_WEAK_DIGEST,	/* "weak-digest": DS with SHA-1 only */
	DNSSEC_WEAK_ALGORITHM,	/* "weak-algorithm": RSAMD5, DSA, GOST */
	DNSSEC_WEAK_KEY,	/* "weak-key": RSA below 1024 bits */
	DNSSEC_UNSUPPORTED,	/* "unsupported": an algorithm, or a key past
				   4096 bits */
	DNSSEC_ITERATIONS,	/* "iterations": of NSEC3, too many */
	DNSSEC_TOO_MUCH		/* "too-much": over a limit above */
};

const char *dnssec_reason_name(enum dnssec_reason reason);

/* A sentence for people, without full stop. */
const char *dnssec_reason_text(enum dnssec_reason reason);

/* What may still be done for one chain. */
struct dnssec_budget {
	unsigned signatures; /* from DNSSEC_SIGNATURES_TRIED_MAX down */
	unsigned sha1;	     /* from DNSSEC_SHA1_MAX down */
	unsigned pairs;	     /* from DNSSEC_PAIRS_MAX down */
};

/* Can this DNSKEY sign a zone's data (RFC 4034 section 2.1, RFC 5011 section
 * 2.1), and is it strong enough?  Else why not. */
enum dnssec_reason dnssec_key_check(const ldns_rr *key);

/* Is the algorithm of a DNSKEY, RRSIG or DS one that can be relied on? */
enum dnssec_reason dnssec_algorithm_check(unsigned algorithm);

/*
 * Is the form of a signature of "set" what RFC 4035 section 5.3.1 asks for:
 * labels, signer (for DS, a zone above the owner; for DNSKEY the owner), and
 * algorithm?  Type, class and owner hold by the making of a chain.  Only TXT
 * and CNAME may come from a wildcard.
 */
enum dnssec_reason dnssec_signature_form(const struct dnssec_set *set,
    const ldns_rr *signature);

/* Does it hold, cryptographically, under one of "keys"?  Keys have passed
 * dnssec_key_check(). */
enum dnssec_reason dnssec_signature_check(const struct dnssec_set *set,
    const ldns_rr *signature, const ldns_rr_list *keys,
    struct dnssec_budget *budget);

/* Labels of the owner that the signature speaks of are fewer than it has: it
 * came from a wildcard (RFC 4035 section 5.3.2). */
bool dnssec_signature_expanded(const struct dnssec_set *set,
    const ldns_rr *signature);

/* Is it made with SHA-1? */
bool dnssec_signature_is_sha1(const ldns_rr *signature);

/* When it is valid; seconds, read as unsigned (until 2106). */
int64_t dnssec_signature_from(const ldns_rr *signature);
int64_t dnssec_signature_until(const ldns_rr *signature);

#endif
