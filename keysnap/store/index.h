/*
 * index.h - keys.mdb: the derived index of a snapshot.
 *
 * An LMDB file (data version 1, 64-bit little-endian), made in one sorted
 * pass with MDB_APPEND, so that the same log gives the same file with the
 * same library.  Databases:
 *   meta     "format" -> "keysnap-index 1", "size" -> entries and
 *            "names" -> distinct names, 8 octets big-endian each, "root" ->
 *            32 octets
 *   entries  index, 8 octets big-endian -> offset of the line in log.jsonl
 *            (8, big-endian), length of the leaf (4, big-endian), leaf hash
 *   names    reversed name || index -> nothing
 * and, in "keysnap-index 2", which is written only when one of them has an
 * entry, by the topics of entry.h:
 *   about    entry concerned || index -> nothing, 8 octets big-endian each
 *   keys     SHA-256 of a key || index -> nothing
 * It holds no copies of the log; it is for speed and never authoritative.
 */
#ifndef KEYSNAP_STORE_INDEX_H
#define KEYSNAP_STORE_INDEX_H

#include "keysnap/base/arena.h"
#include "keysnap/base/crypto.h"
#include "keysnap/store/sealed_file.h"

struct index;

#define INDEX_FILE_MAX (INT64_C(64) << 30) /* octets; 10 million entries take
					      about 2 GiB */

/* What a log line gives to the index. */
struct index_entry {
	uint64_t offset;
	uint32_t length;
	uint8_t leaf_hash[32];
	struct span reversed_name; /* empty: under no name */
};

/* An entry that is about another one, or about a key. */
struct index_about {
	uint64_t of, number;
};
struct index_key {
	uint8_t key[32];
	uint64_t number;
};

/* The index in memory. */
struct index_table {
	struct index_entry *entries; /* by number */
	uint64_t n;
	uint64_t *by_name; /* numbers of those with a name, ordered by
			      reversed name, then number */
	uint64_t n_by_name;
	uint64_t n_names; /* distinct */
	struct index_about *about; /* in order of "of", then number */
	uint64_t n_about;
	struct index_key *keys; /* in order of the key, then number */
	uint64_t n_keys;
	uint8_t root[32];
};

/* Make "by_name" from "entries", and sort "about" and "keys". */
void index_table_sort(struct index_table *table);

/* Free the arrays, not the names. */
void index_table_clear(struct index_table *table);

/* Where the entries of a reversed name begin in "by_name"; *n_out is how many
 * there are. */
uint64_t index_table_find(const struct index_table *table,
    struct span reversed_name, uint64_t *n_out);

/* The same in "about" and in "keys". */
uint64_t index_table_find_about(const struct index_table *table, uint64_t of,
    uint64_t *n_out);
uint64_t index_table_find_key(const struct index_table *table,
    const uint8_t key[32], uint64_t *n_out);

/*
 * Writing a new file at "path", which does not exist or is empty, entry by
 * entry: memory is bounded, whatever their number (512 MiB for pages, and
 * SORTER_MEMORY of index_build.c for each table).  "log_size", octets of the
 * log, bounds what the file can take.  NULL or false with "error"; then
 * nothing more can be added.
 */
struct index_writer;
struct index_writer *index_writer_new(const char *path, uint64_t log_size,
    GError **error);
bool index_writer_add(struct index_writer *writer,
    const struct index_entry *entry, GError **error);
bool index_writer_add_about(struct index_writer *writer,
    const struct index_about *about, GError **error);
bool index_writer_add_key(struct index_writer *writer,
    const struct index_key *key, GError **error);

/* Finish the file, left synced, its map size that of the file, and free the
 * writer, whatever is returned; index_writer_free() instead gives it up. */
bool index_writer_close(struct index_writer *writer, const uint8_t root[32],
    GError **error);
void index_writer_free(struct index_writer *writer);

/* The same of a table in memory. */
bool index_build(const char *path, const struct index_table *table,
    GError **error);

/*
 * Copy the file behind "fd" into a sealed memory file while hashing it, and
 * open it only when the digest is "sha256", or the digests of its pieces are
 * "pieces", when there are any (NULL: none), its meta pages are sound and its
 * format is known; NULL with a STORE_ERROR_INTEGRITY error otherwise.  "fd"
 * stays the caller's.  The functions below may be called by several threads.
 */
struct index *index_open(int fd, const char *path,
    const struct crypto *crypto, const uint8_t sha256[32],
    const struct sealed_pieces *pieces, GError **error);
void index_close(struct index *index);

/* The same of a private file that this process has just built. */
struct index *index_open_own(int fd, const char *path, GError **error);

uint64_t index_size(const struct index *index);
uint64_t index_names(const struct index *index);

/* Is any entry about another one, or about a key? */
bool index_has_topics(const struct index *index);
bool index_table_has_topics(const struct index_table *table);
void index_root(const struct index *index, uint8_t root_out[32]);

/* False when there is no such entry.  The reversed name is not set. */
bool index_get(const struct index *index, uint64_t number,
    struct index_entry *entry_out);

/* Numbers of the entries under the reversed name, ascending; false when
 * "visit" ended it or LMDB failed. */
bool index_each_of_name(const struct index *index, struct span reversed_name,
    bool (*visit)(void *user, uint64_t number), void *user);

/* The same for the entries about entry "of", and about a key. */
bool index_each_about(const struct index *index, uint64_t of,
    bool (*visit)(void *user, uint64_t number), void *user);
bool index_each_of_key(const struct index *index, const uint8_t key[32],
    bool (*visit)(void *user, uint64_t number), void *user);

/* Do both hold the same entries, names, topics and root? */
bool index_equals(const struct index *index, const struct index *other);

#endif
