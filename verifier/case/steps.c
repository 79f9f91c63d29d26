/* steps.c - see steps.h. */
#include "verifier/case/steps.h"

#include "verifier/dkim/arc_seal.h"
#include "verifier/dkim/facts_push.h"

static bool
is_of(const struct attempt *attempt, const struct signature *signature)
{
	const struct signatures *all = &attempt->signatures;

	return all->n > 0 && signature >= all->list &&
	    signature < all->list + all->n;
}

void
steps_get(struct steps *steps, const struct attempt *attempt, size_t at)
{
	steps->verdict = &attempt->verdict.signatures[at];
	steps->facts = steps->verdict->facts;
	steps->signature = steps->facts->signature;
	steps->number = at + 1;
	/* Each signature keeps the better of its two verdicts. */
	steps->attempt = attempt;
	if (!is_of(attempt, steps->signature) && attempt->stored != NULL)
		steps->attempt = attempt->stored;
}

bool
steps_are_known(const struct steps *steps)
{
	return steps->facts->header_hashed;
}

bool
steps_have_body(const struct steps *steps)
{
	return steps->facts->body.hash_n > 0;
}

bool
steps_compare_body(const struct steps *steps)
{
	return steps_have_body(steps) && steps->signature->body_hash.n > 0;
}

bool
steps_body_holds(const struct steps *steps)
{
	const struct body_facts *body = &steps->facts->body;
	struct span hash = { body->hash, body->hash_n };

	return hash.n > 0 && span_equal(hash, steps->signature->body_hash);
}

void
steps_push_signed(
    const struct steps *steps, struct arena *arena, struct sink *out)
{
	if (steps->signature->kind == SIGNATURE_ARC_SEAL) {
		arc_push_seal(
		    steps->signature, steps->attempt->arc, arena, out);
	} else if (signature_is_whole(steps->signature)) {
		facts_push_whole_start(steps->facts, out);
		steps_push_body(steps, out);
		facts_push_whole_end(steps->facts, out);
	} else {
		facts_push_header(steps->facts, out);
	}
}

void
steps_push_body(const struct steps *steps, struct sink *out)
{
	facts_push_body(steps->signature, &steps->attempt->message, out);
}

bool
steps_is_checked(const struct steps *steps, size_t at)
{
	return steps->facts->candidates[at].checked;
}

enum steps_outcome
steps_outcome(const struct steps *steps)
{
	bool checked = false, holds = false;

	for (size_t i = 0; i < steps->facts->n_candidates; i++) {
		if (!steps_is_checked(steps, i))
			continue;
		checked = true;
		holds |=
		    steps->facts->candidates[i].check.result == KEY_CHECK_VALID;
	}
	if (!steps_are_known(steps) || !checked)
		return STEPS_NOTHING;
	if (!holds || (steps_compare_body(steps) && !steps_body_holds(steps)))
		return STEPS_FAIL;
	return steps->verdict->result == RESULT_PASS ? STEPS_HOLD
						     : STEPS_FORBIDDEN;
}
