/*
 * results.h - reading results.jsonl of a case back, record by record.
 */
#ifndef VERIFIER_RUN_RESULTS_H
#define VERIFIER_RUN_RESULTS_H

#include "verifier/report/record.h"

struct results;

/* Open results.jsonl of the case directory "folder" and read its header. */
struct results *results_open(const char *folder, GError **error);
void results_close(struct results *results);

/* The header line, as read. */
const json_t *results_header(const struct results *results);

/*
 * The next record: 1, 0 at the end, -1 with "error" (which names the line)
 * when a line is no record.  The view, its strings and "line" live until the
 * next call.
 */
int results_next(struct results *results, struct record_view *view_out,
    struct span *line_out, GError **error);

#endif
