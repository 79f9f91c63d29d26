/* stored_at.c - see stored_at.h. */
#include "verifier/message/stored_at.h"

#include <string.h>

static void
push_nowhere(struct sink *self, struct span span)
{
	(void)self;
	(void)span;
}

/* Octets of the line that "text" begins with, its LF among them. */
static size_t
line_length(struct span text)
{
	const uint8_t *lf = memchr(text.p, '\n', text.n);

	return lf == NULL ? text.n : (size_t)(lf - text.p) + 1;
}

static size_t
count_lines(struct span text)
{
	size_t n = 0;

	for (; text.n > 0; text = span_from(text, line_length(text)))
		n++;
	return n;
}

void
stored_at_get(
    struct stored_at *at, struct arena *arena, const struct message *message)
{
	struct span header = span_sub(message->raw, 0, message->body_at);
	size_t n = count_lines(header), offset = 0;
	uint64_t *stored = arena_alloc_array(arena, n + 1, sizeof(*stored));
	uint64_t *read = arena_alloc_array(arena, n + 1, sizeof(*read));
	struct sink nowhere = { push_nowhere };
	struct reading_stream stream;

	reading_start(&stream, &message->reading, message->buffer, &nowhere);
	for (size_t i = 0; i < n; i++) {
		struct span rest = span_from(header, offset);

		stored[i] = offset;
		read[i] = stream.n_out;
		offset += line_length(rest);
		reading_push(&stream, span_sub(rest, 0, line_length(rest)));
	}
	*at = (struct stored_at){ stored, read, n };
}

uint64_t
stored_at_line(
    const struct stored_at *at, const struct message *message, struct span part)
{
	uint64_t offset = (uint64_t)(part.p - message->header.section.p);
	size_t low = 0, high = at->n;

	/* The last line that begins at "offset" or before it. */
	while (high - low > 1) {
		size_t middle = low + (high - low) / 2;

		if (at->read[middle] <= offset)
			low = middle;
		else
			high = middle;
	}
	return at->n > 0 ? at->stored[low] : 0;
}
