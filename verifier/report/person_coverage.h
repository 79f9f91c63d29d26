/*
 * person_coverage.h - for people: what a signature leaves out, and what a
 * message has attached.
 */
#ifndef VERIFIER_REPORT_PERSON_COVERAGE_H
#define VERIFIER_REPORT_PERSON_COVERAGE_H

#include "verifier/report/record.h"

/* Append a line for each name of which more fields are there than are signed,
 * and one for what l= leaves out; with "all" one for names that are
 * oversigned. */
void person_append_coverage(GString *out, const json_t *signature, bool all);

/* Append a line with the number of attachments and how many of them are signed;
 * with "all" a line for each; and notes on what other programs may read
 * otherwise.  Nothing when the message is not verified. */
void person_append_attachments(GString *out, const json_t *record, bool all);

#endif
