/*
 * store_private.h - what the files store*.c share.
 */
#ifndef KEYSNAP_STORE_STORE_PRIVATE_H
#define KEYSNAP_STORE_STORE_PRIVATE_H

#include "keysnap/store/lmdb_file.h"
#include "keysnap/store/merkle.h"

#define STORE_FORMAT "keysnap-store 1"

enum store_table {
	TABLE_META,
	TABLE_LOG,
	TABLE_NAMES,
	TABLE_EVIDENCE,
	TABLE_NODES,
	TABLE_IMPORTS,
	TABLES
};

struct store {
	char *path;
	char *origin;
	const struct crypto *crypto;
	bool writable;
	MDB_env *env;
	MDB_dbi table[TABLES];
	MDB_txn *txn; /* between begin and commit, or NULL */
	bool failed;  /* an operation of it did; it can only be aborted */
	struct merkle merkle; /* over the entries committed and added */
};

/* An unopened store; store_close() frees it. */
struct store *store_new(const char *path, bool writable,
    const struct crypto *crypto);

/* Both give LMDB's status.  "used" is what the file's pages take. */
int store_open_env(struct store *store, const char *path, unsigned flags,
    uint64_t used);
int store_open_tables(struct store *store, MDB_txn *txn, unsigned flags);

/* Note that the open transaction has failed, and why; always false. */
bool store_fail(struct store *store, GError **error, const char *doing,
    int status);

/* mdb_put() in the open transaction. */
bool store_put(struct store *store, enum store_table table, struct span key,
    struct span value, unsigned flags, GError **error);

/* A transaction to read in: the open one, or a new one to be given back with
 * store_read_end(). */
bool store_read_begin(struct store *store, MDB_txn **txn_out, GError **error);
void store_read_end(struct store *store, MDB_txn *txn);

/* mdb_get() with spans; *value_out is valid as long as the transaction. */
int store_table_get(struct store *store, MDB_txn *txn, enum store_table table,
    struct span key, struct span *value_out);

#endif
