/*
 * dnssec_validate.h - what a stored chain proves of the TXT records of a name,
 * offline and whatever the clock says (RFC 4035 section 5).
 *
 * Needed is a chain that holds the answer, with the aliases that led to it, and
 * for every zone on the way its DNSKEY and DS sets up to a trust anchor; for a
 * wildcard, and for a name that has no such records, the NSEC or NSEC3 records
 * that prove it.  No network, no clock, no configuration.
 */
#ifndef KEYSNAP_DNSSEC_DNSSEC_VALIDATE_H
#define KEYSNAP_DNSSEC_DNSSEC_VALIDATE_H

#include "keysnap/dnssec/dnssec_validator.h"

#define DNSSEC_ALIASES_MAX 16 /* CNAMEs to follow; resolvers stop at 8 to 16 */

struct dnssec_finding {
	enum chain_status status;
	enum dnssec_reason reason;
	/* All signatures that count are valid, and the trust anchor is, from
	 * and until then; TIMESTAMP_NONE when the chain is bogus or
	 * indeterminate. */
	int64_t from, until;
	const struct trust_anchor *anchor; /* or NULL */

	/* What it is about: the records, in the chain; or, of a secure chain,
	 * that there are none; or, of others, nothing. */
	enum { DNSSEC_FOUND_NOTHING, DNSSEC_FOUND_TXT, DNSSEC_FOUND_NXDOMAIN,
		DNSSEC_FOUND_NODATA } found;
	const struct dnssec_set *answer; /* DNSSEC_FOUND_TXT */
	ldns_rdf *owner; /* where the aliases end; freed by clear */
};

/* What "chain" proves of the TXT records of the canonical "name".  "at" is the
 * time of the observation, or TIMESTAMP_NONE: see dnssec_validator.h. */
void dnssec_validate(const struct dnssec_chain *chain, struct span name,
    const struct trust_anchors *anchors, int64_t at,
    struct dnssec_finding *finding_out);
void dnssec_finding_clear(struct dnssec_finding *finding);

#endif
