/*
 * run.h - a whole archive into a case directory.
 *
 * N workers share reading, hashing, judging and writing; records are written
 * in archive order, so the bytes of results.jsonl do not depend on N.  The case directory holds
 *   results.jsonl  a header line and one record per message
 *   run.json       environment, inputs, snapshot, versions, options, counts
 *   wants.tsv      names whose keys are missing or do not match
 */
#ifndef VERIFIER_RUN_RUN_H
#define VERIFIER_RUN_RUN_H

#include "verifier/run/tally.h"

#define RUN_JOBS_MAX 256

#define RUN_ERROR run_error_quark()
GQuark run_error_quark(void);
enum run_error {
	RUN_ERROR_EXISTS,
	RUN_ERROR_OUTPUT,
	RUN_ERROR_DIFFERS /* from what an interrupted run read: exit 4 */
};

/* What the lines are that are given to run_options.write. */
enum run_lines {
	RUN_RECORDS, /* for results.jsonl */
	RUN_INPUTS,  /* the files read in full, for run.json, one object a line */
	RUN_NOTES,   /* on inputs, for run.json, one object a line */
	RUN_ITEMS    /* traces (trace.h) of all items, with points only */
};

/* After that many records, or octets read and written, the run is worth a
 * point: a crash costs no more than a second of work then, and syncing is
 * nothing beside it. */
#define RUN_POINT_RECORDS 8192
#define RUN_POINT_OCTETS  (128u << 20)

/* A place in the archive up to which everything was written. */
struct run_point {
	const struct tally *known; /* of all before the point before */
	const struct tally *more;  /* of all since */
	struct span path;	   /* of the last item */
	const struct archive_prefix *prefix;
	struct span prefix_path;
};

struct run_options {
	struct judge_context judge;
	struct archive *archive;
	unsigned jobs; /* workers, 1 to RUN_JOBS_MAX */
	/* Asked between batches: true ends the run cleanly. */
	bool (*interrupted)(void);
	/* Take the lines of a batch: whole lines of canonical JSON, in archive
	 * order, the records last; false stops the run.  Called from one
	 * worker at a time, as are point() and progress(). */
	bool (*write)(void *user, enum run_lines kind, struct span lines,
	    GError **error);
	/* Make what was written last; NULL: no points are wanted. */
	bool (*point)(
	    void *user, const struct run_point *point, GError **error);
	/* An update: append the records that the case before has for the next
	 * "n" items, lines with their line feed; asked for all items in
	 * archive order, by one worker at a time.  NULL: no update, as where
	 * judge.earlier is. */
	bool (*earlier)(
	    void *user, size_t n, GString *lines_out, GError **error);
	void (*progress)(void *user, uint64_t messages, uint64_t done,
	    uint64_t total); /* may be NULL */
	void *user;
	/* To go on with a run: as many items have their records; what was
	 * hashed of the file that it was in, and its path. */
	uint64_t skip;
	struct archive_prefix prefix;
	struct span prefix_path;
};

/*
 * Run.  True when every message has its record, or the run was interrupted
 * (tally->counts.interrupted).  On an error what was finished before it has
 * been written, in order, and is counted.  "tally" is initialised by the
 * caller; it holds the counts of the items that are skipped.
 */
bool run_archive(const struct run_options *options, struct tally *tally,
    GError **error);

#endif
