/*
 * store_append.c - adding an entry that was checked against the log, so that
 * whatever the store takes can be frozen and read back.
 */
#include "keysnap/store/store_private.h"

#include "keysnap/store/entry.h"
#include "keysnap/store/store.h"

#include <string.h>

/* One call of store_append(). */
struct appending {
	struct store *store;
	const struct entry *entry;
	GError **error;
};

/* The transaction is as it was. */
static bool
refuse(const struct appending *appending, const char *why)
{
	g_set_error(appending->error, STORE_ERROR, STORE_ERROR_INTEGRITY,
	    "a log entry of type %s cannot be kept: %s",
	    entry_type_name(appending->entry->type), why);
	return false;
}

static bool
has_type(const struct appending *appending, uint64_t number, unsigned types)
{
	struct entry entry;

	return store_get_entry(appending->store, appending->store->scratch,
		   number, &entry, NULL) &&
	    (types >> entry.type & 1) != 0;
}

static bool
check_source(const struct appending *appending, struct entry_numbers source)
{
	struct store *store = appending->store;

	/* Millions of observations have one source. */
	if (source.n == 0 || source.items[0] == store->source)
		return true;
	if (!has_type(appending, source.items[0], 1u << ENTRY_SOURCE))
		return refuse(appending, "its source is no source entry");
	store->source = source.items[0];
	return true;
}

static bool
check_references(const struct appending *appending)
{
	struct entry_references references;

	entry_references(appending->entry, &references);
	if (!check_source(appending, references.source))
		return false;
	for (size_t i = 0; i < references.others.n; i++) {
		if (!has_type(appending, references.others.items[i],
			references.other_types))
			return refuse(appending,
			    "it is about an entry of another type than it may "
			    "be");
	}
	return true;
}

static bool
check_anchor(const struct appending *appending)
{
	const struct entry_anchor *anchor = &appending->entry->anchor;
	struct store *store = appending->store;
	struct merkle merkle;
	uint8_t root[32];
	bool ok;

	if (appending->entry->type != ENTRY_ANCHOR || !anchor->of_state)
		return true;
	merkle_init(&merkle, store->crypto);
	ok = store_load_nodes(store, store->txn, &merkle, anchor->size);
	merkle_root(&merkle, root);
	merkle_clear(&merkle);
	return (ok && memcmp(root, anchor->root, sizeof(root)) == 0) ||
	    refuse(appending, "an anchor of a state that this log never had");
}

bool
store_has_evidence(struct store *store, const uint8_t sha256[32])
{
	struct span found;

	g_assert(store->txn != NULL);
	return store_table_get(store, store->txn, TABLE_EVIDENCE,
		   (struct span){ sha256, 32 }, &found) == 0;
}

/* A snapshot holds all evidence that its entries name. */
static bool
check_evidence(const struct appending *appending, struct span leaf)
{
	struct store *store = appending->store;
	const uint8_t(*digests)[32];
	size_t n = entry_evidence(store->scratch, leaf, &digests);

	for (size_t i = 0; i < n; i++) {
		if (!store_has_evidence(store, digests[i]))
			return refuse(appending,
			    "it names evidence that the store does not hold");
	}
	return true;
}

static bool
check(const struct appending *appending, struct span leaf)
{
	if (leaf.n > ENTRY_LINE_MAX)
		return refuse(appending, "its line would be too long");
	return check_references(appending) && check_anchor(appending) &&
	    check_evidence(appending, leaf);
}

/* topic || index, to nothing */
static bool
put_topic(struct store *store, enum store_table table, struct span topic,
    uint64_t index, GError **error)
{
	uint8_t key[32 + 8];

	memcpy(key, topic.p, topic.n);
	lmdb_file_put64(key + topic.n, index);
	return store_put(store, table, (struct span){ key, topic.n + 8 },
	    (struct span){ NULL, 0 }, 0, error);
}

static bool
put_topics(struct store *store, const struct entry_topics *topics,
    uint64_t index, GError **error)
{
	bool ok = (topics->about.n == 0 && topics->key == NULL) ||
	    store_make_topics(store, error);

	for (size_t i = 0; i < topics->about.n && ok; i++) {
		uint8_t of[8];

		lmdb_file_put64(of, topics->about.items[i]);
		ok = put_topic(
		    store, TABLE_ABOUT, (struct span){ of, 8 }, index, error);
	}
	if (ok && topics->key != NULL)
		ok = put_topic(store, TABLE_KEYS,
		    (struct span){ topics->key, 32 }, index, error);
	return ok;
}

bool
store_append(struct store *store, const struct entry *entry,
    uint64_t *index_out, GError **error)
{
	const struct appending appending = { store, entry, error };
	struct entry_topics topics;
	struct span leaf;
	const char *why;

	g_assert(store->txn != NULL && !store->failed);
	arena_reset(store->scratch);
	if (!entry_check(entry, store->scratch, store->merkle.size, &why))
		return refuse(&appending, why);
	g_string_truncate(store->leaf, 0);
	entry_write(store->leaf, entry);
	leaf = (struct span){ (const uint8_t *)store->leaf->str,
		store->leaf->len };
	if (!check(&appending, leaf))
		return false;
	entry_topics(entry, &topics);
	return store_add(store, leaf, topics.name, index_out, error) &&
	    put_topics(store, &topics, *index_out, error);
}

bool
store_append_line(
    struct store *store, struct span leaf, uint64_t *index_out, GError **error)
{
	struct entry entry = { .type = ENTRY_UNKNOWN };
	const struct appending appending = { store, &entry, error };
	struct entry_topics topics;
	const char *why;

	g_assert(store->txn != NULL && !store->failed);
	arena_reset(store->scratch);
	if (!entry_parse(
		&entry, store->scratch, leaf, store->merkle.size, &why))
		return refuse(&appending, why);
	if (!check(&appending, leaf))
		return false;
	entry_topics(&entry, &topics);
	return store_add(store, leaf, topics.name, index_out, error) &&
	    put_topics(store, &topics, *index_out, error);
}
