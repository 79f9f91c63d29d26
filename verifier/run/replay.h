/*
 * replay.h - a finished run, compared with the same run made again.
 *
 * The case is only read.  What is made again comes in the order in which it
 * was written then, and is compared line by line, in bounded memory.
 */
#ifndef VERIFIER_RUN_REPLAY_H
#define VERIFIER_RUN_REPLAY_H

#include "verifier/run/journal.h"
#include "verifier/run/run.h"
#include "verifier/run/run_json.h"

/* What is compared, in the order in which it is told. */
enum replay_part {
	REPLAY_HEADER, /* first line of results.jsonl */
	REPLAY_BASIS,  /* run.json: the options */
	REPLAY_RUN,    /* run.json: counts, premises, snapshot */
	REPLAY_RECORD,
	REPLAY_INPUT,  /* run.json: the files read, with their SHA-256 */
	REPLAY_NOTE,   /* run.json */
	REPLAY_WANT,   /* lines of wants.tsv */
	REPLAY_PARTS
};

/* The first difference in a part, and how many lines of it differ. */
struct replay_difference {
	uint64_t count;	  /* 0: none */
	uint64_t compared;
	uint64_t number;  /* of the line in its part, from 1 */
	char *name;	  /* path of the file, for people; NULL: none */
	char *place;	  /* the member; empty: one has the line alone */
	json_t *old, *now; /* what stands there; NULL: nothing */
};

struct replay;

/* Open the finished run in "folder".  NULL with "error"; RUN_ERROR_EXISTS when
 * there is none. */
struct replay *replay_open(const char *folder, const struct crypto *crypto,
    GError **error);
void replay_close(struct replay *replay);

/* The header of results.jsonl, and run.json without its arrays (run_read.h),
 * as they are in the case. */
const json_t *replay_header(const struct replay *replay);
const json_t *replay_run(const struct replay *replay);

/* Path of the first record or empty; for finding the archive. */
struct span replay_first_path(const struct replay *replay);

/* Compare the header; "tool" and "vouched", which say how, not what, are
 * passed over. */
void replay_compare_header(struct replay *replay, struct span line);

/* The same with "basis" of run.json, whose value "run" would be now: of that
 * only what the header does not show, and no digests of tables. */
void replay_compare_basis(
    struct replay *replay, const struct journal_run *run);

/* The same with what run.json says of the run as a whole; "run" is what it
 * would say now. */
void replay_compare_run(struct replay *replay, const struct run_whole *run);

/* For run_options.write: compare lines of "kind". */
bool replay_compare(struct replay *replay, enum run_lines kind,
    struct span lines, GError **error);

/*
 * All was made again: what the case has beyond that, and wants.tsv.  Without
 * it what was compared so far counts.  False with "error".
 */
bool replay_finish(struct replay *replay, struct span wants, GError **error);

/* Is a file of the case not what run.json says?  Its name, or NULL; known
 * after replay_finish(). */
const char *replay_altered(const struct replay *replay);

const struct replay_difference *replay_difference(
    const struct replay *replay, enum replay_part part);

/* Is there no difference in any part? */
bool replay_is_identical(const struct replay *replay);

#endif
