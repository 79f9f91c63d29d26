/*
 * provenance.h - what is known about the keys of a name: pure functions over
 * log entries.  Keys, time windows and grades are derived, never stored.
 *
 * This version knows grade D (a third party's record with a time) and F
 * (asserted: a key file or a pasted record without a time of its own), and
 * the time states claimed, before-first, after-last and unknown.  The other
 * grades and states are named here so that later versions only add rules.
 */
#ifndef KEYSNAP_STORE_PROVENANCE_H
#define KEYSNAP_STORE_PROVENANCE_H

#include "keysnap/key/public_key.h"
#include "keysnap/store/entry.h"

#define PROVENANCE_KEYS_MAX 64 /* distinct keys of one name; more are counted
				  and reported as left out */

/* Best first; names "A1" ... "F". */
enum grade {
	GRADE_A1,
	GRADE_A2,
	GRADE_B,
	GRADE_C1,
	GRADE_C2,
	GRADE_D,
	GRADE_E1,
	GRADE_E2,
	GRADE_F
};

enum time_state {
	TIME_STATE_SEEN,
	TIME_STATE_CLAIMED,
	TIME_STATE_BRIDGED,
	TIME_STATE_BEFORE_FIRST,
	TIME_STATE_AFTER_LAST,
	TIME_STATE_CONTRADICTED,
	TIME_STATE_UNKNOWN
};

/* Flags of a key under a name; the words are those of the record. */
enum provenance_flag {
	PROVENANCE_WEAK = 1 << 0,	   /* "weak" */
	PROVENANCE_FORGEABLE = 1 << 1,	   /* "forgeable" */
	PROVENANCE_AGING = 1 << 2,	   /* "aging" */
	PROVENANCE_TESTING = 1 << 3,	   /* "testing": a record of the key, in
					      use at the time, has t=y */
	PROVENANCE_REVOKED_THEN = 1 << 4,  /* "revoked-then" */
	PROVENANCE_CONFLICT = 1 << 5,	   /* "conflict" */
	PROVENANCE_TRUNCATED = 1 << 6,	   /* "truncated" */
	PROVENANCE_JOIN_AMBIGUOUS = 1 << 7 /* "join-ambiguous" */
};

/* A time in which a record was seen or said to be there; "last" is the last
 * second that the precision of the observation allows. */
struct known_window {
	int64_t first, last;
};

/*
 * One distinct key record of a name: observations whose joined octets are the
 * same, byte for byte.  Two records with the same public key but other tags
 * (t=y, h=) stay two, as they can give different results.
 */
struct known_key {
	struct span text; /* joined octets */
	struct key_record record;
	struct public_key key; /* status MALFORMED when the record has none */
	enum grade grade;
	int64_t first_seen, last_seen; /* TIMESTAMP_NONE: no time known.  For a
		last time of day precision: the end of that day */
	bool has_time;
	uint64_t observations;	/* entries */
	uint64_t entry;		/* the entry that carries the grade: the first
				   with the best */
	struct span *sources;	/* observers, distinct, sorted by octets */
	size_t n_sources;
	unsigned flags;		/* those that do not depend on a time */
	int64_t forgeable_since; /* of a forgeable key: the earliest second
				    from which others could have signed, by
				    what is known; TIMESTAMP_NONE: it is not
				    known, so from the beginning */
	struct known_window *windows; /* sorted, overlapping ones joined */
	size_t n_windows;
};

struct known_name {
	struct span name;
	struct known_key *keys; /* in order of their first entry */
	size_t n_keys;
	size_t n_left_out;	   /* keys past PROVENANCE_KEYS_MAX */
	bool absent_seen;	   /* NXDOMAIN or NODATA observed */
	int64_t absent_first;	   /* earliest such time, or TIMESTAMP_NONE */
	int64_t revoked_first;	   /* earliest time of a p= record, or NONE */
	bool revoked_seen;
};

/*
 * Derive all that is known from the entries under "name".  "source_of" gives
 * the source entry of a number (NULL: not to be had).  Everything lives in
 * "arena".
 */
void provenance_derive(struct known_name *known, struct arena *arena,
    const struct crypto *crypto, struct span name,
    const struct entry *entries, const uint64_t *numbers, size_t n,
    const struct entry_source *(*source_of)(void *user, uint64_t number),
    void *user);

/*
 * The state of "key" at a time interval [from, to]; the worst state inside it
 * counts, in the order of the enumeration.  CLAIMED: one window holds the
 * whole interval.  BRIDGED: it reaches into a gap between two windows, in
 * which nothing contrary (another key, absence, revocation) was seen; with
 * something contrary the state is UNKNOWN.  With from or to TIMESTAMP_NONE,
 * or a key without times: UNKNOWN.
 */
struct time_standing {
	enum time_state state;
	int64_t days;	/* whole days, rounded up: how far the interval
			   reaches before the first or past the last window,
			   or the length of the gap; 0 when claimed, -1 when
			   not known */
	unsigned flags; /* the key's, and those of the time */
};
void provenance_at(const struct known_name *name, const struct known_key *key,
    int64_t from, int64_t to, struct time_standing *standing_out);

/*
 * How a revocation (a record with empty p=) of this name stands to a message
 * of the interval [from, to]: seen at or before "from" (revoked then), only
 * after "to" (revoked later: the key was lost to us, nothing is said about
 * the message), or in between or without times (unknown).
 */
enum revocation { REVOCATION_NONE, REVOCATION_THEN, REVOCATION_LATER,
	REVOCATION_UNKNOWN };
enum revocation provenance_revocation(const struct known_name *name,
    int64_t from, int64_t to);

const char *grade_name(enum grade grade);
bool grade_from_name(struct span name, enum grade *grade_out);
const char *time_state_name(enum time_state state);
const char *provenance_flag_name(unsigned bit); /* NULL: no such flag */

#endif
