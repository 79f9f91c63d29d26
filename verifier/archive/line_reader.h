/*
 * line_reader.h - the lines of a small text beside mail, as a stream.
 *
 * Lines end with LF; the last may do without.  One that does not fit in
 * LINE_READER_MAX octets is passed over to its end, and reported.
 */
#ifndef VERIFIER_ARCHIVE_LINE_READER_H
#define VERIFIER_ARCHIVE_LINE_READER_H

#include "verifier/archive/source.h"

/* Octets of a line, its LF included: in a list of digests a path of 4096
 * octets, each escaped as three, a digest and what stands between. */
#define LINE_READER_MAX 16384

struct line_reader {
	struct source *source;
	size_t start, end; /* what is in "buffer" */
	bool at_end;	   /* nothing follows it */
	uint64_t number;   /* of the line before, from 1 */
	uint8_t buffer[LINE_READER_MAX];
};

/* Begin with "source", which the reader then owns. */
void line_reader_open(struct line_reader *reader, struct source *source);
void line_reader_close(struct line_reader *reader);

/* The next line with its line end, valid until the next call; empty when it
 * is too long.  1; 0 at the end; -1 with "error", also when the file changed
 * while it was read (ARCHIVE_ERROR_CHANGED). */
int line_reader_next(struct line_reader *reader, struct span *line_out,
    GError **error);

#endif
