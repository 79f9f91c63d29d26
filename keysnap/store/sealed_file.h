/*
 * sealed_file.h - private copies of files, in memory, that nobody can change
 * any more.
 */
#ifndef KEYSNAP_STORE_SEALED_FILE_H
#define KEYSNAP_STORE_SEALED_FILE_H

#include "keysnap/base/crypto.h"

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

/* SHA-256 of the whole file behind "fd", read from its start. */
bool sealed_file_digest(int fd, const char *path, const struct crypto *crypto,
    uint8_t sha256_out[32], GError **error);

/* A sealed copy of the file behind "fd", of "max" octets at most, or -1: a
 * STORE_ERROR_INTEGRITY error when its digest is not "sha256".  What was
 * hashed is what the copy holds. */
int sealed_file_copy(int fd, const char *path, int64_t max,
    const struct crypto *crypto, const uint8_t sha256[32], GError **error);

#endif
