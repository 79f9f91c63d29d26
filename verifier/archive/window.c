/*
 * window.c - the part of a source that is in memory.
 *
 * What is kept moves to the front of the buffer only when that is at least
 * as large as what is moved, so moving costs no more than reading.
 */
#include "verifier/archive/window.h"

#include "verifier/archive/archive.h"

#include <string.h>

#define KEEP (8u << 20) /* a larger buffer is given back with its file */

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
	window->digest = NULL;
	window->start = window->end = 0;
	window->base = 0;
	window->at_end = false;
}

void
window_close(struct window *window)
{
	source_close(window->source);
	window->source = NULL;
	if (window->size > KEEP) {
		g_free(window->buffer);
		window->buffer = NULL;
		window->size = 0;
	}
	window->start = window->end = 0;
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

/* Space for WINDOW_READ octets behind "end". */
static void
make_room(struct window *window)
{
	size_t kept = window->end - window->start;

	if (window->size - window->end >= WINDOW_READ)
		return;
	if (window->start > 0 && kept <= window->start) {
		if (kept > 0)
			memmove(window->buffer, window->buffer + window->start,
			    kept);
		window->start = 0;
		window->end = kept;
	}
	if (window->size - window->end >= WINDOW_READ)
		return;
	window->size = MAX(2 * window->size, window->end + WINDOW_READ);
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
	make_room(window);
	uint8_t *at = window->buffer + window->end;
	gssize n =
	    window->source->class->read(window->source, at, WINDOW_READ, error);
	if (n < 0)
		return false;
	if (n == 0)
		return check_end(window, error);
	if (window->digest != NULL)
		digest_add(window->digest, (struct span){ at, (size_t)n });
	window->end += (size_t)n;
	return true;
}

void
window_drop(struct window *window, uint64_t until)
{
	g_assert(until >= window->base && until <= window_end(window));
	window->start += (size_t)(until - window->base);
	window->base = until;
}
