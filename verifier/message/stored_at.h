/*
 * stored_at.h - where the header of a message lies in its stored octets.
 *
 * The header index has the octets as the reading gives them; people look for
 * them in the file.
 */
#ifndef VERIFIER_MESSAGE_STORED_AT_H
#define VERIFIER_MESSAGE_STORED_AT_H

#include "verifier/message/message.h"

/* The lines of the stored header, and where each begins in what is read. */
struct stored_at {
	const uint64_t *stored, *read; /* ascending, in the arena */
	size_t n;
};

void stored_at_get(struct stored_at *at, struct arena *arena,
    const struct message *message);

/*
 * The offset in the stored octets of the line that "part", a part of the
 * header section of "message", begins in: exact for whatever begins a line, so
 * for every field.
 */
uint64_t stored_at_line(const struct stored_at *at,
    const struct message *message, struct span part);

#endif
