/*
 * case_folder.h - the files of a run, written and hashed as they grow.
 */
#ifndef VERIFIER_RUN_CASE_FOLDER_H
#define VERIFIER_RUN_CASE_FOLDER_H

#include "verifier/archive/premise.h"
#include "verifier/run/run.h"

#define CASE_JOURNAL "journal.jsonl"

struct case_folder;
struct journal_run; /* journal.h */
struct journal_point;

struct case_options {
	const char *path;
	const struct crypto *crypto;
	const struct journal_run *run;
	bool resume; /* go on with an unfinished run, if there is one */
};

/*
 * Make the case directory, or accept an empty one, and open results.jsonl and
 * the journal in it.  Anything already there is refused (RUN_ERROR_EXISTS): a
 * run never overwrites another.  With "resume" an unfinished run is taken up;
 * its files stay as they are until all that it had read was seen again.  No
 * two runs get hold of one folder.
 */
struct case_folder *case_folder_open(
    const struct case_options *options, GError **error);
void case_folder_close(struct case_folder *folder);

/* The point from which on the run is to be done; "records" is 0 when that is
 * the start.  The counts of what was done before are added to "tally". */
const struct journal_point *case_folder_resume(
    struct case_folder *folder, struct tally *tally);

/* Was all that an interrupted run had read seen again?  True without one. */
bool case_folder_is_settled(const struct case_folder *folder);

/* Append to results.jsonl; or to the lists of inputs and notes, which wait in
 * nameless files of the folder for run.json; take note of the items. */
bool case_folder_write(struct case_folder *folder, enum run_lines kind,
    struct span lines, GError **error);

/* Sync results.jsonl, and then the journal with this point. */
bool case_folder_point(struct case_folder *folder,
    const struct run_point *point, GError **error);

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
	char *const *archive; /* the paths of the archive */
	size_t n_archive;     /* 0: not to be said */
	const struct record_header *header;
	const struct journal_run *run;
	const uint8_t *public_suffix_list; /* SHA-256 */
	const struct policy *policy;
	const uint8_t *equivalences; /* SHA-256, or NULL */
	const struct premises *premises;
	int64_t as_of; /* of the anchors in "header" */
	unsigned jobs;
	bool landlock;
	int64_t start, end;
	bool complete; /* false: an error ended it */
	const uint8_t *updated; /* SHA-256 of the results of the case that was
				   brought up to date; NULL: none was */
	uint64_t resumed; /* records that an interrupted run had written */
};

/* Write run.json, with the inputs: last, so that a folder with run.json is a
 * finished run; its journal is removed. */
bool case_folder_write_run(struct case_folder *folder,
    const struct run_environment *environment,
    const struct run_counts *counts, GError **error);

#endif
