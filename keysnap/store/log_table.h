/*
 * log_table.h - log.jsonl, read once from front to back: every line checked
 * and parsed, the root, the index in memory, and what evidence is named.
 */
#ifndef KEYSNAP_STORE_LOG_TABLE_H
#define KEYSNAP_STORE_LOG_TABLE_H

#include "keysnap/store/index.h"

struct log_table {
	struct arena *arena; /* holds the names and the evidence */
	struct index_table index;
	uint8_t sha256[32]; /* of the whole file */
	struct span origin; /* of the first entry */
	const uint8_t **evidence; /* digests of 32 octets that entries name, in
				     the order of their first naming */
	size_t n_evidence;
};

/*
 * Read the log behind "fd" from its start.  NULL with a STORE_ERROR_INTEGRITY
 * error that names path and line when a line is longer than ENTRY_LINE_MAX,
 * empty, holds CR, is no entry, builds on an entry of a type that it may not
 * build on, or is an anchor of a state that this log never had; when the last
 * line has no line feed, or the log is empty.
 */
struct log_table *log_table_read(int fd, const char *path,
    const struct crypto *crypto, GError **error);
void log_table_free(struct log_table *table);

#endif
