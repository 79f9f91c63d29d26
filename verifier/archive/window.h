/*
 * window.h - the part of a source that is in memory.
 *
 * Octets come in at the end and are dropped at the start; the octets between
 * lie in one piece.  Each octet is moved a bounded number of times.
 */
#ifndef VERIFIER_ARCHIVE_WINDOW_H
#define VERIFIER_ARCHIVE_WINDOW_H

#include "verifier/archive/source.h"

#define WINDOW_READ (256u << 10) /* octets asked for at once */

struct window {
	struct source *source;
	struct digest *digest; /* takes each octet as it is read; or NULL */
	uint8_t *buffer;
	size_t size;
	size_t start, end; /* the octets in memory */
	uint64_t base;	   /* offset in the source of "start" */
	bool at_end;	   /* "end" is the end of the source */
};

void window_init(struct window *window);
void window_clear(struct window *window);

/* Begin with "source", which the window then owns; what was there before is
 * closed and forgotten, the memory is kept. */
void window_open(struct window *window, struct source *source);
void window_close(struct window *window);

/* What is in memory.  Valid until the next fill. */
struct span window_span(const struct window *window);

/* Offset in the source of the end of what is in memory. */
uint64_t window_end(const struct window *window);

/* Read more, at least one octet or the end.  At the end the source is asked
 * whether it changed; false with "error" when it did or cannot be read. */
bool window_fill(struct window *window, GError **error);

/* Forget the octets before the offset "until" in the source. */
void window_drop(struct window *window, uint64_t until);

#endif
