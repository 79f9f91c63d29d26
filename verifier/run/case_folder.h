/*
 * case_folder.h - the files of a run, written and hashed as they grow.
 */
#ifndef VERIFIER_RUN_CASE_FOLDER_H
#define VERIFIER_RUN_CASE_FOLDER_H

#include "verifier/run/run.h"

struct case_folder;

/*
 * Make the case directory "path", or accept an empty one, and open
 * results.jsonl in it.  Anything already there is refused
 * (RUN_ERROR_EXISTS): a run never overwrites another.
 */
struct case_folder *case_folder_open(
    const char *path, const struct crypto *crypto, GError **error);
void case_folder_close(struct case_folder *folder);

/* Append to results.jsonl; or to the lists of inputs and notes, which wait in
 * nameless files of the folder for run.json. */
bool case_folder_write(struct case_folder *folder, enum run_lines kind,
    struct span lines, GError **error);

/* Sync results.jsonl; its SHA-256 is known from now on. */
bool case_folder_finish(struct case_folder *folder, GError **error);

/* Write another file of the folder, whole; its SHA-256 is remembered. */
bool case_folder_add(struct case_folder *folder, const char *name,
    struct span contents, GError **error);

/* What the run was, beside its counts.  All strings are ours or from the
 * command line. */
struct run_environment {
	char *const *arguments; /* the command line */
	size_t n_arguments;
	const struct record_header *header;
	const uint8_t *public_suffix_list; /* SHA-256 */
	const struct policy *policy;
	const uint8_t *equivalences; /* SHA-256, or NULL */
	unsigned jobs;
	bool landlock;
	int64_t start, end;
	bool complete; /* false: an error or an interruption ended it */
};

/* Write run.json, with the inputs: last, so that a folder with run.json is a
 * finished run. */
bool case_folder_write_run(struct case_folder *folder,
    const struct run_environment *environment,
    const struct run_counts *counts, GError **error);

#endif
