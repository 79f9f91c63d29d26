/*
 * run.h - a whole archive into a case directory.
 *
 * One reader, N workers, one writer in archive order: the bytes of
 * results.jsonl do not depend on N.  The case directory holds
 *   results.jsonl  a header line and one record per message
 *   run.json       environment, inputs, snapshot, versions, options, counts
 *   wants.tsv      names whose keys are missing or do not match
 * and is made anew; an existing one is refused unless it is empty.
 */
#ifndef VERIFIER_RUN_RUN_H
#define VERIFIER_RUN_RUN_H

#include "verifier/run/judge.h"

struct run_options {
	struct judge_context judge;
	struct archive_options archive;
	struct record_header header;
	const char *folder; /* the case directory; made by run_folder_make() */
	unsigned jobs;	    /* workers, at least 1 */
	/* Asked between batches: true ends the run cleanly (SIGINT). */
	bool (*interrupted)(void);
	/* Called by the writer now and then, in the thread of run_archive(). */
	void (*progress)(void *user, uint64_t messages, uint64_t done,
	    uint64_t total);
	void *user;
};

struct run_counts {
	uint64_t messages;
	uint64_t verdicts[VERDICTS];
	uint64_t unreadable;
	uint64_t files, octets;
	uint64_t senders, signing_domains;
	int64_t first_date, last_date;
	uint64_t wanted_names, wanted_messages;
	bool interrupted;
};

/* Make the case directory, or accept an empty one. */
bool run_folder_make(const char *folder, GError **error);

/*
 * Run.  True when every message has its record (or the run was interrupted:
 * counts say so).  On an error (the archive changed, output failed) what was
 * finished before it is written, in order.  "inputs_out" gets the canonical
 * JSON of the inputs, one object per line, for run.json.
 */
bool run_archive(const struct run_options *options,
    struct run_counts *counts_out, FILE *inputs, GError **error);

/* The names wanted, for wants.tsv and "verifier wants". */
struct wants;
struct wants *wants_new(void);
void wants_free(struct wants *wants);
void wants_add(struct wants *wants, const struct want *want);

/* "domain TAB selector TAB first TAB last TAB count LF", sorted by domain and
 * selector (octets), after a header line. */
void wants_write(GString *out, const struct wants *wants);

#endif
