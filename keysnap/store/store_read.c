/*
 * store_read.c - reading the store.  A call reads in the open transaction, so
 * that it sees what was added, or in one of its own.
 */
#include "keysnap/store/store_private.h"

#include "keysnap/key/dns_name.h"
#include "keysnap/store/entry.h"
#include "keysnap/store/pack.h"

#include <string.h>

bool
store_read_begin(struct store *store, MDB_txn **txn_out, GError **error)
{
	int status;

	*txn_out = store->txn;
	if (store->txn != NULL)
		return true;
	status = mdb_txn_begin(store->env, NULL, MDB_RDONLY, txn_out);
	if (status == MDB_MAP_RESIZED) {
		/* Another process has added more than our map shows. */
		mdb_env_set_mapsize(store->env, 0);
		status = mdb_txn_begin(store->env, NULL, MDB_RDONLY, txn_out);
	}
	if (status == 0)
		return true;
	*txn_out = NULL;
	return lmdb_file_fail(error, "cannot read", store->path, status);
}

void
store_read_end(struct store *store, MDB_txn *txn)
{
	if (txn != store->txn)
		mdb_txn_abort(txn);
}

static struct span
to_span(MDB_val val)
{
	return (struct span){ val.mv_data, val.mv_size };
}

int
store_table_get(struct store *store, MDB_txn *txn, enum store_table table,
    struct span key, struct span *value_out)
{
	MDB_val k = { key.n, (void *)(uintptr_t)key.p }, v = { 0, NULL };
	int status = mdb_get(txn, store->table[table], &k, &v);

	*value_out = to_span(v);
	return status;
}

/* A value of "table", copied. */
static bool
get_copy(struct store *store, struct arena *arena, enum store_table table,
    struct span key, size_t max, struct span *out, GError **error)
{
	MDB_txn *txn;
	int status;

	if (!store_read_begin(store, &txn, error))
		return false;
	status = store_table_get(store, txn, table, key, out);
	if (status == 0 && out->n > max)
		status = MDB_CORRUPTED;
	if (status == 0)
		*out = arena_copy(arena, *out);
	store_read_end(store, txn);
	return status == 0 ||
	    lmdb_file_fail(error, "cannot read", store->path, status);
}

bool
store_get(struct store *store, struct arena *arena, uint64_t index,
    struct span *leaf_out, GError **error)
{
	uint8_t key[8];

	lmdb_file_put64(key, index);
	return get_copy(store, arena, TABLE_LOG, (struct span){ key, 8 },
	    ENTRY_LINE_MAX, leaf_out, error);
}

bool
store_get_evidence(struct store *store, struct arena *arena,
    const uint8_t sha256[32], struct span *octets_out, GError **error)
{
	return get_copy(store, arena, TABLE_EVIDENCE,
	    (struct span){ sha256, 32 }, EVIDENCE_MAX, octets_out, error);
}

uint64_t
store_find_import(struct store *store, const uint8_t id[32])
{
	uint64_t source = ENTRY_NONE;
	struct span value;
	MDB_txn *txn;

	if (!store_read_begin(store, &txn, NULL))
		return ENTRY_NONE;
	if (store_table_get(store, txn, TABLE_IMPORTS, (struct span){ id, 32 },
		&value) == 0 &&
	    value.n == 8)
		source = lmdb_file_get64(value.p);
	store_read_end(store, txn);
	return source;
}

/* A cursor over "table" in a transaction to read in. */
struct walk {
	MDB_txn *txn;
	MDB_cursor *cursor;
	MDB_val key, value;
};

static bool
open_walk(struct store *store, struct walk *walk, enum store_table table,
    GError **error)
{
	int status;

	if (!store_read_begin(store, &walk->txn, error))
		return false;
	status = mdb_cursor_open(walk->txn, store->table[table], &walk->cursor);
	if (status == 0)
		return true;
	store_read_end(store, walk->txn);
	return lmdb_file_fail(error, "cannot read", store->path, status);
}

/* "status" is that of the last step; reaching the end is none. */
static bool
close_walk(struct store *store, struct walk *walk, int status, GError **error)
{
	mdb_cursor_close(walk->cursor);
	store_read_end(store, walk->txn);
	return status == 0 || status == MDB_NOTFOUND ||
	    lmdb_file_fail(error, "cannot read", store->path, status);
}

bool
store_each(struct store *store, uint64_t from,
    bool (*visit)(void *user, uint64_t index, struct span leaf), void *user,
    GError **error)
{
	struct walk walk;
	uint8_t start[8];
	int status;

	if (!open_walk(store, &walk, TABLE_LOG, error))
		return false;
	lmdb_file_put64(start, from);
	walk.key = (MDB_val){ sizeof(start), start };
	status =
	    mdb_cursor_get(walk.cursor, &walk.key, &walk.value, MDB_SET_RANGE);
	for (uint64_t index = from; status == 0; index++) {
		if ((index + 1) % STORE_FORGET == 0)
			lmdb_file_forget(store->env);
		if (walk.key.mv_size != 8 ||
		    lmdb_file_get64(walk.key.mv_data) != index ||
		    walk.value.mv_size > ENTRY_LINE_MAX)
			status = MDB_CORRUPTED;
		else if (!visit(user, index, to_span(walk.value)))
			break;
		else
			status = mdb_cursor_get(
			    walk.cursor, &walk.key, &walk.value, MDB_NEXT);
	}
	return close_walk(store, &walk, status, error);
}

/* Call "visit" for the keys that begin with "prefix": of the name itself, or
 * with "subtree" of all below it too. */
static int
walk_name(struct walk *walk, struct span prefix, bool subtree,
    bool (*visit)(void *user, uint64_t index), void *user)
{
	int status;

	walk->key = (MDB_val){ prefix.n, (void *)(uintptr_t)prefix.p };
	status = mdb_cursor_get(
	    walk->cursor, &walk->key, &walk->value, MDB_SET_RANGE);
	while (status == 0 && span_starts_with(to_span(walk->key), prefix)) {
		size_t n = walk->key.mv_size;
		const uint8_t *key = walk->key.mv_data;

		if (n < prefix.n + 8)
			return MDB_CORRUPTED;
		/* The numbers of a name sort before the names below it. */
		if (n > prefix.n + 8 && !subtree)
			break;
		if (!visit(user, lmdb_file_get64(key + n - 8)))
			break;
		status = mdb_cursor_get(
		    walk->cursor, &walk->key, &walk->value, MDB_NEXT);
	}
	return status;
}

bool
store_each_of_name(struct store *store, struct span name, bool subtree,
    bool (*visit)(void *user, uint64_t index), void *user, GError **error)
{
	struct walk walk;
	struct arena *arena;
	int status;

	if (store->txn != NULL && !store_put_names(store, error))
		return false;
	if (!open_walk(store, &walk, TABLE_NAMES, error))
		return false;
	arena = arena_new();
	status = walk_name(
	    &walk, dns_name_reversed(arena, name), subtree, visit, user);
	arena_free(arena);
	return close_walk(store, &walk, status, error);
}

/* Call "visit" for the numbers behind "topic", which has one length in its
 * table. */
static bool
each_of_topic(struct store *store, enum store_table table, struct span topic,
    bool (*visit)(void *user, uint64_t index), void *user, GError **error)
{
	struct walk walk;
	int status;

	if (!open_walk(store, &walk, table, error))
		return false;
	walk.key = (MDB_val){ topic.n, (void *)(uintptr_t)topic.p };
	status =
	    mdb_cursor_get(walk.cursor, &walk.key, &walk.value, MDB_SET_RANGE);
	while (status == 0 && span_starts_with(to_span(walk.key), topic)) {
		const uint8_t *key = walk.key.mv_data;

		if (walk.key.mv_size != topic.n + 8)
			status = MDB_CORRUPTED;
		else if (!visit(user, lmdb_file_get64(key + topic.n)))
			break;
		else
			status = mdb_cursor_get(
			    walk.cursor, &walk.key, &walk.value, MDB_NEXT);
	}
	return close_walk(store, &walk, status, error);
}

/* Has the store tables of topics?  An error when another process has made
 * them since it was opened. */
static bool
has_topics(struct store *store, bool *has_out, GError **error)
{
	struct span format;
	MDB_txn *txn;
	bool same;

	*has_out = store->topics;
	if (store->topics)
		return true;
	if (!store_read_begin(store, &txn, error))
		return false;
	same = store_table_get(
		   store, txn, TABLE_META, SPAN("format"), &format) == 0 &&
	    span_equal(format, SPAN(STORE_FORMAT));
	store_read_end(store, txn);
	if (!same)
		g_set_error(error, STORE_ERROR, STORE_ERROR_SYSTEM,
		    "%s was changed by another process; try again",
		    store->path);
	return same;
}

bool
store_each_of_key(struct store *store, const uint8_t key[32],
    bool (*visit)(void *user, uint64_t index), void *user, GError **error)
{
	bool has;

	return has_topics(store, &has, error) &&
	    (!has ||
		each_of_topic(store, TABLE_KEYS, (struct span){ key, 32 },
		    visit, user, error));
}

bool
store_each_about(struct store *store, uint64_t of,
    bool (*visit)(void *user, uint64_t index), void *user, GError **error)
{
	uint8_t topic[8];
	bool has;

	lmdb_file_put64(topic, of);
	return has_topics(store, &has, error) &&
	    (!has ||
		each_of_topic(store, TABLE_ABOUT,
		    (struct span){ topic, sizeof(topic) }, visit, user, error));
}

bool
store_get_entry(struct store *store, struct arena *arena, uint64_t index,
    struct entry *entry_out, GError **error)
{
	struct span leaf;
	const char *why;

	return store_get(store, arena, index, &leaf, error) &&
	    (entry_parse(entry_out, arena, leaf, index, &why) ||
		lmdb_file_corrupt(error, store->path, why));
}

static bool
get_bearing(void *user, struct arena *arena, uint64_t number,
    struct entry *entry_out, GError **error)
{
	return store_get_entry(user, arena, number, entry_out, error);
}

static bool
each_of_own_name(void *user, struct span name,
    bool (*visit)(void *user, uint64_t number), void *visit_user,
    GError **error)
{
	return store_each_of_name(user, name, false, visit, visit_user, error);
}

static bool
each_of_key(void *user, const uint8_t key[32],
    bool (*visit)(void *user, uint64_t number), void *visit_user,
    GError **error)
{
	return store_each_of_key(user, key, visit, visit_user, error);
}

static bool
each_about(void *user, uint64_t of, bool (*visit)(void *user, uint64_t number),
    void *visit_user, GError **error)
{
	return store_each_about(user, of, visit, visit_user, error);
}

static bool
log_of(struct store *store, struct bearing_log *log_out, GError **error)
{
	*log_out = (struct bearing_log){
		.user = store,
		.path = store->path,
		.get = get_bearing,
		.each_of_name = each_of_own_name,
		.each_of_key = each_of_key,
		.each_about = each_about,
	};
	return has_topics(store, &log_out->topics, error);
}

bool
store_lookup(struct store *store, struct arena *arena, struct span name,
    struct bearing *bearing_out, GError **error)
{
	struct bearing_log log;

	return log_of(store, &log, error) &&
	    bearing_of_name(
		&log, arena, store->crypto, name, bearing_out, error);
}

bool
store_about_log(struct store *store, struct arena *arena,
    struct bearing *bearing_out, GError **error)
{
	struct bearing_log log;

	return log_of(store, &log, error) &&
	    bearing_of_log(&log, arena, store->crypto, bearing_out, error);
}
