/*
 * dnssec_validator.c - validation of one set of a chain, and what the chain
 * proves to be absent.
 *
 * Every signature leads to a zone at or above the owner, and a zone's DS to
 * one above it, so this ends; a circle by hostile data is stopped where a
 * zone is asked for while its own keys are.
 */
#include "keysnap/dnssec/dnssec_validator.h"

static void
free_zone(gpointer user)
{
	struct dnssec_zone *zone = user;

	ldns_rdf_deep_free(zone->name);
	ldns_rr_list_free(zone->keys);
	g_free(zone);
}

void
dnssec_validator_init(struct dnssec_validator *validator,
    const struct dnssec_chain *chain, const struct trust_anchors *anchors,
    int64_t at)
{
	*validator = (struct dnssec_validator){
		.chain = chain,
		.anchors = anchors,
		.at = at,
		.budget = { DNSSEC_SIGNATURES_TRIED_MAX, DNSSEC_SHA1_MAX,
		    DNSSEC_PAIRS_MAX },
		.sets = g_new0(struct dnssec_set_state, chain->sets->len),
		.zones = g_ptr_array_new_with_free_func(free_zone),
	};
}

void
dnssec_validator_clear(struct dnssec_validator *validator)
{
	g_ptr_array_free(validator->zones, TRUE);
	g_free(validator->sets);
}

struct dnssec_verdict
dnssec_verdict_of(enum dnssec_reason reason)
{
	struct dnssec_verdict verdict = { .reason = reason,
		.window = { INT64_MIN, INT64_MAX } };

	if (reason <= DNSSEC_SHA1)
		verdict.status = CHAIN_SECURE;
	else if (reason <= DNSSEC_OPT_OUT)
		verdict.status = CHAIN_INSECURE;
	else if (reason <= DNSSEC_ANSWER)
		verdict.status = CHAIN_BOGUS;
	else
		verdict.status = CHAIN_INDETERMINATE;
	return verdict;
}

static bool
is_within(const struct dnssec_window *window, int64_t at)
{
	return at != TIMESTAMP_NONE && window->from <= at &&
	    at <= window->until;
}

bool
dnssec_window_better(const struct dnssec_validator *validator,
    const struct dnssec_window *a, const struct dnssec_window *b)
{
	bool a_then = is_within(a, validator->at);
	bool b_then = is_within(b, validator->at);

	if (a_then != b_then)
		return a_then;
	return a->until - a->from > b->until - b->from;
}

bool
dnssec_validate_cut(const struct dnssec_validator *validator,
    const struct dnssec_set *set, const ldns_rdf *zone)
{
	const struct dnssec_chain *chain = validator->chain;
	/* At a delegation these two are the upper zone's. */
	bool upper =
	    set->type == LDNS_RR_TYPE_DS || set->type == LDNS_RR_TYPE_NSEC;

	for (guint i = 0; i < chain->sets->len; i++) {
		const struct dnssec_set *ds = chain->sets->pdata[i];

		if (ds->type == LDNS_RR_TYPE_DS &&
		    zone_name_below(ds->owner, zone) &&
		    (upper ? zone_name_below(set->owner, ds->owner)
			   : zone_name_within(set->owner, ds->owner)))
			return true;
	}
	return false;
}

/* Why no usable key of the zone made a signature: perhaps an unusable one. */
static enum dnssec_reason
key_fault(const struct dnssec_validator *validator, const ldns_rr *signature)
{
	const struct dnssec_set *keys = dnssec_chain_find(validator->chain,
	    ldns_rr_rrsig_signame(signature), LDNS_RR_TYPE_DNSKEY);
	enum dnssec_reason reason;

	for (size_t i = 0;
	     keys != NULL && i < ldns_rr_list_rr_count(keys->records); i++) {
		const ldns_rr *key = ldns_rr_list_rr(keys->records, i);

		if (ldns_calc_keytag(key) !=
		    ldns_rdf2native_int16(ldns_rr_rrsig_keytag(signature)))
			continue;
		reason = dnssec_key_check(key);
		if (reason != DNSSEC_NO_REASON)
			return reason;
	}
	return DNSSEC_NO_KEY;
}

/* What one signature makes of its set. */
static struct dnssec_verdict
try_signature(struct dnssec_validator *validator, const struct dnssec_set *set,
    const ldns_rr *signature)
{
	const ldns_rdf *signer = ldns_rr_rrsig_signame(signature);
	enum dnssec_reason reason = dnssec_signature_form(set, signature);
	struct dnssec_window window = { dnssec_signature_from(signature),
		dnssec_signature_until(signature) };
	struct dnssec_verdict verdict;
	const struct dnssec_zone *zone;

	if (reason == DNSSEC_NO_REASON &&
	    dnssec_validate_cut(validator, set, signer))
		reason = DNSSEC_SIGNER;
	if (reason != DNSSEC_NO_REASON)
		return dnssec_verdict_of(reason);
	zone = dnssec_validate_zone(validator, signer);
	if (zone->verdict.status != CHAIN_SECURE)
		return zone->verdict;
	reason = dnssec_signature_check(
	    set, signature, zone->keys, &validator->budget);
	if (reason == DNSSEC_NO_KEY)
		reason = key_fault(validator, signature);
	if (reason != DNSSEC_NO_REASON)
		return dnssec_verdict_of(reason);
	verdict = zone->verdict;
	if (dnssec_signature_is_sha1(signature))
		verdict.reason = DNSSEC_SHA1;
	dnssec_window_meet(&verdict.window, &window);
	return verdict;
}

const struct dnssec_set_state *
dnssec_validate_set(
    struct dnssec_validator *validator, const struct dnssec_set *set)
{
	struct dnssec_set_state *state;
	guint index;

	g_assert(g_ptr_array_find(validator->chain->sets, set, &index));
	state = &validator->sets[index];
	if (state->done)
		return state;
	state->done = true; /* a circle finds it without signatures */
	state->verdict = dnssec_verdict_of(DNSSEC_NO_SIGNATURE);
	for (size_t i = 0; i < ldns_rr_list_rr_count(set->signatures); i++) {
		const ldns_rr *signature = ldns_rr_list_rr(set->signatures, i);
		struct dnssec_verdict verdict =
		    try_signature(validator, set, signature);
		/* Past the bound nothing is known of the rest. */
		bool better = state->signature == NULL
		    ? i == 0 || verdict.status == CHAIN_SECURE ||
			verdict.reason == DNSSEC_TOO_MUCH
		    : verdict.status == CHAIN_SECURE &&
			dnssec_window_better(
			    validator, &verdict.window, &state->verdict.window);

		if (!better)
			continue;
		state->verdict = verdict;
		if (verdict.status == CHAIN_SECURE)
			state->signature = signature;
	}
	return state;
}

void
denial_proofs_collect(struct dnssec_validator *validator, const ldns_rdf *zone,
    struct denial_proofs *proofs_out)
{
	const struct dnssec_chain *chain = validator->chain;

	*proofs_out = (struct denial_proofs){
		.zone = zone,
		.nsec = g_array_new(FALSE, TRUE, sizeof(struct denial_proof)),
		.nsec3 = g_array_new(FALSE, TRUE, sizeof(struct denial_proof)),
	};
	for (guint i = 0; i < chain->sets->len; i++) {
		const struct dnssec_set *set = chain->sets->pdata[i];
		const struct dnssec_set_state *state;

		if ((set->type != LDNS_RR_TYPE_NSEC &&
			set->type != LDNS_RR_TYPE_NSEC3) ||
		    !zone_name_within(set->owner, zone))
			continue;
		state = dnssec_validate_set(validator, set);
		if (state->verdict.status != CHAIN_SECURE ||
		    !zone_name_equal(
			ldns_rr_rrsig_signame(state->signature), zone))
			continue;
		for (size_t j = 0; j < ldns_rr_list_rr_count(set->records);
		     j++) {
			struct denial_proof proof = { ldns_rr_list_rr(
							  set->records, j),
				state->verdict.window };

			g_array_append_val(set->type == LDNS_RR_TYPE_NSEC
				? proofs_out->nsec
				: proofs_out->nsec3,
			    proof);
		}
	}
}

void
denial_proofs_clear(struct denial_proofs *proofs)
{
	g_array_free(proofs->nsec, TRUE);
	g_array_free(proofs->nsec3, TRUE);
}

/* Does "zone" prove that "name" is a delegation without DS? */
static bool
zone_denies_ds(struct dnssec_validator *validator, const ldns_rdf *zone,
    const ldns_rdf *name, struct dnssec_verdict *verdict_out)
{
	struct denial_proofs proofs;
	struct denial denial;

	if (dnssec_chain_find(validator->chain, zone, LDNS_RR_TYPE_DNSKEY) ==
	    NULL)
		return false;
	denial_proofs_collect(validator, zone, &proofs);
	denial_of_ds(&proofs, name, &validator->budget, &denial);
	denial_proofs_clear(&proofs);
	if (denial.kind == DENIAL_NONE)
		return false;
	*verdict_out = dnssec_verdict_of(
	    denial.kind == DENIAL_OPT_OUT ? DNSSEC_OPT_OUT : DNSSEC_DS_DENIED);
	verdict_out->window = denial.window;
	verdict_out->anchor =
	    dnssec_validate_zone(validator, zone)->verdict.anchor;
	return true;
}

bool
dnssec_validate_no_ds(struct dnssec_validator *validator, const ldns_rdf *name,
    struct dnssec_verdict *verdict_out)
{
	for (unsigned n = zone_name_labels(name); n > 0; n--) {
		g_autoptr(ldns_rdf) zone = zone_name_last(name, n - 1);

		if (zone_denies_ds(validator, zone, name, verdict_out))
			return true;
	}
	return false;
}

struct dnssec_verdict
dnssec_validate_unsigned(
    struct dnssec_validator *validator, const ldns_rdf *name)
{
	unsigned labels = zone_name_labels(name);
	struct dnssec_verdict verdict;

	for (unsigned n = 1; n <= labels; n++) {
		g_autoptr(ldns_rdf) cut = zone_name_last(name, n);

		if (dnssec_validate_no_ds(validator, cut, &verdict))
			return verdict;
	}
	for (unsigned n = labels + 1; n > 0; n--) {
		g_autoptr(ldns_rdf) zone = zone_name_last(name, n - 1);

		if (dnssec_chain_find(
			validator->chain, zone, LDNS_RR_TYPE_DNSKEY) == NULL)
			continue;
		verdict = dnssec_validate_zone(validator, zone)->verdict;
		return verdict.status == CHAIN_SECURE
		    ? dnssec_verdict_of(DNSSEC_NO_SIGNATURE)
		    : verdict;
	}
	return dnssec_verdict_of(DNSSEC_NO_DNSKEY);
}
