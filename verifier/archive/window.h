/*
 * window.h - the part of a source that is in memory.
 *
 * Octets come in at the end and are let go at the start, file after file,
 * into one buffer.  Nothing in it moves until it is handed over as the buffer
 * of a batch, so what was let go can still be pointed into; only what was
 * not let go yet is copied, to the next buffer.
 */
#ifndef VERIFIER_ARCHIVE_WINDOW_H
#define VERIFIER_ARCHIVE_WINDOW_H

#include "verifier/archive/source.h"

#define WINDOW_AIM  (1u << 18)	 /* octets that a buffer is meant to hold */
#define WINDOW_READ (256u << 10) /* octets asked for at once, at most */

struct window {
	struct source *source;
	uint8_t *buffer;
	size_t size;
	size_t start, end; /* the octets in memory */
	uint64_t base;	   /* offset in the source of "start" */
	bool at_end;	   /* "end" is the end of the source */
};

void window_init(struct window *window);
void window_clear(struct window *window);

/* Begin with "source", which the window then owns, behind the octets of the
 * source before; or end with it. */
void window_open(struct window *window, struct source *source);
void window_close(struct window *window);

/* What is in memory and not let go.  Valid until the next fill. */
struct span window_span(const struct window *window);

/* Offset in the source of the end of what is in memory. */
uint64_t window_end(const struct window *window);

/* Where the octet at "offset" of the source lies in the buffer; it must have
 * been read since the last handing over, or not been let go by then. */
size_t window_place(const struct window *window, uint64_t offset);

/* Read more, at least one octet or the end.  At the end the source is asked
 * whether it changed; false with "error" when it did or cannot be read. */
bool window_fill(struct window *window, GError **error);

/* Let go of the octets before the offset "until" in the source. */
void window_drop(struct window *window, uint64_t until);

/* Give the buffer away and go on in "*buffer" (of "*size" octets, may be
 * NULL). */
void window_hand_over(struct window *window, uint8_t **buffer, size_t *size);

#endif
