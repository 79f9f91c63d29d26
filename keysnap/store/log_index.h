/*
 * log_index.h - log.jsonl, read once, and its index built in a file, in
 * bounded memory.
 */
#ifndef KEYSNAP_STORE_LOG_INDEX_H
#define KEYSNAP_STORE_LOG_INDEX_H

#include "keysnap/store/log_reader.h"

struct log_index {
	struct log_facts facts;
	struct arena *arena;
	struct sorter *evidence; /* digests by the number of their first naming */
};

/*
 * Read the log behind "fd", as log_read() does, and build its index at
 * "index_path", a new or an empty file.  NULL with "error".
 */
struct log_index *log_index_read(int fd, const char *path,
    const char *index_path, const struct crypto *crypto, GError **error);
void log_index_free(struct log_index *log);

/* How many digests of evidence the entries name, each counted once; and one
 * after the other, in the order in which they are first named: 1 with the
 * next, 0 at the end, -1 with "error". */
uint64_t log_index_count_evidence(const struct log_index *log);
int log_index_next_evidence(struct log_index *log, uint8_t sha256_out[32],
    GError **error);

#endif
