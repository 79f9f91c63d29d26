/*
 * dnssec_zone.c - the keys of a zone (RFC 4035 section 5.2): by a trust anchor,
 * or by the DS records of the zone above.
 *
 * DS records with SHA-1 are never used, and prove nothing beside others (RFC
 * 4509 section 3).
 */
#include "keysnap/dnssec/dnssec_validator.h"

/* The keys that may sign the zone's data. */
static ldns_rr_list *
usable_keys(const struct dnssec_set *set)
{
	ldns_rr_list *keys = ldns_rr_list_new();

	for (size_t i = 0; i < ldns_rr_list_rr_count(set->records); i++) {
		ldns_rr *key = ldns_rr_list_rr(set->records, i);

		if (dnssec_key_check(key) == DNSSEC_NO_REASON)
			ldns_rr_list_push_rr(keys, key);
	}
	return keys;
}

/*
 * Does "key" sign the zone's keys?  "verdict" holds what is known of the way
 * to the key; what is found becomes *best when it is better.
 */
static void
try_key(struct dnssec_validator *validator, const struct dnssec_set *set,
    ldns_rr *key, const struct dnssec_verdict *verdict,
    struct dnssec_verdict *best)
{
	enum dnssec_reason reason = dnssec_key_check(key);
	ldns_rr_list *keys = ldns_rr_list_new();

	ldns_rr_list_push_rr(keys, key);
	if (reason != DNSSEC_NO_REASON && best->status != CHAIN_SECURE)
		*best = dnssec_verdict_of(reason);
	for (size_t i = 0; reason == DNSSEC_NO_REASON &&
	     i < ldns_rr_list_rr_count(set->signatures);
	     i++) {
		const ldns_rr *signature = ldns_rr_list_rr(set->signatures, i);
		struct dnssec_verdict found = *verdict;
		struct dnssec_window window = { dnssec_signature_from(
						    signature),
			dnssec_signature_until(signature) };
		enum dnssec_reason fault =
		    dnssec_signature_form(set, signature);

		if (fault == DNSSEC_NO_REASON)
			fault = dnssec_signature_check(
			    set, signature, keys, &validator->budget);
		if (fault == DNSSEC_NO_KEY) /* another key's signature */
			continue;
		dnssec_window_meet(&found.window, &window);
		if (dnssec_signature_is_sha1(signature))
			found.reason = DNSSEC_SHA1;
		if (fault != DNSSEC_NO_REASON)
			found = dnssec_verdict_of(fault);
		if (best->status != CHAIN_SECURE ||
		    (found.status == CHAIN_SECURE &&
			dnssec_window_better(
			    validator, &found.window, &best->window)))
			*best = found;
	}
	ldns_rr_list_free(keys);
}

/* The keys by the trust anchors of the zone; false when it has none. */
static bool
by_anchors(struct dnssec_validator *validator, const struct dnssec_set *set,
    struct dnssec_verdict *best)
{
	bool any = false;

	*best = dnssec_verdict_of(DNSSEC_NO_ANCHOR);
	for (guint i = 0; i < validator->anchors->items->len; i++) {
		const struct trust_anchor *anchor =
		    validator->anchors->items->pdata[i];
		struct dnssec_verdict verdict =
		    dnssec_verdict_of(DNSSEC_NO_REASON);

		any |= zone_name_equal(ldns_rr_owner(anchor->ds), set->owner);
		verdict.anchor = anchor;
		if (anchor->from != TIMESTAMP_NONE)
			verdict.window.from = anchor->from;
		if (anchor->until != TIMESTAMP_NONE)
			verdict.window.until = anchor->until;
		for (size_t j = 0; j < ldns_rr_list_rr_count(set->records);
		     j++) {
			ldns_rr *key = ldns_rr_list_rr(set->records, j);

			if (trust_anchor_fits(anchor->ds, key))
				try_key(validator, set, key, &verdict, best);
		}
	}
	if (best->status == CHAIN_SECURE &&
	    best->window.from > best->window.until)
		*best = dnssec_verdict_of(DNSSEC_ANCHOR_TIME);
	return any;
}

/* Why none of the DS records can be used; NO_REASON when one can. */
static enum dnssec_reason
check_ds(const struct dnssec_set *ds)
{
	enum dnssec_reason fault = DNSSEC_UNSUPPORTED;

	for (size_t i = 0; i < ldns_rr_list_rr_count(ds->records); i++) {
		const ldns_rr *record = ldns_rr_list_rr(ds->records, i);
		unsigned digest = ldns_rdf2native_int8(ldns_rr_rdf(record, 2));
		enum dnssec_reason algorithm = dnssec_algorithm_check(
		    ldns_rdf2native_int8(ldns_rr_rdf(record, 1)));

		if (digest == LDNS_SHA256 || digest == LDNS_SHA384) {
			if (algorithm == DNSSEC_NO_REASON)
				return DNSSEC_NO_REASON;
			fault = algorithm;
		} else if (digest == LDNS_SHA1 && fault == DNSSEC_UNSUPPORTED) {
			fault = DNSSEC_WEAK_DIGEST;
		}
	}
	return fault;
}

/* DS records without a signature.  That one is missing is known only when the
 * zone above is shown to be signed; else it is what was collected that is not
 * whole (RFC 4035 section 4.3). */
static struct dnssec_verdict
by_unsigned_ds(struct dnssec_validator *validator, const struct dnssec_set *ds)
{
	g_autoptr(ldns_rdf) above =
	    zone_name_last(ds->owner, zone_name_labels(ds->owner) - 1);

	return dnssec_validate_unsigned(validator, above);
}

static struct dnssec_verdict
by_ds(struct dnssec_validator *validator, const struct dnssec_set *set,
    const struct dnssec_set *ds)
{
	const struct dnssec_set_state *state =
	    dnssec_validate_set(validator, ds);
	struct dnssec_verdict best = dnssec_verdict_of(DNSSEC_DS_MISMATCH);
	enum dnssec_reason fault = check_ds(ds);

	if (state->verdict.status != CHAIN_SECURE)
		return state->verdict;
	if (fault != DNSSEC_NO_REASON)
		return dnssec_verdict_of(fault);
	for (size_t i = 0; i < ldns_rr_list_rr_count(ds->records); i++) {
		for (size_t j = 0; j < ldns_rr_list_rr_count(set->records);
		     j++) {
			ldns_rr *key = ldns_rr_list_rr(set->records, j);

			if (validator->budget.pairs == 0)
				return dnssec_verdict_of(DNSSEC_TOO_MUCH);
			validator->budget.pairs--;
			if (trust_anchor_fits(
				ldns_rr_list_rr(ds->records, i), key))
				try_key(validator, set, key, &state->verdict,
				    &best);
		}
	}
	return best;
}

static struct dnssec_verdict
find_keys(struct dnssec_validator *validator, const ldns_rdf *name,
    const struct dnssec_set *set)
{
	const struct dnssec_set *ds =
	    dnssec_chain_find(validator->chain, name, LDNS_RR_TYPE_DS);
	struct dnssec_verdict verdict;

	if (set != NULL) {
		bool any = by_anchors(validator, set, &verdict);

		if (verdict.status == CHAIN_SECURE ||
		    (any && verdict.status == CHAIN_BOGUS) ||
		    zone_name_labels(name) == 0)
			return verdict;
	}
	if (ds != NULL && set != NULL &&
	    ldns_rr_list_rr_count(ds->signatures) == 0)
		return by_unsigned_ds(validator, ds);
	if (ds != NULL && set != NULL)
		return by_ds(validator, set, ds);
	if (ds == NULL && zone_name_labels(name) > 0) {
		if (dnssec_validate_no_ds(validator, name, &verdict))
			return verdict;
		if (set != NULL)
			return dnssec_verdict_of(DNSSEC_NO_DS);
	}
	return dnssec_verdict_of(DNSSEC_NO_DNSKEY);
}

const struct dnssec_zone *
dnssec_validate_zone(struct dnssec_validator *validator, const ldns_rdf *name)
{
	const struct dnssec_set *set =
	    dnssec_chain_find(validator->chain, name, LDNS_RR_TYPE_DNSKEY);
	struct dnssec_zone *zone;

	for (guint i = 0; i < validator->zones->len; i++) {
		zone = validator->zones->pdata[i];
		if (zone_name_equal(zone->name, name))
			return zone;
	}
	zone = g_new0(struct dnssec_zone, 1);
	zone->name = ldns_rdf_clone(name);
	zone->verdict = dnssec_verdict_of(DNSSEC_NO_DS); /* for a circle */
	g_ptr_array_add(validator->zones, zone);
	zone->verdict = find_keys(validator, name, set);
	if (zone->verdict.status == CHAIN_SECURE)
		zone->keys = usable_keys(set);
	else
		zone->keys = ldns_rr_list_new();
	return zone;
}
