/*
 * gather.c - the buffer before a sink.
 */
#include "verifier/dkim/gather.h"

#include <string.h>

void
gather_start(
    struct gather *gather, uint8_t *buffer, size_t size, struct sink *out)
{
	*gather = (struct gather){ .out = out, .buffer = buffer, .size = size };
}

void
gather_flush(struct gather *gather)
{
	sink_push(gather->out, (struct span){ gather->buffer, gather->n });
	gather->n = 0;
}

void
gather_add(struct gather *gather, struct span span)
{
	if (span.n == 0)
		return;
	if (span.n > gather->size - gather->n)
		gather_flush(gather);
	/* A span of a good part of the buffer is not worth a copy. */
	if (span.n >= gather->size / 4) {
		gather_flush(gather);
		sink_push(gather->out, span);
		return;
	}
	memcpy(gather->buffer + gather->n, span.p, span.n);
	gather->n += span.n;
}
