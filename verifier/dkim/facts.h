/*
 * facts.h - everything that was found out about a signature, before any
 * judgement, and independent of how keys are known.
 *
 * All of it is computed, also when a part fails.  A verdict is a pure
 * function of these facts, the provenance of the keys, and policy
 * (verdict/verdict.h).
 */
#ifndef VERIFIER_DKIM_FACTS_H
#define VERIFIER_DKIM_FACTS_H

#include "keysnap/key/public_key.h"
#include "verifier/dkim/signature.h"
#include "verifier/message/header_select.h"
#include "verifier/message/message.h"

/* One key record of the signature's name, as the checker sees it. */
struct candidate {
	const struct key_record *record;
	const struct public_key *key; /* NULL: the record has none */
	struct key_checker *checker; /* NULL: the key cannot check */
};

/* Why a record may not be used for this signature, ORed; 0: usable. */
enum candidate_defect {
	CANDIDATE_REVOKED = 1 << 0,	  /* p= empty */
	CANDIDATE_MALFORMED = 1 << 1,	  /* the record, or the key in it */
	CANDIDATE_NOT_A_KEY = 1 << 2,	  /* another kind of TXT record */
	CANDIDATE_TYPE = 1 << 3,	  /* k= does not fit a= */
	CANDIDATE_HASH = 1 << 4,	  /* h= does not allow the hash */
	CANDIDATE_SERVICE = 1 << 5,	  /* s= does not allow email */
	CANDIDATE_STRICT = 1 << 6,	  /* t=s and i= in a subdomain */
	CANDIDATE_GRANULARITY = 1 << 7,	  /* DomainKeys: g= is another sender's */
	CANDIDATE_LIMIT = 1 << 8	  /* beyond what the library can check */
};

/* Facts about one candidate. */
struct candidate_facts {
	unsigned defects;	/* enum candidate_defect */
	bool checked;		/* the signature was checked with the key
				   (also when HASH, SERVICE, STRICT or
				   GRANULARITY forbid it) */
	struct key_check check;
};

enum body_state {
	BODY_MATCH,
	BODY_MISMATCH,
	BODY_MISSING,	  /* mismatch, and the message has no body at all */
	BODY_TOO_SHORT,	  /* l= beyond the canonical body */
	BODY_IN_SIGNATURE, /* no body hash: the signature is over header and
			      body at once */
	BODY_NOT_SIGNED,  /* a seal: it does not cover the body */
	BODY_NOT_HASHED	  /* c= or a= unknown; or no bh= to compare with: then
			     the hash is there all the same */
};

struct body_facts {
	enum body_state state;
	uint64_t covered; /* canonical octets hashed */
	uint64_t total;	  /* canonical octets there are */
	uint8_t hash[DIGEST_MAX_SIZE];
	size_t hash_n;
};

/* Where the octets of a field came from that a signature was made over. */
enum signed_origin {
	SIGNED_COPIED,	 /* the signer's copy (z=) */
	SIGNED_FIELD,	 /* another field of the message */
	SIGNED_TAG,	 /* words put before or behind it, taken off */
	SIGNED_REPLY,	 /* "Re:" and the like, put on or taken off */
	SIGNED_ENCODING, /* the same text, encoded or quoted otherwise */
	SIGNED_SPELLING, /* the same instant, or address, spelled otherwise */
	SIGNED_TIME,	 /* a date at the time of t=, or soon before */
	SIGNED_ABSENT,	 /* there was no such field */
	SIGNED_MESSAGE,	 /* the field of another message of the archive */
	SIGNED_ORIGINS
};

/* "copied", "field", ...: the word of the records. */
const char *signed_origin_name(enum signed_origin origin);

/* A field as it was signed, where it is stored otherwise. */
struct signed_field {
	struct span name;
	enum signed_origin origin;
	/* Behind the colon; p NULL: no such field.  Under "relaxed" white
	 * space is not told apart. */
	struct span stored, value;
	struct span stored_text, text; /* the same for people */
	uint64_t record; /* SIGNED_MESSAGE: the number of its record */
};

/* Put in place of what is stored they give the digest that was signed: that,
 * and nothing else, is the proof. */
struct signed_fields {
	struct signed_field *list;
	size_t n;
};

struct signature_facts {
	const struct signature *signature;
	struct body_facts body;
	bool header_hashed; /* false: a= or c= unknown, or no b= */
	/* Of what is signed; of a signature that is whole, with the body. */
	uint8_t header_hash[DIGEST_MAX_SIZE];
	size_t header_hash_n;
	struct header_selection selection;
	struct candidate_facts *candidates; /* one per candidate given */
	size_t n_candidates;
	const struct signed_fields *signed_fields; /* NULL: not known */
};

/* What a worker hashes bodies with, from message to message: buffers and
 * digests.  "crypto" must outlive it. */
struct body_hasher;
struct body_hasher *body_hasher_new(const struct crypto *crypto);
void body_hasher_free(struct body_hasher *hasher);

/*
 * Hash the body once for all "n" (SIGNATURES_ALL_MAX at most) signatures (RFC
 * 6376 3.7 step 1), feeding every octet of the body also to "also" (or NULL):
 * the identity's digest, for one.  Fills facts[i].body, and the hash of those
 * whose signature is over header and body at once.
 */
void facts_hash_body(struct signature_facts *facts, size_t n, struct arena *arena,
    struct body_hasher *hasher, const struct message *message,
    struct sink *also);

/* Select and hash the header fields (RFC 6376 3.7 step 2).  "digests" are two
 * of the worker, by enum digest_algorithm.  Nothing is done for a seal, whose
 * hash is arc_seal.h's, and for what facts_hash_body() has hashed. */
void facts_hash_header(struct signature_facts *facts, struct arena *arena,
    const struct message *message, struct digest digests[2]);

/* Hash the fields that are selected: what facts_hash_header() ends with. */
void facts_hash_selected(struct signature_facts *facts, struct digest *digest);

/* Check the signature with every candidate. */
void facts_check(struct signature_facts *facts, struct arena *arena,
    const struct candidate *candidates, size_t n);

#endif
