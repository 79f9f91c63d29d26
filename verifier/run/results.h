/*
 * results.h - reading results.jsonl of a case back, record by record.
 */
#ifndef VERIFIER_RUN_RESULTS_H
#define VERIFIER_RUN_RESULTS_H

#include "verifier/report/record.h"

#include "keysnap/base/digest.h"

struct results;

/* Open results.jsonl of the case directory "folder" and read its header.
 * "crypto" must outlive it. */
struct results *results_open(
    const char *folder, const struct crypto *crypto, GError **error);
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

/*
 * Read what is left: is the whole file the one that run.json of the case names?
 * 1, 0 when it is another, -1 with "error".  1, too, without run.json: then the
 * run is not finished, and nothing says what the file must be.
 */
int results_check(struct results *results, GError **error);

#endif
