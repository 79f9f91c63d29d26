/*
 * denial.h - what NSEC (RFC 4034 section 4) and NSEC3 (RFC 5155) records of
 * one zone prove: that there is no such name, no such record, no DS.
 *
 * Pure: the records were validated before, and this only reads them.
 */
#ifndef KEYSNAP_DNSSEC_DENIAL_H
#define KEYSNAP_DNSSEC_DENIAL_H

#include "keysnap/dnssec/rrset_signature.h"

/* A time in which signatures are valid; empty when from > until. */
struct dnssec_window {
	int64_t from, until;
};

void dnssec_window_meet(struct dnssec_window *window,
    const struct dnssec_window *other);

/* One validated record of the zone. */
struct denial_proof {
	const ldns_rr *record;
	struct dnssec_window window;
};

struct denial_proofs {
	const ldns_rdf *zone;
	GArray *nsec, *nsec3; /* struct denial_proof */
};

enum denial_kind {
	DENIAL_NONE,	 /* nothing is proved */
	DENIAL_NXDOMAIN, /* no such name */
	DENIAL_NODATA,	 /* no record of that type (nor CNAME) */
	DENIAL_NO_DS,	 /* a delegation without DS */
	DENIAL_NO_CLOSER, /* no name between an owner and its wildcard */
	DENIAL_OPT_OUT	 /* the same, but for delegations without DS, which
			    the zone does not list (RFC 5155 section 6) */
};

struct denial {
	enum denial_kind kind;
	struct dnssec_window window; /* of the proofs that were used */
	enum dnssec_reason trouble;  /* ITERATIONS or TOO_MUCH: why NONE */
};

/* Are there TXT records at "name"?  NXDOMAIN, NODATA, OPT_OUT or NONE. */
void denial_of_txt(const struct denial_proofs *proofs, const ldns_rdf *name,
    struct dnssec_budget *budget, struct denial *denial_out);

/* Is "name" a delegation without DS?  NO_DS, OPT_OUT or NONE. */
void denial_of_ds(const struct denial_proofs *proofs, const ldns_rdf *name,
    struct dnssec_budget *budget, struct denial *denial_out);

/* Is there no name closer to "name" than the wildcard below its last "labels"
 * labels (RFC 4035 section 5.3.4)?  NO_CLOSER, OPT_OUT or NONE. */
void denial_of_closer(const struct denial_proofs *proofs, const ldns_rdf *name,
    unsigned labels, struct dnssec_budget *budget, struct denial *denial_out);

/* The same with NSEC3 records only. */
void denial_nsec3_of_txt(const struct denial_proofs *proofs,
    const ldns_rdf *name, struct dnssec_budget *budget,
    struct denial *denial_out);
void denial_nsec3_of_ds(const struct denial_proofs *proofs,
    const ldns_rdf *name, struct dnssec_budget *budget,
    struct denial *denial_out);
void denial_nsec3_of_closer(const struct denial_proofs *proofs,
    const ldns_rdf *name, unsigned labels, struct dnssec_budget *budget,
    struct denial *denial_out);

/* What the types of an NSEC or NSEC3 record say of the name it is for. */
bool denial_lists(const ldns_rdf *types, ldns_rr_type type);
bool denial_is_delegation(const ldns_rdf *types); /* NS without SOA */
bool denial_lacks_txt(const ldns_rdf *types);	  /* on this side of a cut */

#endif
