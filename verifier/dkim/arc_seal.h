/*
 * arc_seal.h - what an ARC-Seal signs: RFC 8617 sections 5.1.1 and 5.1.2.
 */
#ifndef VERIFIER_DKIM_ARC_SEAL_H
#define VERIFIER_DKIM_ARC_SEAL_H

#include "verifier/dkim/arc_set.h"
#include "verifier/dkim/facts.h"

/*
 * Hash for every seal among the "n" facts the fields that it signs: of all
 * sets up to its own, in order, ARC-Authentication-Results,
 * ARC-Message-Signature and ARC-Seal, relaxed, its own without b=; and with
 * cv=fail those of its own set alone.  A seal is left unhashed when one of
 * these sets is not complete.  "digests" are two of the worker, by enum
 * digest_algorithm.  Each field is hashed once per algorithm.
 */
void arc_hash_seals(struct signature_facts *facts, size_t n,
    const struct arc *arc, struct arena *arena,
    const struct header_index *header, struct digest digests[2]);

/* Push the octets that arc_hash_seals() has hashed for "seal": only of one
 * whose facts say that it was hashed. */
void arc_push_seal(const struct signature *seal, const struct arc *arc,
    struct arena *arena, struct sink *out);

#endif
