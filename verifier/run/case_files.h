/*
 * case_files.h - the files of a case directory: opened, locked, or taken up
 * from an interrupted run.  Inside of case_folder.c.
 */
#ifndef VERIFIER_RUN_CASE_FILES_H
#define VERIFIER_RUN_CASE_FILES_H

#include "verifier/run/case_folder.h"
#include "verifier/run/resume.h"
#include "verifier/run/run_json.h"

struct case_folder {
	char *path, *results_path, *journal_path;
	int files[RUN_NOTES + 1]; /* by enum run_lines */
	int journal;              /* also the lock on the folder */
	const struct crypto *crypto;
	struct digest digest;          /* of results.jsonl */
	struct digest items;           /* of the traces */
	uint64_t octets;               /* of results.jsonl */
	GString *run;                  /* first line of the journal */
	GString *fresh[RUN_NOTES + 1]; /* not in the journal yet */
	struct resume *resume;         /* NULL: a new run */
	bool settled, named;
	struct run_output outputs[RUN_OUTPUTS_MAX];
	size_t n_outputs;
};

/* Fill the files of "folder", whose paths and first line of the journal are
 * set; see case_folder_open(). */
bool case_open_files(struct case_folder *folder, bool resume, GError **error);

/* "path: what: reason of errno", of the domain that has the exit code for
 * output; false. */
bool case_output_failed(GError **error, const char *path, const char *what);

/* Write all of "span" to "fd". */
bool case_write_to(int fd, const char *path, struct span span,
    GError **error);

#endif
