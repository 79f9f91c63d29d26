/*
 * auth_case.h - a field of results as text, for tests: what was read of it.
 */
#ifndef TESTS_UNIT_AUTH_CASE_H
#define TESTS_UNIT_AUTH_CASE_H

#include "verifier/message/auth_results.h"

/*
 * "i=1;server/1|dkim/1=pass(reason){header.d=a,.b=c}+2|none|+3 [odd-value]
 * !bad-octet@17": what is there of it; "+N" is what was left out, liberties
 * stand in brackets.  To be freed with g_free().
 */
char *auth_case_text(const struct auth_results *results);

/* The field anew, everything quoted that may be, comments in all places where
 * the grammar has them: it parses to the same.  Only of one without defects and
 * liberties but values that had to be quoted.  To be freed with g_free(). */
char *auth_case_field(const struct auth_results *results);

#endif
