/*
 * store.h - the growing store: one LMDB file (MDB_NOSUBDIR), one writer.
 *
 * Databases inside:
 *   meta      "format" -> "keysnap-store 1", "origin" -> its text, "root" ->
 *             root of the log, 32 octets
 *   log       index, 8 octets big-endian -> the leaf
 *   names     reversed name (dns_name.h) || index -> nothing
 *   evidence  SHA-256 -> octets
 *   nodes     level, 1 octet, || number, 8 octets big-endian -> node hash of
 *             every full subtree of 64 leaves or more (64: level 6)
 *   about     in "keysnap-store 2", which a store becomes when such an entry
 *             is added: entry concerned || index, 8 octets big-endian each,
 *             -> nothing
 *   keys      the same: SHA-256 of a key || index -> nothing
 *   work      what a task that is not finished has done so far; no part of the
 *             log, and empty otherwise
 *   imports   SHA-256 over (file digest || format || observer ||
 *             observed-at || ...), as import.h defines it -> index of the
 *             source entry
 *
 * What is added between store_begin() and store_commit() is there whole or
 * not at all, whatever kills the process.  The file grows by itself: each
 * transaction starts with a map far larger than the file (STORE_MAP_AHEAD; a
 * map takes addresses, no memory and no disk), as a map cannot grow inside a
 * transaction.  Errors name the path; the domain is STORE_ERROR.
 */
#ifndef KEYSNAP_STORE_STORE_H
#define KEYSNAP_STORE_STORE_H

#include "keysnap/base/arena.h"
#include "keysnap/base/crypto.h"
#include "keysnap/store/bearing.h"
#include "keysnap/store/entry.h"

struct store;

#define STORE_MAP_AHEAD (UINT64_C(64) << 30) /* octets that one transaction
				may add; the largest imports foreseen, 10
				million observations, take about 10 GiB */
#define STORE_NAME_MAX	256 /* octets of a reversed name */

#define STORE_ERROR store_error_quark()
GQuark store_error_quark(void);
enum store_error {
	STORE_ERROR_SYSTEM,    /* exit 6 when writing, else 3 */
	STORE_ERROR_INTEGRITY, /* not a store, or damaged: exit 4 */
	STORE_ERROR_EXISTS,    /* init: something is there: exit 2 */
	STORE_ERROR_MEMORY     /* more is needed than was given: exit 2 */
};

/* Make a new store at "path", with its first entry; refuses to replace
 * anything.  "origin" is a legal note key name (note.h). */
bool store_create(const char *path, const char *origin,
    const struct crypto *crypto, GError **error);

/* Open an existing store.  Its tree is checked against the last root kept.
 * "crypto" must outlive it; one thread only.  "writable" takes the one writer's lock at store_begin(). */
struct store *store_open(const char *path, bool writable,
    const struct crypto *crypto, GError **error);
void store_close(struct store *store);

const char *store_origin(const struct store *store);

/* Entries committed (between begin and commit: and added). */
uint64_t store_size(const struct store *store);
void store_root(struct store *store, uint8_t root_out[32]);

bool store_begin(struct store *store, GError **error);

/*
 * Add an entry of any type but store, and index it under its topics.  False
 * with a STORE_ERROR_INTEGRITY error, and nothing is harmed, when it would not
 * be read back (entry_check()), its line would be too long, it builds on an
 * entry of a type that it may not build on, or it is an anchor of a state that
 * this log never had; any other error ends the transaction.
 */
bool store_append(struct store *store, const struct entry *entry,
    uint64_t *index_out, GError **error);

/* The same of a line as it stands in another log, with members and types that
 * we do not know; it must be one that entry_parse() takes as the next. */
bool store_append_line(struct store *store, struct span leaf,
    uint64_t *index_out, GError **error);

/* Add a leaf that the caller answers for, of an entry without other topics
 * than "name" (empty: not indexed). */
bool store_add(struct store *store, struct span leaf, struct span name,
    uint64_t *index_out, GError **error);
bool store_add_evidence(struct store *store, const uint8_t sha256[32],
    struct span octets, GError **error);
bool store_has_evidence(struct store *store, const uint8_t sha256[32]);
bool store_note_import(struct store *store, const uint8_t id[32],
    uint64_t source, GError **error);
bool store_commit(struct store *store, GError **error);
void store_abort(struct store *store);

/*
 * What a task of several transactions has done so far, under keys of its own
 * of at most STORE_WORK_KEY_MAX octets.  All between store_begin() and
 * store_commit(); lost with an abort.  store_work_get() copies into "arena",
 * and gives NULL octets when there is nothing.  store_work_each() goes through
 * the keys with a prefix, in order, until "visit" returns false; "visit" must
 * not change them, and its spans are valid for the call.  store_work_clear()
 * forgets what has the prefix.
 */
#define STORE_WORK_KEY_MAX 16
bool store_work_put(struct store *store, struct span key, struct span value,
    GError **error);
bool store_work_get(struct store *store, struct arena *arena, struct span key,
    struct span *value_out, GError **error);
bool store_work_each(struct store *store, struct span prefix,
    bool (*visit)(void *user, struct span key, struct span value), void *user,
    GError **error);
bool store_work_clear(struct store *store, struct span prefix,
    GError **error);

/* The source entry of an import seen before, or ENTRY_NONE. */
uint64_t store_find_import(struct store *store, const uint8_t id[32]);

/*
 * Reading.  "leaf" is copied into "arena".  store_each() calls "visit" for
 * entries from "from" on, in order, until it returns false.
 * store_each_of_name() gives the indexes of the entries under a canonical
 * name, or, with "subtree", of that name and all below it.
 */
bool store_get(struct store *store, struct arena *arena, uint64_t index,
    struct span *leaf_out, GError **error);
bool store_get_evidence(struct store *store, struct arena *arena,
    const uint8_t sha256[32], struct span *octets_out, GError **error);
bool store_each(struct store *store, uint64_t from,
    bool (*visit)(void *user, uint64_t index, struct span leaf), void *user,
    GError **error);
bool store_each_of_name(struct store *store, struct span name, bool subtree,
    bool (*visit)(void *user, uint64_t index), void *user, GError **error);

/* The same for the entries about a key, and about entry "of". */
bool store_each_of_key(struct store *store, const uint8_t key[32],
    bool (*visit)(void *user, uint64_t index), void *user, GError **error);
bool store_each_about(struct store *store, uint64_t of,
    bool (*visit)(void *user, uint64_t index), void *user, GError **error);

/* Entry "index", parsed. */
bool store_get_entry(struct store *store, struct arena *arena, uint64_t index,
    struct entry *entry_out, GError **error);

/* The entries that bear on a canonical name, and on the log as a whole
 * (bearing.h). */
bool store_lookup(struct store *store, struct arena *arena, struct span name,
    struct bearing *bearing_out, GError **error);
bool store_about_log(struct store *store, struct arena *arena,
    struct bearing *bearing_out, GError **error);

#endif
