/*
 * signed_extent.h - where in the stored octets of a body the octets end that
 * l= covers (RFC 6376 section 3.5).
 *
 * l= counts canonical octets.  Each of them comes from an octet that is read:
 * the CRLF of a line from its CR and LF, a space of "relaxed" from the first
 * white space of its run.  What is read comes from the stored octets: a CR
 * that is put before an LF from that LF.
 */
#ifndef VERIFIER_DKIM_SIGNED_EXTENT_H
#define VERIFIER_DKIM_SIGNED_EXTENT_H

#include "verifier/dkim/facts.h"

/*
 * The offset in message->raw behind the stored octets that the canonical
 * octets hashed for "body" come from; those behind it are left out.  When
 * nothing is left out it is message->raw.n.  "message" is what was hashed, its
 * reading has no edits.  Costs two passes over the body.
 */
size_t signed_extent_get(const struct message *message,
    const struct signature *signature, const struct body_facts *body);

#endif
