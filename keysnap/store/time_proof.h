/*
 * time_proof.h - proofs from outside that octets existed at a time: RFC 3161
 * time stamps, OpenTimestamps proofs, signed notes.  Checked offline against
 * what a user gives.
 *
 * All three are over SHA-256 digests.  A note is one of C2SP (note.h) with the
 * text
 *
 *	keysnap-time 1
 *	TIME			; as 2016-10-31T00:00:00Z
 *	HEX  NAME		; one or more, as sha256sum writes them
 *
 * and says that who holds its key saw these files at that time.
 */
#ifndef KEYSNAP_STORE_TIME_PROOF_H
#define KEYSNAP_STORE_TIME_PROOF_H

#include "keysnap/store/bitcoin_header.h"
#include "keysnap/store/entry.h"
#include "keysnap/store/note.h"

#define TIME_PROOF_MAX \
	(4 << 20) /* octets; a response with certificates has
				    under 20 kB */

/* What the reader trusts, and the time it is. */
struct time_trust {
	struct span tsa_ca;       /* PEM, or empty */
	struct span certificates; /* PEM, on the way to these, or empty */
	struct span crls;         /* PEM: lists of revoked ones, or empty */
	const struct bitcoin_headers *headers;
	size_t n_headers; /* files of them */
	const struct note_key *keys;
	size_t n_keys;
	int64_t now;
};

enum time_proof_state {
	TIME_PROOF_COUNTS,
	TIME_PROOF_EXPIRED,   /* held once; its certificate has ended.  Counts
				 only if another one covers it and was made
				 before that */
	TIME_PROOF_UNTRUSTED, /* it fits, but nothing given vouches for it */
	TIME_PROOF_UNABLE,    /* this version cannot check it */
	TIME_PROOF_BROKEN
};

struct time_proof {
	enum time_proof_state state;
	enum anchor_kind kind;
	int64_t stated; /* time that it states, or TIMESTAMP_NONE */
	int64_t time;   /* what it covers existed then at the latest: the
			    stated time and by how much that may be off; of
			    proofs that count or are expired */
	int64_t until;  /* last second of its certificates; TIMESTAMP_NONE */
	const char *authority; /* who says so, escaped; NULL: not known */
	const char *text;      /* what it shows, or what is wrong, in words */
	const uint8_t (*digests)[32]; /* SHA-256 of what it covers */
	size_t n_digests;
	const struct bitcoin_headers *headers; /* the file that has the block */
	const uint8_t *header;                 /* its 80 octets, or NULL */
};

/* Check the proof in "octets", of any of the kinds; false when it is of none
 * (then only "text" is set).  All in "arena". */
bool time_proof_check(struct time_proof *proof, struct arena *arena,
    const struct crypto *crypto, const struct time_trust *trust,
    struct span octets);

bool time_proof_covers(
    const struct time_proof *proof, const uint8_t sha256[32]);

/* Does "pem" hold certificates, or lists of revoked ones, as struct time_trust
 * wants them? */
bool time_trust_is_pem(const struct crypto *crypto, struct span pem);
bool time_trust_is_crls(const struct crypto *crypto, struct span pem);

/* "counts", "expired", "untrusted", "unable", "broken". */
const char *time_proof_state_name(enum time_proof_state state);

#endif
