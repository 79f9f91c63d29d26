/*
 * file.c - files of ours: bounded reading, writing that survives a crash.
 */
#include "keysnap/base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#define READ_FIRST (64 * 1024) /* first size of the buffer; it doubles */

/* "what path: reason of errno"; always false. */
static bool
fail(GError **error, const char *what, const char *path)
{
	int saved = errno;

	g_set_error(error, G_FILE_ERROR, (gint)g_file_error_from_errno(saved),
	    "%s %s: %s", what, path, g_strerror(saved));
	return false;
}

/* O_NONBLOCK: a FIFO in place of the file must not hold us up. */
static int
open_regular(const char *path, GError **error)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	struct stat st;

	if (fd < 0) {
		fail(error, "cannot open", path);
		return -1;
	}
	if (fstat(fd, &st) == 0 && S_ISREG(st.st_mode))
		return fd;
	g_set_error(error, G_FILE_ERROR, G_FILE_ERROR_INVAL,
	    "%s is not a regular file", path);
	close(fd);
	return -1;
}

/* Read to the end of "fd"; one octet over "max" is enough to stop. */
static bool
read_all(int fd, GByteArray *into, const char *path, size_t max, GError **error)
{
	size_t n = 0, limit = max < G_MAXUINT - 1 ? max + 1 : G_MAXUINT;
	ssize_t got;

	do {
		size_t room = n == 0 ? READ_FIRST : 2 * n;

		g_byte_array_set_size(into, (guint)MIN(room, limit));
		got = read(fd, into->data + n, into->len - n);
		if (got > 0)
			n += (size_t)got;
	} while ((got > 0 && n < limit) || (got < 0 && errno == EINTR));
	g_byte_array_set_size(into, (guint)n);
	if (got < 0)
		return fail(error, "cannot read", path);
	if (n == limit) {
		g_set_error(error, G_FILE_ERROR, G_FILE_ERROR_INVAL,
		    "%s is larger than the limit of %zu octets", path, max);
		return false;
	}
	return true;
}

GBytes *
file_read(const char *path, size_t max, GError **error)
{
	int fd = open_regular(path, error);
	GByteArray *contents;
	bool ok;

	if (fd < 0)
		return NULL;
	contents = g_byte_array_new();
	ok = read_all(fd, contents, path, max, error);
	close(fd);
	if (ok)
		return g_byte_array_free_to_bytes(contents);
	g_byte_array_unref(contents);
	return NULL;
}

bool
file_read_at(int fd, const char *path, uint8_t *out, size_t n, int64_t offset,
    GError **error)
{
	while (n > 0) {
		ssize_t got = pread(fd, out, n, offset);

		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return fail(error, "cannot read", path);
		if (got == 0) {
			g_set_error(error, G_FILE_ERROR, G_FILE_ERROR_IO,
			    "%s ends at offset %" G_GINT64_FORMAT
			    ", before %zu octets more",
			    path, offset, n);
			return false;
		}
		out += got;
		n -= (size_t)got;
		offset += got;
	}
	return true;
}

bool
file_write_all(int fd, const char *path, struct span span, GError **error)
{
	while (span.n > 0) {
		ssize_t put = write(fd, span.p, span.n);

		if (put < 0 && errno == EINTR)
			continue;
		if (put < 0)
			return fail(error, "cannot write", path);
		span = span_from(span, (size_t)put);
	}
	return true;
}

/* Give the finished file its name. */
static bool
put_in_place(const char *from, const char *path, bool replace, GError **error)
{
	if (replace) {
		if (rename(from, path) == 0)
			return true;
		return fail(error, "cannot write", path);
	}
	if (renameat2(AT_FDCWD, from, AT_FDCWD, path, RENAME_NOREPLACE) == 0)
		return true;
	/* File systems without this flag have, at least, link(). */
	if ((errno == EINVAL || errno == ENOSYS) && link(from, path) == 0) {
		unlink(from);
		return true;
	}
	return fail(error, "cannot write", path);
}

static bool
fill_and_place(int fd, const char *from, const char *path, struct span contents,
    bool replace, GError **error)
{
	if (!file_write_all(fd, from, contents, error)) {
		close(fd);
		return false;
	}
	if (fsync(fd) != 0) {
		fail(error, "cannot sync", from);
		close(fd);
		return false;
	}
	if (close(fd) != 0)
		return fail(error, "cannot close", from);
	return put_in_place(from, path, replace, error);
}

bool
file_write(const char *path, struct span contents, bool replace, GError **error)
{
	g_autofree char *from = g_strconcat(path, ".XXXXXX", NULL);
	g_autofree char *folder = g_path_get_dirname(path);
	int fd = g_mkstemp_full(from, O_WRONLY | O_CLOEXEC, 0666);

	if (fd < 0)
		return fail(error, "cannot create a file beside", path);
	if (!fill_and_place(fd, from, path, contents, replace, error)) {
		unlink(from);
		return false;
	}
	return file_sync_folder(folder, error);
}

int
file_temporary(GError **error)
{
	static const char *const folders[] = { "/var/tmp", "/tmp" };

	for (size_t i = 0; i < G_N_ELEMENTS(folders); i++) {
		g_autofree char *path =
		    g_build_filename(folders[i], "keysnap.XXXXXX", NULL);
		int fd = open(folders[i], O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);

		/* Not every file system knows files without a name. */
		if (fd < 0) {
			fd = mkostemp(path, O_CLOEXEC);
			if (fd >= 0)
				unlink(path);
		}
		if (fd >= 0)
			return fd;
	}
	fail(error, "cannot make a temporary file in", "/var/tmp");
	return -1;
}

bool
file_sync_folder(const char *path, GError **error)
{
	int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	bool ok;

	if (fd < 0)
		return fail(error, "cannot open", path);
	ok = fsync(fd) == 0 || fail(error, "cannot sync", path);
	close(fd);
	return ok;
}

bool
file_exists(const char *path)
{
	struct stat st;

	return lstat(path, &st) == 0;
}
