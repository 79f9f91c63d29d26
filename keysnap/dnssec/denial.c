/*
 * denial.c - what NSEC records prove (RFC 4035 section 5.4).
 */
#include "keysnap/dnssec/denial.h"

void
dnssec_window_meet(
    struct dnssec_window *window, const struct dnssec_window *other)
{
	window->from = MAX(window->from, other->from);
	window->until = MIN(window->until, other->until);
}

bool
denial_lists(const ldns_rdf *types, ldns_rr_type type)
{
	return types != NULL && ldns_nsec_bitmap_covers_type(types, type);
}

bool
denial_is_delegation(const ldns_rdf *types)
{
	return denial_lists(types, LDNS_RR_TYPE_NS) &&
	    !denial_lists(types, LDNS_RR_TYPE_SOA);
}

bool
denial_lacks_txt(const ldns_rdf *types)
{
	return !denial_lists(types, LDNS_RR_TYPE_TXT) &&
	    !denial_lists(types, LDNS_RR_TYPE_CNAME) &&
	    !denial_is_delegation(types);
}

/* The fields of an NSEC record. */
struct nsec {
	const ldns_rdf *owner, *next, *types;
	const struct denial_proof *proof;
};

static struct nsec
nsec_at(const struct denial_proofs *proofs, guint i)
{
	const struct denial_proof *proof =
	    &g_array_index(proofs->nsec, struct denial_proof, i);
	struct nsec nsec = {
		.owner = ldns_rr_owner(proof->record),
		.next = ldns_rr_rdf(proof->record, 0),
		.types = ldns_rr_rd_count(proof->record) > 1
		    ? ldns_rr_rdf(proof->record, 1)
		    : NULL,
		.proof = proof,
	};

	return nsec;
}

/* Does it stand between "owner" and "next" in the order of the zone, whose
 * last NSEC leads back to its top? */
static bool
covers(const struct denial_proofs *proofs, const struct nsec *nsec,
    const ldns_rdf *name)
{
	bool is_last = zone_name_equal(nsec->next, proofs->zone);

	if (!zone_name_within(name, proofs->zone) ||
	    !zone_name_within(nsec->next, proofs->zone) ||
	    ldns_dname_compare(nsec->owner, name) >= 0 ||
	    (!is_last && ldns_dname_compare(name, nsec->next) >= 0))
		return false;
	/* What is below a delegation or a DNAME is not this zone's to deny
	 * (RFC 4035 section 5.4, RFC 6672 section 5.3.4.1). */
	return !zone_name_below(name, nsec->owner) ||
	    (!denial_is_delegation(nsec->types) &&
		!denial_lists(nsec->types, LDNS_RR_TYPE_DNAME));
}

static bool
find_match(const struct denial_proofs *proofs, const ldns_rdf *name,
    struct nsec *nsec_out)
{
	for (guint i = 0; i < proofs->nsec->len; i++) {
		*nsec_out = nsec_at(proofs, i);
		if (zone_name_equal(nsec_out->owner, name))
			return true;
	}
	return false;
}

static bool
find_cover(const struct denial_proofs *proofs, const ldns_rdf *name,
    struct nsec *nsec_out)
{
	for (guint i = 0; i < proofs->nsec->len; i++) {
		*nsec_out = nsec_at(proofs, i);
		if (covers(proofs, nsec_out, name))
			return true;
	}
	return false;
}

static void
prove(struct denial *denial, enum denial_kind kind, const struct nsec *nsec)
{
	denial->kind = kind;
	dnssec_window_meet(&denial->window, &nsec->proof->window);
}

/* Labels of the closest name that is there, by the record that covers. */
static unsigned
encloser(const struct nsec *nsec, const ldns_rdf *name)
{
	return MAX(zone_name_shared(name, nsec->owner),
	    zone_name_shared(name, nsec->next));
}

static void
nsec_of_txt(const struct denial_proofs *proofs, const ldns_rdf *name,
    struct denial *denial)
{
	g_autoptr(ldns_rdf) closest = NULL, wildcard = NULL;
	struct nsec nsec, star;

	if (find_match(proofs, name, &nsec)) {
		if (denial_lacks_txt(nsec.types))
			prove(denial, DENIAL_NODATA, &nsec);
		return;
	}
	if (!find_cover(proofs, name, &nsec))
		return;
	if (zone_name_below(nsec.next, name)) {
		prove(denial, DENIAL_NODATA, &nsec); /* names below it only */
		return;
	}
	closest = zone_name_last(name, encloser(&nsec, name));
	wildcard = zone_name_wildcard(closest);
	if (wildcard == NULL)
		return;
	if (find_match(proofs, wildcard, &star)) {
		if (!denial_lacks_txt(star.types))
			return;
		prove(denial, DENIAL_NODATA, &nsec);
		prove(denial, DENIAL_NODATA, &star);
	} else if (find_cover(proofs, wildcard, &star)) {
		prove(denial, DENIAL_NXDOMAIN, &nsec);
		prove(denial, DENIAL_NXDOMAIN, &star);
	}
}

static void
nsec_of_ds(const struct denial_proofs *proofs, const ldns_rdf *name,
    struct denial *denial)
{
	struct nsec nsec;

	if (find_match(proofs, name, &nsec) &&
	    denial_is_delegation(nsec.types) &&
	    !denial_lists(nsec.types, LDNS_RR_TYPE_DS))
		prove(denial, DENIAL_NO_DS, &nsec);
}

static void
nsec_of_closer(const struct denial_proofs *proofs, const ldns_rdf *name,
    unsigned labels, struct denial *denial)
{
	struct nsec nsec;

	if (find_cover(proofs, name, &nsec) && encloser(&nsec, name) <= labels)
		prove(denial, DENIAL_NO_CLOSER, &nsec);
}

static void
begin(struct denial *denial)
{
	*denial = (struct denial){ .kind = DENIAL_NONE,
		.window = { INT64_MIN, INT64_MAX } };
}

void
denial_of_txt(const struct denial_proofs *proofs, const ldns_rdf *name,
    struct dnssec_budget *budget, struct denial *denial_out)
{
	begin(denial_out);
	nsec_of_txt(proofs, name, denial_out);
	if (denial_out->kind == DENIAL_NONE && proofs->nsec3->len > 0)
		denial_nsec3_of_txt(proofs, name, budget, denial_out);
}

void
denial_of_ds(const struct denial_proofs *proofs, const ldns_rdf *name,
    struct dnssec_budget *budget, struct denial *denial_out)
{
	begin(denial_out);
	nsec_of_ds(proofs, name, denial_out);
	if (denial_out->kind == DENIAL_NONE && proofs->nsec3->len > 0)
		denial_nsec3_of_ds(proofs, name, budget, denial_out);
}

void
denial_of_closer(const struct denial_proofs *proofs, const ldns_rdf *name,
    unsigned labels, struct dnssec_budget *budget, struct denial *denial_out)
{
	begin(denial_out);
	nsec_of_closer(proofs, name, labels, denial_out);
	if (denial_out->kind == DENIAL_NONE && proofs->nsec3->len > 0)
		denial_nsec3_of_closer(
		    proofs, name, labels, budget, denial_out);
}
