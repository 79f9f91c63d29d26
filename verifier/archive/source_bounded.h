/*
 * source_bounded.h - a source with a bound on its size.
 */
#ifndef VERIFIER_ARCHIVE_SOURCE_BOUNDED_H
#define VERIFIER_ARCHIVE_SOURCE_BOUNDED_H

#include "verifier/archive/source.h"

/*
 * A stream of what "under" gives, "max" octets at most: then it fails with
 * ARCHIVE_ERROR_LIMIT, unless "under" ends there too.  An error stays.  It says
 * nothing on changes: who made "under" answers for that.  "owned": it closes
 * "under".
 */
struct source *source_bounded_new(
    struct source *under, bool owned, uint64_t max);

#endif
