/*
 * lines.h - a file of lines, read back in bounded memory, and hashed on the
 * way.
 */
#ifndef VERIFIER_RUN_LINES_H
#define VERIFIER_RUN_LINES_H

#include "keysnap/base/digest.h"
#include "keysnap/base/span.h"

#include <glib.h>

struct lines;

/* Open the regular file "path"; a longer line than "max" octets is an error
 * of lines_next().  "crypto" must outlive it. */
struct lines *lines_open(const char *path, size_t max,
    const struct crypto *crypto, GError **error);
void lines_close(struct lines *lines);

/*
 * The next line without its line feed, valid until the next call: 1; 0 at the
 * end; -1 with "error", which names file and line.  A last line without line
 * feed is given as one, and lines_is_cut() is true then.
 */
int lines_next(struct lines *lines, struct span *line_out, GError **error);
bool lines_is_cut(const struct lines *lines);

/* Number of the line given last, from 1. */
uint64_t lines_number(const struct lines *lines);

/* Read what is left and give the SHA-256 of the whole file. */
bool lines_finish(struct lines *lines, uint8_t sha256_out[DIGEST_SHA256_SIZE],
    GError **error);

#endif
