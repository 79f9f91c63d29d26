/*
 * provenance_witness.h - who saw what when: observations and sightings in one
 * form, on their way to grades and windows.
 */
#ifndef KEYSNAP_STORE_PROVENANCE_WITNESS_H
#define KEYSNAP_STORE_PROVENANCE_WITNESS_H

#include "keysnap/store/provenance_windows.h"

#include <glib.h>

/* One observation, or one sighting of an observation. */
struct witness {
	uint64_t number; /* of the entry */
	const struct entry_source *source; /* or NULL */
	const struct entry_observation *observation; /* what was seen */
	bool is_sighting;
	bool foreign; /* copied from a log that nobody vouched for */
	struct span observer; /* or empty */
	struct entry_hashes evidence;
	int64_t first, last, ttl;
	enum timestamp_precision precision;
	enum observation_time_kind time_kind;
	bool complete;
	size_t record; /* number of its record in known_name.keys */
	size_t key;    /* the first record of the same key */
	enum grade grade; /* on its own */
};

/* A proof from outside that an entry, or octets, existed. */
struct derived_anchor {
	uint64_t size; /* of a state: entries below it; 0: "digest" */
	const uint8_t *digest;
	int64_t time; /* the latest that its precision allows */
};

/* All that the parts of a derivation share. */
struct derivation {
	struct known_name *known;
	struct arena *arena;
	const struct crypto *crypto;
	const struct provenance_input *input;
	GHashTable *retractions;
	GHashTable *foreign;  /* numbers of such sources and entries, and one
				 more */
	GHashTable *texts;    /* struct span * -> record and one more */
	size_t *record_of;    /* of each entry of the name; WITNESS_NONE */
	struct witness *witnesses; /* by number; with grades, by key */
	size_t n_witnesses;
	struct derived_anchor *anchors; /* by time */
	size_t n_anchors;
};

#define WITNESS_NONE	     SIZE_MAX /* not counted, or a record left out */
#define WITNESS_ABSENT	     (SIZE_MAX - 1) /* NXDOMAIN or NODATA */
#define WITNESS_ANCHORS_MAX  4096 /* anchors that are compared with each
				     witness: one a day for eleven years */

/* Fill known->keys (texts, records, own flags), "record_of" and "witnesses",
 * and what the name says without a key. */
void witnesses_collect(struct derivation *derivation);

/* The end of its time, by its precision; only when it has one. */
int64_t witness_end(const struct witness *witness);

/* Has it a time at which somebody looked, or says to have looked? */
bool witness_has_time(const struct witness *witness);

/* Is it, or its source, from a log that nobody vouched for? */
bool derivation_is_foreign(const struct derivation *derivation,
    uint64_t number);

/* Has it a SHA-256 of its own (public_key.h)? */
bool key_has_identity(const struct public_key *key);

/* Is entry "number" of the log retracted? */
bool derivation_retracted(const struct derivation *derivation,
    uint64_t number, const struct entry *entry);

/* The entry's place in the bearing of the name, or WITNESS_NONE. */
size_t derivation_find(const struct derivation *derivation, uint64_t number);

/* provenance_anchor.c: the anchors that count, and whether one of an entry
 * below its state, or of these octets, lies within [from, to]. */
void anchors_collect(struct derivation *derivation);
struct anchored {
	uint64_t number;
	const struct entry_source *source;
	struct entry_hashes evidence, more;
	int64_t from, to;
};
bool anchors_hold(const struct derivation *derivation,
    const struct anchored *what);

/* provenance_grade.c: grade, entry, sources and windows of each key. */
void grades_derive(struct derivation *derivation);

/* provenance_observer.c: how many of a key's witnesses are independent, and
 * whether two of them saw it at about the same time: the first one of them,
 * or NULL. */
const struct witness *observers_compare(const struct derivation *derivation,
    const struct witness *witnesses, size_t n, size_t *independent_out);

/* provenance_flags.c: of a record by itself, and what entries say of keys. */
unsigned flags_of_record(const struct known_key *key);
void flags_derive(struct derivation *derivation);

/* provenance_contrary.c: moments without some key; conflicts. */
void contrary_derive(struct derivation *derivation);

/* Was the name seen by it without some key: absent, revoked, or with a
 * complete RRset? */
bool witness_is_contrary(const struct known_name *known,
    const struct witness *witness);

/* Does a moment speak against a key: is it within what is said of the key, and
 * the key was not there just then? */
bool contrary_to_key(const struct known_key *key,
    const struct known_window *moment);

/* Is a moment within [from, to]? */
bool contrary_within(const struct known_contrary *contrary, int64_t from,
    int64_t to);

#endif
