/*
 * compare.h - why two cases, or a case and the list of another tool, say
 * something else, message by message.
 *
 * Messages are brought together by their identity (SHA-256 of the wire form);
 * those that are left, by where they lie and by their Message-ID; those that
 * are still left are told apart by whether the other archive has their file.
 * Memory is bounded: what does not fit is sorted on disk.
 */
#ifndef VERIFIER_CASE_COMPARE_H
#define VERIFIER_CASE_COMPARE_H

#include "verifier/case/compare_list.h"
#include "verifier/case/compare_run.h"

#define COMPARE_MEMORY (32u << 20) /* octets of each sorter; seven at once */

/* The verdict of a side that does not have the message. */
#define COMPARE_ABSENT VERDICTS

struct comparison {
	const struct crypto *crypto;
	struct compared_run a, b; /* "b" only without a list */
	bool has_list;
	struct compared_list list;
	struct contrast contrast;
	uint64_t alike;	/* messages of both that do not differ */
	uint64_t differ_verdict, differ_rest; /* in the verdict, or else */
	uint64_t only[2]; /* on one side */
	/* Differences that have a cause: in the verdict, or else. */
	uint64_t causes[CAUSES][2];
	uint64_t verdicts[VERDICTS + 1][VERDICTS + 1]; /* of a and b, where
							  they differ */
	uint64_t words[VERDICTS + 1][THEIR_OTHER + 2]; /* of a and a list; the
							  last: absent */
	struct sorter *differences;
};

/* Compare the case "a" with "b", a case when that is a folder, else a list.
 * False with "error"; clear it in any case. */
bool comparison_make(struct comparison *comparison, const char *a,
    const char *b, const struct crypto *crypto, GError **error);
void comparison_clear(struct comparison *comparison);

/* A difference. */
struct difference {
	bool has[2];
	struct place sides[2];
	json_t *records[2]; /* NULL: none, or a line of a list */
	cause_set causes;
	bool verdict; /* they differ in the verdict, or whether it is there */
};

/* The differences in the order of the archive, those that only "b" has last:
 * 1; 0 at the end; -1 with "error".  Clear each. */
int comparison_next(struct comparison *comparison,
    struct difference *difference_out, GError **error);
void difference_clear(struct difference *difference);

#endif
