/*
 * library.h - which LMDB is loaded.
 */
#ifndef KEYSNAP_STORE_LIBRARY_H
#define KEYSNAP_STORE_LIBRARY_H

/* "0.9.24", of the library that is loaded; static. */
const char *store_library_version(void);

#endif
