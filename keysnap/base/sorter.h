/*
 * sorter.h - short records of octets in order, however many there are.
 *
 * Memory is bounded: when it is full, what it holds goes sorted to a file
 * without a name, and the parts are merged in the end.  The order is that of
 * span_compare(), so what comes out never depends on the bound.
 */
#ifndef KEYSNAP_BASE_SORTER_H
#define KEYSNAP_BASE_SORTER_H

#include "keysnap/base/span.h"

#include <glib.h>

#define SORTER_RECORD_MAX 512 /* octets; LMDB's keys have at most 511 */

struct sorter;

/* A sorter that takes about "memory" octets, at least one record. */
struct sorter *sorter_new(size_t memory);
void sorter_free(struct sorter *sorter);

/* Add a record of at most SORTER_RECORD_MAX octets; false with "error" when
 * the file cannot be written. */
bool sorter_add(struct sorter *sorter, struct span record, GError **error);

/*
 * The records in order: 1 and the next one, which is valid until the next
 * call; 0 at the end; -1 with "error".  After the first call none can be
 * added.  Equal records are all given.
 */
int sorter_next(struct sorter *sorter, struct span *record_out,
    GError **error);

/* Records added. */
uint64_t sorter_count(const struct sorter *sorter);

#endif
