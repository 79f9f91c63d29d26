/*
 * window.c - the part of a source that is in memory.
 *
 * A buffer is filled up to WINDOW_AIM octets; only a message that does not
 * fit makes it larger.  ARCHIVE_MESSAGE_MAX bounds that.
 */
#include "verifier/archive/window.h"

#include "verifier/archive/archive.h"

#include <string.h>

#define READ_MIN 4096 /* what is left below the aim is not worth a read */

void
window_init(struct window *window)
{
	*window = (struct window){ .source = NULL };
}

void
window_clear(struct window *window)
{
	window_close(window);
	g_free(window->buffer);
	window_init(window);
}

void
window_open(struct window *window, struct source *source)
{
	window_close(window);
	window->source = source;
}

void
window_close(struct window *window)
{
	source_close(window->source);
	window->source = NULL;
	window->start = window->end;
	window->base = 0;
	window->at_end = false;
}

struct span
window_span(const struct window *window)
{
	if (window->start == window->end)
		return (struct span){ NULL, 0 };
	return (struct span){ window->buffer + window->start,
		window->end - window->start };
}

uint64_t
window_end(const struct window *window)
{
	return window->base + (window->end - window->start);
}

size_t
window_place(const struct window *window, uint64_t offset)
{
	return (size_t)(window->start + offset - window->base);
}

/* How much to ask for: up to the aim, and to the end where that is known. */
static size_t
next_read(const struct window *window)
{
	const struct source *source = window->source;
	size_t n = WINDOW_READ;

	if (window->end < WINDOW_AIM)
		n = MIN(n, MAX(WINDOW_AIM - window->end, READ_MIN));
	if (source->size_known && source->size > window_end(window))
		n = (size_t)MIN(n, source->size - window_end(window));
	return n;
}

static void
make_room(struct window *window, size_t n)
{
	if (window->size - window->end >= n)
		return;
	window->size = MAX(MAX(2 * window->size, window->end + n),
	    (size_t)WINDOW_AIM + READ_MIN);
	window->buffer = g_realloc(window->buffer, window->size);
}

/* The source has no more: is that where it ended at the start? */
static bool
check_end(struct window *window, GError **error)
{
	struct source *source = window->source;

	window->at_end = true;
	if (!source->class->finish(source, error))
		return false;
	if (!source->size_known || source->size == window_end(window))
		return true;
	g_set_error(error, ARCHIVE_ERROR, ARCHIVE_ERROR_CHANGED,
	    "input changed while it was read: %" G_GUINT64_FORMAT
	    " octets of %" G_GUINT64_FORMAT,
	    window_end(window), source->size);
	return false;
}

bool
window_fill(struct window *window, GError **error)
{
	struct source *source = window->source;
	size_t wanted = next_read(window);

	make_room(window, wanted);
	gssize n = source->class->read(
	    source, window->buffer + window->end, wanted, error);
	if (n < 0)
		return false;
	window->end += (size_t)n;
	/* Where the size of a file is known, no read is spent on finding the
	 * end: one that grew has another size by now.  A member of a container
	 * tells only at its end that its checksum does not hold. */
	if (n == 0 ||
	    (source->class->read_at != NULL && source->size_known &&
		source->size == window_end(window)))
		return check_end(window, error);
	return true;
}

void
window_drop(struct window *window, uint64_t until)
{
	g_assert(until >= window->base && until <= window_end(window));
	window->start += (size_t)(until - window->base);
	window->base = until;
}

void
window_hand_over(struct window *window, uint8_t **buffer, size_t *size)
{
	size_t kept = window->end - window->start;
	uint8_t *full = window->buffer;
	size_t full_size = window->size;

	window->buffer = *buffer;
	window->size = *size;
	*buffer = full;
	*size = full_size;
	window->end = 0;
	if (kept > 0) {
		make_room(window, kept);
		memcpy(window->buffer, full + window->start, kept);
	}
	window->start = 0;
	window->end = kept;
}
