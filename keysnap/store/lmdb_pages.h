/*
 * lmdb_pages.h - the pages of keys.mdb, walked by hand before LMDB sees them.
 *
 * LMDB 0.9 believes each number in its pages: offsets, sizes, page numbers,
 * flags.  A signature says who made them, not that they are sound: who opens
 * the snapshot of an opponent gives the opponent's key.  So all that LMDB can
 * reach is looked at first, and what our index never has (duplicates, pages of
 * fixed-size keys, large values, nested databases) is refused.
 *
 * What a page says of keys is not judged here: a wrong order, or an entry too
 * few, makes a wrong index, which "keysnap verify" finds, and no crash.
 */
#ifndef KEYSNAP_STORE_LMDB_PAGES_H
#define KEYSNAP_STORE_LMDB_PAGES_H

#include "keysnap/store/lmdb_file.h"

#define LMDB_PAGES_DEPTH_MAX \
	16                     /* levels of a tree; 6 hold all that 64 GiB
				   can, and LMDB itself follows 32 */
#define LMDB_PAGES_KEY_MAX 511 /* octets: LMDB's own limit */

/*
 * Walk the trees of the file behind "fd", which passed lmdb_file_check() as
 * "meta" and cannot change any more: each page is within the file, on its
 * level, in one place only, and holds nodes that end within it; the main
 * database holds databases and nothing else, and these hold as many plain
 * values as they say.  False with "error": STORE_ERROR_INTEGRITY, with the
 * page, or STORE_ERROR_SYSTEM when the file cannot be mapped.
 */
bool lmdb_pages_check(int fd, const char *path,
    const struct lmdb_file_meta *meta, GError **error);

#endif
