/*
 * library.c - which LMDB is loaded.
 */
#include "keysnap/store/library.h"

#include <stddef.h>

#include <lmdb.h>
#include <stddef.h>

const char *
store_library_version(void)
{
	return mdb_version(NULL, NULL, NULL);
}
