/*
 * index_compare.c - two opened indexes, as one is what the log gives.
 */
#include "keysnap/store/index.h"

#include "keysnap/store/index_format.h"

#include <string.h>

/* One of the two, at a key of a table. */
struct side {
	MDB_txn *txn;
	MDB_cursor *cursor;
	MDB_val key, value;
	int status;
};

static void
open_side(struct side *side, const struct index *index, int table)
{
	side->cursor = NULL;
	side->status = mdb_txn_begin(index->env, NULL, MDB_RDONLY, &side->txn);
	if (side->status != 0) {
		side->txn = NULL;
		return;
	}
	side->status =
	    mdb_cursor_open(side->txn, index->dbi[table], &side->cursor);
	if (side->status != 0)
		side->cursor = NULL;
}

static void
close_side(struct side *side)
{
	if (side->cursor != NULL)
		mdb_cursor_close(side->cursor);
	if (side->txn != NULL)
		mdb_txn_abort(side->txn);
}

static void
step(struct side *side)
{
	side->status =
	    mdb_cursor_get(side->cursor, &side->key, &side->value, MDB_NEXT);
}

static bool
is_same(const MDB_val *a, const MDB_val *b)
{
	return a->mv_size == b->mv_size &&
	    (a->mv_size == 0 ||
		memcmp(a->mv_data, b->mv_data, a->mv_size) == 0);
}

/* Key by key, value by value; a new cursor's first step is to the first. */
static bool
compare_sides(struct side *one, struct side *other)
{
	do {
		step(one);
		step(other);
		if (one->status != other->status ||
		    (one->status == 0 &&
			(!is_same(&one->key, &other->key) ||
			    !is_same(&one->value, &other->value))))
			return false;
	} while (one->status == 0);
	return one->status == MDB_NOTFOUND;
}

static bool
compare_table(const struct index *index, const struct index *other, int table)
{
	struct side one, two;
	bool same;

	open_side(&one, index, table);
	open_side(&two, other, table);
	same = one.status == 0 && two.status == 0 && compare_sides(&one, &two);
	close_side(&one);
	close_side(&two);
	return same;
}

bool
index_equals(const struct index *index, const struct index *other)
{
	int n = index->topics ? INDEX_TABLES : INDEX_TABLES_PLAIN;

	if (index->topics != other->topics)
		return false;
	for (int i = 0; i < n; i++) {
		if (!compare_table(index, other, i))
			return false;
	}
	return true;
}
