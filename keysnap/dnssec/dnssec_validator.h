/*
 * dnssec_validator.h - one chain under validation: its sets, zones and
 * denials, each looked at once.  For the files of this folder.
 *
 * The clock is ignored.  What is secure has a window instead: the time in
 * which all signatures that it rests on are valid, and its trust anchor is.
 * Of several signatures of a set that hold, one counts: one that is valid at
 * the time of the observation rather than another, then the one that is valid
 * longest, then the first.
 */
#ifndef KEYSNAP_DNSSEC_DNSSEC_VALIDATOR_H
#define KEYSNAP_DNSSEC_DNSSEC_VALIDATOR_H

#include "keysnap/dnssec/denial.h"
#include "keysnap/dnssec/trust_anchor.h"
#include "keysnap/store/entry.h"

/* What is found of a set, a zone or a name. */
struct dnssec_verdict {
	enum chain_status status;
	enum dnssec_reason reason;
	struct dnssec_window window; /* of secure and insecure ones */
	const struct trust_anchor *anchor; /* where it ends, or NULL */
};

/* The same of a set, and the signature that counts. */
struct dnssec_set_state {
	bool done;
	struct dnssec_verdict verdict;
	const ldns_rr *signature; /* of a secure one */
};

struct dnssec_zone {
	ldns_rdf *name;
	struct dnssec_verdict verdict;
	ldns_rr_list *keys; /* of a secure one; the records are borrowed */
};

struct dnssec_validator {
	const struct dnssec_chain *chain;
	const struct trust_anchors *anchors;
	int64_t at; /* of the observation, or TIMESTAMP_NONE */
	struct dnssec_budget budget;
	struct dnssec_set_state *sets; /* as in the chain */
	GPtrArray *zones; /* struct dnssec_zone, as they were asked for */
};

void dnssec_validator_init(struct dnssec_validator *validator,
    const struct dnssec_chain *chain, const struct trust_anchors *anchors,
    int64_t at);
void dnssec_validator_clear(struct dnssec_validator *validator);

struct dnssec_verdict dnssec_verdict_of(enum dnssec_reason reason);

/* Is "a" to be preferred to "b", both of signatures that hold? */
bool dnssec_window_better(const struct dnssec_validator *validator,
    const struct dnssec_window *a, const struct dnssec_window *b);

/* A set of the chain, by its own signatures. */
const struct dnssec_set_state *dnssec_validate_set(
    struct dnssec_validator *validator, const struct dnssec_set *set);

/* The keys of a zone, by a trust anchor or by the DS of the zone above. */
const struct dnssec_zone *dnssec_validate_zone(
    struct dnssec_validator *validator, const ldns_rdf *name);

/* Why a name has no signatures: insecure when the chain proves that a
 * delegation on the way to it has no DS. */
struct dnssec_verdict dnssec_validate_unsigned(
    struct dnssec_validator *validator, const ldns_rdf *name);

/* Is "name" itself proved to be a delegation without DS?  Then insecure, with
 * true. */
bool dnssec_validate_no_ds(struct dnssec_validator *validator,
    const ldns_rdf *name, struct dnssec_verdict *verdict_out);

/* The validated denials of a zone; clear them with denial_proofs_clear(). */
void denial_proofs_collect(struct dnssec_validator *validator,
    const ldns_rdf *zone, struct denial_proofs *proofs_out);
void denial_proofs_clear(struct denial_proofs *proofs);

/* Is there, by the chain, a delegation between a zone and a name, whose
 * records the zone then may not sign? */
bool dnssec_validate_cut(const struct dnssec_validator *validator,
    const struct dnssec_set *set, const ldns_rdf *zone);

#endif
