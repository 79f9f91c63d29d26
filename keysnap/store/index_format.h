/*
 * index_format.h - the databases of keys.mdb; for index*.c alone.
 */
#ifndef KEYSNAP_STORE_INDEX_FORMAT_H
#define KEYSNAP_STORE_INDEX_FORMAT_H

#include "keysnap/store/index.h"

#include <lmdb.h>

#define INDEX_FORMAT	    "keysnap-index 1"
#define INDEX_FORMAT_TOPICS "keysnap-index 2" /* with "about" and "keys" */
#define INDEX_RECORD_SIZE   44 /* offset, length, leaf hash */

enum {
	INDEX_ENTRIES,
	INDEX_META,
	INDEX_NAMES,
	INDEX_TABLES_PLAIN,
	INDEX_ABOUT = INDEX_TABLES_PLAIN,
	INDEX_KEYS,
	INDEX_TABLES
};

/* "entries", "meta", "names", "about", "keys". */
extern const char *const index_table_names[INDEX_TABLES];

struct index {
	MDB_env *env;
	MDB_dbi dbi[INDEX_TABLES];
	bool topics; /* the last two tables are there */
	uint64_t size, names;
	uint8_t root[32];
};

/*
 * Walk a table of keys without values from the first one at or after "from"
 * (empty: from the start) until "take" is done with it; true at the end of the
 * table, or when *done_out says so, or when the file has no such table.
 */
bool index_walk(const struct index *index, int table, struct span from,
    bool (*take)(void *user, struct span key, bool *done_out), void *user);

#endif
