/*
 * source_memory.h - a stream, copied to where it can be read at any offset.
 */
#ifndef VERIFIER_ARCHIVE_SOURCE_MEMORY_H
#define VERIFIER_ARCHIVE_SOURCE_MEMORY_H

#include "verifier/archive/source.h"

/*
 * Read "source" to its end into a memory file, ask whether it changed, and seal
 * the copy, so that nothing can change it.  "source" stays the caller's.  NULL
 * with ARCHIVE_ERROR_LIMIT when it has more than "max" octets (the rest is not
 * read), or with the error of the source.
 */
struct source *source_memory_new(
    struct source *source, uint64_t max, GError **error);

#endif
