/*
 * index_build.c - writing keys.mdb in one sorted pass.
 *
 * The same table gives the same octets: one transaction, MDB_APPEND in key
 * order, no stale memory (MDB_NOMEMINIT is not set), and a map size that is
 * set by hand at the end, as LMDB only ever enlarges the one it keeps.
 */
#include "keysnap/store/index.h"

#include "keysnap/store/index_format.h"
#include "keysnap/store/lmdb_file.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#define MAP_FIRST (UINT64_C(64) << 20)
#define MAP_PER_ENTRY \
	UINT64_C(1024) /* a record of 52 octets and a name of
					up to 262, in pages at least half
					full */

#define MAP_PER_TOPIC UINT64_C(128) /* a key of up to 40 octets */

static int
append(MDB_txn *txn, MDB_dbi dbi, struct span key, struct span value)
{
	MDB_val k = { key.n, (void *)(uintptr_t)key.p };
	MDB_val v = { value.n, (void *)(uintptr_t)value.p };

	return mdb_put(txn, dbi, &k, &v, MDB_APPEND);
}

static int
append_entries(MDB_txn *txn, MDB_dbi dbi, const struct index_table *table)
{
	int status = 0;

	for (uint64_t i = 0; i < table->n && status == 0; i++) {
		const struct index_entry *entry = &table->entries[i];
		uint8_t key[8], value[INDEX_RECORD_SIZE];

		lmdb_file_put64(key, i);
		lmdb_file_put64(value, entry->offset);
		for (int j = 0; j < 4; j++)
			value[8 + j] = (uint8_t)(entry->length >> (24 - 8 * j));
		memcpy(value + 12, entry->leaf_hash, 32);
		status = append(txn, dbi, (struct span){ key, sizeof(key) },
		    (struct span){ value, sizeof(value) });
	}
	return status;
}

static int
append_names(MDB_txn *txn, MDB_dbi dbi, const struct index_table *table)
{
	int status = 0;

	for (uint64_t i = 0; i < table->n_by_name && status == 0; i++) {
		uint64_t number = table->by_name[i];
		struct span name = table->entries[number].reversed_name;
		uint8_t key[STORE_NAME_MAX + 8];

		g_assert(name.n <= STORE_NAME_MAX);
		memcpy(key, name.p, name.n);
		lmdb_file_put64(key + name.n, number);
		status = append(txn, dbi, (struct span){ key, name.n + 8 },
		    (struct span){ NULL, 0 });
	}
	return status;
}

/* A key without a value: a topic and a number. */
static int
append_topic(MDB_txn *txn, MDB_dbi dbi, struct span topic, uint64_t number)
{
	uint8_t key[32 + 8];

	memcpy(key, topic.p, topic.n);
	lmdb_file_put64(key + topic.n, number);
	return append(txn, dbi, (struct span){ key, topic.n + 8 },
	    (struct span){ NULL, 0 });
}

static int
append_about(MDB_txn *txn, MDB_dbi dbi, const struct index_table *table)
{
	int status = 0;

	for (uint64_t i = 0; i < table->n_about && status == 0; i++) {
		uint8_t of[8];

		lmdb_file_put64(of, table->about[i].of);
		status = append_topic(
		    txn, dbi, (struct span){ of, 8 }, table->about[i].number);
	}
	return status;
}

static int
append_keys(MDB_txn *txn, MDB_dbi dbi, const struct index_table *table)
{
	int status = 0;

	for (uint64_t i = 0; i < table->n_keys && status == 0; i++)
		status = append_topic(txn, dbi,
		    (struct span){ table->keys[i].key, 32 },
		    table->keys[i].number);
	return status;
}

/* The keys in ascending order.  A log without topics, as all were once, keeps
 * its index as it was. */
static int
append_meta(MDB_txn *txn, MDB_dbi dbi, const struct index_table *table)
{
	uint8_t names[8], size[8];
	int status;

	lmdb_file_put64(names, table->n_names);
	lmdb_file_put64(size, table->n);
	status = append(txn, dbi, SPAN("format"),
	    index_table_has_topics(table) ? SPAN(INDEX_FORMAT_TOPICS)
					  : SPAN(INDEX_FORMAT));
	if (status == 0)
		status =
		    append(txn, dbi, SPAN("names"), (struct span){ names, 8 });
	if (status == 0)
		status = append(
		    txn, dbi, SPAN("root"), (struct span){ table->root, 32 });
	if (status == 0)
		status =
		    append(txn, dbi, SPAN("size"), (struct span){ size, 8 });
	return status;
}

static int
fill(MDB_txn *txn, const struct index_table *table)
{
	static int (*const writers[])(
	    MDB_txn *, MDB_dbi, const struct index_table *) = { append_entries,
		append_meta, append_names, append_about, append_keys };
	int n =
	    index_table_has_topics(table) ? INDEX_TABLES : INDEX_TABLES_PLAIN;
	int status = 0;

	for (int i = 0; i < n && status == 0; i++) {
		MDB_dbi dbi;

		status =
		    mdb_dbi_open(txn, index_table_names[i], MDB_CREATE, &dbi);
		if (status == 0)
			status = writers[i](txn, dbi, table);
	}
	return status;
}

static int
write_file(MDB_env *env, const char *path, const struct index_table *table,
    uint64_t map_size)
{
	MDB_txn *txn = NULL;
	int status = mdb_env_set_maxdbs(env, INDEX_TABLES);

	if (status == 0)
		status = mdb_env_set_mapsize(env, map_size);
	if (status == 0)
		status = mdb_env_open(
		    env, path, MDB_NOSUBDIR | MDB_NOLOCK | MDB_NOSYNC, 0644);
	if (status == 0)
		status = mdb_txn_begin(env, NULL, 0, &txn);
	if (status != 0)
		return status;
	status = fill(txn, table);
	if (status == 0)
		return mdb_txn_commit(txn);
	mdb_txn_abort(txn);
	return status;
}

static int
build_once(const char *path, const struct index_table *table, uint64_t map_size)
{
	MDB_env *env;
	int status = mdb_env_create(&env);

	if (status != 0)
		return status;
	status = write_file(env, path, table, map_size);
	mdb_env_close(env);
	return status;
}

bool
index_build(const char *path, const struct index_table *table, GError **error)
{
	uint64_t map_size = MAP_FIRST + table->n * MAP_PER_ENTRY +
	    (table->n_about + table->n_keys) * MAP_PER_TOPIC;
	int status = build_once(path, table, map_size);

	while (status == MDB_MAP_FULL) {
		if (truncate(path, 0) != 0)
			return lmdb_file_fail(
			    error, "cannot write", path, errno);
		map_size *= 2;
		status = build_once(path, table, map_size);
	}
	if (status != 0)
		return lmdb_file_fail(error, "cannot write", path, status);
	return lmdb_file_trim(path, error);
}
