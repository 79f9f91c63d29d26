/*
 * log_difference.h - which entries one log has that another has not.
 *
 * An entry of B is in A when A has its line, in A's numbers (line_table.h).
 * The store entries are not compared: "origin_out" says whether they are the
 * same.
 */
#ifndef KEYSNAP_STORE_LOG_DIFFERENCE_H
#define KEYSNAP_STORE_LOG_DIFFERENCE_H

#include "keysnap/base/crypto.h"
#include "keysnap/store/entry.h"

#include <glib.h>

struct log_side {
	void *user;
	uint64_t size;
	bool (*get)(void *user, struct arena *arena, uint64_t number,
	    struct entry *entry_out, GError **error);
};

struct log_difference {
	uint8_t *only_a, *only_b; /* by number: 1 when the other has not */
	uint64_t n_only_a, n_only_b;
	bool same_origin;
	bool begins; /* B's log begins with all of A's, line by line */
};

/* False with the error of "get".  Clear it in any case. */
bool log_difference_find(struct log_difference *difference,
    const struct crypto *crypto, const struct log_side *a,
    const struct log_side *b, GError **error);
void log_difference_clear(struct log_difference *difference);

#endif
