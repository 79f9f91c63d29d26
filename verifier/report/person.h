/*
 * person.h - a record for people: what "check" and "show" print.
 *
 *   VERIFIED  gmail.com, aligned with From   t= says 2016-11-03T08:12:44Z ...
 *
 * Works from the canonical record only, so that what people see and what
 * machines read cannot differ.
 */
#ifndef VERIFIER_REPORT_PERSON_H
#define VERIFIER_REPORT_PERSON_H

#include "verifier/report/record.h"

/*
 * Append the lines for one message record: the deciding signature, and with
 * "all_signatures" the others too.  "color" puts terminal colours on the
 * verdict.  Where the message lies, and whether anybody vouches for the
 * snapshot, are the caller's to say (record_view.path; the header record).
 */
void person_write(GString *out, const struct record_view *view, bool color,
    bool all_signatures);

/* The signature that decides, borrowed; NULL when none does. */
const json_t *person_best(const json_t *record);

/* Append the tables of verdicts and reasons, and of grades, time states and
 * flags of keys: "verifier help verdicts". */
void person_write_verdicts(GString *out);

#endif
