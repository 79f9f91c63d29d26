/*
 * trace.h - what the archive gave, as octets to hash.
 *
 * A run that is resumed reads its archive again and passes over the items
 * that have their records.  The traces of these tell whether they are what
 * they were: all that a judge is told of an item but its octets, which belong
 * to files, or members of containers, that are hashed as a whole.
 */
#ifndef VERIFIER_RUN_TRACE_H
#define VERIFIER_RUN_TRACE_H

#include "verifier/archive/archive.h"

void trace_append(GString *out, const struct item *item);

/* Take the first trace off "rest"; false when there is none. */
bool trace_next(struct span *rest, struct span *trace_out);

#endif
