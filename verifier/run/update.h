/*
 * update.h - a finished case that is brought up to date with a later snapshot:
 * checked, and its records handed out.
 *
 * The case must be whole (its files have the digests that run.json has of
 * them), made by the same program with the same libraries and options, and the
 * later snapshot must go on from the log that it was made with: the first
 * entries have its root.  While the archive is read, its files and what was
 * noted on them are compared with the lists of run.json, so that no record is
 * kept of a message that is not there as it was.
 */
#ifndef VERIFIER_RUN_UPDATE_H
#define VERIFIER_RUN_UPDATE_H

#include "verifier/run/case_folder.h"
#include "verifier/run/key_cache.h"

struct update;

struct update_options {
	const char *path; /* of the case */
	const struct crypto *crypto;
	struct snapshot *snapshot;
	const struct journal_run *run; /* of the run that is to be */
};

/*
 * Open and check the case; all of its files are opened here.  NULL with
 * "error": RUN_ERROR_EXISTS when it is not of such a run, RUN_ERROR_DIFFERS
 * when it was altered, or that of what cannot be read.
 */
struct update *update_open(
    const struct update_options *options, GError **error);
void update_close(struct update *update);

/* The log as it was then; lives as long as "update". */
const struct key_cache_past *update_past(const struct update *update);

/* SHA-256 of its results. */
const uint8_t *update_results_sha256(const struct update *update);

/* Append the next "n" records (run_options.earlier). */
bool update_records(
    struct update *update, size_t n, GString *lines_out, GError **error);

/* Compare the lines of inputs and notes that the archive gives now with those
 * of the case; RUN_ERROR_DIFFERS. */
bool update_lines(struct update *update, enum run_lines kind,
    struct span lines, GError **error);

/* Was all of the case seen again?  If not, RUN_ERROR_DIFFERS. */
bool update_is_through(struct update *update, GError **error);

#endif
