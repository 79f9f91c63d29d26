/*
 * domainkeys.h - what a DomainKey-Signature signs, and for whom: RFC 4870.
 *
 * One digest runs over the header fields below the signature and the body.
 * Without h= all fields below are signed, in their order; with h= those that
 * it names, in its order, every occurrence (3.3).  Policy records are not
 * looked at, and fields above the signature never (the RFC leaves it open).
 */
#ifndef VERIFIER_DKIM_DOMAINKEYS_H
#define VERIFIER_DKIM_DOMAINKEYS_H

#include "verifier/dkim/signature.h"

/*
 * Select the fields, and say who the sender is: the first address of Sender,
 * or else of From, among what is signed (3.1, 3.3).  Sets "selected", the
 * identity of "signature", and its defects: neither field is signed, or the
 * sender's domain does not lie within d=.
 */
void domainkeys_bind(struct signature *signature, struct arena *arena,
    const struct header_index *header);

/*
 * Does g= of a key record allow the sender?  It must be the local part, and
 * allows everybody when it is absent or empty (RFC 4870 3.2.3).  One "*" stands
 * for anything, for the key may be published for DKIM too (RFC 4871 3.6.1).
 */
bool domainkeys_granularity(const struct signature *signature,
    struct span granularity);

#endif
