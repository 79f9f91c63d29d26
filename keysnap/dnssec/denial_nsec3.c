/*
 * denial_nsec3.c - what NSEC3 records prove (RFC 5155 section 8).
 *
 * Records with other parameters than the first usable one are passed over:
 * a zone has one chain of them at a time (section 8.2).  Limits:
 * DNSSEC_NSEC3_ITERATIONS_MAX and, for all hashes of a chain together,
 * DNSSEC_SHA1_MAX.
 */
#include "keysnap/dnssec/denial.h"

#include <string.h>

#define HASH_SIZE 20 /* SHA-1, the only algorithm there is */
#define OPT_OUT   0x01

struct nsec3 {
	const struct denial_proof *proof;
	uint8_t owner[HASH_SIZE], next[HASH_SIZE];
	const ldns_rdf *types;
	bool opt_out;
};

/* The records of a zone that can be used together. */
struct nsec3_zone {
	const ldns_rdf *zone;
	GArray *records; /* struct nsec3 */
	unsigned iterations;
	struct span salt;
	struct dnssec_budget *budget;
	struct denial *denial;
};

static struct span
salt_of(const ldns_rr *record)
{
	const ldns_rdf *salt = ldns_rr_rdf(record, 3);
	struct span octets = { ldns_rdf_data(salt), ldns_rdf_size(salt) };

	return span_from(octets, 1); /* after its length */
}

/* The hash that is the first label of the owner (section 3). */
static bool
read_owner(const struct nsec3_zone *zone, const ldns_rr *record,
    uint8_t out[HASH_SIZE])
{
	const ldns_rdf *owner = ldns_rr_owner(record);
	const uint8_t *label = ldns_rdf_data(owner);
	uint8_t octets[HASH_SIZE + 8];

	if (zone_name_labels(owner) != zone_name_labels(zone->zone) + 1 ||
	    !zone_name_within(owner, zone->zone) || label[0] != 32 ||
	    ldns_b32_pton_extended_hex((const char *)label + 1, label[0],
		octets, sizeof(octets)) != HASH_SIZE)
		return false;
	memcpy(out, octets, HASH_SIZE);
	return true;
}

static bool
read_record(const struct nsec3_zone *zone, const struct denial_proof *proof,
    struct nsec3 *nsec3)
{
	const ldns_rr *record = proof->record;
	const ldns_rdf *next = ldns_rr_rdf(record, 4);
	unsigned flags = ldns_rdf2native_int8(ldns_rr_rdf(record, 1));

	if (ldns_rdf2native_int8(ldns_rr_rdf(record, 0)) != LDNS_SHA1 ||
	    (flags & ~(unsigned)OPT_OUT) != 0 ||
	    ldns_rdf_size(next) != HASH_SIZE + 1 ||
	    ldns_rdf_data(next)[0] != HASH_SIZE ||
	    !read_owner(zone, record, nsec3->owner))
		return false;
	memcpy(nsec3->next, ldns_rdf_data(next) + 1, HASH_SIZE);
	nsec3->proof = proof;
	nsec3->opt_out = (flags & OPT_OUT) != 0;
	nsec3->types =
	    ldns_rr_rd_count(record) > 5 ? ldns_rr_rdf(record, 5) : NULL;
	return true;
}

static void
take_record(struct nsec3_zone *zone, const struct denial_proof *proof)
{
	unsigned iterations =
	    ldns_rdf2native_int16(ldns_rr_rdf(proof->record, 2));
	struct span salt = salt_of(proof->record);
	struct nsec3 nsec3;

	if (iterations > DNSSEC_NSEC3_ITERATIONS_MAX) {
		zone->denial->trouble = DNSSEC_ITERATIONS;
		return;
	}
	if (!read_record(zone, proof, &nsec3))
		return;
	if (zone->records->len == 0) {
		zone->iterations = iterations;
		zone->salt = salt;
	} else if (iterations != zone->iterations ||
	    !span_equal(salt, zone->salt)) {
		return;
	}
	g_array_append_val(zone->records, nsec3);
}

static void
open_zone(struct nsec3_zone *zone, const struct denial_proofs *proofs,
    struct dnssec_budget *budget, struct denial *denial)
{
	*zone = (struct nsec3_zone){
		.zone = proofs->zone,
		.records = g_array_new(FALSE, TRUE, sizeof(struct nsec3)),
		.budget = budget,
		.denial = denial,
	};
	for (guint i = 0; i < proofs->nsec3->len; i++)
		take_record(zone,
		    &g_array_index(proofs->nsec3, struct denial_proof, i));
}

static bool
hash_name(struct nsec3_zone *zone, const ldns_rdf *name, uint8_t out[HASH_SIZE])
{
	uint8_t octets[HASH_SIZE + 8];
	ldns_rdf *label;
	bool ok;

	if (zone->budget->sha1 < zone->iterations + 1) {
		zone->denial->trouble = DNSSEC_TOO_MUCH;
		return false;
	}
	zone->budget->sha1 -= zone->iterations + 1;
	label = ldns_nsec3_hash_name(name, LDNS_SHA1,
	    (uint16_t)zone->iterations, (uint8_t)zone->salt.n, zone->salt.p);
	if (label == NULL)
		return false;
	ok = ldns_rdf_size(label) > 32 &&
	    ldns_b32_pton_extended_hex((const char *)ldns_rdf_data(label) + 1,
		32, octets, sizeof(octets)) == HASH_SIZE;
	ldns_rdf_deep_free(label);
	memcpy(out, octets, ok ? HASH_SIZE : 0);
	return ok;
}

static bool
covers(const struct nsec3 *nsec3, const uint8_t hash[HASH_SIZE])
{
	bool after = memcmp(nsec3->owner, hash, HASH_SIZE) < 0;
	bool before = memcmp(hash, nsec3->next, HASH_SIZE) < 0;
	bool is_last = memcmp(nsec3->owner, nsec3->next, HASH_SIZE) >= 0;

	if (memcmp(nsec3->owner, hash, HASH_SIZE) == 0)
		return false;
	return is_last ? after || before : after && before;
}

static const struct nsec3 *
find_match(struct nsec3_zone *zone, const ldns_rdf *name)
{
	uint8_t hash[HASH_SIZE];

	if (!hash_name(zone, name, hash))
		return NULL;
	for (guint i = 0; i < zone->records->len; i++) {
		const struct nsec3 *nsec3 =
		    &g_array_index(zone->records, struct nsec3, i);

		if (memcmp(nsec3->owner, hash, HASH_SIZE) == 0)
			return nsec3;
	}
	return NULL;
}

static const struct nsec3 *
find_cover(struct nsec3_zone *zone, const ldns_rdf *name)
{
	uint8_t hash[HASH_SIZE];

	if (!hash_name(zone, name, hash))
		return NULL;
	for (guint i = 0; i < zone->records->len; i++) {
		const struct nsec3 *nsec3 =
		    &g_array_index(zone->records, struct nsec3, i);

		if (covers(nsec3, hash))
			return nsec3;
	}
	return NULL;
}

static void
prove(struct denial *denial, enum denial_kind kind, const struct nsec3 *nsec3)
{
	denial->kind = kind;
	dnssec_window_meet(&denial->window, &nsec3->proof->window);
}

/*
 * The closest encloser proof (section 8.3): the longest name above "name"
 * that has a record, and the record that covers the next closer one; "labels"
 * are those of the former.
 */
struct closest {
	unsigned labels;
	const struct nsec3 *match, *cover;
};

static bool
find_closest(
    struct nsec3_zone *zone, const ldns_rdf *name, struct closest *closest_out)
{
	unsigned labels = zone_name_labels(name);
	unsigned top = zone_name_labels(zone->zone);
	g_autoptr(ldns_rdf) closer = NULL;

	while (labels > top) {
		g_autoptr(ldns_rdf) parent = zone_name_last(name, --labels);

		closest_out->match = find_match(zone, parent);
		if (closest_out->match != NULL)
			break;
		if (zone->denial->trouble == DNSSEC_TOO_MUCH)
			return false;
	}
	if (closest_out->match == NULL ||
	    denial_is_delegation(closest_out->match->types) ||
	    denial_lists(closest_out->match->types, LDNS_RR_TYPE_DNAME))
		return false;
	closest_out->labels = labels;
	closer = zone_name_last(name, labels + 1);
	closest_out->cover = find_cover(zone, closer);
	return closest_out->cover != NULL;
}

static void
prove_closest(
    struct denial *denial, enum denial_kind kind, const struct closest *closest)
{
	prove(denial, kind, closest->match);
	prove(denial, kind, closest->cover);
}

static void
find_txt(struct nsec3_zone *zone, const ldns_rdf *name)
{
	const struct nsec3 *match = find_match(zone, name), *star;
	g_autoptr(ldns_rdf) encloser = NULL, wildcard = NULL;
	struct closest closest = { 0 };
	enum denial_kind kind = DENIAL_NODATA;

	if (match != NULL) {
		if (denial_lacks_txt(match->types))
			prove(zone->denial, DENIAL_NODATA, match);
		return;
	}
	if (!find_closest(zone, name, &closest))
		return;
	encloser = zone_name_last(name, closest.labels);
	wildcard = zone_name_wildcard(encloser);
	if (wildcard == NULL)
		return;
	star = find_match(zone, wildcard);
	if (star != NULL && !denial_lacks_txt(star->types))
		return;
	if (star == NULL) {
		star = find_cover(zone, wildcard);
		kind = DENIAL_NXDOMAIN;
	}
	if (star == NULL)
		return;
	if (closest.cover->opt_out)
		kind = DENIAL_OPT_OUT;
	prove_closest(zone->denial, kind, &closest);
	prove(zone->denial, kind, star);
}

static void
find_ds(struct nsec3_zone *zone, const ldns_rdf *name)
{
	const struct nsec3 *match = find_match(zone, name);
	struct closest closest = { 0 };

	if (match != NULL) {
		if (denial_is_delegation(match->types) &&
		    !denial_lists(match->types, LDNS_RR_TYPE_DS))
			prove(zone->denial, DENIAL_NO_DS, match);
		return;
	}
	if (find_closest(zone, name, &closest) && closest.cover->opt_out)
		prove_closest(zone->denial, DENIAL_OPT_OUT, &closest);
}

void
denial_nsec3_of_txt(const struct denial_proofs *proofs, const ldns_rdf *name,
    struct dnssec_budget *budget, struct denial *denial_out)
{
	struct nsec3_zone zone;

	open_zone(&zone, proofs, budget, denial_out);
	find_txt(&zone, name);
	g_array_free(zone.records, TRUE);
}

void
denial_nsec3_of_ds(const struct denial_proofs *proofs, const ldns_rdf *name,
    struct dnssec_budget *budget, struct denial *denial_out)
{
	struct nsec3_zone zone;

	open_zone(&zone, proofs, budget, denial_out);
	find_ds(&zone, name);
	g_array_free(zone.records, TRUE);
}

void
denial_nsec3_of_closer(const struct denial_proofs *proofs, const ldns_rdf *name,
    unsigned labels, struct dnssec_budget *budget, struct denial *denial_out)
{
	g_autoptr(ldns_rdf) closer = zone_name_last(name, labels + 1);
	const struct nsec3 *cover;
	struct nsec3_zone zone;

	open_zone(&zone, proofs, budget, denial_out);
	cover = find_cover(&zone, closer);
	if (cover != NULL)
		prove(denial_out,
		    cover->opt_out ? DENIAL_OPT_OUT : DENIAL_NO_CLOSER, cover);
	g_array_free(zone.records, TRUE);
}
