/*
 * lmdb_file.h - what every use of LMDB needs: errors, and the checks that a
 * file must pass before LMDB maps it, as LMDB itself checks nearly nothing.
 */
#ifndef KEYSNAP_STORE_LMDB_FILE_H
#define KEYSNAP_STORE_LMDB_FILE_H

#include "keysnap/store/store.h"

#include <lmdb.h>

#define LMDB_FILE_PAGE 4096 /* page size of all files of ours */

/* What the meta pages of a file say. */
struct lmdb_file_meta {
	uint64_t map_size;
	uint64_t last_page;
	int newer; /* the number of the one that counts */
};

/* Set "error" to "doing PATH: reason of status"; always false. */
bool lmdb_file_fail(GError **error, const char *doing, const char *path,
    int status);

/* STORE_ERROR_INTEGRITY with "PATH: text"; always false. */
bool lmdb_file_corrupt(GError **error, const char *path, const char *text);

/*
 * Read both meta pages of the file behind "fd" by hand: magic, data version
 * 1, page size, and that the file is as long as they say.  False with "error"
 * when LMDB must not see it.  "meta_out" gives the newer one.
 */
bool lmdb_file_check(int fd, const char *path,
    struct lmdb_file_meta *meta_out, GError **error);

/* Make the file exactly as long as its pages, state that as its map size in
 * both meta pages, and sync it.  No LMDB environment has it open. */
bool lmdb_file_trim(const char *path, GError **error);

/*
 * Give back the memory of what was read of the file behind "env": the pages
 * stay in the system's cache, but are no part of this process until they are
 * read again.  Otherwise whoever reads a large file seems to take its size.
 * Does nothing where the system does not say where the map is.
 */
void lmdb_file_forget(MDB_env *env);

/* A number of LMDB's own, at no particular alignment. */
uint32_t lmdb_file_number32(const uint8_t *at);
uint64_t lmdb_file_number64(const uint8_t *at);

/* Big-endian, so that keys sort by number. */
void lmdb_file_put64(uint8_t out[8], uint64_t value);
uint64_t lmdb_file_get64(const uint8_t in[8]);

#endif
