/*
 * log_reader.h - log.jsonl, read once from front to back: every line checked
 * and parsed, the root and the digest.  What the lines give is handed on, so
 * that memory does not grow with them.
 */
#ifndef KEYSNAP_STORE_LOG_READER_H
#define KEYSNAP_STORE_LOG_READER_H

#include "keysnap/store/index.h"

/*
 * Where it goes.  Each returns false, with an error set, to end the reading.
 * "number" is that of the entry.  What they are given is valid during the
 * call.
 */
struct log_sink {
	void *user;
	/* Once for each entry, in order, before the others. */
	bool (*entry)(void *user, const struct index_entry *entry,
	    GError **error);
	/* By the topics of entry.h. */
	bool (*about)(void *user, const struct index_about *about,
	    GError **error);
	bool (*key)(void *user, const struct index_key *key, GError **error);
	/* Each digest of evidence, as often as it is named. */
	bool (*evidence)(void *user, const uint8_t sha256[32],
	    GError **error);
};

/* What the whole log says. */
struct log_facts {
	uint64_t n; /* entries */
	uint8_t root[32];
	uint8_t sha256[32]; /* of the file */
	struct span origin; /* of the first entry; in the arena given */
};

/*
 * Read the log behind "fd" from its start.  False with a
 * STORE_ERROR_INTEGRITY error that names path and line when a line is longer
 * than ENTRY_LINE_MAX, empty, holds CR, is no entry, builds on an entry of a
 * type that it may not build on, or is an anchor of a state that this log
 * never had; when the last line has no line feed, or the log is empty.
 */
bool log_read(int fd, const char *path, const struct crypto *crypto,
    const struct log_sink *sink, struct arena *arena,
    struct log_facts *facts_out, GError **error);

#endif
