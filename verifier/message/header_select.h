/*
 * header_select.h - which instances h= names (RFC 6376 section 5.4.2).
 *
 * Names are taken from the bottom of the header up: the first mention of a
 * name selects its last instance, the next one the instance above, and a
 * mention without an instance left selects nothing (over-signing).
 */
#ifndef VERIFIER_MESSAGE_HEADER_SELECT_H
#define VERIFIER_MESSAGE_HEADER_SELECT_H

#include "verifier/message/header_index.h"

struct header_selection {
	const struct header_field **fields; /* in order of h=; NULL: none */
	size_t n;			    /* names */
	uint8_t *signed_fields; /* per field of the index: 1 when selected */
};

/* Select for "names" (n of them).  "skip" (may be NULL) is the signature
 * field itself, which no name selects (RFC 6376 3.7 hashes it last).  In the
 * arena.  O((names + fields) * log(fields)) comparisons, for any names. */
void header_select(struct header_selection *selection, struct arena *arena,
    const struct header_index *index, const struct span *names, size_t n,
    const struct header_field *skip);

#endif
