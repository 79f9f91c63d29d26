/*
 * person_rules.h - for people: what a signature comes to under the rules of
 * its time, and under those of today.
 */
#ifndef VERIFIER_REPORT_PERSON_RULES_H
#define VERIFIER_REPORT_PERSON_RULES_H

#include "verifier/report/record.h"

/* Append a line, "  under the rules of the time it states (RFC 6376): pass;
 * under today's (RFC 8301): policy [sha1]; ...", where the record of the
 * signature says that one of them is another than the result; else nothing.
 * The time is a claim, and no RFC asks where a key is from: it says both. */
void person_append_rules(GString *out, const json_t *signature);

#endif
