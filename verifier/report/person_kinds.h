/*
 * person_kinds.h - what is told beside the verdict: the chain of ARC sets, and
 * DomainKeys signatures that do not decide; for person.c.
 */
#ifndef VERIFIER_REPORT_PERSON_KINDS_H
#define VERIFIER_REPORT_PERSON_KINDS_H

#include "verifier/report/record.h"

/* Append a line for each DomainKeys signature but "best" (or NULL), for the
 * chain, and for each ARC field that signs. */
void person_write_kinds(
    GString *out, const json_t *record, const json_t *best);

/* Append a line for each message that is attached. */
void person_write_embedded(GString *out, const json_t *record);

/* Is the signature one of DKIM or DomainKeys, which can decide? */
bool person_kind_decides(const json_t *signature);

/* "signature" for DKIM, "DomainKeys signature", "ARC seal", "ARC message
 * signature". */
const char *person_kind_name(const json_t *signature);

#endif
