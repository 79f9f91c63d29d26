/*
 * dnssec_chain.c - chains of records, from and to RFC 9102 octets.
 *
 * Limits: those of dnssec_chain.h.
 */
#include "keysnap/dnssec/dnssec_chain.h"

static void
free_set(gpointer user)
{
	struct dnssec_set *set = user;

	ldns_rdf_deep_free(set->owner);
	ldns_rr_list_deep_free(set->records);
	ldns_rr_list_deep_free(set->signatures);
	g_free(set);
}

struct dnssec_chain *
dnssec_chain_new(void)
{
	struct dnssec_chain *chain = g_new0(struct dnssec_chain, 1);

	chain->sets = g_ptr_array_new_with_free_func(free_set);
	return chain;
}

void
dnssec_chain_free(struct dnssec_chain *chain)
{
	if (chain == NULL)
		return;
	g_ptr_array_free(chain->sets, TRUE);
	g_free(chain);
}

static bool
is_chain_type(ldns_rr_type type)
{
	return type == LDNS_RR_TYPE_TXT || type == LDNS_RR_TYPE_CNAME ||
	    type == LDNS_RR_TYPE_DNAME || type == LDNS_RR_TYPE_SOA ||
	    type == LDNS_RR_TYPE_DNSKEY || type == LDNS_RR_TYPE_DS ||
	    type == LDNS_RR_TYPE_NSEC || type == LDNS_RR_TYPE_NSEC3;
}

/* ldns makes records of short RDATA that lack fields. */
static bool
is_whole(const ldns_rr *record)
{
	const ldns_rr_descriptor *form =
	    ldns_rr_descript((uint16_t)ldns_rr_get_type(record));
	size_t n = ldns_rr_rd_count(record);

	if (n < ldns_rr_descriptor_minimum(form))
		return false;
	for (size_t i = 0; i < n; i++) {
		if (ldns_rr_rdf(record, i) == NULL ||
		    ldns_rdf_data(ldns_rr_rdf(record, i)) == NULL)
			return false;
	}
	return true;
}

/* The type of the set that a record belongs to. */
static ldns_rr_type
set_type(const ldns_rr *record)
{
	if (ldns_rr_get_type(record) != LDNS_RR_TYPE_RRSIG)
		return ldns_rr_get_type(record);
	return ldns_rdf2rr_type(ldns_rr_rrsig_typecovered(record));
}

bool
dnssec_chain_takes(const ldns_rr *record)
{
	return ldns_rr_get_class(record) == LDNS_RR_CLASS_IN &&
	    (is_chain_type(ldns_rr_get_type(record)) ||
		ldns_rr_get_type(record) == LDNS_RR_TYPE_RRSIG) &&
	    is_whole(record) && is_chain_type(set_type(record));
}

const struct dnssec_set *
dnssec_chain_find(
    const struct dnssec_chain *chain, const ldns_rdf *owner, ldns_rr_type type)
{
	for (guint i = 0; i < chain->sets->len; i++) {
		const struct dnssec_set *set = chain->sets->pdata[i];

		if (set->type == type && zone_name_equal(set->owner, owner))
			return set;
	}
	return NULL;
}

static struct dnssec_set *
make_set(struct dnssec_chain *chain, const ldns_rr *record)
{
	struct dnssec_set *set;

	if (chain->sets->len == DNSSEC_SETS_MAX)
		return NULL;
	set = g_new0(struct dnssec_set, 1);
	set->owner = ldns_rdf_clone(ldns_rr_owner(record));
	set->type = set_type(record);
	set->records = ldns_rr_list_new();
	set->signatures = ldns_rr_list_new();
	g_ptr_array_add(chain->sets, set);
	return set;
}

static bool
list_has(const ldns_rr_list *list, const ldns_rr *record)
{
	for (size_t i = 0; i < ldns_rr_list_rr_count(list); i++) {
		if (ldns_rr_compare(ldns_rr_list_rr(list, i), record) == 0)
			return true;
	}
	return false;
}

bool
dnssec_chain_add(struct dnssec_chain *chain, const ldns_rr *record)
{
	bool signature = ldns_rr_get_type(record) == LDNS_RR_TYPE_RRSIG;
	size_t max =
	    signature ? DNSSEC_SET_SIGNATURES_MAX : DNSSEC_SET_RECORDS_MAX;
	size_t octets = ldns_rr_uncompressed_size(record);
	struct dnssec_set *set = (struct dnssec_set *)dnssec_chain_find(
	    chain, ldns_rr_owner(record), set_type(record));
	ldns_rr_list *list;

	if (set == NULL)
		set = make_set(chain, record);
	if (set == NULL)
		return false;
	list = signature ? set->signatures : set->records;
	if (list_has(list, record))
		return true;
	if (ldns_rr_list_rr_count(list) == max ||
	    octets > DNSSEC_CHAIN_MAX - chain->octets)
		return false;
	chain->octets += octets;
	return ldns_rr_list_push_rr(list, ldns_rr_clone(record));
}

static bool
join_list(struct dnssec_chain *chain, const ldns_rr_list *list)
{
	for (size_t i = 0; i < ldns_rr_list_rr_count(list); i++) {
		if (!dnssec_chain_add(chain, ldns_rr_list_rr(list, i)))
			return false;
	}
	return true;
}

bool
dnssec_chain_join(struct dnssec_chain *chain, const struct dnssec_chain *other)
{
	for (guint i = 0; i < other->sets->len; i++) {
		const struct dnssec_set *set = other->sets->pdata[i];

		if (!join_list(chain, set->records) ||
		    !join_list(chain, set->signatures))
			return false;
	}
	return true;
}

static void
set_ttl(ldns_rr_list *list, uint32_t ttl)
{
	for (size_t i = 0; i < ldns_rr_list_rr_count(list); i++)
		ldns_rr_set_ttl(ldns_rr_list_rr(list, i), ttl);
}

static size_t
list_octets(const ldns_rr_list *list)
{
	size_t octets = 0;

	for (size_t i = 0; i < ldns_rr_list_rr_count(list); i++)
		octets += ldns_rr_uncompressed_size(ldns_rr_list_rr(list, i));
	return octets;
}

void
dnssec_chain_settle(struct dnssec_chain *chain)
{
	for (guint i = 0; i < chain->sets->len;) {
		struct dnssec_set *set = chain->sets->pdata[i];
		uint32_t ttl;

		if (ldns_rr_list_rr_count(set->records) == 0) {
			chain->octets -= list_octets(set->signatures);
			g_ptr_array_remove_index(chain->sets, i);
			continue;
		}
		if (ldns_rr_list_rr_count(set->signatures) > 0) {
			ttl = ldns_rdf2native_int32(ldns_rr_rrsig_origttl(
			    ldns_rr_list_rr(set->signatures, 0)));
			set_ttl(set->records, ttl);
			set_ttl(set->signatures, ttl);
		}
		i++;
	}
}

static void
write_list(const ldns_rr_list *list, GString *out)
{
	for (size_t i = 0; i < ldns_rr_list_rr_count(list); i++) {
		uint8_t *wire;
		size_t n;

		if (ldns_rr2wire(&wire, ldns_rr_list_rr(list, i),
			LDNS_SECTION_ANSWER, &n) != LDNS_STATUS_OK)
			g_error("ldns cannot write a record");
		g_string_append_len(out, (const char *)wire, (gssize)n);
		free(wire);
	}
}

void
dnssec_chain_write(const struct dnssec_chain *chain, GString *out)
{
	for (guint i = 0; i < chain->sets->len; i++) {
		const struct dnssec_set *set = chain->sets->pdata[i];

		write_list(set->records, out);
		write_list(set->signatures, out);
	}
}

/* The record at "at", added; NULL, or why not. */
static const char *
read_record(struct dnssec_chain *chain, struct span octets, size_t *at)
{
	g_autoptr(ldns_rr) record = NULL;

	if (ldns_wire2rr(&record, octets.p, octets.n, at,
		LDNS_SECTION_ANSWER) != LDNS_STATUS_OK) {
		record = NULL;
		return "not a record in wire form";
	}
	if (!dnssec_chain_takes(record))
		return "a record that no chain needs, or one cut short";
	if (!dnssec_chain_add(chain, record))
		return "more records than a chain may have";
	return NULL;
}

struct dnssec_chain *
dnssec_chain_read(struct span octets, const char **why_out)
{
	g_autoptr(dnssec_chain_auto) chain = dnssec_chain_new();
	g_autoptr(GString) again = g_string_new(NULL);
	size_t at = 0;

	*why_out = octets.n == 0 ? "it is empty" : NULL;
	if (octets.n > DNSSEC_CHAIN_MAX)
		*why_out = "it is larger than a chain may be";
	while (*why_out == NULL && at < octets.n)
		*why_out = read_record(chain, octets, &at);
	if (*why_out != NULL)
		return NULL;
	dnssec_chain_write(chain, again);
	if (!span_equal(octets,
		(struct span){ (const uint8_t *)again->str, again->len })) {
		*why_out = "not in the one spelling of chains";
		return NULL;
	}
	for (guint i = 0; i < chain->sets->len; i++) {
		const struct dnssec_set *set = chain->sets->pdata[i];

		if (ldns_rr_list_rr_count(set->records) == 0)
			*why_out = "signatures without what they sign";
	}
	return *why_out == NULL ? g_steal_pointer(&chain) : NULL;
}
