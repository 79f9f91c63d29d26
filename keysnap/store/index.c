/*
 * index.c - reading keys.mdb.
 *
 * LMDB 0.9 trusts its file: a wrong octet is a signal, not an error.  So it
 * gets a sealed copy of octets that were hashed, after its pages were checked
 * by hand, and never the file itself.  Each call has a transaction of
 * its own, which with MDB_NOLOCK is an allocation and nothing else.
 */
#include "keysnap/store/index.h"

#include "keysnap/store/index_format.h"
#include "keysnap/store/lmdb_pages.h"
#include "keysnap/store/sealed_file.h"

#include <string.h>
#include <unistd.h>

const char *const index_table_names[INDEX_TABLES] = { "entries", "meta",
	"names", "about", "keys" };

static int
open_env(struct index *index, const char *path, MDB_txn **txn_out)
{
	int status = mdb_env_create(&index->env);

	if (status == 0)
		status = mdb_env_set_maxdbs(index->env, INDEX_TABLES);
	if (status == 0)
		status = mdb_env_open(index->env, path,
		    MDB_NOSUBDIR | MDB_RDONLY | MDB_NOLOCK | MDB_NOTLS, 0);
	if (status == 0)
		status = mdb_txn_begin(index->env, NULL, MDB_RDONLY, txn_out);
	for (int i = 0; i < INDEX_TABLES_PLAIN && status == 0; i++)
		status = mdb_dbi_open(
		    *txn_out, index_table_names[i], 0, &index->dbi[i]);
	return status;
}

/* A value of "meta" of exactly "n" octets. */
static bool
get_meta(const struct index *index, MDB_txn *txn, struct span key, uint8_t *out,
    size_t n)
{
	MDB_val k = { key.n, (void *)(uintptr_t)key.p }, v;

	if (mdb_get(txn, index->dbi[INDEX_META], &k, &v) != 0 || v.mv_size != n)
		return false;
	memcpy(out, v.mv_data, n);
	return true;
}

/* Which format it has, and the tables of that. */
static bool
load_format(struct index *index, MDB_txn *txn)
{
	uint8_t octets[sizeof(INDEX_FORMAT) - 1];
	struct span format = { octets, sizeof(octets) };
	int status = 0;

	if (!get_meta(index, txn, SPAN("format"), octets, sizeof(octets)))
		return false;
	index->topics = span_equal(format, SPAN(INDEX_FORMAT_TOPICS));
	if (!index->topics)
		return span_equal(format, SPAN(INDEX_FORMAT));
	for (int i = INDEX_TABLES_PLAIN; i < INDEX_TABLES && status == 0; i++)
		status =
		    mdb_dbi_open(txn, index_table_names[i], 0, &index->dbi[i]);
	return status == 0;
}

static bool
load(struct index *index, MDB_txn *txn)
{
	uint8_t size[8], names[8];
	MDB_stat stat;

	if (!load_format(index, txn) ||
	    !get_meta(index, txn, SPAN("size"), size, sizeof(size)) ||
	    !get_meta(index, txn, SPAN("names"), names, sizeof(names)) ||
	    !get_meta(index, txn, SPAN("root"), index->root, 32))
		return false;
	index->size = lmdb_file_get64(size);
	index->names = lmdb_file_get64(names);
	return mdb_stat(txn, index->dbi[INDEX_ENTRIES], &stat) == 0 &&
	    stat.ms_entries == index->size;
}

/* Open the sealed copy "fd" of the file "path". */
static struct index *
open_copy(int fd, const char *path, GError **error)
{
	g_autofree char *name = sealed_file_path(fd);
	struct index *index = g_new0(struct index, 1);
	MDB_txn *txn = NULL;
	int status = open_env(index, name, &txn);
	bool ok = false;

	if (status != 0)
		lmdb_file_fail(error, "cannot open", path, status);
	else if (!load(index, txn))
		lmdb_file_corrupt(error, path,
		    "not an index of this version; make it anew with "
		    "\"keysnap rebuild\"");
	else
		ok = true;
	/* Committed, as only then the table handles stay open. */
	if (ok && (status = mdb_txn_commit(txn)) != 0)
		ok = lmdb_file_fail(error, "cannot open", path, status);
	else if (!ok && txn != NULL)
		mdb_txn_abort(txn);
	if (ok)
		return index;
	index_close(index);
	return NULL;
}

struct index *
index_open(int fd, const char *path, const struct crypto *crypto,
    const uint8_t sha256[32], const struct sealed_pieces *pieces,
    GError **error)
{
	struct index *index = NULL;
	struct lmdb_file_meta meta;
	int copy = pieces != NULL && pieces->n > 0
	    ? sealed_file_copy_pieces(fd, path, pieces, crypto, error)
	    : sealed_file_copy(fd, path, INDEX_FILE_MAX, crypto, sha256, error);

	if (copy < 0)
		return NULL;
	if (lmdb_file_check(copy, path, &meta, error) &&
	    lmdb_pages_check(copy, path, &meta, error))
		index = open_copy(copy, path, error);
	close(copy);
	return index;
}

struct index *
index_open_own(int fd, const char *path, GError **error)
{
	struct lmdb_file_meta meta;

	return lmdb_file_check(fd, path, &meta, error)
	    ? open_copy(fd, path, error)
	    : NULL;
}

void
index_close(struct index *index)
{
	if (index == NULL)
		return;
	if (index->env != NULL)
		mdb_env_close(index->env);
	g_free(index);
}

uint64_t
index_size(const struct index *index)
{
	return index->size;
}

uint64_t
index_names(const struct index *index)
{
	return index->names;
}

bool
index_has_topics(const struct index *index)
{
	return index->topics;
}

void
index_root(const struct index *index, uint8_t root_out[32])
{
	memcpy(root_out, index->root, 32);
}

/* Offset, length, leaf hash; at no particular alignment. */
static void
decode(struct index_entry *entry, const uint8_t *record)
{
	memset(entry, 0, sizeof(*entry));
	entry->offset = lmdb_file_get64(record);
	for (int i = 0; i < 4; i++)
		entry->length = entry->length << 8 | record[8 + i];
	memcpy(entry->leaf_hash, record + 12, 32);
}

bool
index_get(
    const struct index *index, uint64_t number, struct index_entry *entry_out)
{
	uint8_t key[8];
	MDB_val k = { sizeof(key), key }, v;
	MDB_txn *txn;
	bool ok;

	lmdb_file_put64(key, number);
	if (mdb_txn_begin(index->env, NULL, MDB_RDONLY, &txn) != 0)
		return false;
	ok = mdb_get(txn, index->dbi[INDEX_ENTRIES], &k, &v) == 0 &&
	    v.mv_size == INDEX_RECORD_SIZE;
	if (ok)
		decode(entry_out, v.mv_data);
	mdb_txn_abort(txn);
	return ok;
}

bool
index_walk(const struct index *index, int table, struct span from,
    bool (*take)(void *user, struct span key, bool *done_out), void *user)
{
	MDB_val k = { from.n, (void *)(uintptr_t)from.p }, v;
	MDB_cursor *cursor;
	MDB_txn *txn;
	int status;
	bool ok = true, done = false;

	if (table >= INDEX_TABLES_PLAIN && !index->topics)
		return true;
	if (mdb_txn_begin(index->env, NULL, MDB_RDONLY, &txn) != 0)
		return false;
	status = mdb_cursor_open(txn, index->dbi[table], &cursor);
	if (status != 0) {
		mdb_txn_abort(txn);
		return false;
	}
	status = mdb_cursor_get(
	    cursor, &k, &v, from.n > 0 ? MDB_SET_RANGE : MDB_FIRST);
	while (status == 0 && ok && !done) {
		ok = take(user, (struct span){ k.mv_data, k.mv_size }, &done);
		if (ok && !done)
			status = mdb_cursor_get(cursor, &k, &v, MDB_NEXT);
	}
	mdb_cursor_close(cursor);
	mdb_txn_abort(txn);
	return ok && (status == 0 || status == MDB_NOTFOUND);
}

struct of_topic {
	struct span topic;
	bool (*visit)(void *user, uint64_t number);
	void *user;
};

/* The numbers of a name sort before the names below it; the topics of the
 * other tables have one length. */
static bool
take_of_topic(void *user, struct span key, bool *done_out)
{
	struct of_topic *wanted = user;

	*done_out = key.n != wanted->topic.n + 8 ||
	    !span_starts_with(key, wanted->topic);
	return *done_out ||
	    wanted->visit(
		wanted->user, lmdb_file_get64(key.p + wanted->topic.n));
}

bool
index_each_of_name(const struct index *index, struct span reversed_name,
    bool (*visit)(void *user, uint64_t number), void *user)
{
	struct of_topic wanted = { reversed_name, visit, user };

	return index_walk(
	    index, INDEX_NAMES, reversed_name, take_of_topic, &wanted);
}

bool
index_each_about(const struct index *index, uint64_t of,
    bool (*visit)(void *user, uint64_t number), void *user)
{
	uint8_t octets[8];
	struct of_topic wanted = { { octets, sizeof(octets) }, visit, user };

	lmdb_file_put64(octets, of);
	return index_walk(
	    index, INDEX_ABOUT, wanted.topic, take_of_topic, &wanted);
}

bool
index_each_of_key(const struct index *index, const uint8_t key[32],
    bool (*visit)(void *user, uint64_t number), void *user)
{
	struct of_topic wanted = { { key, 32 }, visit, user };

	return index_walk(
	    index, INDEX_KEYS, wanted.topic, take_of_topic, &wanted);
}
