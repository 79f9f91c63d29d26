/*
 * key_cache.h - the keys of the names a worker met, parsed and ready.
 *
 * One per thread.  Loading a key costs as much as several checks, so each
 * name is derived from the snapshot once.
 */
#ifndef VERIFIER_RUN_KEY_CACHE_H
#define VERIFIER_RUN_KEY_CACHE_H

#include "keysnap/store/provenance.h"
#include "keysnap/store/snapshot.h"
#include "verifier/dkim/facts.h"

#define KEY_CACHE_NAMES 16384 /* names kept; past that it starts anew */

/* A name with its keys; "candidates" are in the order of known.keys. */
struct cached_name {
	struct known_name known;
	struct candidate *candidates;
	uint64_t end;	/* of the entries that bear on it: the last one, and
			   one more; 0: none does */
	uint64_t asked; /* key_cache_asked() */
};

/* The log as it once was, and was trusted. */
struct key_cache_past {
	uint64_t entries; /* its first ones */
	bool vouched;
};

struct key_cache;

/* "snapshot" NULL: every name is unknown. */
struct key_cache *key_cache_new(
    const struct crypto *crypto, struct snapshot *snapshot);

/* The keys as the same log showed them when it had "past". */
struct key_cache *key_cache_new_past(const struct crypto *crypto,
    struct snapshot *snapshot, const struct key_cache_past *past);
void key_cache_free(struct key_cache *cache);

/*
 * Forget everything when too much is held.  What key_cache_get() gave before
 * becomes invalid, so this is for the moment between two messages.
 */
void key_cache_trim(struct key_cache *cache);

/* The keys of canonical "name"; NULL with "error" when the snapshot turns out
 * damaged.  Valid until key_cache_trim(). */
const struct cached_name *key_cache_get(
    struct key_cache *cache, struct span name, GError **error);

/* The names that were asked for since key_cache_trim(), each once, in their
 * order. */
const struct cached_name *const *key_cache_asked(
    const struct key_cache *cache, size_t *n_out);

/* The end of what bears on the log as a whole, as struct cached_name has it;
 * false with "error". */
bool key_cache_log_end(
    struct key_cache *cache, uint64_t *end_out, GError **error);

#endif
