/*
 * cmd_capture_begin.c - what a store knows before a capture: the sources of
 * earlier ones, and the last capture of every name.
 */
#include "keysnap/cmd_capture_store.h"

#include "keysnap/store/pack.h"

#include <string.h>

void
capture_store_init(struct capture_store *capture, struct store *store,
    const struct crypto *crypto, const struct span *names, size_t n,
    char *const *labels, size_t n_vantages)
{
	*capture = (struct capture_store){
		.store = store,
		.crypto = crypto,
		.names = names,
		.n = n,
		.labels = labels,
		.n_vantages = n_vantages,
		.observers = g_new0(char *, n_vantages + 1),
		.sources = g_new(uint64_t, n_vantages),
		.source_vantages = g_hash_table_new_full(
		    g_int64_hash, g_int64_equal, g_free, NULL),
		.known = g_new0(struct capture_known, n * n_vantages),
	};
	for (size_t i = 0; i < n_vantages; i++) {
		capture->sources[i] = ENTRY_NONE;
		capture->again[i] = g_array_new(FALSE, FALSE, sizeof(uint64_t));
	}
}

void
capture_store_clear(struct capture_store *capture)
{
	for (size_t i = 0; i < capture->n * capture->n_vantages; i++)
		capture_known_clear(&capture->known[i]);
	for (size_t i = 0; i < capture->n_vantages; i++)
		g_array_free(capture->again[i], TRUE);
	g_free(capture->known);
	g_hash_table_destroy(capture->source_vantages);
	g_free(capture->sources);
	g_strfreev(capture->observers);
	g_clear_error(&capture->error);
}

/* The sources of the log, looked through once. */
struct listing {
	struct capture_store *capture;
	struct arena *arena;
	const uint8_t *sha256; /* of the list, when a run is to go on */
};

static void
list_source(
    struct listing *listing, const struct entry_source *source, uint64_t number)
{
	struct capture_store *capture = listing->capture;

	if (!span_equal(source->format, SPAN("capture")))
		return;
	for (size_t i = 0; i < capture->n_vantages; i++) {
		uint64_t *key;

		if (!span_equal(source->observer,
			span_from_string(capture->observers[i])))
			continue;
		key = g_new(uint64_t, 1);
		*key = number;
		g_hash_table_replace(capture->source_vantages, key,
		    GUINT_TO_POINTER((guint)i + 1));
		if (listing->sha256 != NULL &&
		    memcmp(listing->sha256, source->sha256, 32) == 0)
			capture->sources[i] = number;
	}
}

static bool
visit(void *user, uint64_t number, struct span leaf)
{
	static const char type[] = "\"type\":\"source\"";
	struct listing *listing = user;
	struct entry entry;
	const char *why;

	if (memmem(leaf.p, leaf.n, type, sizeof(type) - 1) == NULL)
		return true;
	if (entry_parse(&entry, listing->arena, leaf, number, &why) &&
	    entry.type == ENTRY_SOURCE)
		list_source(listing, &entry.source, number);
	arena_reset(listing->arena);
	return true;
}

static bool
add_source(struct capture_store *capture, const struct capture_source *given,
    const uint8_t sha256[32], size_t vantage, GError **error)
{
	bool keep = given->list.n <= EVIDENCE_MAX;
	struct entry entry = { .type = ENTRY_SOURCE };
	struct entry_source *source = &entry.source;

	*source = (struct entry_source){
		.file = SPAN("names"),
		.format = SPAN("capture"),
		.observer = span_from_string(capture->observers[vantage]),
		.operator= given->operator,
		.tool = SPAN("keysnap " PROGRAM_VERSION),
		.imported = given->now,
		.size = given->list.n,
		.evidence = (const uint8_t(*)[32])sha256,
		.n_evidence = keep ? 1 : 0,
	};
	memcpy(source->sha256, sha256, 32);
	return (!keep ||
		   store_add_evidence(
		       capture->store, sha256, given->list, error)) &&
	    store_append(
		capture->store, &entry, &capture->sources[vantage], error);
}

static bool
add_sources(struct capture_store *capture, const struct capture_source *given,
    const uint8_t sha256[32], GError **error)
{
	if (!store_begin(capture->store, error))
		return false;
	for (size_t i = 0; i < capture->n_vantages; i++) {
		if (capture->sources[i] == ENTRY_NONE &&
		    !add_source(capture, given, sha256, i, error)) {
			store_abort(capture->store);
			return false;
		}
	}
	return store_commit(capture->store, error);
}

/* Which vantage's observer a source is. */
struct ours {
	const struct capture_store *capture;
	size_t vantage;
};

static bool
is_ours(void *user, uint64_t source)
{
	const struct ours *ours = user;

	return g_hash_table_lookup(ours->capture->source_vantages, &source) ==
	    GUINT_TO_POINTER((guint)ours->vantage + 1);
}

static bool
find_known(struct capture_store *capture, GError **error)
{
	for (size_t i = 0; i < capture->n; i++) {
		for (size_t j = 0; j < capture->n_vantages; j++) {
			struct ours ours = { capture, j };

			if (!capture_known_find(capture->store, capture->crypto,
				capture->names[i], is_ours, &ours,
				&capture->known[i * capture->n_vantages + j],
				error))
				return false;
		}
	}
	return true;
}

bool
capture_store_begin(struct capture_store *capture,
    const struct capture_source *source, GError **error)
{
	g_autoptr(arena_auto) arena = arena_new();
	uint8_t sha256[32];
	struct listing listing = { capture, arena,
		source->resume ? sha256 : NULL };

	capture->now = source->now;
	digest_sha256(capture->crypto, source->list, sha256);
	for (size_t i = 0; i < capture->n_vantages; i++)
		capture->observers[i] =
		    g_strdup_printf("%.*s/%s", (int)source->observer.n,
			(const char *)source->observer.p, capture->labels[i]);
	return store_each(capture->store, 0, visit, &listing, error) &&
	    find_known(capture, error) &&
	    add_sources(capture, source, sha256, error);
}
