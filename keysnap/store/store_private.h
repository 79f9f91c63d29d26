/*
 * store_private.h - what the files store*.c share.
 */
#ifndef KEYSNAP_STORE_STORE_PRIVATE_H
#define KEYSNAP_STORE_STORE_PRIVATE_H

#include "keysnap/base/sorter.h"
#include "keysnap/store/lmdb_file.h"
#include "keysnap/store/merkle.h"

#define STORE_FORMAT	    "keysnap-store 1"
#define STORE_FORMAT_TOPICS "keysnap-store 2" /* with the last two tables */

#define STORE_NODE_LEVEL 6 /* nodes below it are calculated anew: that takes
			      less than keeping two nodes for each entry */

#define STORE_FORGET 65536 /* entries read or added until the memory of what
			      was read is given back: 64 MiB of keys */

enum store_table {
	TABLE_META,
	TABLE_LOG,
	TABLE_NAMES,
	TABLE_EVIDENCE,
	TABLE_NODES,
	TABLE_IMPORTS,
	TABLES_PLAIN,
	TABLE_ABOUT = TABLES_PLAIN,
	TABLE_KEYS,
	TABLES
};

#define TABLE_WORK "work" /* opened by store_work.c alone */

struct store {
	char *path;
	char *origin;
	const struct crypto *crypto;
	bool writable;
	MDB_env *env;
	MDB_dbi table[TABLES];
	MDB_txn *txn; /* between begin and commit, or NULL */
	MDB_cursor *log_end;  /* of it, at the end of the log, or NULL */
	struct sorter *names; /* of it: keys of TABLE_NAMES that are yet to be
				 put, or NULL */
	bool failed;  /* an operation of it did; it can only be aborted */
	bool topics;  /* the store has, as far as we saw, the last two tables,
			 and they are open */
	bool topics_new; /* since the open transaction began */
	uint64_t source; /* an entry that is known to be a source, or
			    ENTRY_NONE */
	struct arena *scratch; /* for one call of store_append() */
	struct arena *adding;  /* for one call of store_add() */
	GString *leaf;	       /* the same */
	struct merkle merkle; /* over the entries committed and added */
};

/* An unopened store; store_close() frees it. */
struct store *store_new(const char *path, bool writable,
    const struct crypto *crypto);

/* Both give LMDB's status.  "used" is what the file's pages take. */
int store_open_env(struct store *store, const char *path, unsigned flags,
    uint64_t used);
int store_open_tables(struct store *store, MDB_txn *txn, unsigned flags);

/* Open the last two tables, when the format says that they are there and they
 * are not open; LMDB's status. */
int store_open_topics(struct store *store, MDB_txn *txn);

/* Make them in the open transaction, when they are not there. */
bool store_make_topics(struct store *store, GError **error);

/* Set "merkle" to the tree over the first "size" entries of the log; false
 * when the store's nodes are damaged. */
bool store_load_nodes(struct store *store, MDB_txn *txn,
    struct merkle *merkle, uint64_t size);

/*
 * Put the keys of names that store_add() has gathered.  In any order of names,
 * each would go to another page; sorted, one page after the other is filled.
 * store_add_end() forgets them, and all that store_add() keeps in the open
 * transaction.
 */
bool store_put_names(struct store *store, GError **error);
void store_add_end(struct store *store);

/* Note that the open transaction has failed, and why; always false. */
bool store_fail(struct store *store, GError **error, const char *doing,
    int status);

/* Did writing in the open transaction end well?  Else it has failed. */
bool store_wrote(struct store *store, GError **error, int status);

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
