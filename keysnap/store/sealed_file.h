/*
 * sealed_file.h - private copies of files, in memory, that nobody can change
 * any more.
 */
#ifndef KEYSNAP_STORE_SEALED_FILE_H
#define KEYSNAP_STORE_SEALED_FILE_H

#include "keysnap/base/crypto.h"

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

/* A new empty file without a name that is to hold about "size" octets: in
 * memory, or, when that is short or the kernel has no memory files, on disk
 * (file_temporary()); -1 with "error" set. */
int sealed_file_new(uint64_t size, GError **error);

/* The name by which this process can open "fd" again, g_free(). */
char *sealed_file_path(int fd);

/* Nobody can change "fd" any more, when it is in memory; on disk it has no
 * name. */
void sealed_file_seal(int fd);

/* SHA-256 of the whole file behind "fd", read from its start; and, unless
 * "pieces" is NULL, of its pieces of "piece" octets, appended there. */
bool sealed_file_digest(int fd, const char *path, const struct crypto *crypto,
    uint8_t sha256_out[32], GError **error);
bool sealed_file_digests(int fd, const char *path, const struct crypto *crypto,
    size_t piece, uint8_t sha256_out[32], GByteArray *pieces, GError **error);

/* A sealed copy of the file behind "fd", of "max" octets at most, or -1: a
 * STORE_ERROR_INTEGRITY error when its digest is not "sha256".  What was
 * hashed is what the copy holds. */
int sealed_file_copy(int fd, const char *path, int64_t max,
    const struct crypto *crypto, const uint8_t sha256[32], GError **error);

/* What the pieces of a file must be. */
struct sealed_pieces {
	size_t size; /* octets of each but the last, which has at least one */
	const uint8_t (*sha256)[32];
	size_t n;
};

/* The same, by the digests of its pieces: several threads hash and copy them.
 * What comes out does not depend on their number. */
int sealed_file_copy_pieces(int fd, const char *path,
    const struct sealed_pieces *pieces, const struct crypto *crypto,
    GError **error);

#endif
