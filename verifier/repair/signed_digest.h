/*
 * signed_digest.h - is this what was signed?  The judge of all guesses.
 */
#ifndef VERIFIER_REPAIR_SIGNED_DIGEST_H
#define VERIFIER_REPAIR_SIGNED_DIGEST_H

#include "verifier/dkim/facts.h"

#define SIGNED_KEY_CHECK (1u << 15) /* octets of work that a check with a key
				       that gives no digest back counts for */

/* Work that is left, in octets. */
struct work_budget {
	uint64_t left;
	bool cut; /* it was used up */
};

/* Use up "octets"; false when there are not so many left. */
bool work_spend(struct work_budget *budget, uint64_t octets);

/*
 * Is "hash" the digest that some usable key shows to have been signed?  RSA
 * gave that digest back when the signature was checked with "candidates"; an
 * Ed25519 key has to check once more, which is spent from "budget".
 */
bool signed_digest_is(const struct signature_facts *facts,
    const struct candidate *candidates, struct span hash,
    struct work_budget *budget, size_t *candidate_out);

#endif
