/*
 * sink.h - where pushed octets go.
 *
 * A sink is fed span by span; how the octets are cut into spans never
 * changes what comes out.  Canonicalisers, digests and buffers are sinks, and
 * one can feed the next.  A struct that is a sink has "struct sink" as its
 * first member.
 */
#ifndef KEYSNAP_BASE_SINK_H
#define KEYSNAP_BASE_SINK_H

#include "keysnap/base/span.h"

struct sink {
	/* Take "span"; it is only valid during the call. */
	void (*push)(struct sink *self, struct span span);
};

static inline void
sink_push(struct sink *sink, struct span span)
{
	if (span.n > 0)
		sink->push(sink, span);
}

#endif
