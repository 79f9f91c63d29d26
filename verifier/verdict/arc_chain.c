/*
 * arc_chain.c - the steps of RFC 8617 section 5.2, in their order.
 */
#include "verifier/verdict/arc_chain.h"

struct chain {
	struct arc_verdict *verdict;
	const struct arc *arc;
	const struct signature *signatures;
	const struct signature_verdict *verdicts;
};

/* The chain fails; true, so that a step can end with it. */
static bool
fail(const struct chain *chain, enum reason reason, unsigned instance)
{
	chain->verdict->result = ARC_FAIL;
	chain->verdict->reason = reason;
	chain->verdict->instance = instance;
	return true;
}

/* Steps 1 and 2: what is attached, and whether the last sealer gave up. */
static bool
fails_at_once(const struct chain *chain)
{
	const struct arc *arc = chain->arc;
	const struct arc_set *last = &arc->sets[arc->highest];

	if (arc->no_instance > 0)
		return fail(chain, REASON_ARC_INSTANCE, 0);
	if (last->n_seals > 0 && last->seal->chain == ARC_CV_FAIL)
		return fail(chain, REASON_ARC_SAYS_FAIL, arc->highest);
	return false;
}

/* Step 3: each set once and whole, in sequence, and what the seals say. */
static bool
fails_in_structure(const struct chain *chain)
{
	for (unsigned i = 1; i <= chain->arc->highest; i++) {
		const struct arc_set *set = &chain->arc->sets[i];

		if (set->n_results > 1 || set->n_messages > 1 ||
		    set->n_seals > 1)
			return fail(chain, REASON_ARC_SET_DUPLICATE, i);
		if (!arc_set_is_complete(set))
			return fail(chain, REASON_ARC_SET_INCOMPLETE, i);
		if (set->seal->chain != (i == 1 ? ARC_CV_NONE : ARC_CV_PASS))
			return fail(chain, REASON_ARC_CHAIN_VALUE, i);
	}
	return false;
}

static const struct signature_verdict *
verdict_of(const struct chain *chain, const struct signature *signature)
{
	return &chain->verdicts[signature - chain->signatures];
}

/* RFC 8301 3.1, 3.2; and keys without a secret. */
static bool
is_weak(const struct signature_verdict *verdict)
{
	unsigned flags = verdict->standing.flags;

	return verdict->facts->signature->algorithm == SIGNATURE_RSA_SHA1 ||
	    (flags & (PROVENANCE_WEAK | PROVENANCE_FORGEABLE)) != 0;
}

/* Does "signature" not hold?  A key that is not known is no failure, but
 * leaves the chain without a result. */
static bool
fails(const struct chain *chain, const struct signature *signature,
    enum reason reason)
{
	const struct signature_verdict *verdict = verdict_of(chain, signature);

	if (verdict->verdict == VERDICT_KEY_MISSING) {
		if (chain->verdict->result == ARC_PASS) {
			chain->verdict->result = ARC_UNKNOWN;
			chain->verdict->reason = REASON_ARC_KEY_MISSING;
			chain->verdict->instance = signature->instance;
		}
		return false;
	}
	if (verdict->result != RESULT_PASS)
		return fail(chain, reason, signature->instance);
	if (is_weak(verdict))
		return fail(chain, REASON_ARC_WEAK, signature->instance);
	return false;
}

/* Step 5. */
static unsigned
find_oldest_pass(const struct chain *chain)
{
	for (unsigned i = chain->arc->highest; i > 0; i--) {
		const struct signature_verdict *verdict =
		    verdict_of(chain, chain->arc->sets[i].message);

		if (verdict->result != RESULT_PASS || is_weak(verdict))
			return i + 1;
	}
	return 0;
}

void
arc_chain_judge(struct arc_verdict *verdict, const struct arc *arc,
    const struct signature *signatures,
    const struct signature_verdict *verdicts)
{
	const struct chain chain = { verdict, arc, signatures, verdicts };

	*verdict = (struct arc_verdict){ .result = ARC_PASS,
		.reason = REASON_ARC_PASS,
		.sets = arc->n_seals };
	if (fails_at_once(&chain) || fails_in_structure(&chain) ||
	    fails(&chain, arc->sets[arc->highest].message,
		REASON_ARC_MESSAGE_SIGNATURE))
		return;
	for (unsigned i = arc->highest; i > 0; i--) {
		if (fails(&chain, arc->sets[i].seal, REASON_ARC_SEAL_BROKEN))
			return;
	}
	if (verdict->result == ARC_PASS)
		verdict->oldest_pass = find_oldest_pass(&chain);
}

const char *
arc_result_name(enum arc_result result)
{
	static const char *const names[] = { "pass", "fail", NULL };

	return names[result];
}
