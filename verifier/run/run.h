/*
 * run.h - a whole archive into a case directory.
 *
 * One reader, N workers, one writer in archive order: the bytes of
 * results.jsonl do not depend on N.  The case directory holds
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

struct run_options {
	struct judge_context judge;
	struct archive *archive;
	unsigned jobs; /* workers, 1 to RUN_JOBS_MAX */
	/* Asked between batches, from the reader's thread: true ends the run
	 * cleanly. */
	bool (*interrupted)(void);
	/* Take the lines of a batch, whole records in order; false stops the
	 * run.  Called in the thread of run_archive(), as is progress(). */
	bool (*write)(void *user, struct span lines, GError **error);
	/* The inputs read in full, canonical JSON objects, each with a line
	 * feed, in archive order; may be NULL. */
	bool (*write_inputs)(void *user, struct span lines, GError **error);
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
