/*
 * log_table.h - log.jsonl as tables in memory: the index, the hash of every
 * leaf, and what evidence is named.  For proofs, which need all of it; a log
 * of millions of entries is better read by log_index.h.
 */
#ifndef KEYSNAP_STORE_LOG_TABLE_H
#define KEYSNAP_STORE_LOG_TABLE_H

#include "keysnap/store/log_reader.h"

struct log_table {
	struct arena *arena; /* holds the names and the evidence */
	struct index_table index;
	uint8_t sha256[32]; /* of the whole file */
	struct span origin; /* of the first entry */
	const uint8_t **evidence; /* digests of 32 octets that entries name, in
				     the order of their first naming */
	size_t n_evidence;
};

/* As log_read(); NULL with "error". */
struct log_table *log_table_read(int fd, const char *path,
    const struct crypto *crypto, GError **error);
void log_table_free(struct log_table *table);

#endif
