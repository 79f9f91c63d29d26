/*
 * dnssec_pool.c - from records in any order to the chain of a name.
 *
 * What is chosen decides nothing: a chain proves what it proves
 * (dnssec_validate.c), and lacks what the pool lacks.
 */
#include "keysnap/dnssec/dnssec_pool.h"
#include "keysnap/base/span_key.h"
#include "keysnap/dnssec/dnssec_validate.h"

struct dnssec_pool {
	GHashTable *owners; /* text in lower case -> struct dnssec_chain of the
			       sets there */
	GPtrArray *denials; /* const struct dnssec_set, in the owners' */
	size_t records;
	bool is_signed;
};

static void
free_chain(gpointer chain)
{
	dnssec_chain_free(chain);
}

struct dnssec_pool *
dnssec_pool_new(void)
{
	struct dnssec_pool *pool = g_new0(struct dnssec_pool, 1);

	pool->owners = g_hash_table_new_full(
	    string_key_hash, g_str_equal, g_free, free_chain);
	pool->denials = g_ptr_array_new();
	return pool;
}

void
dnssec_pool_free(struct dnssec_pool *pool)
{
	if (pool == NULL)
		return;
	g_ptr_array_free(pool->denials, TRUE);
	g_hash_table_destroy(pool->owners);
	g_free(pool);
}

static char *
key_of(const ldns_rdf *owner)
{
	g_autofree char *text = zone_name_text(owner);

	return g_ascii_strdown(text, -1);
}

const struct dnssec_set *
dnssec_pool_find(
    const struct dnssec_pool *pool, const ldns_rdf *owner, ldns_rr_type type)
{
	g_autofree char *key = key_of(owner);
	const struct dnssec_chain *sets =
	    g_hash_table_lookup(pool->owners, key);

	return sets == NULL ? NULL : dnssec_chain_find(sets, owner, type);
}

static bool
is_denial(const ldns_rr *record)
{
	return ldns_rr_get_type(record) == LDNS_RR_TYPE_NSEC ||
	    ldns_rr_get_type(record) == LDNS_RR_TYPE_NSEC3;
}

bool
dnssec_pool_add(struct dnssec_pool *pool, const ldns_rr *record)
{
	struct dnssec_chain *sets;
	char *key;
	guint before;

	if (!dnssec_chain_takes(record))
		return true;
	if (pool->records == DNSSEC_POOL_RECORDS_MAX ||
	    (is_denial(record) &&
		pool->denials->len == DNSSEC_POOL_DENIALS_MAX))
		return false;
	key = key_of(ldns_rr_owner(record));
	sets = g_hash_table_lookup(pool->owners, key);
	if (sets == NULL) {
		sets = dnssec_chain_new();
		g_hash_table_insert(pool->owners, key, sets);
	} else {
		g_free(key);
	}
	before = sets->sets->len;
	if (!dnssec_chain_add(sets, record))
		return false;
	if (sets->sets->len > before &&
	    (is_denial(record) ||
		ldns_rr_get_type(record) == LDNS_RR_TYPE_RRSIG)) {
		const struct dnssec_set *set = sets->sets->pdata[before];

		if (set->type == LDNS_RR_TYPE_NSEC ||
		    set->type == LDNS_RR_TYPE_NSEC3)
			g_ptr_array_add(pool->denials, (gpointer)set);
	}
	pool->records++;
	pool->is_signed |= ldns_rr_get_type(record) == LDNS_RR_TYPE_RRSIG;
	return true;
}

bool
dnssec_pool_is_signed(const struct dnssec_pool *pool)
{
	return pool->is_signed;
}

/* A choice under way. */
struct choice {
	const struct dnssec_pool *pool;
	struct dnssec_chain *chain;
	bool full;
};

static void
copy_list(struct choice *choice, const ldns_rr_list *list)
{
	for (size_t i = 0; i < ldns_rr_list_rr_count(list); i++)
		choice->full |=
		    !dnssec_chain_add(choice->chain, ldns_rr_list_rr(list, i));
}

/* Take a set; false when the pool has none, or it was taken before. */
static bool
take_set(struct choice *choice, const struct dnssec_set *set)
{
	if (set == NULL || ldns_rr_list_rr_count(set->records) == 0 ||
	    dnssec_chain_find(choice->chain, set->owner, set->type) != NULL)
		return false;
	copy_list(choice, set->records);
	copy_list(choice, set->signatures);
	return true;
}

/* The keys of a zone and of all above it. */
static void
take_zones(struct choice *choice, const ldns_rdf *name)
{
	for (unsigned n = zone_name_labels(name) + 1; n > 0; n--) {
		g_autoptr(ldns_rdf) zone = zone_name_last(name, n - 1);

		take_set(choice,
		    dnssec_pool_find(choice->pool, zone, LDNS_RR_TYPE_DNSKEY));
		take_set(choice,
		    dnssec_pool_find(choice->pool, zone, LDNS_RR_TYPE_DS));
	}
}

/* Denials that concern a name, one above it, or a wildcard beside these. */
static void
take_denials(struct choice *choice, const ldns_rdf *name)
{
	const GPtrArray *denials = choice->pool->denials;

	for (guint i = 0; i < denials->len; i++) {
		const struct dnssec_set *set = denials->pdata[i];
		const ldns_rdf *zone;
		bool concerns = false;

		if (ldns_rr_list_rr_count(set->records) == 0 ||
		    ldns_rr_list_rr_count(set->signatures) == 0)
			continue;
		zone =
		    ldns_rr_rrsig_signame(ldns_rr_list_rr(set->signatures, 0));
		for (unsigned n = zone_name_labels(name); n > 0 && !concerns;
		     n--) {
			g_autoptr(ldns_rdf) part = zone_name_last(name, n);
			g_autoptr(ldns_rdf) above = zone_name_last(name, n - 1);
			g_autoptr(ldns_rdf) star = zone_name_wildcard(above);
			const ldns_rr *record =
			    ldns_rr_list_rr(set->records, 0);

			concerns = denial_concerns(record, zone, part) ||
			    (star != NULL &&
				denial_concerns(record, zone, star));
		}
		if (concerns)
			take_set(choice, set);
	}
}

static bool
is_expanded(const struct dnssec_set *set)
{
	for (size_t i = 0; i < ldns_rr_list_rr_count(set->signatures); i++) {
		if (dnssec_signature_expanded(
			set, ldns_rr_list_rr(set->signatures, i)))
			return true;
	}
	return false;
}

/* Does the pool lack the DS of a zone whose keys it has, or signatures? */
static bool
needs_denials(const struct choice *choice, const struct dnssec_set *set)
{
	if (ldns_rr_list_rr_count(set->signatures) == 0 || is_expanded(set))
		return true;
	for (unsigned n = 1; n <= zone_name_labels(set->owner); n++) {
		g_autoptr(ldns_rdf) zone = zone_name_last(set->owner, n);

		if (dnssec_pool_find(choice->pool, zone, LDNS_RR_TYPE_DNSKEY) !=
			NULL &&
		    dnssec_pool_find(choice->pool, zone, LDNS_RR_TYPE_DS) ==
			NULL)
			return true;
	}
	return false;
}

/* The set at a name that is taken as it is, then what it leads to. */
static ldns_rdf *
take_name(struct choice *choice, const ldns_rdf *name)
{
	static const ldns_rr_type types[] = { LDNS_RR_TYPE_TXT,
		LDNS_RR_TYPE_CNAME };
	const struct dnssec_set *set = NULL;

	for (size_t i = 0; i < G_N_ELEMENTS(types) && set == NULL; i++)
		set = dnssec_pool_find(choice->pool, name, types[i]);
	for (unsigned n = zone_name_labels(name); n > 0; n--) {
		g_autoptr(ldns_rdf) above = zone_name_last(name, n - 1);

		take_set(choice,
		    dnssec_pool_find(choice->pool, above, LDNS_RR_TYPE_DNAME));
	}
	if (set == NULL || !take_set(choice, set)) {
		take_denials(choice, name);
		take_zones(choice, name);
		return NULL;
	}
	if (needs_denials(choice, set))
		take_denials(choice, name);
	take_zones(choice, name);
	return set->type == LDNS_RR_TYPE_CNAME
	    ? ldns_rdf_clone(ldns_rr_rdf(ldns_rr_list_rr(set->records, 0), 0))
	    : NULL;
}

static bool
has_signature(const struct dnssec_chain *chain)
{
	for (guint i = 0; i < chain->sets->len; i++) {
		const struct dnssec_set *set = chain->sets->pdata[i];

		if (ldns_rr_list_rr_count(set->signatures) > 0)
			return true;
	}
	return false;
}

struct dnssec_chain *
dnssec_pool_chain(const struct dnssec_pool *pool, struct span name)
{
	struct choice choice = { pool, dnssec_chain_new(), false };
	ldns_rdf *owner = zone_name_new(name);

	for (int i = 0; owner != NULL && i <= DNSSEC_ALIASES_MAX; i++) {
		ldns_rdf *next = take_name(&choice, owner);

		ldns_rdf_deep_free(owner);
		owner = next;
	}
	ldns_rdf_deep_free(owner);
	dnssec_chain_settle(choice.chain);
	if (choice.full || !has_signature(choice.chain)) {
		dnssec_chain_free(choice.chain);
		return NULL;
	}
	return choice.chain;
}
