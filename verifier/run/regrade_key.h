/*
 * regrade_key.h - the key of a passing signature, graded anew.  Inside of
 * regrade.c.
 */
#ifndef VERIFIER_RUN_REGRADE_KEY_H
#define VERIFIER_RUN_REGRADE_KEY_H

#include "verifier/run/regrade_scan.h"

/* The name of a signature, before and now, and what else bears on it. */
struct regrade_key {
	const struct known_name *before, *now;
	const struct policy *policy;
	int64_t anchored; /* the message is proved to have existed then */
};

/*
 * Append to "out" the value of "key" of a signature by what is known now.
 * False when it does not pass, or more than its key might change; then "out"
 * is not to be used.
 */
bool regrade_key(const struct regrade_key *tools,
    const struct regrade_signature *signature, GString *out);

#endif
