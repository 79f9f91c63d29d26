/*
 * store_work.c - what a task of several transactions has done so far, in a
 * table beside the log.
 *
 * The table is opened in each transaction: LMDB forgets the handle when the
 * transaction that first opened it is given up.
 */
#include "keysnap/store/store_private.h"

#include "keysnap/store/store.h"

/* False when the table is not there, or with "error". */
static bool
open_work(
    struct store *store, unsigned flags, MDB_dbi *table_out, GError **error)
{
	int status;

	g_assert(store->txn != NULL && !store->failed);
	status = mdb_dbi_open(store->txn, TABLE_WORK, flags, table_out);
	if (status != 0 && status != MDB_NOTFOUND)
		store_fail(store, error, "cannot read", status);
	return status == 0;
}

static MDB_val
to_val(struct span span)
{
	return (MDB_val){ span.n, (void *)(uintptr_t)span.p };
}

static struct span
to_span(MDB_val val)
{
	return (struct span){ val.mv_data, val.mv_size };
}

bool
store_work_put(
    struct store *store, struct span key, struct span value, GError **error)
{
	MDB_val k = to_val(key), v = to_val(value);
	MDB_dbi table;
	int status;

	g_assert(key.n > 0 && key.n <= STORE_WORK_KEY_MAX);
	if (!open_work(store, MDB_CREATE, &table, error))
		return false;
	status = mdb_put(store->txn, table, &k, &v, 0);
	return status == 0 || store_fail(store, error, "cannot write", status);
}

bool
store_work_get(struct store *store, struct arena *arena, struct span key,
    struct span *value_out, GError **error)
{
	MDB_val k = to_val(key), v;
	MDB_dbi table;
	int status;

	*value_out = (struct span){ NULL, 0 };
	if (!open_work(store, 0, &table, error))
		return !store->failed;
	status = mdb_get(store->txn, table, &k, &v);
	if (status == 0)
		*value_out = arena_copy(arena, to_span(v));
	return status == 0 || status == MDB_NOTFOUND ||
	    store_fail(store, error, "cannot read", status);
}

bool
store_work_each(struct store *store, struct span prefix,
    bool (*visit)(void *user, struct span key, struct span value), void *user,
    GError **error)
{
	MDB_val k = to_val(prefix), v;
	MDB_cursor *cursor;
	MDB_dbi table;
	int status;

	if (!open_work(store, 0, &table, error))
		return !store->failed;
	status = mdb_cursor_open(store->txn, table, &cursor);
	if (status != 0)
		return store_fail(store, error, "cannot read", status);
	status = mdb_cursor_get(
	    cursor, &k, &v, prefix.n == 0 ? MDB_FIRST : MDB_SET_RANGE);
	while (status == 0 && span_starts_with(to_span(k), prefix) &&
	    visit(user, to_span(k), to_span(v)))
		status = mdb_cursor_get(cursor, &k, &v, MDB_NEXT);
	mdb_cursor_close(cursor);
	return status == 0 || status == MDB_NOTFOUND ||
	    store_fail(store, error, "cannot read", status);
}

bool
store_work_clear(struct store *store, struct span prefix, GError **error)
{
	MDB_val k = to_val(prefix), v;
	MDB_cursor *cursor;
	MDB_dbi table;
	int status;

	if (!open_work(store, 0, &table, error))
		return !store->failed;
	status = mdb_cursor_open(store->txn, table, &cursor);
	if (status != 0)
		return store_fail(store, error, "cannot write", status);
	status = mdb_cursor_get(
	    cursor, &k, &v, prefix.n == 0 ? MDB_FIRST : MDB_SET_RANGE);
	while (status == 0 && span_starts_with(to_span(k), prefix)) {
		status = mdb_cursor_del(cursor, 0);
		if (status == 0)
			status = mdb_cursor_get(cursor, &k, &v, MDB_NEXT);
	}
	mdb_cursor_close(cursor);
	return status == 0 || status == MDB_NOTFOUND ||
	    store_fail(store, error, "cannot write", status);
}
