/*
 * person_claims.h - for people: what a message says of itself.
 *
 * Never in the words of a verdict, and always under the same heading: anybody
 * could have written it.
 */
#ifndef VERIFIER_REPORT_PERSON_CLAIMS_H
#define VERIFIER_REPORT_PERSON_CLAIMS_H

#include "verifier/report/record.h"

/* Append one line that says how many claims there are, and how those about
 * signatures stand to what was found; with "all" each field and result too.
 * Nothing for a record without claims. */
void person_append_claims(GString *out, const json_t *record, bool all);

/* The one line of "attached", an object of "embedded". */
void person_append_attached_claims(GString *out, const json_t *attached);

#endif
