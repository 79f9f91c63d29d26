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
enum run_error { RUN_ERROR_EXISTS, RUN_ERROR_OUTPUT };

/* What the lines are that are given to run_options.write. */
enum run_lines {
	RUN_RECORDS, /* for results.jsonl */
	RUN_INPUTS,  /* the files read in full, for run.json, one object a line */
	RUN_NOTES    /* on inputs, for run.json, one object a line */
};

struct run_options {
	struct judge_context judge;
	struct archive *archive;
	unsigned jobs; /* workers, 1 to RUN_JOBS_MAX */
	/* Asked between batches: true ends the run cleanly. */
	bool (*interrupted)(void);
	/* Take the lines of a batch: whole lines of canonical JSON, in archive
	 * order; false stops the run.  Called from one worker at a time, as
	 * is progress(). */
	bool (*write)(void *user, enum run_lines kind, struct span lines,
	    GError **error);
	void (*progress)(void *user, uint64_t messages, uint64_t done,
	    uint64_t total); /* may be NULL */
	void *user;
};

/*
 * Run.  True when every message has its record, or the run was interrupted
 * (tally->counts.interrupted).  On an error what was finished before it has
 * been written, in order, and is counted.  "tally" is initialised by the
 * caller.
 */
bool run_archive(const struct run_options *options, struct tally *tally,
    GError **error);

#endif
