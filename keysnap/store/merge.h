/*
 * merge.h - the entries of another log, added to a store.
 *
 * Every entry comes as it is, sources, times and tools included; only the
 * numbers in it become those of the store.  An entry that the store has, with
 * the same line in the store's numbers, is not added again.  So the same log
 * twice adds nothing, and the result depends on the two logs alone, and on
 * "made" and "operator" of the note below.
 *
 * When the store is an earlier state of the other log, the rest of that is
 * added line by line, and the store is then the same log, when somebody
 * vouches for it; anybody can write more lines to a log that he has.
 * When it is another one, what is about a log as a whole would say something else in the store, and is kept
 * as a note on the sources that the other log had at that point:
 *   - an anchor of a state of the other log ("foreign-anchor"): the store's
 *     log was never in that state.  It proves that the copied entries existed
 *     only together with the other log, so it counts for no verdict;
 *   - an audit ("foreign-audit"): the store has other keys below that number;
 *   - a note on entry 0 ("foreign-note").
 * An anchor of a state, and an audit of entries, that both logs share stays
 * what it is.
 *
 * At the end one note or more with the reason "merged" stands on what was
 * added (on sources; of what has another source, on each entry) and says which
 * log it was copied from, and its evidence is the checkpoint of a snapshot.
 * When that was a log that nobody vouched for (MERGE_NOBODY), what has such a
 * note raises no grade, retracts nothing else and is no anchor or audit
 * (retraction.h, provenance.c).
 */
#ifndef KEYSNAP_STORE_MERGE_H
#define KEYSNAP_STORE_MERGE_H

#include "keysnap/store/store.h"

#define MERGE_REASON         "merged"
/* How the text of such a note ends when nobody vouched for the other log. */
#define MERGE_NOBODY	     "a snapshot that nobody vouches for"
#define MERGE_FOREIGN_ANCHOR "foreign-anchor"
#define MERGE_FOREIGN_AUDIT  "foreign-audit"
#define MERGE_FOREIGN_NOTE   "foreign-note"

/* The other log, however it is kept. */
struct merge_log {
	void *user;
	const char *path; /* for errors */
	struct span origin;
	uint64_t size;
	uint8_t root[32];
	struct span checkpoint; /* of a snapshot, or empty */
	const char *vouched;    /* who vouches for it, in words */
	bool (*get)(void *user, struct arena *arena, uint64_t number,
	    struct entry *entry_out, GError **error);
	/* All evidence, into the store; or, of one entry, the octets. */
	bool (*each_evidence)(void *user,
	    bool (*visit)(
		void *user, const uint8_t sha256[32], struct span octets),
	    void *visit_user, GError **error); /* or NULL */
	bool (*get_evidence)(void *user, struct arena *arena,
	    const uint8_t sha256[32], struct span *octets_out,
	    GError **error); /* or NULL */
};

struct merge_options {
	struct span operator; /* of the note, or empty */
	int64_t made;         /* of the note */
	bool
	    skip_unknown; /* leave entries out that are not known (line_table.h),
			      and what is about them alone; else they fail */
};

struct merge_result {
	uint64_t added[ENTRY_UNKNOWN + 1]; /* by type; without the notes at the
					      end */
	uint64_t total;                    /* of these */
	uint64_t known;                    /* the store had them */
	uint64_t skipped;                  /* left out */
	uint64_t foreign;                  /* kept as notes */
	uint64_t bearing; /* of those added: retractions of entries that the
			     store had before, and statements on keys */
	bool continued;   /* the store is now the same log */
};

/* All in one transaction.  False with "error", and nothing is added. */
bool merge_add(struct store *store, const struct crypto *crypto,
    const struct merge_log *log, const struct merge_options *options,
    struct merge_result *result_out, GError **error);

#endif
