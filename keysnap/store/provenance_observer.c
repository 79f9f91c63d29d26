/*
 * provenance_observer.c - which observers are independent of each other.
 *
 * An observer is who a source names (--source), and, where its lines name
 * their own, that one as well; a file that nobody gave an observer bears its
 * own name, and counts for none.  The operator of an observer is the part of
 * its name before "/": "farsight/dnsdb" and "farsight/live" are one.  What an
 * observation comes from are its observers, all that they derive from, and
 * so on, as sources of the name say.  Two are independent when they have no
 * operator in common there, the files differ, and so does all their evidence,
 * and none of the files is evidence of the other.
 *
 * Limit: PROVENANCE_OBSERVERS_MAX observers of a key, in order of entries.
 */
#include "keysnap/store/provenance_witness.h"

#include "keysnap/base/rfc5234.h"
#include "keysnap/base/span_key.h"

#include <stdlib.h>
#include <string.h>

/* What one source has of one observer. */
struct observer {
	const struct witness *first;
	struct known_windows windows;
	GHashTable *origins;    /* struct span *: operators */
	uint8_t (*digests)[32]; /* sorted, of all evidence */
	size_t n_digests;
};

struct comparison {
	struct arena *arena;
	struct observer observers[PROVENANCE_OBSERVERS_MAX];
	size_t n;
	GHashTable *derives; /* operator -> GPtrArray of sources */
};

static struct span
operator_of(struct arena *arena, struct span observer)
{
	const uint8_t *slash =
	    observer.n == 0 ? NULL : memchr(observer.p, '/', observer.n);
	size_t n = slash == NULL ? observer.n : (size_t)(slash - observer.p);
	uint8_t *lower = arena_alloc(arena, n);

	for (size_t i = 0; i < n; i++)
		lower[i] = rfc5234_lower(observer.p[i]);
	return (struct span){ lower, n };
}

/* Seen by somebody who has a name, at a time of his own. */
static bool
counts(const struct witness *witness)
{
	const struct entry_source *source = witness->source;

	return witness->grade <= GRADE_D && !witness->foreign &&
	    source != NULL && source->observer.n > 0 &&
	    !span_equal(source->observer, source->file) &&
	    witness_has_time(witness) && witness->time_kind != TIME_MAIL &&
	    witness->time_kind != TIME_FILE;
}

static struct observer *
observer_of(struct comparison *comparison, const struct witness *witness)
{
	for (size_t i = 0; i < comparison->n; i++) {
		const struct witness *first = comparison->observers[i].first;

		if (first->source == witness->source &&
		    span_equal(first->observer, witness->observer))
			return &comparison->observers[i];
	}
	if (comparison->n == PROVENANCE_OBSERVERS_MAX)
		return NULL;
	struct observer *observer = &comparison->observers[comparison->n++];
	*observer = (struct observer){ .first = witness,
		.origins = g_hash_table_new(span_key_hash, span_key_equal) };
	return observer;
}

/* False when it was there. */
static bool
add_origin(
    struct arena *arena, struct observer *observer, struct span operator_)
{
	struct span *key;

	if (operator_.n == 0 ||
	    g_hash_table_contains(observer->origins, &operator_))
		return false;
	key = arena_alloc(arena, sizeof(*key));
	*key = operator_;
	return g_hash_table_add(observer->origins, key);
}

/* Add an observer, and what that derives from. */
static void
follow(
    struct comparison *comparison, struct observer *observer, struct span name)
{
	g_autoptr(GPtrArray) left = g_ptr_array_new();
	struct span *next = arena_alloc(comparison->arena, sizeof(*next));

	*next = operator_of(comparison->arena, name);
	if (add_origin(comparison->arena, observer, *next))
		g_ptr_array_add(left, next);
	while (left->len > 0) {
		const struct span *at =
		    g_ptr_array_steal_index_fast(left, left->len - 1);
		GPtrArray *sources =
		    g_hash_table_lookup(comparison->derives, at);

		for (guint i = 0; sources != NULL && i < sources->len; i++) {
			const struct entry_source *source = sources->pdata[i];

			for (size_t k = 0; k < source->lineage.n; k++) {
				next = arena_alloc(
				    comparison->arena, sizeof(*next));
				*next = operator_of(comparison->arena,
				    source->lineage.items[k]);
				if (add_origin(
					comparison->arena, observer, *next))
					g_ptr_array_add(left, next);
			}
		}
	}
}

/* What each source says that its observer derives from. */
static void
map_sources(struct comparison *comparison, const struct derivation *derivation)
{
	g_autoptr(GHashTable) done = g_hash_table_new(NULL, NULL);

	for (size_t i = 0; i < derivation->n_witnesses; i++) {
		const struct entry_source *source =
		    derivation->witnesses[i].source;
		struct span *key;
		GPtrArray *sources;

		if (source == NULL || source->lineage.n == 0 ||
		    !g_hash_table_add(done, (gpointer)source))
			continue;
		key = arena_alloc(comparison->arena, sizeof(*key));
		*key = operator_of(comparison->arena, source->observer);
		sources = g_hash_table_lookup(comparison->derives, key);
		if (sources == NULL) {
			sources = g_ptr_array_new();
			g_hash_table_insert(comparison->derives, key, sources);
		}
		g_ptr_array_add(sources, (gpointer)source);
	}
}

static void
add_digests(struct comparison *comparison, struct observer *observer,
    struct entry_hashes evidence)
{
	for (size_t i = 0; i < evidence.n; i++) {
		size_t n = observer->n_digests;

		if ((n & (n - 1)) == 0) {
			uint8_t(*larger)[32] = arena_alloc_array(
			    comparison->arena, MAX(2 * n, 1), 32);

			if (n > 0)
				memcpy(larger, observer->digests, 32 * n);
			observer->digests = larger;
		}
		memcpy(observer->digests[observer->n_digests++],
		    evidence.items[i], 32);
	}
}

static void
add(struct comparison *comparison, const struct witness *witness)
{
	struct observer *observer = observer_of(comparison, witness);
	struct entry_texts own;

	if (observer == NULL)
		return;
	windows_add(&observer->windows, comparison->arena, witness->first,
	    witness_end(witness));
	add_digests(comparison, observer, witness->evidence);
	if (witness == observer->first) {
		/* A message alone may be a file here and a piece there. */
		add_digests(comparison, observer,
		    (struct entry_hashes){ &witness->source->sha256, 1 });
		follow(comparison, observer, witness->source->observer);
		follow(comparison, observer, witness->observer);
		for (size_t i = 0; i < witness->source->lineage.n; i++)
			follow(comparison, observer,
			    witness->source->lineage.items[i]);
	}
	own = witness->is_sighting ? (struct entry_texts){ NULL, 0 }
				   : witness->observation->lineage;
	for (size_t i = 0; i < own.n; i++)
		follow(comparison, observer, own.items[i]);
}

static int
compare_digests(const void *a, const void *b)
{
	return memcmp(a, b, 32);
}

static bool
share_digest(const struct observer *a, const struct observer *b)
{
	size_t i = 0, k = 0;

	while (i < a->n_digests && k < b->n_digests) {
		int order = memcmp(a->digests[i], b->digests[k], 32);

		if (order == 0)
			return true;
		if (order < 0)
			i++;
		else
			k++;
	}
	return false;
}

static bool
share_origin(const struct observer *a, const struct observer *b)
{
	GHashTableIter iter;
	gpointer key;

	g_hash_table_iter_init(&iter, a->origins);
	while (g_hash_table_iter_next(&iter, &key, NULL)) {
		if (g_hash_table_contains(b->origins, key))
			return true;
	}
	return false;
}

static bool
are_independent(const struct observer *a, const struct observer *b)
{
	return !share_origin(a, b) && !share_digest(a, b);
}

/* Observers in their order, each independent of all those before it. */
static size_t
count_independent(const struct comparison *comparison)
{
	const struct observer *chosen[PROVENANCE_OBSERVERS_MAX];
	size_t n = 0;

	for (size_t i = 0; i < comparison->n; i++) {
		bool ok = true;

		for (size_t k = 0; ok && k < n; k++)
			ok = are_independent(
			    chosen[k], &comparison->observers[i]);
		if (ok)
			chosen[n++] = &comparison->observers[i];
	}
	return n;
}

static const struct witness *
find_pair(const struct comparison *comparison)
{
	for (size_t i = 0; i < comparison->n; i++) {
		const struct observer *a = &comparison->observers[i];

		for (size_t k = i + 1; k < comparison->n; k++) {
			const struct observer *b = &comparison->observers[k];

			if (windows_are_near(
				&a->windows, &b->windows, TIMESTAMP_DAY) &&
			    are_independent(a, b))
				return a->first;
		}
	}
	return NULL;
}

static void
free_sources(gpointer sources)
{
	g_ptr_array_unref(sources);
}

const struct witness *
observers_compare(const struct derivation *derivation,
    const struct witness *witnesses, size_t n, size_t *independent_out)
{
	struct comparison *comparison = g_new0(struct comparison, 1);
	const struct witness *pair;

	comparison->arena = derivation->arena;
	comparison->derives = g_hash_table_new_full(
	    span_key_hash, span_key_equal, NULL, free_sources);
	map_sources(comparison, derivation);
	for (size_t i = 0; i < n; i++) {
		if (counts(&witnesses[i]))
			add(comparison, &witnesses[i]);
	}
	for (size_t i = 0; i < comparison->n; i++) {
		struct observer *observer = &comparison->observers[i];

		windows_join(&observer->windows);
		if (observer->n_digests > 0)
			qsort(observer->digests, observer->n_digests, 32,
			    compare_digests);
	}
	*independent_out = count_independent(comparison);
	pair = find_pair(comparison);
	for (size_t i = 0; i < comparison->n; i++)
		g_hash_table_unref(comparison->observers[i].origins);
	g_hash_table_unref(comparison->derives);
	g_free(comparison);
	return pair;
}
