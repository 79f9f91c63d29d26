/*
 * trace.h - what the archive gave, as octets to hash.
 *
 * A run that is resumed reads its archive again and passes over the items
 * that have their records.  The traces of these tell whether they are what
 * they were: all that a judge is told of an item but its octets, which belong
 * to files that are hashed as a whole; of members of containers, which are
 * hashed only at their end, the identity too.
 */
#ifndef VERIFIER_RUN_TRACE_H
#define VERIFIER_RUN_TRACE_H

#include "verifier/archive/archive.h"

/* Append the trace of "item"; "identity" (SHA-256 of its wire form) is NULL
 * where it is not known. */
void trace_append(
    GString *out, const struct item *item, const uint8_t *identity);

/* Take the first trace off "rest"; false when there is none. */
bool trace_next(struct span *rest, struct span *trace_out);

/* Is the identity a part of the trace of "item"? */
bool trace_wants_identity(const struct item *item);

#endif
