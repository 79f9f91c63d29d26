/*
 * source_prefix.h - a source whose first octets were read already.
 */
#ifndef VERIFIER_ARCHIVE_SOURCE_PREFIX_H
#define VERIFIER_ARCHIVE_SOURCE_PREFIX_H

#include "verifier/archive/source.h"

/*
 * Give "octets" (copied) first, then go on with "source", which is owned then
 * and stands behind them.  read_at() is the source's own.  With "source" NULL
 * the octets are all there is: a stream.
 */
struct source *source_prefix_new(struct span octets, struct source *source);

#endif
