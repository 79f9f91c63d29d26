/*
 * gather.h - few and large spans for a sink, from many small ones.
 *
 * A digest costs about as much per call as for ten octets.  Small pieces are
 * gathered in a buffer, large ones passed on as they are, in order.
 */
#ifndef VERIFIER_DKIM_GATHER_H
#define VERIFIER_DKIM_GATHER_H

#include "keysnap/base/sink.h"

#include <glib.h>

struct gather {
	struct sink *out;
	uint8_t *buffer;
	size_t size; /* of "buffer" */
	size_t n;    /* octets in it */
};

/* "buffer" is the caller's and outlives the gathering. */
void gather_start(struct gather *gather, uint8_t *buffer, size_t size,
    struct sink *out);

void gather_add(struct gather *gather, struct span span);

/* Push what is in the buffer. */
void gather_flush(struct gather *gather);

/* Where the caller may write "n" octets, at most "size", in order; what was
 * written counts once it is added to gather->n. */
static inline uint8_t *
gather_room(struct gather *gather, size_t n)
{
	if (n > gather->size - gather->n)
		gather_flush(gather);
	g_assert(n <= gather->size);
	return gather->buffer + gather->n;
}

#endif
