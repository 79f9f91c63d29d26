/*
 * freeze_rebuild.c - keys.mdb anew, from a log that is checked first.
 */
#include "keysnap/store/freeze.h"

#include "keysnap/store/log_index.h"
#include "keysnap/store/sealed_file.h"
#include "keysnap/store/snapshot_folder.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static bool
fail(GError **error, const char *doing, const char *path)
{
	g_set_error(error, STORE_ERROR, STORE_ERROR_SYSTEM, "cannot %s %s: %s",
	    doing, path, g_strerror(errno));
	return false;
}

/* Build the index at "to" from the log of the folder, which must be the one of
 * the checkpoint. */
static bool
read_log(const struct snapshot_folder *folder, const char *to,
    const struct crypto *crypto, GError **error)
{
	g_autofree char *path = snapshot_folder_path(folder, "log.jsonl");
	int fd = snapshot_folder_open_file(folder, "log.jsonl", error);
	struct log_index *log;
	bool fits;

	if (fd < 0)
		return false;
	log = log_index_read(fd, path, to, crypto, error);
	close(fd);
	if (log == NULL)
		return false;
	fits = log->facts.n == folder->checkpoint.size &&
	    memcmp(log->facts.root, folder->checkpoint.root, 32) == 0;
	log_index_free(log);
	if (!fits)
		g_set_error(error, STORE_ERROR, STORE_ERROR_INTEGRITY,
		    "%s does not give the root of the checkpoint", path);
	return fits;
}

/* Is the new file, at "path", the one that MANIFEST names?  Only then may it
 * take the place of the snapshot's own. */
static bool
fits_manifest(const struct snapshot_folder *folder, int fd, const char *path,
    const struct crypto *crypto, GError **error)
{
	const struct manifest_file *file =
	    manifest_get(&folder->manifest, "keys.mdb");
	uint8_t sha256[32];

	if (!sealed_file_digest(fd, path, crypto, sha256, error))
		return false;
	if (memcmp(sha256, file->sha256, 32) == 0)
		return true;
	g_set_error(error, STORE_ERROR, STORE_ERROR_INTEGRITY,
	    "the index made anew is not the one that MANIFEST of %s names "
	    "(another version of LMDB, perhaps); the snapshot is left as it "
	    "is; write the index to a file of its own instead",
	    folder->path);
	return false;
}

/* Give the finished file "from" the name "to". */
static bool
place(int fd, const char *from, const char *to, bool replace, GError **error)
{
	if (fchmod(fd, 0444) != 0 || fsync(fd) != 0)
		return fail(error, "sync", from);
	return renameat2(AT_FDCWD, from, AT_FDCWD, to,
		   replace ? 0 : RENAME_NOREPLACE) == 0 ||
	    fail(error, "write", to);
}

static bool
build(const struct snapshot_folder *folder, const char *output,
    const struct crypto *crypto, GError **error)
{
	g_autofree char *own = snapshot_folder_path(folder, "keys.mdb");
	const char *to = output != NULL ? output : own;
	g_autofree char *from = g_strconcat(to, ".tmp-XXXXXX", NULL);
	int fd = g_mkstemp_full(from, O_RDWR | O_CLOEXEC, 0644);
	bool ok;

	if (fd < 0)
		return fail(error, "make a file beside", to);
	ok = read_log(folder, from, crypto, error) &&
	    (output != NULL ||
		fits_manifest(folder, fd, from, crypto, error)) &&
	    place(fd, from, to, output == NULL, error);
	if (!ok)
		unlink(from);
	close(fd);
	return ok;
}

static bool
rebuild(struct snapshot_folder *folder, const char *path, const char *output,
    const struct crypto *crypto, GError **error)
{
	return snapshot_folder_open(folder, path, error) &&
	    snapshot_folder_read_checkpoint(folder, crypto, error) &&
	    snapshot_folder_check_signatures(folder, crypto, NULL, error) &&
	    snapshot_folder_read_manifest(folder, crypto, error) &&
	    build(folder, output, crypto, error);
}

bool
freeze_rebuild(const char *folder, const char *output,
    const struct crypto *crypto, GError **error)
{
	struct snapshot_folder opened;
	bool ok = rebuild(&opened, folder, output, crypto, error);

	snapshot_folder_clear(&opened);
	return ok;
}
