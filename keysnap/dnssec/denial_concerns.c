/*
 * denial_concerns.c - which denials are worth keeping for a name.
 */
#include "keysnap/dnssec/denial.h"
#include "keysnap/dnssec/dnssec_pool.h"

/* "owner" < "name" < "next", around the end of the zone. */
static bool
is_between(const ldns_rdf *owner, const ldns_rdf *name, const ldns_rdf *next)
{
	bool after = ldns_dname_compare(owner, name) < 0;
	bool before = ldns_dname_compare(name, next) < 0;

	return ldns_dname_compare(owner, next) >= 0 ? after || before
						    : after && before;
}

/* The name that NSEC3 has for "name", below "zone"; NULL: none. */
static ldns_rdf *
hashed(const ldns_rr *record, const ldns_rdf *zone, const ldns_rdf *name)
{
	const ldns_rdf *salt = ldns_rr_rdf(record, 3);
	unsigned iterations = ldns_rdf2native_int16(ldns_rr_rdf(record, 2));
	ldns_rdf *label;

	if (iterations > DNSSEC_NSEC3_ITERATIONS_MAX ||
	    ldns_rdf2native_int8(ldns_rr_rdf(record, 0)) != LDNS_SHA1)
		return NULL;
	label = ldns_nsec3_hash_name(name, LDNS_SHA1, (uint16_t)iterations,
	    (uint8_t)(ldns_rdf_size(salt) - 1), ldns_rdf_data(salt) + 1);
	if (label != NULL && ldns_dname_cat(label, zone) != LDNS_STATUS_OK) {
		ldns_rdf_deep_free(label);
		return NULL;
	}
	return label;
}

/* The next owner of an NSEC3 record as a name. */
static ldns_rdf *
next_hashed(const ldns_rr *record, const ldns_rdf *zone)
{
	char *text = ldns_rdf2str(ldns_rr_rdf(record, 4));
	ldns_rdf *name = text != NULL ? ldns_dname_new_frm_str(text) : NULL;

	free(text);
	if (name != NULL && ldns_dname_cat(name, zone) != LDNS_STATUS_OK) {
		ldns_rdf_deep_free(name);
		return NULL;
	}
	return name;
}

bool
denial_concerns(
    const ldns_rr *record, const ldns_rdf *zone, const ldns_rdf *name)
{
	const ldns_rdf *owner = ldns_rr_owner(record);
	g_autoptr(ldns_rdf) hash = NULL, next = NULL;

	if (!zone_name_within(name, zone) || !zone_name_within(owner, zone))
		return false;
	if (ldns_rr_get_type(record) == LDNS_RR_TYPE_NSEC)
		return zone_name_equal(owner, name) ||
		    is_between(owner, name, ldns_rr_rdf(record, 0));
	hash = hashed(record, zone, name);
	next = next_hashed(record, zone);
	return hash != NULL && next != NULL &&
	    (zone_name_equal(owner, hash) || is_between(owner, hash, next));
}
