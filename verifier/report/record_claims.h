/*
 * record_claims.h - the member "claims" of a record; for record_write.c.
 */
#ifndef VERIFIER_REPORT_RECORD_CLAIMS_H
#define VERIFIER_REPORT_RECORD_CLAIMS_H

#include "verifier/report/record_line.h"

/* Append "claims" and "claims_left_out"; nothing for NULL.  In a line that is
 * cut all are left out. */
void line_put_claims(struct line *line, const struct auth_claims *claims);

#endif
