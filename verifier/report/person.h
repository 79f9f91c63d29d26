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

/* Append the lines for one record.  "vouched" as in the header: when it is
 * "nobody", a line says that nobody vouches for the snapshot. */
void person_write(GString *out, const struct record_view *view, bool color,
    bool all_signatures);

/* Append the table of verdicts and reasons: "verifier help verdicts". */
void person_write_verdicts(GString *out);

#endif
