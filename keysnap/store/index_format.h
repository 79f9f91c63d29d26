/*
 * index_format.h - the databases of keys.mdb; for index*.c alone.
 */
#ifndef KEYSNAP_STORE_INDEX_FORMAT_H
#define KEYSNAP_STORE_INDEX_FORMAT_H

#define INDEX_FORMAT	  "keysnap-index 1"
#define INDEX_RECORD_SIZE 44 /* offset, length, leaf hash */

enum { INDEX_ENTRIES, INDEX_META, INDEX_NAMES, INDEX_TABLES };

/* "entries", "meta", "names". */
extern const char *const index_table_names[INDEX_TABLES];

#endif
