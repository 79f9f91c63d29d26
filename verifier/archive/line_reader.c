/*
 * line_reader.c - lines of bounded length from a source.
 */
#include "verifier/archive/line_reader.h"

#include <string.h>

void
line_reader_open(struct line_reader *reader, struct source *source)
{
	reader->source = source;
	reader->start = reader->end = 0;
	reader->at_end = false;
	reader->number = 0;
}

void
line_reader_close(struct line_reader *reader)
{
	source_close(reader->source);
	reader->source = NULL;
}

/* Read more behind what is there, or find the end. */
static bool
fill(struct line_reader *reader, GError **error)
{
	struct source *source = reader->source;

	memmove(reader->buffer, reader->buffer + reader->start,
	    reader->end - reader->start);
	reader->end -= reader->start;
	reader->start = 0;
	gssize got = source->class->read(source, reader->buffer + reader->end,
	    sizeof(reader->buffer) - reader->end, error);
	if (got < 0)
		return false;
	reader->end += (size_t)got;
	reader->at_end = got == 0;
	return got > 0 || source->class->finish(source, error);
}

int
line_reader_next(
    struct line_reader *reader, struct span *line_out, GError **error)
{
	bool too_long = false;

	for (;;) {
		struct span rest = { reader->buffer + reader->start,
			reader->end - reader->start };
		size_t n = MIN(span_find(rest, '\n') + 1, rest.n);
		bool whole = n > 0 && rest.p[n - 1] == '\n';

		if (whole || reader->at_end) {
			*line_out = span_sub(rest, 0, too_long ? 0 : n);
			reader->start += n;
			if (n == 0 && !too_long)
				return 0;
			reader->number++;
			return 1;
		}
		if (rest.n == sizeof(reader->buffer)) {
			too_long = true;
			reader->start = reader->end;
		}
		if (!fill(reader, error))
			return -1;
	}
}
