/*
 * cmd_capture_known.h - what a store holds already of the names to capture,
 * and whether an answer says the same.
 *
 * A name's last capture by an observer is one observation, or several with the
 * same evidence.  A new answer is the same when it says the same: kind,
 * aliases, owner and character-strings of every record; order and TTL do not
 * count.
 */
#ifndef KEYSNAP_CMD_CAPTURE_KNOWN_H
#define KEYSNAP_CMD_CAPTURE_KNOWN_H

#include "keysnap/store/store.h"

/* What an answer says, whatever its order. */
struct capture_print {
	GByteArray *digests; /* of each observation */
};
void capture_print_init(struct capture_print *print);
void capture_print_add(struct capture_print *print, const struct crypto *crypto,
    const struct entry_observation *observation);

/* The digest of all; the print is empty and freed afterwards. */
void capture_print_finish(struct capture_print *print,
    const struct crypto *crypto, uint8_t sha256_out[32]);

/* The last capture of one name by one observer. */
struct capture_known {
	bool any, present; /* it was there; it was a key */
	uint8_t print[32];
	int64_t first; /* when it was first seen so */
	int64_t last;  /* when it, or the same, was last seen */
	uint64_t source; /* of what was last seen */
	GArray *numbers; /* uint64_t: its observations */
};
void capture_known_clear(struct capture_known *known);

/*
 * Find it.  "is_ours" tells whether a source is of this observer.  A name with
 * a retraction about it counts as never captured: what is retracted cannot be
 * seen again.
 */
bool capture_known_find(struct store *store, const struct crypto *crypto,
    struct span name, bool (*is_ours)(void *user, uint64_t source), void *user,
    struct capture_known *known_out, GError **error);

#endif
