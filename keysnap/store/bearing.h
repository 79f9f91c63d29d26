/*
 * bearing.h - all entries that bear on a name: those under it, what is said
 * of the keys in them, and what is about any of these entries or their
 * sources, by the topics of entry.h.
 *
 * A retraction may hang on a retraction, so the search goes on until nothing
 * new is found; entries name smaller ones only, so it ends.
 */
#ifndef KEYSNAP_STORE_BEARING_H
#define KEYSNAP_STORE_BEARING_H

#include "keysnap/base/arena.h"
#include "keysnap/base/crypto.h"
#include "keysnap/store/entry.h"

#define BEARING_MAX \
	(1 << 17) /* entries of one name: a sighting a day for centuries;
		     about 100 MB when parsed */

/* A log and its index, however they are kept.  The functions that call
 * "visit" end when it returns false, and are then true. */
struct bearing_log {
	void *user;
	const char *path; /* for errors */
	bool topics; /* else the index has names only */
	bool (*get)(void *user, struct arena *arena, uint64_t number,
	    struct entry *entry_out, GError **error);
	bool (*each_of_name)(void *user, struct span name,
	    bool (*visit)(void *user, uint64_t number), void *visit_user,
	    GError **error);
	bool (*each_of_key)(void *user, const uint8_t key[32],
	    bool (*visit)(void *user, uint64_t number), void *visit_user,
	    GError **error);
	bool (*each_about)(void *user, uint64_t of,
	    bool (*visit)(void *user, uint64_t number), void *visit_user,
	    GError **error);
};

/* Entries by ascending number, in an arena. */
struct bearing {
	struct entry *entries;
	uint64_t *numbers;
	size_t n;
};

/*
 * What bears on the canonical "name".  False with a STORE_ERROR_INTEGRITY
 * error when there are more than BEARING_MAX, or the index has an entry under
 * a topic that is not its own, and with those of the log's functions.
 */
bool bearing_of_name(const struct bearing_log *log, struct arena *arena,
    const struct crypto *crypto, struct span name,
    struct bearing *bearing_out, GError **error);

/* What bears on the log as a whole: anchors, audits, what is about entry 0,
 * and about these. */
bool bearing_of_log(const struct bearing_log *log, struct arena *arena,
    const struct crypto *crypto, struct bearing *bearing_out, GError **error);

#endif
