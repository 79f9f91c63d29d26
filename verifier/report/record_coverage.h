/*
 * record_coverage.h - the members "attachments" of a record and "coverage" of
 * a signature; for record_write.c and record_signature.c.
 */
#ifndef VERIFIER_REPORT_RECORD_COVERAGE_H
#define VERIFIER_REPORT_RECORD_COVERAGE_H

#include "verifier/report/record_line.h"

/* Append "attachments" and the members about them; nothing for NULL.  In a
 * line that is cut all are left out, and counted. */
void line_put_attachments(
    struct line *line, const struct attachments *attachments);

/* Append "coverage", if it was found out. */
void line_put_coverage(
    struct line *line, const struct signature_verdict *verdict);

#endif
