/*
 * make_container_pack.h - files to one container, through libarchive's writer.
 *
 * Times and owners are fixed, so that the same files give the same octets
 * (but for what is encrypted, which has a random salt).
 */
#ifndef TESTS_GEN_MAKE_CONTAINER_PACK_H
#define TESTS_GEN_MAKE_CONTAINER_PACK_H

#include "tests/gen/make_container_files.h"

/* The names of all formats, separated by blanks. */
char *pack_formats(void);

/* Pack "files" as "format"; those of compression alone ("gz") take one file.
 * NULL: no such format.  Other trouble ends the program. */
GString *pack(const char *format, const GPtrArray *files);

#endif
