/*
 * canon_header.h - header canonicalisation, RFC 6376 sections 3.4.1, 3.4.2.
 */
#ifndef VERIFIER_DKIM_CANON_HEADER_H
#define VERIFIER_DKIM_CANON_HEADER_H

#include "verifier/dkim/canon_body.h"
#include "verifier/dkim/gather.h"
#include "verifier/message/header_index.h"

#define CANON_HEADER_BUFFER 4096 /* most headers fit */

/* Add one field, with its CRLF.  The buffer of "out" has CANON_HEADER_BUFFER
 * octets, and it is the caller who flushes it. */
void canon_header_push(enum canonicalization algorithm,
    const struct header_field *field, struct gather *out);

/*
 * Add the signature field itself: the octets of "cut" (the raw value of b=,
 * within the field) taken away, and without the final CRLF (RFC 6376 3.7).
 */
void canon_header_push_signature(enum canonicalization algorithm,
    const struct header_field *field, struct span cut, struct gather *out);

#endif
