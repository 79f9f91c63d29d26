/*
 * log_lines.h - the lines of log.jsonl, one after the other.
 */
#ifndef KEYSNAP_STORE_LOG_LINES_H
#define KEYSNAP_STORE_LOG_LINES_H

#include "keysnap/base/digest.h"

#include <glib.h>

struct log_lines {
	int fd;
	const char *path;
	struct digest *digest; /* of what is read, or NULL */
	uint64_t number;       /* lines given */
	int64_t offset;	       /* of the line given last */
	uint8_t *window;
	size_t start, end; /* what is left of it */
	int64_t read;	   /* where "end" is in the file */
};

/* From "offset" of the file on; log_lines_clear() in the end. */
void log_lines_init(struct log_lines *lines, int fd, const char *path,
    int64_t offset);
void log_lines_clear(struct log_lines *lines);

/*
 * The next line without its line feed, valid until the next call: 1, 0 at the
 * end of the file, -1 with "error": a read error, or STORE_ERROR_INTEGRITY
 * when it is longer than ENTRY_LINE_MAX, empty, holds CR, or has no line feed.
 */
int log_lines_next(struct log_lines *lines, struct span *line_out,
    GError **error);

/* "PATH, line NUMBER: why" of the line given last; always false. */
bool log_lines_fail(const struct log_lines *lines, const char *why,
    GError **error);

#endif
