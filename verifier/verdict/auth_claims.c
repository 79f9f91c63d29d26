/*
 * auth_claims.c - the fields of results of a message, and what covers them.
 *
 * Limit: AUTH_CLAIMS_MAX fields, and those of message/auth_results.h.
 */
#include "verifier/verdict/auth_claims_judge.h"

static const struct span names[] = { SPAN("Authentication-Results"),
	SPAN("ARC-Authentication-Results") };

/* The fields of the header, so that most mail costs a comparison of hashes. */
struct finder {
	uint32_t hashes[G_N_ELEMENTS(names)];
};

/* Place of the field's name among "names", or their number. */
static size_t
find_name(const struct finder *finder, const struct header_field *field)
{
	size_t i = 0;

	while (i < G_N_ELEMENTS(names) &&
	    (field->name_hash != finder->hashes[i] ||
		!span_equal_nocase(field->name, names[i])))
		i++;
	return i;
}

static size_t
count(struct finder *finder, const struct header_index *header)
{
	size_t n = 0;

	for (size_t i = 0; i < G_N_ELEMENTS(names); i++)
		finder->hashes[i] = header_name_hash(names[i]);
	for (size_t i = 0; i < header->n; i++)
		n +=
		    find_name(finder, &header->fields[i]) < G_N_ELEMENTS(names);
	return n;
}

/* Can anybody have made it? */
static bool
is_nobodys(const struct signature_verdict *verdict)
{
	for (size_t i = 0; i < verdict->reasons.n; i++) {
		if (verdict->reasons.list[i] == REASON_FORGEABLE_KEY)
			return true;
	}
	return false;
}

/* Does the signature of "verdict" pass, and sign the field at "place"? */
static bool
covers(const struct auth_basis *basis, const struct signature_verdict *verdict,
    size_t place)
{
	const struct signature_facts *facts = verdict->facts;
	size_t own;

	return verdict->result == RESULT_PASS && !is_nobodys(verdict) &&
	    facts->signature->kind != SIGNATURE_ARC_SEAL &&
	    facts->selection.signed_fields != NULL &&
	    auth_claims_place(basis, facts->signature, &own) &&
	    facts->selection.signed_fields[place] != 0;
}

static void
find_cover(struct auth_claim *claim, struct arena *arena,
    const struct auth_basis *basis)
{
	const struct message_verdict *verdict = basis->verdict;

	claim->covered_by = arena_alloc_array(
	    arena, verdict->n_signatures, sizeof(*claim->covered_by));
	for (size_t i = 0; i < verdict->n_signatures; i++) {
		if (covers(basis, &verdict->signatures[i], claim->place))
			claim->covered_by[claim->n_covered_by++] = i;
	}
}

/* Is it the one field of its instance, and does the chain hold? */
static bool
is_sealed(const struct auth_claim *claim, const struct auth_basis *basis)
{
	const struct arc_verdict *arc = basis->verdict->arc;
	unsigned instance = claim->results.instance;

	return claim->arc && basis->arc != NULL && arc != NULL &&
	    arc->result == ARC_PASS && instance > 0 &&
	    instance <= basis->arc->highest &&
	    basis->arc->sets[instance].results == claim->field;
}

static void
find_seal(struct auth_claim *claim, const struct auth_basis *basis)
{
	claim->seal = -1;
	if (!is_sealed(claim, basis))
		return;
	for (size_t i = 0; i < basis->verdict->n_signatures; i++) {
		const struct signature *signature =
		    basis->verdict->signatures[i].facts->signature;

		if (signature->kind == SIGNATURE_ARC_SEAL &&
		    signature->instance == claim->results.instance)
			claim->seal = (ssize_t)i;
	}
}

static void
take_field(struct auth_claim *claim, struct arena *arena,
    const struct auth_basis *basis, size_t place, bool arc)
{
	claim->field = &basis->header->fields[place];
	claim->place = place;
	claim->arc = arc;
	auth_results_parse(&claim->results, arena, claim->field->value, arc);
	claim->judgements = arena_alloc_array(
	    arena, claim->results.n, sizeof(*claim->judgements));
	for (size_t i = 0; i < claim->results.n; i++)
		auth_claims_judge(&claim->judgements[i], arena, basis, claim,
		    &claim->results.results[i]);
	find_cover(claim, arena, basis);
	find_seal(claim, basis);
}

const struct auth_claims *
auth_claims_get(struct arena *arena, const struct auth_basis *basis)
{
	struct finder finder;
	size_t n = count(&finder, basis->header);
	struct auth_claims *claims;

	if (n == 0)
		return NULL;
	claims = arena_alloc(arena, sizeof(*claims));
	claims->list = arena_alloc_array(
	    arena, MIN(n, AUTH_CLAIMS_MAX), sizeof(*claims->list));
	claims->left_out = n - MIN(n, AUTH_CLAIMS_MAX);
	for (size_t i = 0; claims->n < MIN(n, AUTH_CLAIMS_MAX); i++) {
		size_t at = find_name(&finder, &basis->header->fields[i]);

		if (at < G_N_ELEMENTS(names))
			take_field(&claims->list[claims->n++], arena, basis, i,
			    at == 1);
	}
	return claims;
}
