/*
 * index_build.c - writing keys.mdb in one sorted pass.
 *
 * The same entries give the same octets: one transaction, MDB_APPEND in key
 * order, no stale memory (MDB_NOMEMINIT is not set), and a map size that is
 * set by hand at the end, as LMDB only ever enlarges the one it keeps.
 * "entries" come in order and are written as they come; the keys of the other
 * tables are sorted first.
 */
#include "keysnap/store/index.h"

#include "keysnap/base/sorter.h"
#include "keysnap/store/index_format.h"
#include "keysnap/store/lmdb_file.h"

#include <errno.h>
#include <string.h>

#define SORTER_MEMORY (64 << 20)
#define MAP_FIRST     (UINT64_C(64) << 20)
#define MAP_PER_OCTET \
	32 /* of the log: the shortest line, of 16 octets, gives a record of
	      52; each "N," of a list a key of 16, both with 10 of LMDB's */

/* Tables whose keys are sorted, in the order of writing. */
static const int sorted_tables[] = { INDEX_NAMES, INDEX_ABOUT, INDEX_KEYS };

struct index_writer {
	char *path;
	MDB_env *env;
	MDB_txn *txn;
	MDB_dbi entries;
	struct sorter *sorters[INDEX_TABLES]; /* of those above */
	uint64_t n, n_names;
	bool topics;
};

static bool
fail(const struct index_writer *writer, int status, GError **error)
{
	if (status == MDB_MAP_FULL)
		status = ENOMEM;
	return lmdb_file_fail(error, "cannot write", writer->path, status);
}

/* A map takes addresses only; a process may be short of these. */
static int
set_map_size(MDB_env *env, uint64_t log_size)
{
	uint64_t size = INDEX_FILE_MAX;
	int status;

	if (log_size < INDEX_FILE_MAX / MAP_PER_OCTET - MAP_FIRST)
		size = MAP_FIRST + log_size * MAP_PER_OCTET;
	do {
		status = mdb_env_set_mapsize(env, size);
		size /= 2;
	} while (status == ENOMEM && size >= MAP_FIRST);
	return status;
}

static int
open_file(struct index_writer *writer, uint64_t log_size)
{
	int status = mdb_env_create(&writer->env);

	if (status == 0)
		status = mdb_env_set_maxdbs(writer->env, INDEX_TABLES);
	/* Before opening it is a wish; afterwards it maps. */
	if (status == 0)
		status = mdb_env_set_mapsize(writer->env, MAP_FIRST);
	if (status == 0)
		status = mdb_env_open(writer->env, writer->path,
		    MDB_NOSUBDIR | MDB_NOLOCK | MDB_NOSYNC, 0644);
	if (status == 0)
		status = set_map_size(writer->env, log_size);
	if (status == 0)
		status = mdb_txn_begin(writer->env, NULL, 0, &writer->txn);
	if (status == 0)
		status =
		    mdb_dbi_open(writer->txn, index_table_names[INDEX_ENTRIES],
			MDB_CREATE, &writer->entries);
	return status;
}

struct index_writer *
index_writer_new(const char *path, uint64_t log_size, GError **error)
{
	struct index_writer *writer = g_new0(struct index_writer, 1);
	int status;

	writer->path = g_strdup(path);
	for (size_t i = 0; i < G_N_ELEMENTS(sorted_tables); i++)
		writer->sorters[sorted_tables[i]] = sorter_new(SORTER_MEMORY);
	status = open_file(writer, log_size);
	if (status == 0)
		return writer;
	fail(writer, status, error);
	index_writer_free(writer);
	return NULL;
}

void
index_writer_free(struct index_writer *writer)
{
	if (writer == NULL)
		return;
	if (writer->txn != NULL)
		mdb_txn_abort(writer->txn);
	if (writer->env != NULL)
		mdb_env_close(writer->env);
	for (int i = 0; i < INDEX_TABLES; i++)
		sorter_free(writer->sorters[i]);
	g_free(writer->path);
	g_free(writer);
}

static int
append(MDB_txn *txn, MDB_dbi dbi, struct span key, struct span value)
{
	MDB_val k = { key.n, (void *)(uintptr_t)key.p };
	MDB_val v = { value.n, (void *)(uintptr_t)value.p };

	return mdb_put(txn, dbi, &k, &v, MDB_APPEND);
}

/* A topic and a number. */
static bool
add_topic(struct index_writer *writer, int table, struct span topic,
    uint64_t number, GError **error)
{
	uint8_t key[STORE_NAME_MAX + 8];

	g_assert(topic.n <= STORE_NAME_MAX);
	memcpy(key, topic.p, topic.n);
	lmdb_file_put64(key + topic.n, number);
	return sorter_add(
	    writer->sorters[table], (struct span){ key, topic.n + 8 }, error);
}

bool
index_writer_add(struct index_writer *writer, const struct index_entry *entry,
    GError **error)
{
	uint8_t key[8], value[INDEX_RECORD_SIZE];
	uint64_t number = writer->n++;
	int status;

	lmdb_file_put64(key, number);
	lmdb_file_put64(value, entry->offset);
	for (int i = 0; i < 4; i++)
		value[8 + i] = (uint8_t)(entry->length >> (24 - 8 * i));
	memcpy(value + 12, entry->leaf_hash, 32);
	status = append(writer->txn, writer->entries,
	    (struct span){ key, sizeof(key) },
	    (struct span){ value, sizeof(value) });
	if (status != 0)
		return fail(writer, status, error);
	return entry->reversed_name.n == 0 ||
	    add_topic(writer, INDEX_NAMES, entry->reversed_name, number, error);
}

bool
index_writer_add_about(struct index_writer *writer,
    const struct index_about *about, GError **error)
{
	uint8_t of[8];

	lmdb_file_put64(of, about->of);
	writer->topics = true;
	return add_topic(writer, INDEX_ABOUT, (struct span){ of, sizeof(of) },
	    about->number, error);
}

bool
index_writer_add_key(
    struct index_writer *writer, const struct index_key *key, GError **error)
{
	writer->topics = true;
	return add_topic(writer, INDEX_KEYS, (struct span){ key->key, 32 },
	    key->number, error);
}

/* The keys in ascending order.  A log without topics, as all were once, keeps
 * its index as it was. */
static int
append_meta(struct index_writer *writer, MDB_dbi dbi, const uint8_t root[32])
{
	const struct span format =
	    writer->topics ? SPAN(INDEX_FORMAT_TOPICS) : SPAN(INDEX_FORMAT);
	uint8_t names[8], size[8];
	const struct span keys[] = { SPAN("format"), SPAN("names"),
		SPAN("root"), SPAN("size") };
	const struct span values[] = { format, { names, 8 }, { root, 32 },
		{ size, 8 } };
	int status = 0;

	lmdb_file_put64(names, writer->n_names);
	lmdb_file_put64(size, writer->n);
	for (size_t i = 0; i < G_N_ELEMENTS(keys) && status == 0; i++)
		status = append(writer->txn, dbi, keys[i], values[i]);
	return status;
}

/* How many names there are is known when they were written; the record has
 * its size already, and is written over in its place. */
static int
correct_names(struct index_writer *writer, MDB_dbi dbi)
{
	struct span name = SPAN("names");
	uint8_t names[8];
	MDB_val key = { name.n, (void *)(uintptr_t)name.p };
	MDB_val value = { sizeof(names), names };

	lmdb_file_put64(names, writer->n_names);
	return mdb_put(writer->txn, dbi, &key, &value, 0);
}

static bool
append_sorted(
    struct index_writer *writer, int table, MDB_dbi dbi, GError **error)
{
	uint8_t last[STORE_NAME_MAX];
	struct span key, before = { last, 0 };
	int got, status;

	while ((got = sorter_next(writer->sorters[table], &key, error)) > 0) {
		struct span topic = span_sub(key, 0, key.n - 8);

		status =
		    append(writer->txn, dbi, key, (struct span){ NULL, 0 });
		if (status != 0)
			return fail(writer, status, error);
		if (table != INDEX_NAMES || span_equal(topic, before))
			continue;
		memcpy(last, topic.p, topic.n);
		before.n = topic.n;
		writer->n_names++;
	}
	return got == 0;
}

static int
open_table(struct index_writer *writer, int table, MDB_dbi *dbi_out)
{
	return mdb_dbi_open(
	    writer->txn, index_table_names[table], MDB_CREATE, dbi_out);
}

/* All tables but that of the entries. */
static bool
write_tables(
    struct index_writer *writer, const uint8_t root[32], GError **error)
{
	size_t n = writer->topics ? G_N_ELEMENTS(sorted_tables) : 1;
	MDB_dbi meta, dbi;
	int status = open_table(writer, INDEX_META, &meta);

	if (status == 0)
		status = append_meta(writer, meta, root);
	for (size_t i = 0; i < n && status == 0; i++) {
		status = open_table(writer, sorted_tables[i], &dbi);
		if (status == 0 &&
		    !append_sorted(writer, sorted_tables[i], dbi, error))
			return false;
		g_clear_pointer(
		    &writer->sorters[sorted_tables[i]], sorter_free);
	}
	if (status == 0)
		status = correct_names(writer, meta);
	return status == 0 || fail(writer, status, error);
}

static bool
commit(struct index_writer *writer, GError **error)
{
	int status = mdb_txn_commit(writer->txn);

	writer->txn = NULL;
	g_clear_pointer(&writer->env, mdb_env_close);
	return status == 0 ? lmdb_file_trim(writer->path, error)
			   : fail(writer, status, error);
}

bool
index_writer_close(
    struct index_writer *writer, const uint8_t root[32], GError **error)
{
	bool ok = write_tables(writer, root, error) && commit(writer, error);

	index_writer_free(writer);
	return ok;
}

static bool
add_all(struct index_writer *writer, const struct index_table *table,
    GError **error)
{
	bool ok = true;

	for (uint64_t i = 0; i < table->n && ok; i++)
		ok = index_writer_add(writer, &table->entries[i], error);
	for (uint64_t i = 0; i < table->n_about && ok; i++)
		ok = index_writer_add_about(writer, &table->about[i], error);
	for (uint64_t i = 0; i < table->n_keys && ok; i++)
		ok = index_writer_add_key(writer, &table->keys[i], error);
	return ok;
}

bool
index_build(const char *path, const struct index_table *table, GError **error)
{
	/* The shortest line of a log has more octets. */
	struct index_writer *writer = index_writer_new(path,
	    (table->n * 32 + (table->n_about + table->n_keys) * 4), error);

	if (writer == NULL)
		return false;
	if (add_all(writer, table, error))
		return index_writer_close(writer, table->root, error);
	index_writer_free(writer);
	return false;
}
