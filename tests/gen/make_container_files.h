/*
 * make_container_files.h - files with their octets, as they go into a
 * container.
 */
#ifndef TESTS_GEN_MAKE_CONTAINER_FILES_H
#define TESTS_GEN_MAKE_CONTAINER_FILES_H

#include <glib.h>
#include <stdbool.h>

struct packed_file {
	char *name;    /* in the container */
	GString *text; /* NULL: a folder */
};

/* An empty list of struct packed_file, which frees them. */
GPtrArray *files_new(void);

/* Append one; "text" belongs to the list from then on. */
void files_add(GPtrArray *files, const char *name, GString *text);

/* Append the file "path" under its base name, or all that lies below the
 * folder "path" under the path below it, each folder before what is in it,
 * names in ascending order of their octets. */
void files_load(GPtrArray *files, const char *path);

/* Write them below "folder". */
void files_write(const GPtrArray *files, const char *folder);

#endif
