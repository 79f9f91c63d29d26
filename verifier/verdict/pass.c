/* pass.c - the one place where a pass comes from (RFC 6376 6.1.3). */
#include "verifier/verdict/pass.h"

#include "verifier/verdict/verdict_key.h"

struct pass {
	const struct known_key *key;
	struct time_standing standing;
};

/* The body is as signed, or the signature has no hash of its own for it. */
static bool
body_holds(const struct signature_facts *facts)
{
	switch (facts->body.state) {
	case BODY_MATCH:
		return true;
	case BODY_IN_SIGNATURE:
		return facts->signature->kind == SIGNATURE_DOMAINKEYS;
	case BODY_NOT_SIGNED:
		return facts->signature->kind == SIGNATURE_ARC_SEAL;
	default:
		return false;
	}
}

static bool
holds(const struct signature_facts *facts, size_t at)
{
	const struct candidate_facts *candidate = &facts->candidates[at];

	return (facts->signature->defects &
		   (SIGNATURE_NEUTRAL | SIGNATURE_PERMERROR)) == 0 &&
	    facts->header_hashed && body_holds(facts) &&
	    candidate->defects == 0 && candidate->checked &&
	    candidate->check.result == KEY_CHECK_VALID;
}

const struct pass *
pass_of(struct arena *arena, const struct signature_facts *facts,
    const struct known_name *known, size_t at,
    const struct time_interval *interval)
{
	g_assert(at < facts->n_candidates && at < known->n_keys);
	const struct known_key *key = &known->keys[at];

	if (!holds(facts, at))
		return NULL;
	g_assert(key->observations > 0);
	struct pass *pass = arena_alloc(arena, sizeof(*pass));
	pass->key = key;
	key_standing(known, key, interval, &pass->standing);
	return pass;
}

const struct known_key *
pass_key(const struct pass *pass)
{
	return pass->key;
}

const struct time_standing *
pass_standing(const struct pass *pass)
{
	return &pass->standing;
}
