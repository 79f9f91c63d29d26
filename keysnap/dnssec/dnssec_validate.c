/*
 * dnssec_validate.c - from the name that was asked for, along its aliases, to
 * the answer or its denial.
 *
 * Limit: DNSSEC_ALIASES_MAX.
 */
#include "keysnap/dnssec/dnssec_validate.h"

/* A validation under way. */
struct walk {
	struct dnssec_validator validator;
	struct dnssec_finding *finding;
	struct dnssec_window window;
};

/* Worst last. */
static int
rank_of(enum chain_status status)
{
	switch (status) {
	case CHAIN_SECURE:
		return 0;
	case CHAIN_INSECURE:
		return 1;
	case CHAIN_INDETERMINATE:
		return 2;
	case CHAIN_BOGUS:
		break;
	}
	return 3;
}

/* One step of the way: the whole is no better than its worst step. */
static void
take(struct walk *walk, const struct dnssec_verdict *verdict)
{
	struct dnssec_finding *finding = walk->finding;
	bool worse = rank_of(verdict->status) > rank_of(finding->status);

	if (worse || finding->reason == DNSSEC_NO_REASON) {
		finding->status = verdict->status;
		finding->reason = verdict->reason;
	}
	if (finding->anchor == NULL)
		finding->anchor = verdict->anchor;
	dnssec_window_meet(&walk->window, &verdict->window);
}

static void
take_reason(struct walk *walk, enum dnssec_reason reason)
{
	struct dnssec_verdict verdict = dnssec_verdict_of(reason);

	take(walk, &verdict);
}

/* What a zone proves, as a step of the way. */
static void
take_denial(struct walk *walk, const ldns_rdf *zone,
    const struct denial *denial, enum dnssec_reason fault)
{
	struct dnssec_verdict verdict =
	    dnssec_validate_zone(&walk->validator, zone)->verdict;

	dnssec_window_meet(&verdict.window, &denial->window);
	if (denial->kind == DENIAL_NONE)
		verdict = dnssec_verdict_of(denial->trouble != DNSSEC_NO_REASON
			? denial->trouble
			: fault);
	else if (denial->kind == DENIAL_OPT_OUT) {
		verdict.status = CHAIN_INSECURE;
		verdict.reason = DNSSEC_OPT_OUT;
	}
	take(walk, &verdict);
}

/* An answer from a wildcard takes a proof that there is no closer name. */
static void
take_wildcard(
    struct walk *walk, const struct dnssec_set *set, const ldns_rr *signature)
{
	const ldns_rdf *zone = ldns_rr_rrsig_signame(signature);
	struct denial_proofs proofs;
	struct denial denial;

	denial_proofs_collect(&walk->validator, zone, &proofs);
	denial_of_closer(&proofs, set->owner,
	    ldns_rdf2native_int8(ldns_rr_rrsig_labels(signature)),
	    &walk->validator.budget, &denial);
	denial_proofs_clear(&proofs);
	take_denial(walk, zone, &denial, DNSSEC_WILDCARD);
}

static void
take_set(struct walk *walk, const struct dnssec_set *set)
{
	const struct dnssec_set_state *state;
	struct dnssec_verdict verdict;

	if (ldns_rr_list_rr_count(set->signatures) == 0) {
		verdict =
		    dnssec_validate_unsigned(&walk->validator, set->owner);
		take(walk, &verdict);
		return;
	}
	state = dnssec_validate_set(&walk->validator, set);
	take(walk, &state->verdict);
	if (state->signature != NULL &&
	    dnssec_signature_expanded(set, state->signature))
		take_wildcard(walk, set, state->signature);
}

/* The DNAME set that makes an alias of "name", or NULL. */
static const struct dnssec_set *
find_dname(const struct walk *walk, const ldns_rdf *name)
{
	for (unsigned n = zone_name_labels(name); n > 0; n--) {
		g_autoptr(ldns_rdf) above = zone_name_last(name, n - 1);
		const struct dnssec_set *set = dnssec_chain_find(
		    walk->validator.chain, above, LDNS_RR_TYPE_DNAME);

		if (set != NULL)
			return set;
	}
	return NULL;
}

/* The name with the owner of the DNAME at its end replaced (RFC 6672 section
 * 2.2); NULL when that is too long. */
static ldns_rdf *
substitute(const struct dnssec_set *dname, const ldns_rdf *name)
{
	const ldns_rdf *target =
	    ldns_rr_rdf(ldns_rr_list_rr(dname->records, 0), 0);
	size_t n = ldns_rdf_size(name) - ldns_rdf_size(dname->owner);
	g_autofree uint8_t *wire = NULL;

	if (n + ldns_rdf_size(target) > LDNS_MAX_DOMAINLEN)
		return NULL;
	wire = g_malloc(n + ldns_rdf_size(target));
	memcpy(wire, ldns_rdf_data(name), n);
	memcpy(wire + n, ldns_rdf_data(target), ldns_rdf_size(target));
	return ldns_rdf_new_frm_data(
	    LDNS_RDF_TYPE_DNAME, n + ldns_rdf_size(target), wire);
}

/* The target of an alias at "name", after it was taken; NULL: none. */
static ldns_rdf *
take_alias(struct walk *walk, const ldns_rdf *name)
{
	const struct dnssec_set *cname =
	    dnssec_chain_find(walk->validator.chain, name, LDNS_RR_TYPE_CNAME);
	const struct dnssec_set *dname = find_dname(walk, name);
	ldns_rdf *target = NULL;

	/* A CNAME that a DNAME made is not signed (RFC 6672 section 5.3.1). */
	if (dname != NULL &&
	    (cname == NULL || ldns_rr_list_rr_count(cname->signatures) == 0)) {
		take_set(walk, dname);
		target = substitute(dname, name);
		if (target == NULL)
			take_reason(walk, DNSSEC_CNAME);
		return target;
	}
	if (cname == NULL)
		return NULL;
	take_set(walk, cname);
	if (ldns_rr_list_rr_count(cname->records) > 1)
		take_reason(walk, DNSSEC_CNAME);
	return ldns_rdf_clone(
	    ldns_rr_rdf(ldns_rr_list_rr(cname->records, 0), 0));
}

/* The longest zone with keys in the chain that "name" is within. */
static ldns_rdf *
find_zone(const struct walk *walk, const ldns_rdf *name)
{
	for (unsigned n = zone_name_labels(name) + 1; n > 0; n--) {
		g_autoptr(ldns_rdf) zone = zone_name_last(name, n - 1);

		if (dnssec_chain_find(walk->validator.chain, zone,
			LDNS_RR_TYPE_DNSKEY) != NULL)
			return g_steal_pointer(&zone);
	}
	return NULL;
}

static bool
has_denials(const struct walk *walk)
{
	const GPtrArray *sets = walk->validator.chain->sets;

	for (guint i = 0; i < sets->len; i++) {
		const struct dnssec_set *set = sets->pdata[i];

		if (set->type == LDNS_RR_TYPE_NSEC ||
		    set->type == LDNS_RR_TYPE_NSEC3)
			return true;
	}
	return false;
}

/* There are no records at "name": is that proved? */
static void
take_absence(struct walk *walk, const ldns_rdf *name)
{
	struct dnssec_verdict verdict =
	    dnssec_validate_unsigned(&walk->validator, name);
	g_autoptr(ldns_rdf) zone = find_zone(walk, name);
	const struct dnssec_set absent = { .owner = (ldns_rdf *)name,
		.type = LDNS_RR_TYPE_TXT };
	struct denial_proofs proofs;
	struct denial denial;

	/* Not in a signed zone, or what should prove it is not here. */
	if (verdict.reason != DNSSEC_NO_SIGNATURE) {
		take(walk, &verdict);
		return;
	}
	if (zone == NULL || !has_denials(walk)) {
		take_reason(walk, DNSSEC_NO_ANSWER);
		return;
	}
	if (dnssec_validate_cut(&walk->validator, &absent, zone)) {
		take_reason(walk, DNSSEC_NO_DNSKEY);
		return;
	}
	denial_proofs_collect(&walk->validator, zone, &proofs);
	denial_of_txt(&proofs, name, &walk->validator.budget, &denial);
	denial_proofs_clear(&proofs);
	take_denial(walk, zone, &denial, DNSSEC_DENIAL);
	if (denial.kind == DENIAL_NXDOMAIN)
		walk->finding->found = DNSSEC_FOUND_NXDOMAIN;
	else if (denial.kind == DENIAL_NODATA)
		walk->finding->found = DNSSEC_FOUND_NODATA;
}

static void
follow(struct walk *walk, ldns_rdf *name)
{
	struct dnssec_finding *finding = walk->finding;

	for (int aliases = 0; aliases <= DNSSEC_ALIASES_MAX; aliases++) {
		const struct dnssec_set *txt = dnssec_chain_find(
		    walk->validator.chain, name, LDNS_RR_TYPE_TXT);
		ldns_rdf *target;

		ldns_rdf_deep_free(finding->owner);
		finding->owner = name;
		if (txt != NULL) {
			finding->found = DNSSEC_FOUND_TXT;
			finding->answer = txt;
			take_set(walk, txt);
			return;
		}
		target = take_alias(walk, name);
		if (target == NULL) {
			take_absence(walk, name);
			return;
		}
		name = target;
	}
	ldns_rdf_deep_free(name);
	take_reason(walk, DNSSEC_CNAME);
}

static void
conclude(struct walk *walk)
{
	struct dnssec_finding *finding = walk->finding;
	bool proved = finding->status == CHAIN_SECURE ||
	    finding->status == CHAIN_INSECURE;

	if (proved && walk->window.from > walk->window.until) {
		finding->status = CHAIN_BOGUS;
		finding->reason = DNSSEC_WINDOW;
		proved = false;
	}
	finding->from = proved ? walk->window.from : TIMESTAMP_NONE;
	finding->until = proved ? walk->window.until : TIMESTAMP_NONE;
	if (!proved)
		finding->anchor = NULL;
	if (finding->status != CHAIN_SECURE &&
	    finding->found != DNSSEC_FOUND_TXT)
		finding->found = DNSSEC_FOUND_NOTHING;
}

void
dnssec_validate(const struct dnssec_chain *chain, struct span name,
    const struct trust_anchors *anchors, int64_t at,
    struct dnssec_finding *finding_out)
{
	struct walk walk = { .finding = finding_out,
		.window = { INT64_MIN, INT64_MAX } };
	ldns_rdf *start = zone_name_new(name);

	*finding_out = (struct dnssec_finding){ .status = CHAIN_SECURE,
		.reason = DNSSEC_NO_REASON };
	dnssec_validator_init(&walk.validator, chain, anchors, at);
	if (start == NULL)
		take_reason(&walk, DNSSEC_NO_ANSWER);
	else
		follow(&walk, start);
	conclude(&walk);
	dnssec_validator_clear(&walk.validator);
}

void
dnssec_finding_clear(struct dnssec_finding *finding)
{
	ldns_rdf_deep_free(finding->owner);
	finding->owner = NULL;
}
