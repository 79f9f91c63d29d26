/*
 * facts_push.h - the very octets that a signature's hashes are made over,
 * pushed once more: for the hashes themselves, and for whoever wants to see
 * them or to hash them with another program.
 */
#ifndef VERIFIER_DKIM_FACTS_PUSH_H
#define VERIFIER_DKIM_FACTS_PUSH_H

#include "verifier/dkim/facts.h"

/*
 * The header fields that "facts" has selected, in their order, and the
 * signature field without the value of b= (RFC 6376 3.7): what header_hash is
 * the hash of.  Not for seals (arc_seal.h) nor for signatures that are whole.
 */
void facts_push_header(const struct signature_facts *facts, struct sink *out);

/*
 * The canonical body as far as it is hashed: all of it, or the first l=
 * octets (RFC 6376 3.7).  With DomainKeys it begins with the empty line that
 * ends the header.
 */
void facts_push_body(const struct signature *signature,
    const struct message *message, struct sink *out);

/* The parts of a signature over header and body at once, before the body and
 * behind it (nothing with DomainKeys). */
void facts_push_whole_start(
    const struct signature_facts *facts, struct sink *out);
void facts_push_whole_end(
    const struct signature_facts *facts, struct sink *out);

#endif
