/*
 * import_lines.h - the lines of a text file, with their numbers.
 *
 * A line ends with LF or CRLF, the last one also with the end of the file.  A
 * byte order mark (UTF-8) before the first line is passed over.  A line over
 * IMPORT_LINE_MAX is read past and reported, never held.
 */
#ifndef KEYSNAP_IMPORT_IMPORT_LINES_H
#define KEYSNAP_IMPORT_IMPORT_LINES_H

#include "keysnap/base/span.h"

#include <glib.h>
#include <stdio.h>

#define IMPORT_LINES_BUFFER 65536 /* octets of one read */

struct import_lines {
	FILE *stream;
	uint64_t number; /* of the line last given, from 1 */
	bool too_long;	 /* it was over IMPORT_LINE_MAX; the span is empty */
	GString *line;
	uint8_t *buffer;
	size_t at, filled; /* what of the buffer is still to be given */
	bool at_end;
	int failed; /* errno of a read, or 0 */
};

void import_lines_init(struct import_lines *lines, FILE *stream);
void import_lines_clear(struct import_lines *lines);

/* The next line without its end, valid until the next call; false at the end
 * of the file and on a read error (see import_lines_failed()). */
bool import_lines_next(struct import_lines *lines, struct span *line_out);

/* True with "error" set when reading failed. */
bool import_lines_failed(const struct import_lines *lines, const char *path,
    GError **error);

/* Set the error of a read of "path" that failed with errno "why". */
void import_set_read_error(GError **error, const char *path, int why);

#endif
