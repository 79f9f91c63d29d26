/*
 * store.c - opening and writing the store.
 *
 * An import is one LMDB transaction, so a process that dies leaves the state
 * before it.  Each transaction starts with STORE_MAP_AHEAD of address space
 * beyond the file: that cannot run full where replaying what was added would
 * be needed, and costs neither memory nor disk (the file grows by writing, as
 * MDB_WRITEMAP is not used; a full disk is an error of the write).
 */
#include "keysnap/store/store_private.h"

#include "keysnap/store/entry.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define MAP_AHEAD_MIN (UINT64_C(64) << 20) /* where address space is scarce */
#define READERS_MAX   126                  /* LMDB's default */

static const char *const table_names[TABLES] = { "meta", "log", "names",
	"evidence", "nodes", "imports", "about", "keys" };

bool
store_fail(struct store *store, GError **error, const char *doing, int status)
{
	store->failed = true;
	return lmdb_file_fail(error, doing, store->path, status);
}

bool
store_wrote(struct store *store, GError **error, int status)
{
	if (status == MDB_MAP_FULL) {
		store->failed = true;
		g_set_error(error, STORE_ERROR, STORE_ERROR_SYSTEM,
		    "%s: one import adds more than the address space allowed "
		    "to this process holds; raise the limit (ulimit -v) or "
		    "import smaller files",
		    store->path);
		return false;
	}
	return status == 0 || store_fail(store, error, "cannot write", status);
}

static MDB_val
to_val(struct span span)
{
	return (MDB_val){ span.n, (void *)(uintptr_t)span.p };
}

bool
store_put(struct store *store, enum store_table table, struct span key,
    struct span value, unsigned flags, GError **error)
{
	MDB_val k = to_val(key), v = to_val(value);

	return store_wrote(store, error,
	    mdb_put(store->txn, store->table[table], &k, &v, flags));
}

/* Enough map for the file and one more transaction. */
static int
size_map(MDB_env *env, uint64_t used)
{
	int status = ENOMEM;

	for (uint64_t ahead = STORE_MAP_AHEAD;
	     status == ENOMEM && ahead >= MAP_AHEAD_MIN; ahead /= 2)
		status = mdb_env_set_mapsize(env, used + ahead);
	return status;
}

int
store_open_env(
    struct store *store, const char *path, unsigned flags, uint64_t used)
{
	int status = mdb_env_create(&store->env);

	if (status == 0)
		status = mdb_env_set_maxdbs(store->env, TABLES + 1);
	if (status == 0)
		status = mdb_env_set_maxreaders(store->env, READERS_MAX);
	if (status == 0 && (flags & MDB_RDONLY) == 0)
		status = mdb_env_set_mapsize(store->env, used + MAP_AHEAD_MIN);
	if (status == 0)
		status = mdb_env_open(
		    store->env, path, MDB_NOSUBDIR | MDB_NOTLS | flags, 0644);
	return status;
}

int
store_open_tables(struct store *store, MDB_txn *txn, unsigned flags)
{
	int status = 0;

	for (int i = 0; i < TABLES_PLAIN && status == 0; i++)
		status =
		    mdb_dbi_open(txn, table_names[i], flags, &store->table[i]);
	return status;
}

static int
open_topics(struct store *store, MDB_txn *txn, unsigned flags)
{
	int status = 0;

	for (int i = TABLES_PLAIN; i < TABLES && status == 0; i++)
		status =
		    mdb_dbi_open(txn, table_names[i], flags, &store->table[i]);
	store->topics = status == 0;
	return status;
}

int
store_open_topics(struct store *store, MDB_txn *txn)
{
	struct span format;
	int status;

	if (store->topics)
		return 0;
	status =
	    store_table_get(store, txn, TABLE_META, SPAN("format"), &format);
	return status == 0 && span_equal(format, SPAN(STORE_FORMAT_TOPICS))
	    ? open_topics(store, txn, 0)
	    : status;
}

bool
store_make_topics(struct store *store, GError **error)
{
	int status;

	if (store->topics)
		return true;
	status = open_topics(store, store->txn, MDB_CREATE);
	if (status != 0)
		return store_fail(store, error, "cannot write", status);
	store->topics_new = true;
	return store_put(store, TABLE_META, SPAN("format"),
	    SPAN(STORE_FORMAT_TOPICS), 0, error);
}

struct store *
store_new(const char *path, bool writable, const struct crypto *crypto)
{
	struct store *store = g_new0(struct store, 1);

	store->path = g_strdup(path);
	store->writable = writable;
	store->crypto = crypto;
	store->source = ENTRY_NONE;
	store->scratch = arena_new();
	store->adding = arena_new();
	store->leaf = g_string_new(NULL);
	merkle_init(&store->merkle, crypto);
	return store;
}

void
store_close(struct store *store)
{
	if (store == NULL)
		return;
	store_abort(store);
	if (store->env != NULL)
		mdb_env_close(store->env);
	merkle_clear(&store->merkle);
	arena_free(store->scratch);
	arena_free(store->adding);
	g_string_free(store->leaf, TRUE);
	g_free(store->path);
	g_free(store->origin);
	g_free(store);
}

/* The tree as of "txn", compared with the root that was kept. */
static bool
load_tree(struct store *store, MDB_txn *txn, GError **error)
{
	uint8_t root[32];
	struct span kept;
	MDB_stat stat;
	int status = mdb_stat(txn, store->table[TABLE_LOG], &stat);

	if (status != 0)
		return store_fail(store, error, "cannot read", status);
	if (stat.ms_entries == 0 ||
	    !store_load_nodes(store, txn, &store->merkle, stat.ms_entries) ||
	    store_table_get(store, txn, TABLE_META, SPAN("root"), &kept) != 0)
		return lmdb_file_corrupt(
		    error, store->path, "the store's tree is damaged");
	merkle_root(&store->merkle, root);
	if (!span_equal(kept, (struct span){ root, sizeof(root) }))
		return lmdb_file_corrupt(error, store->path,
		    "the store's tree does not give the root kept");
	return true;
}

static bool
load(struct store *store, MDB_txn *txn, GError **error)
{
	struct span format, origin;
	int status = store_open_tables(store, txn, 0);

	if (status != 0 && status != MDB_NOTFOUND)
		return store_fail(store, error, "cannot read", status);
	if (status == MDB_NOTFOUND ||
	    store_table_get(store, txn, TABLE_META, SPAN("format"), &format) !=
		0 ||
	    store_table_get(store, txn, TABLE_META, SPAN("origin"), &origin) !=
		0)
		return lmdb_file_corrupt(error, store->path,
		    "an LMDB file, but not a store; make one with \"keysnap "
		    "init\"");
	if (!span_equal(format, SPAN(STORE_FORMAT)) &&
	    !span_equal(format, SPAN(STORE_FORMAT_TOPICS)))
		return lmdb_file_corrupt(error, store->path,
		    "a store of another version than " STORE_FORMAT
		    " and " STORE_FORMAT_TOPICS);
	status = store_open_topics(store, txn);
	if (status != 0)
		return store_fail(store, error, "cannot read", status);
	store->origin = span_dup(origin);
	return load_tree(store, txn, error);
}

/* Check the file by hand; *used_out is what its pages take. */
static bool
check_file(const char *path, uint64_t *used_out, GError **error)
{
	struct lmdb_file_meta meta;
	struct stat st;
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	bool ok;

	if (fd < 0)
		return lmdb_file_fail(error, "cannot open", path, errno);
	if (fstat(fd, &st) == 0 && S_ISDIR(st.st_mode)) {
		close(fd);
		return lmdb_file_corrupt(error, path,
		    "a folder, not a store; snapshots are never changed");
	}
	ok = lmdb_file_check(fd, path, &meta, error);
	close(fd);
	*used_out = (meta.last_page + 1) * LMDB_FILE_PAGE;
	return ok;
}

struct store *
store_open(const char *path, bool writable, const struct crypto *crypto,
    GError **error)
{
	struct store *store;
	MDB_txn *txn = NULL;
	uint64_t used = 0;
	int status;
	bool ok = false;

	if (!check_file(path, &used, error))
		return NULL;
	store = store_new(path, writable, crypto);
	status = store_open_env(store, path, writable ? 0 : MDB_RDONLY, used);
	if (status != 0)
		store_fail(store, error, "cannot open", status);
	else if (store_read_begin(store, &txn, error))
		ok = load(store, txn, error);
	/* Committed, as only then the table handles stay open. */
	if (ok && (status = mdb_txn_commit(txn)) != 0)
		ok = store_fail(store, error, "cannot open", status);
	else if (!ok && txn != NULL)
		mdb_txn_abort(txn);
	store->failed = false;
	if (ok)
		return store;
	store_close(store);
	return NULL;
}

const char *
store_origin(const struct store *store)
{
	return store->origin;
}

uint64_t
store_size(const struct store *store)
{
	return store->merkle.size;
}

void
store_root(struct store *store, uint8_t root_out[32])
{
	merkle_root(&store->merkle, root_out);
}

/* Handles that a transaction opened end with it, unless it is committed. */
static void
forget_topics(struct store *store)
{
	store->topics = store->topics && !store->topics_new;
	store->topics_new = false;
	store->source = ENTRY_NONE;
}

/* Back to what is committed; should that fail, the next begin says so. */
static void
reload(struct store *store)
{
	MDB_txn *txn;

	forget_topics(store);
	if (store_read_begin(store, &txn, NULL)) {
		load_tree(store, txn, NULL);
		store_read_end(store, txn);
	}
	store->failed = false;
}

bool
store_begin(struct store *store, GError **error)
{
	MDB_envinfo info;
	int status;

	g_assert(store->writable && store->txn == NULL);
	store->failed = false;
	mdb_env_info(store->env, &info);
	status = size_map(store->env, (info.me_last_pgno + 1) * LMDB_FILE_PAGE);
	if (status == 0)
		status = mdb_txn_begin(store->env, NULL, 0, &store->txn);
	if (status == MDB_MAP_RESIZED) {
		/* Another process has added more than our map shows. */
		mdb_env_set_mapsize(store->env, 0);
		status = mdb_txn_begin(store->env, NULL, 0, &store->txn);
	}
	if (status != 0) {
		store->txn = NULL;
		return store_fail(store, error, "cannot write", status);
	}
	store->topics_new = !store->topics;
	status = store_open_topics(store, store->txn);
	store->topics_new = store->topics_new && store->topics;
	if (status != 0)
		store_fail(store, error, "cannot read", status);
	else if (load_tree(store, store->txn, error))
		return true;
	store_abort(store);
	return false;
}

void
store_abort(struct store *store)
{
	if (store->txn == NULL)
		return;
	store_add_end(store);
	mdb_txn_abort(store->txn);
	store->txn = NULL;
	reload(store);
}

bool
store_add_evidence(struct store *store, const uint8_t sha256[32],
    struct span octets, GError **error)
{
	g_assert(store->txn != NULL && !store->failed);
	return store_put(store, TABLE_EVIDENCE, (struct span){ sha256, 32 },
	    octets, 0, error);
}

bool
store_note_import(
    struct store *store, const uint8_t id[32], uint64_t source, GError **error)
{
	uint8_t value[8];

	g_assert(store->txn != NULL && !store->failed);
	lmdb_file_put64(value, source);
	return store_put(store, TABLE_IMPORTS, (struct span){ id, 32 },
	    (struct span){ value, sizeof(value) }, 0, error);
}

bool
store_commit(struct store *store, GError **error)
{
	uint8_t root[32];
	int status;

	g_assert(store->txn != NULL && !store->failed);
	merkle_root(&store->merkle, root);
	if (!store_put_names(store, error) ||
	    !store_put(store, TABLE_META, SPAN("root"),
		(struct span){ root, sizeof(root) }, 0, error)) {
		store_abort(store);
		return false;
	}
	store_add_end(store);
	status = mdb_txn_commit(store->txn);
	store->txn = NULL;
	if (status == 0) {
		store->topics_new = false;
		return true;
	}
	store_fail(store, error, "cannot write", status);
	reload(store);
	return false;
}
