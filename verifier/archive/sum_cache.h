/*
 * sum_cache.h - digests of files that were hashed a while ago.
 *
 * A list of digests may name one large file on each of its lines: each file is
 * read once for an algorithm, as long as not SUM_CACHE_SLOTS others come
 * between.
 */
#ifndef VERIFIER_ARCHIVE_SUM_CACHE_H
#define VERIFIER_ARCHIVE_SUM_CACHE_H

#include "verifier/archive/checksum.h"

#define SUM_CACHE_SLOTS 16384 /* of 97 octets */

struct sum_cache;

struct sum_cache *sum_cache_new(const struct crypto *crypto);
void sum_cache_free(struct sum_cache *cache);

/* What was put for "path" and "algorithm" last; false when that is not
 * known (any more). */
bool sum_cache_get(const struct sum_cache *cache, struct span path,
    enum checksum_algorithm algorithm, uint8_t out[CHECKSUM_SIZE_MAX]);
void sum_cache_put(struct sum_cache *cache, struct span path,
    enum checksum_algorithm algorithm, const uint8_t sum[CHECKSUM_SIZE_MAX]);

#endif
