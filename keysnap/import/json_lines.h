/*
 * json_lines.h - a stream of JSON objects, one per line.
 */
#ifndef KEYSNAP_IMPORT_JSON_LINES_H
#define KEYSNAP_IMPORT_JSON_LINES_H

#include "keysnap/base/json_tree.h"
#include "keysnap/import/importer.h"

/* What to do with each object: "arena" is emptied after it.  False stops the
 * reading, with "error" set. */
struct json_lines {
	void *user;
	bool (*take)(void *user, struct arena *arena,
	    const struct json_node *object, uint64_t number, GError **error);
};

/* Read "stream" to its end.  Lines that are no object are bad; blank ones are
 * passed over.  False with "error" set when reading failed or was stopped. */
bool json_lines_read(FILE *stream, const char *path,
    const struct json_lines *lines, const struct import_output *output,
    GError **error);

#endif
