/*
 * embedded.h - messages attached to a message (RFC 2046 section 5.2.1), as
 * slices of its stored octets.
 *
 * Only where the part is not encoded (7bit, 8bit, binary) do its octets stand
 * there; others are found, and marked.  No octet is decoded or copied.
 */
#ifndef VERIFIER_MESSAGE_EMBEDDED_H
#define VERIFIER_MESSAGE_EMBEDDED_H

#include "verifier/message/mime_parts.h"

#define EMBEDDED_MAX	      32   /* found in one message; digests of lists
				      have as many */

struct embedded_part {
	struct span raw; /* of the stored octets of the message */
	bool encoded;	 /* base64, quoted-printable or unknown */
};

struct embedded_list {
	struct embedded_part parts[EMBEDDED_MAX]; /* in their order */
	size_t n;
	size_t left_out; /* past EMBEDDED_MAX */
	bool cut;	 /* a bound of mime_parts.h was reached */
};

/*
 * Find those of "message", whose reading has no edits; not those within them.
 * A message that is neither multipart nor message costs a look at one field,
 * and one whose body names no such type one pass over it.
 */
void embedded_find(struct embedded_list *list, struct arena *arena,
    const struct message *message);

#endif
