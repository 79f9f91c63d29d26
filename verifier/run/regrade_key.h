/*
 * regrade_key.h - the key of a passing signature, graded anew.  Inside of
 * regrade.c.
 */
#ifndef VERIFIER_RUN_REGRADE_KEY_H
#define VERIFIER_RUN_REGRADE_KEY_H

#include "verifier/report/record.h"

/* The name of a signature, before and now, and what else bears on it. */
struct regrade_key {
	const struct known_name *before, *now;
	const struct policy *policy;
	int64_t anchored; /* the message is proved to have existed then */
};

/*
 * Replace "key" of "signature", an element of "signatures" of a record, by
 * what is known now.  False, and nothing changed, when it does not pass, or
 * more than its key might change.
 */
bool regrade_key(const struct regrade_key *tools, json_t *signature);

#endif
