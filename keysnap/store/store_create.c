/*
 * store_create.c - making a store: under a temporary name first, so that a
 * file called "path" is always a whole store.
 */
#include "keysnap/store/store_private.h"

#include "keysnap/base/file.h"
#include "keysnap/store/entry.h"
#include "keysnap/store/note.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <stdio.h>
#include <unistd.h>

static bool
add_first_entry(struct store *store, GError **error)
{
	GString *line = g_string_new(NULL);
	struct entry_store entry = { span_from_string(store->origin) };
	uint64_t index;
	bool ok;

	entry_write_store(line, &entry);
	ok = store_add(store,
	    (struct span){ (const uint8_t *)line->str, line->len },
	    (struct span){ NULL, 0 }, &index, error);
	g_string_free(line, TRUE);
	return ok;
}

/* Fill the empty file of "store" in one transaction. */
static bool
fill_new(struct store *store, GError **error)
{
	int status = store_open_env(store, store->path, MDB_NOLOCK, 0);

	if (status == 0)
		status = mdb_txn_begin(store->env, NULL, 0, &store->txn);
	if (status == 0)
		status = store_open_tables(store, store->txn, MDB_CREATE);
	if (status != 0)
		return store_fail(store, error, "cannot write", status);
	return store_put(store, TABLE_META, SPAN("format"), SPAN(STORE_FORMAT),
		   0, error) &&
	    store_put(store, TABLE_META, SPAN("origin"),
		span_from_string(store->origin), 0, error) &&
	    add_first_entry(store, error) && store_commit(store, error);
}

/* Give the whole file its name, unless that is taken. */
static bool
place(const char *from, const char *path, GError **error)
{
	g_autofree char *folder = g_path_get_dirname(path);
	int status =
	    renameat2(AT_FDCWD, from, AT_FDCWD, path, RENAME_NOREPLACE);

	/* File systems without this flag have, at least, link(). */
	if (status != 0 && (errno == EINVAL || errno == ENOSYS)) {
		status = link(from, path);
		if (status == 0)
			unlink(from);
	}
	if (status == 0)
		return file_sync_folder(folder, error);
	g_set_error(error, STORE_ERROR,
	    errno == EEXIST ? STORE_ERROR_EXISTS : STORE_ERROR_SYSTEM,
	    "cannot make %s: %s", path, g_strerror(errno));
	return false;
}

bool
store_create(const char *path, const char *origin, const struct crypto *crypto,
    GError **error)
{
	g_autofree char *from = g_strconcat(path, ".XXXXXX", NULL);
	struct store *store;
	bool ok;
	int fd;

	if (!note_name_is_valid(span_from_string(origin))) {
		g_set_error(error, STORE_ERROR, STORE_ERROR_INTEGRITY,
		    "the origin \"%s\" has white space, \"+\" or another "
		    "octet that a name may not have",
		    origin);
		return false;
	}
	if (file_exists(path)) {
		g_set_error(error, STORE_ERROR, STORE_ERROR_EXISTS,
		    "%s exists already; a store is never replaced", path);
		return false;
	}
	fd = g_mkstemp_full(from, O_RDWR | O_CLOEXEC, 0644);
	if (fd < 0)
		return lmdb_file_fail(error, "cannot make", path, errno);
	close(fd);
	store = store_new(from, true, crypto);
	store->origin = g_strdup(origin);
	ok = fill_new(store, error);
	store_close(store);
	ok = ok && place(from, path, error);
	if (!ok)
		unlink(from);
	return ok;
}
