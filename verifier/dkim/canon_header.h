/*
 * canon_header.h - header canonicalisation, RFC 6376 sections 3.4.1, 3.4.2.
 */
#ifndef VERIFIER_DKIM_CANON_HEADER_H
#define VERIFIER_DKIM_CANON_HEADER_H

#include "keysnap/base/sink.h"
#include "verifier/dkim/canon_body.h"
#include "verifier/message/header_index.h"

/* Push one field, with its CRLF. */
void canon_header_push(enum canonicalization algorithm,
    const struct header_field *field, struct sink *out);

/*
 * Push the signature field itself: the octets of "cut" (the raw value of b=,
 * within the field) taken away, and without the final CRLF (RFC 6376 3.7).
 */
void canon_header_push_signature(enum canonicalization algorithm,
    const struct header_field *field, struct span cut, struct sink *out);

#endif
