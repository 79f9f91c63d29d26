/*
 * person_time.h - for people: between which times a message lies, and who says
 * so.
 */
#ifndef VERIFIER_REPORT_PERSON_TIME_H
#define VERIFIER_REPORT_PERSON_TIME_H

#include "verifier/report/record.h"

/*
 * Append the bounds, the earliest first: what the message says, worded as the
 * claims that they are, "t= says 2016-11-03T08:12:44Z, Received says ..."; x=;
 * and a time that was proved from outside, "existed at the latest ... (time
 * stamp by ...)".
 */
void person_append_time(GString *out, const json_t *record,
    const json_t *signature);

/* The proved time alone, of a message without a signature; or, as a line of its
 * own, that no proof which was given covers the message. */
void person_append_proof(GString *out, const json_t *record);
void person_append_no_proof(GString *out, const json_t *record);

#endif
