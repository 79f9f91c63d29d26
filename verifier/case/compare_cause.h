/*
 * compare_cause.h - why two runs say something else of a message.
 *
 * A cause is named only where the runs differ in what could have it, and the
 * two records differ in what it would change; everything else is
 * "unexplained", and so is what nobody thought of.
 */
#ifndef VERIFIER_CASE_COMPARE_CAUSE_H
#define VERIFIER_CASE_COMPARE_CAUSE_H

#include "verifier/report/record.h"

enum cause {
	CAUSE_KEY_MISSING,
	CAUSE_OTHER_KEY,
	CAUSE_OTHER_PROVENANCE,
	CAUSE_OTHER_SNAPSHOT,
	CAUSE_VOUCHED,
	CAUSE_REPAIRS,
	CAUSE_MIN_GRADE,
	CAUSE_MAX_GAP,
	CAUSE_EQUIVALENCES,
	CAUSE_SUFFIX_LIST,
	CAUSE_ANCHORS,
	CAUSE_OTHER_READING,
	CAUSE_OTHER_BYTES,
	CAUSE_COPY,
	CAUSE_ONLY,
	CAUSE_PROGRAM,
	/* With a list of another tool, which gives no reasons: what may be
	 * one. */
	CAUSE_THEIR_POLICY,
	CAUSE_THEIR_KEY,
	CAUSE_THEIR_SCOPE,
	CAUSE_LISTED_AGAIN,
	CAUSE_UNEXPLAINED,
	CAUSES
};

/* The stable code, and what it means. */
const char *cause_code(enum cause cause);
const char *cause_text(enum cause cause);

/* A set of causes: bit 1 << cause. */
typedef uint32_t cause_set;
#define CAUSE_BIT(cause) ((cause_set)1 << (cause))

/* In what two runs differ, apart from their input. */
struct contrast {
	bool snapshot, vouched, repairs, min_grade, max_gap, equivalences,
	    suffix_list, anchors, limits, program;
};

/* Does a difference between the two records remain, when where the message lay
 * is left out of account?  Then *causes_out is not empty. */
bool cause_of_records(const struct contrast *contrast, const json_t *a,
    const json_t *b, cause_set *causes_out);

/* What another tool says of a message. */
enum their_word { THEIR_PASS, THEIR_FAIL, THEIR_NONE, THEIR_OTHER };

/* The same for a record and the word of another tool: they agree when it says
 * pass and a signature holds as the verdict has it, or neither. */
bool cause_of_word(
    const json_t *a, enum their_word word, cause_set *causes_out);

#endif
