/*
 * cmd_compare_write.h - a comparison as text and as JSON lines.
 */
#ifndef VERIFIER_CMD_COMPARE_WRITE_H
#define VERIFIER_CMD_COMPARE_WRITE_H

#include "verifier/case/compare.h"

/* What was compared, how it differs, and the tables of verdicts and causes. */
void compare_write_tables(GString *out, const struct comparison *comparison);
void compare_write_tables_json(
    GString *out, const struct comparison *comparison);

/* One difference. */
void compare_write_line(GString *out, const struct difference *difference);
void compare_write_line_json(
    GString *out, const struct difference *difference);

#endif
