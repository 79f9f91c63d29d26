/*
 * provenance.h - what is known about the keys of a name: pure functions over
 * log entries.  Keys, time windows and grades are derived, never stored, by
 * the rules that keysnap(5) has under PROVENANCE.
 *
 * Nothing is believed of an entry but what this program itself has put there:
 * who imported what in which format, what it verified, and when.  When nobody
 * vouches for the log, not even that: then everything is the word of whoever
 * made it, and no grade is better than D.
 */
#ifndef KEYSNAP_STORE_PROVENANCE_H
#define KEYSNAP_STORE_PROVENANCE_H

#include "keysnap/key/public_key.h"
#include "keysnap/store/bearing.h"
#include "keysnap/store/entry.h"

#define PROVENANCE_KEYS_MAX 64 /* distinct keys of one name; more are counted
				  and reported as left out */
#define PROVENANCE_OBSERVERS_MAX 64 /* observers of a key that are compared
				  with each other; more only mean that
				  independent ones may be missed */
#define PROVENANCE_ANCHOR_DAYS 90 /* from the time of what was seen to the
				  anchor: long enough for a quarterly seal,
				  too short for a key to leak and be used */
#define PROVENANCE_TTL_MAX (7 * TIMESTAMP_DAY) /* RFC 8767 section 4: no cache
				  keeps a record longer */

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

/* Windows in order; once joined, apart from each other. */
struct known_windows {
	struct known_window *items;
	size_t n;
};

/*
 * One distinct key record of a name: observations whose joined octets are the
 * same, byte for byte.  Two records with the same public key but other tags
 * (t=y, h=) stay two, as they can give different results; what is known of
 * the key under the name is the same in both.
 */
struct known_key {
	struct span text; /* joined octets */
	struct key_record record;
	struct public_key key; /* status MALFORMED when the record has none */
	unsigned flags;	       /* those that do not depend on a time */
	struct known_windows windows; /* of this record, joined */
	size_t first_of_key; /* number of the first record of the same key */

	/* Of the key, from all its records under the name. */
	enum grade grade;
	uint64_t entry;	/* the entry that carries the grade: the first with
			   the best; of B, the first observer's; of A1 and A2,
			   the chain-result */
	int64_t first_seen, last_seen; /* TIMESTAMP_NONE: no time known.  For a
		last time of day precision: the end of that day */
	bool has_time;
	uint64_t observations;	/* entries, with sightings */
	struct span *sources;	/* observers, distinct, sorted by octets */
	size_t n_sources;
	size_t independent;	/* as many of them are independent of each
				   other, at least; 0: nobody is named */
	struct span *owners;	/* other names where the record lay, as a CNAME
				   led there: who has them controls the key;
				   distinct, sorted */
	size_t n_owners;
	struct known_windows seen;  /* looked at, and TTLs and secure chains
				       round that */
	struct known_windows cover; /* seen or said to be there */
	struct known_windows at;    /* the ends of all times, each as wide as
				       its precision: then it was there */
	int64_t forgeable_since; /* of a forgeable key: the earliest second
				    from which others could have signed, by
				    what is known; TIMESTAMP_NONE: it is not
				    known, so from the beginning */
	int64_t weak_since;	 /* of a weak key: when one of its size, or a
				    larger one, was factored in public;
				    TIMESTAMP_NONE: none was, or before 1994 */
};

/* Moments at which the name was seen without some key: absent, revoked, or
 * with a complete RRset.  Whether one speaks against a key is for its windows
 * to say.  In order of "first"; least_last[i] is the least "last" from i on. */
struct known_contrary {
	struct known_window *items;
	int64_t *least_last;
	size_t n;
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
	struct known_windows revoked; /* when that was seen, joined */
	struct known_contrary contrary;
	const struct witness *witnesses; /* what it was derived from, in no
					    order (provenance_witness.h) */
	size_t n_witnesses;
};

/* What is derived from: the entries that bear on the name, and those that
 * bear on the whole log (anchors), both as bearing.h gives them. */
struct provenance_input {
	struct span name;
	struct bearing of_name, of_log;
	bool vouched; /* a store of one's own, or a snapshot with the key or
			 the root that was asked for */
	/* The source entry of a number; NULL: not to be had. */
	const struct entry_source *(*source_of)(void *user, uint64_t number);
	void *user;
};

/* Derive all that is known.  Everything lives in "arena", and borrows from
 * the entries. */
void provenance_derive(struct known_name *known, struct arena *arena,
    const struct crypto *crypto, const struct provenance_input *input);

/*
 * Is the observation of a time at which all signatures of the chain were
 * valid?  Else the chain does not say what was there then: it can be an old
 * answer played again, or made later with keys that leaked.  An observation
 * without a time has that of the chain.
 */
bool provenance_chain_covers(const struct entry_chain_result *chain,
    const struct entry_observation *seen);

/*
 * The state of "key" at a time interval [from, to]; the worst state inside it
 * counts, in the order of the enumeration.
 *   SEEN     seen windows hold the whole interval.
 *   CLAIMED  windows do.
 *   BRIDGED  it reaches into a gap between two windows, in which nothing
 *            contrary was seen: no moment of struct known_contrary, and no
 *            other key, unless the two were also seen at the same time.
 *   BEFORE_FIRST, AFTER_LAST  nothing contrary was seen in between.
 *   CONTRADICTED  a contrary moment lies within the interval and the key was
 *            not seen then (this decides before all others), or they lie on
 *            both sides in one gap.
 *   UNKNOWN  what is not bridged, before or after for one of these reasons;
 *            with from or to TIMESTAMP_NONE; a key without times.
 */
struct time_standing {
	enum time_state state;
	int64_t days;	/* whole days, rounded up: how far the interval
			   reaches before the first or past the last window,
			   or the length of the gap; 0 when seen, claimed or
			   contradicted, -1 when not known */
	unsigned flags; /* the key's, and those of the time */
	/* Whole days, rounded up, from the last time before the interval at
	 * which the key was seen or said to be there to the interval, and
	 * from the interval to the first such time after it.  0 where an end
	 * of the interval lies in such a time; -1 when there is none. */
	int64_t days_before, days_after;
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

/* The same in a line of words, for people. */
const char *grade_meaning(enum grade grade);
const char *time_state_meaning(enum time_state state);
const char *provenance_flag_meaning(unsigned bit); /* NULL: no such flag */

#endif
