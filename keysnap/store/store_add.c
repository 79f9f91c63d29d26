/*
 * store_add.c - adding leaves: the log, the tree over it, and the index by name.
 *
 * Millions of entries may be added in one transaction, with more pages than
 * LMDB keeps in memory; so each table is written in the order of its keys.
 */
#include "keysnap/store/store_private.h"

#include "keysnap/key/dns_name.h"
#include "keysnap/store/entry.h"
#include "keysnap/store/store.h"

#include <string.h>

#define NAMES_MEMORY (32 << 20)

/* level || number */
static void
make_node_key(uint8_t key[9], unsigned level, uint64_t number)
{
	key[0] = (uint8_t)level;
	lmdb_file_put64(key + 1, number);
}

/* Add the leaves behind the last whole subtree that is kept. */
static bool
load_leaves(
    struct store *store, MDB_txn *txn, struct merkle *merkle, uint64_t size)
{
	while (merkle->size < size) {
		uint8_t key[8], hash[32];
		struct span leaf;

		lmdb_file_put64(key, merkle->size);
		if (store_table_get(store, txn, TABLE_LOG,
			(struct span){ key, sizeof(key) }, &leaf) != 0)
			return false;
		merkle_leaf(merkle, leaf, hash);
		merkle_add(merkle, hash);
	}
	return true;
}

bool
store_load_nodes(
    struct store *store, MDB_txn *txn, struct merkle *merkle, uint64_t size)
{
	merkle->size = size >> STORE_NODE_LEVEL << STORE_NODE_LEVEL;
	for (unsigned level = STORE_NODE_LEVEL; level < MERKLE_LEVELS;
	     level++) {
		uint8_t key[9];
		struct span hash;

		if ((size >> level & 1) == 0)
			continue;
		make_node_key(key, level, (size >> level) - 1);
		if (store_table_get(store, txn, TABLE_NODES,
			(struct span){ key, sizeof(key) }, &hash) != 0 ||
		    hash.n != 32)
			return false;
		memcpy(merkle->full[level], hash.p, 32);
	}
	return load_leaves(store, txn, merkle, size);
}

/* State of one store_add(), for the visitor of nodes. */
struct adding {
	struct store *store;
	GError **error;
};

static bool
put_node(void *user, unsigned level, uint64_t number, const uint8_t hash[32])
{
	struct adding *adding = user;
	uint8_t key[9];

	if (level < STORE_NODE_LEVEL)
		return true;
	make_node_key(key, level, number);
	return store_put(adding->store, TABLE_NODES,
	    (struct span){ key, sizeof(key) }, (struct span){ hash, 32 }, 0,
	    adding->error);
}

/* Behind the last leaf.  The cursor stays there: to find the place anew takes
 * longer than to write. */
static bool
put_leaf(struct store *store, const uint8_t index[8], struct span leaf,
    GError **error)
{
	MDB_val key = { 8, (void *)(uintptr_t)index };
	MDB_val value = { leaf.n, (void *)(uintptr_t)leaf.p };
	int status = 0;

	if (store->log_end == NULL)
		status = mdb_cursor_open(
		    store->txn, store->table[TABLE_LOG], &store->log_end);
	if (status == 0)
		status =
		    mdb_cursor_put(store->log_end, &key, &value, MDB_APPEND);
	return store_wrote(store, error, status);
}

/* A file of the sorter's cannot be written, or read. */
static bool
fail_names(struct store *store, GError *from, GError **error)
{
	store->failed = true;
	g_set_error(error, STORE_ERROR, STORE_ERROR_SYSTEM,
	    "%s: cannot sort the names: %s", store->path, from->message);
	g_error_free(from);
	return false;
}

/* reversed name || index */
static bool
add_name(struct store *store, struct span name, const uint8_t index[8],
    GError **error)
{
	struct span reversed;
	uint8_t key[STORE_NAME_MAX + 8];
	GError *trouble = NULL;

	arena_reset(store->adding);
	reversed = dns_name_reversed(store->adding, name);
	g_assert(reversed.n <= STORE_NAME_MAX);
	memcpy(key, reversed.p, reversed.n);
	memcpy(key + reversed.n, index, 8);
	if (store->names == NULL)
		store->names = sorter_new(NAMES_MEMORY);
	return sorter_add(store->names, (struct span){ key, reversed.n + 8 },
		   &trouble) ||
	    fail_names(store, trouble, error);
}

static bool
put_sorted(struct store *store, struct sorter *names, GError **error)
{
	MDB_val value = { 0, NULL };
	GError *trouble = NULL;
	MDB_cursor *cursor;
	struct span name;
	int status, got = 0;

	status =
	    mdb_cursor_open(store->txn, store->table[TABLE_NAMES], &cursor);
	if (status != 0)
		return store_wrote(store, error, status);
	while (status == 0 && (got = sorter_next(names, &name, &trouble)) > 0) {
		MDB_val key = { name.n, (void *)(uintptr_t)name.p };

		status = mdb_cursor_put(cursor, &key, &value, 0);
	}
	mdb_cursor_close(cursor);
	if (got < 0)
		return fail_names(store, trouble, error);
	return store_wrote(store, error, status);
}

bool
store_put_names(struct store *store, GError **error)
{
	struct sorter *names = g_steal_pointer(&store->names);
	bool ok = names == NULL || put_sorted(store, names, error);

	sorter_free(names);
	return ok;
}

void
store_add_end(struct store *store)
{
	g_clear_pointer(&store->log_end, mdb_cursor_close);
	g_clear_pointer(&store->names, sorter_free);
}

bool
store_add(struct store *store, struct span leaf, struct span name,
    uint64_t *index_out, GError **error)
{
	struct adding adding = { store, error };
	uint8_t key[8], hash[32];

	g_assert(store->txn != NULL && !store->failed);
	g_assert(leaf.n > 0 && span_find(leaf, '\n') == leaf.n);
	if (leaf.n > ENTRY_LINE_MAX) {
		store->failed = true;
		g_set_error(error, STORE_ERROR, STORE_ERROR_INTEGRITY,
		    "an entry longer than %d octets", ENTRY_LINE_MAX);
		return false;
	}
	*index_out = store->merkle.size;
	if ((*index_out + 1) % STORE_FORGET == 0)
		lmdb_file_forget(store->env);
	lmdb_file_put64(key, *index_out);
	if (!put_leaf(store, key, leaf, error))
		return false;
	if (name.n > 0 && !add_name(store, name, key, error))
		return false;
	merkle_leaf(&store->merkle, leaf, hash);
	return merkle_add_each(&store->merkle, hash, put_node, &adding);
}
