/*
 * file.h - files of ours: bounded reading, writing that survives a crash.
 *
 * Errors are GError with the path in the text and the domain G_FILE_ERROR.
 */
#ifndef KEYSNAP_BASE_FILE_H
#define KEYSNAP_BASE_FILE_H

#include "keysnap/base/span.h"

#include <glib.h>

/* The whole file "path" (a regular file), at most "max" octets; NULL on
 * error, also when it is larger. */
GBytes *file_read(const char *path, size_t max, GError **error);

/* Read exactly "n" octets at "offset" of "fd"; false with errno text and
 * "path" in the error, also when the file ends before. */
bool file_read_at(int fd, const char *path, uint8_t *out, size_t n,
    int64_t offset, GError **error);

/* Write all of "span" to "fd". */
bool file_write_all(int fd, const char *path, struct span span,
    GError **error);

/* Write "path" anew: a temporary file beside it, fsync, rename, fsync of the
 * folder.  Refuses to replace an existing file unless "replace". */
bool file_write(const char *path, struct span contents, bool replace,
    GError **error);

/* A new empty file without a name, for what does not fit into memory, in
 * /var/tmp or, without that, in /tmp; -1 with "error". */
int file_temporary(GError **error);

/* fsync a folder, so that names in it last. */
bool file_sync_folder(const char *path, GError **error);

/* Does anything (a dangling link too) lie at "path"? */
bool file_exists(const char *path);

#endif
