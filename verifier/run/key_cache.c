/*
 * key_cache.c - the keys of the names a worker met, parsed and ready.
 */
#include "verifier/run/key_cache.h"

#include "keysnap/base/span_key.h"

struct key_cache {
	const struct crypto *crypto;
	struct snapshot *snapshot;
	struct key_cache_past past;
	struct arena *arena;
	struct arena *log_arena; /* for "of_log", which stays */
	struct bearing of_log;
	bool has_log;
	GHashTable *names;   /* struct span * -> struct cached_name * */
	GHashTable *sources; /* uint64_t * -> struct entry * */
	GPtrArray *checkers;
	GPtrArray *asked; /* struct cached_name *, since "turn" began */
	uint64_t turn;
};

static void
free_checker(gpointer checker)
{
	key_checker_free(checker);
}

struct key_cache *
key_cache_new(const struct crypto *crypto, struct snapshot *snapshot)
{
	const struct key_cache_past now = { UINT64_MAX,
		snapshot != NULL &&
		    snapshot_vouched(snapshot) != SNAPSHOT_BY_NOBODY };

	return key_cache_new_past(crypto, snapshot, &now);
}

struct key_cache *
key_cache_new_past(const struct crypto *crypto, struct snapshot *snapshot,
    const struct key_cache_past *past)
{
	struct key_cache *cache = g_new0(struct key_cache, 1);

	cache->crypto = crypto;
	cache->snapshot = snapshot;
	cache->past = *past;
	cache->turn = 1;
	cache->arena = arena_new();
	cache->log_arena = arena_new();
	cache->names = g_hash_table_new(span_key_hash, span_key_equal);
	cache->sources = g_hash_table_new(g_int64_hash, g_int64_equal);
	cache->checkers = g_ptr_array_new_with_free_func(free_checker);
	cache->asked = g_ptr_array_new();
	return cache;
}

void
key_cache_free(struct key_cache *cache)
{
	if (cache == NULL)
		return;
	g_ptr_array_unref(cache->asked);
	g_ptr_array_unref(cache->checkers);
	g_hash_table_unref(cache->sources);
	g_hash_table_unref(cache->names);
	arena_free(cache->log_arena);
	arena_free(cache->arena);
	g_free(cache);
}

void
key_cache_trim(struct key_cache *cache)
{
	g_ptr_array_set_size(cache->asked, 0);
	cache->turn++;
	if (g_hash_table_size(cache->names) < KEY_CACHE_NAMES)
		return;
	g_hash_table_remove_all(cache->names);
	g_hash_table_remove_all(cache->sources);
	g_ptr_array_set_size(cache->checkers, 0);
	arena_reset(cache->arena);
}

/* Read a source entry ahead, so that provenance_derive() need not fail. */
static bool
load_source(struct key_cache *cache, uint64_t number, GError **error)
{
	uint64_t *key;
	struct entry *entry;

	if (g_hash_table_contains(cache->sources, &number))
		return true;
	key = arena_alloc(cache->arena, sizeof(*key));
	entry = arena_alloc(cache->arena, sizeof(*entry));
	*key = number;
	if (!snapshot_get(cache->snapshot, cache->arena, number, entry, error))
		return false;
	g_hash_table_insert(cache->sources, key, entry);
	return true;
}

static const struct entry_source *
source_of(void *user, uint64_t number)
{
	struct key_cache *cache = user;
	const struct entry *entry =
	    g_hash_table_lookup(cache->sources, &number);

	return entry != NULL && entry->type == ENTRY_SOURCE ? &entry->source
							    : NULL;
}

static bool
load_sources(struct key_cache *cache, const struct entry *entries, size_t n,
    GError **error)
{
	for (size_t i = 0; i < n; i++) {
		if (entries[i].type == ENTRY_OBSERVATION &&
		    !load_source(cache, entries[i].observation.source, error))
			return false;
		if (entries[i].type == ENTRY_SIGHTING &&
		    !load_source(cache, entries[i].sighting.source, error))
			return false;
	}
	return true;
}

static struct candidate *
make_candidates(struct key_cache *cache, const struct known_name *known)
{
	struct candidate *candidates =
	    arena_alloc_array(cache->arena, known->n_keys, sizeof(*candidates));

	for (size_t i = 0; i < known->n_keys; i++) {
		const struct known_key *key = &known->keys[i];

		candidates[i].record = &key->record;
		candidates[i].key = &key->key;
		candidates[i].checker =
		    key_checker_new(cache->crypto, &key->key);
		if (candidates[i].checker != NULL)
			g_ptr_array_add(cache->checkers, candidates[i].checker);
	}
	return candidates;
}

/* Anchors and the like: the same for all names. */
static bool
load_log(struct key_cache *cache, GError **error)
{
	if (cache->has_log || cache->snapshot == NULL)
		return true;
	cache->has_log = snapshot_about_log_past(cache->snapshot,
	    cache->log_arena, cache->past.entries, &cache->of_log, error);
	return cache->has_log;
}

static uint64_t
end_of(const struct bearing *bearing)
{
	return bearing->n == 0 ? 0 : bearing->numbers[bearing->n - 1] + 1;
}

static struct cached_name *
load_name(struct key_cache *cache, struct span name, GError **error)
{
	struct cached_name *cached = arena_alloc(cache->arena, sizeof(*cached));
	struct provenance_input input = {
		.name = name, .source_of = source_of, .user = cache
	};
	struct bearing *of_name = &input.of_name;

	if (!load_log(cache, error))
		return NULL;
	input.of_log = cache->of_log;
	input.vouched = cache->past.vouched;
	if (cache->snapshot != NULL &&
	    !snapshot_lookup_past(cache->snapshot, cache->arena, name,
		cache->past.entries, of_name, error))
		return NULL;
	cached->end = end_of(of_name);
	if (!load_sources(cache, of_name->entries, of_name->n, error))
		return NULL;
	provenance_derive(&cached->known, cache->arena, cache->crypto, &input);
	cached->candidates = make_candidates(cache, &cached->known);
	return cached;
}

static struct cached_name *
ask(struct key_cache *cache, struct cached_name *cached)
{
	if (cached->asked != cache->turn)
		g_ptr_array_add(cache->asked, cached);
	cached->asked = cache->turn;
	return cached;
}

const struct cached_name *
key_cache_get(struct key_cache *cache, struct span name, GError **error)
{
	struct cached_name *cached = g_hash_table_lookup(cache->names, &name);
	struct span *key;

	if (cached != NULL)
		return ask(cache, cached);
	key = arena_alloc(cache->arena, sizeof(*key));
	*key = arena_copy(cache->arena, name);
	cached = load_name(cache, *key, error);
	if (cached == NULL)
		return NULL;
	g_hash_table_insert(cache->names, key, cached);
	return ask(cache, cached);
}

const struct cached_name *const *
key_cache_asked(const struct key_cache *cache, size_t *n_out)
{
	*n_out = cache->asked->len;
	return (const struct cached_name *const *)cache->asked->pdata;
}

bool
key_cache_log_end(struct key_cache *cache, uint64_t *end_out, GError **error)
{
	if (!load_log(cache, error))
		return false;
	*end_out = end_of(&cache->of_log);
	return true;
}
