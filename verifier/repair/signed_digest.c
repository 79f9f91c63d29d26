/* signed_digest.c - see signed_digest.h. */
#include "verifier/repair/signed_digest.h"

bool
work_spend(struct work_budget *budget, uint64_t octets)
{
	if (octets > budget->left) {
		budget->cut = true;
		budget->left = 0;
		return false;
	}
	budget->left -= octets;
	return true;
}

static bool
is_of_candidate(const struct signature_facts *facts,
    const struct candidate_facts *one, const struct candidate *candidate,
    struct span hash, struct work_budget *budget)
{
	const struct signature *signature = facts->signature;
	struct key_check check;

	if (one->defects != 0 || !one->checked)
		return false;
	if (one->check.recovered_n > 0)
		return span_equal(hash,
		    (struct span){
			one->check.recovered, one->check.recovered_n });
	if (signature->algorithm != SIGNATURE_ED25519_SHA256 ||
	    !work_spend(budget, SIGNED_KEY_CHECK))
		return false;
	key_checker_check(candidate->checker, signature->digest, hash,
	    signature->signature, &check);
	return check.result == KEY_CHECK_VALID;
}

bool
signed_digest_is(const struct signature_facts *facts,
    const struct candidate *candidates, struct span hash,
    struct work_budget *budget, size_t *candidate_out)
{
	for (size_t i = 0; i < facts->n_candidates; i++) {
		if (is_of_candidate(facts, &facts->candidates[i],
			&candidates[i], hash, budget)) {
			*candidate_out = i;
			return true;
		}
	}
	return false;
}
