/*
 * chain_result.c - what a stored chain says of an observation.
 */
#include "keysnap/dnssec/chain_result.h"

/* The character-strings of a TXT record, each behind its length, are those of
 * the observation; or, joined, the same octets where a source had joined. */
static bool
same_strings(const ldns_rr *record, const struct entry_observation *observation)
{
	bool exact = observation->joined == JOIN_EXACT;
	size_t n = ldns_rr_rd_count(record);
	g_autoptr(GString) seen = g_string_new(NULL);
	g_autoptr(GString) chained = g_string_new(NULL);

	if (exact && n != observation->n_strings)
		return false;
	for (size_t i = 0; i < observation->n_strings; i++) {
		struct span string = observation->strings[i];

		if (exact)
			g_string_append_c(seen, (char)string.n);
		g_string_append_len(
		    seen, (const char *)string.p, (gssize)string.n);
	}
	for (size_t i = 0; i < n; i++) {
		const ldns_rdf *string = ldns_rr_rdf(record, i);
		struct span octets = { ldns_rdf_data(string),
			ldns_rdf_size(string) };

		if (!exact)
			octets = span_from(octets, 1);
		g_string_append_len(
		    chained, (const char *)octets.p, (gssize)octets.n);
	}
	return g_string_equal(seen, chained);
}

static bool
same_owner(const struct dnssec_finding *finding,
    const struct entry_observation *observation)
{
	g_autoptr(ldns_rdf) owner = zone_name_new(
	    observation->owner.n > 0 ? observation->owner : observation->name);

	return owner != NULL && finding->owner != NULL &&
	    zone_name_equal(owner, finding->owner);
}

/* Is the chain about what was observed? */
static bool
is_about(const struct dnssec_finding *finding,
    const struct entry_observation *observation)
{
	bool proved = finding->status == CHAIN_SECURE;

	switch (observation->kind) {
	case OBSERVATION_NXDOMAIN:
		return finding->found ==
		    (proved ? DNSSEC_FOUND_NXDOMAIN : DNSSEC_FOUND_NOTHING);
	case OBSERVATION_NODATA:
		return finding->found ==
		    (proved ? DNSSEC_FOUND_NODATA : DNSSEC_FOUND_NOTHING);
	case OBSERVATION_RECOVERED:
		return false;
	case OBSERVATION_PRESENT:
		break;
	}
	if (finding->found != DNSSEC_FOUND_TXT ||
	    !same_owner(finding, observation))
		return false;
	for (size_t i = 0; i < ldns_rr_list_rr_count(finding->answer->records);
	     i++) {
		if (same_strings(ldns_rr_list_rr(finding->answer->records, i),
			observation))
			return true;
	}
	return false;
}

void
chain_result_find(struct arena *arena, struct span octets,
    const struct entry_observation *observation,
    const struct trust_anchors *anchors, struct chain_result *result_out)
{
	struct dnssec_finding finding;
	const char *why;
	g_autoptr(dnssec_chain_auto) chain = dnssec_chain_read(octets, &why);
	g_autofree char *anchor = NULL;

	*result_out = (struct chain_result){ .status = CHAIN_INDETERMINATE,
		.reason = DNSSEC_MALFORMED,
		.from = TIMESTAMP_NONE,
		.until = TIMESTAMP_NONE };
	if (chain == NULL)
		return;
	dnssec_validate(
	    chain, observation->name, anchors, observation->first, &finding);
	result_out->status = finding.status;
	result_out->reason = finding.reason;
	if ((finding.status == CHAIN_SECURE ||
		finding.status == CHAIN_INSECURE)) {
		if (is_about(&finding, observation)) {
			result_out->from = finding.from;
			result_out->until = finding.until;
			anchor = trust_anchor_text(finding.anchor);
			result_out->trust_anchor =
			    arena_copy(arena, span_from_string(anchor));
		} else {
			result_out->status = CHAIN_BOGUS;
			result_out->reason = DNSSEC_ANSWER;
		}
	}
	dnssec_finding_clear(&finding);
}

void
chain_result_entry(
    const struct chain_result *result, struct entry_chain_result *entry_out)
{
	entry_out->result = result->status;
	entry_out->from = result->from;
	entry_out->until = result->until;
	entry_out->trust_anchor = result->trust_anchor;
	if (result->reason != DNSSEC_NO_REASON)
		entry_out->reason =
		    span_from_string(dnssec_reason_name(result->reason));
	else
		entry_out->reason = (struct span){ NULL, 0 };
}

bool
chain_result_same(
    const struct chain_result *result, const struct entry_chain_result *entry)
{
	struct entry_chain_result now = { 0 };

	chain_result_entry(result, &now);
	return now.result == entry->result && now.from == entry->from &&
	    now.until == entry->until &&
	    span_equal(now.reason, entry->reason) &&
	    span_equal(now.trust_anchor, entry->trust_anchor);
}
