/*
 * delegation.c - where the servers of a zone are, as the zone above says.
 */
#include "keysnap/capture/delegation.h"
#include "keysnap/base/span_key.h"

#include <stdlib.h>
#include <string.h>

struct delegation_cache {
	GMutex lock;
	struct delegation *root;
	GHashTable *cuts; /* text of the zone -> struct delegation */
};

static bool
is_allowed(
    const struct dns_server *server, const struct delegation_rules *rules)
{
	return rules->loopback ? dns_server_is_loopback(server)
			       : dns_server_is_public(server);
}

static bool
has_server(const GArray *servers, const struct dns_server *server)
{
	for (guint i = 0; i < servers->len; i++) {
		if (strcmp(g_array_index(servers, struct dns_server, i).text,
			server->text) == 0)
			return true;
	}
	return false;
}

size_t
delegation_add_addresses(GArray *servers, const ldns_pkt *packet,
    ldns_pkt_section section, const ldns_rdf *host,
    const struct delegation_rules *rules)
{
	const ldns_rr_list *records = section == LDNS_SECTION_ANSWER
	    ? ldns_pkt_answer(packet)
	    : ldns_pkt_additional(packet);
	size_t n = 0;

	for (size_t i = 0; i < ldns_rr_list_rr_count(records) &&
	     servers->len < DELEGATION_SERVERS_MAX;
	     i++) {
		const ldns_rr *record = ldns_rr_list_rr(records, i);
		ldns_rr_type type = ldns_rr_get_type(record);
		struct dns_server server;
		const ldns_rdf *address;

		if ((type != LDNS_RR_TYPE_A && type != LDNS_RR_TYPE_AAAA) ||
		    ldns_rr_get_class(record) != LDNS_RR_CLASS_IN ||
		    !zone_name_equal(ldns_rr_owner(record), host))
			continue;
		address = ldns_rr_rdf(record, 0);
		if (address == NULL) /* RDATA of no octets */
			continue;
		if (!dns_server_from_octets(
			(struct span){
			    ldns_rdf_data(address), ldns_rdf_size(address) },
			rules->port, &server) ||
		    !is_allowed(&server, rules) || has_server(servers, &server))
			continue;
		g_array_append_val(servers, server);
		n++;
	}
	return n;
}

/* The zone below "from" that a message leads to, or NULL. */
static const ldns_rdf *
find_zone(const ldns_pkt *packet, const struct delegation *from,
    const ldns_rdf *name, ldns_rr_type type)
{
	const ldns_rr_list *records = ldns_pkt_authority(packet);

	for (size_t i = 0; i < ldns_rr_list_rr_count(records); i++) {
		const ldns_rr *record = ldns_rr_list_rr(records, i);
		const ldns_rdf *owner = ldns_rr_owner(record);

		if (ldns_rr_get_type(record) == LDNS_RR_TYPE_NS &&
		    ldns_rr_get_class(record) == LDNS_RR_CLASS_IN &&
		    zone_name_below(owner, from->zone) &&
		    (type == LDNS_RR_TYPE_DS ? zone_name_below(name, owner)
					     : zone_name_within(name, owner)))
			return owner;
	}
	return NULL;
}

static void
take_host(struct referral *referral, const ldns_pkt *packet,
    const struct delegation *from, const ldns_rdf *host,
    const struct delegation_rules *rules)
{
	if (zone_name_within(host, from->zone) &&
	    delegation_add_addresses(referral->servers, packet,
		LDNS_SECTION_ADDITIONAL, host, rules) > 0)
		return;
	/* The addresses of hosts within the zone are in the zone alone. */
	if (!zone_name_within(host, referral->zone) &&
	    referral->n_hosts < DELEGATION_HOSTS_MAX)
		referral->hosts[referral->n_hosts++] = ldns_rdf_clone(host);
}

void
referral_read(struct referral *referral, const ldns_pkt *packet,
    const struct delegation *from, const ldns_rdf *name, ldns_rr_type type,
    const struct delegation_rules *rules)
{
	const ldns_rdf *zone = find_zone(packet, from, name, type);
	const ldns_rr_list *records = ldns_pkt_authority(packet);
	unsigned looked_at = 0;

	*referral = (struct referral){
		.servers = g_array_new(FALSE, FALSE, sizeof(struct dns_server)),
	};
	if (zone == NULL)
		return;
	referral->zone = ldns_rdf_clone(zone);
	for (size_t i = 0; i < ldns_rr_list_rr_count(records) &&
	     looked_at < DELEGATION_HOSTS_MAX;
	     i++) {
		const ldns_rr *record = ldns_rr_list_rr(records, i);

		if (ldns_rr_get_type(record) != LDNS_RR_TYPE_NS ||
		    ldns_rr_rd_count(record) != 1 ||
		    !zone_name_equal(ldns_rr_owner(record), zone))
			continue;
		take_host(
		    referral, packet, from, ldns_rr_rdf(record, 0), rules);
		looked_at++;
	}
}

void
referral_clear(struct referral *referral)
{
	ldns_rdf_deep_free(referral->zone);
	for (size_t i = 0; i < referral->n_hosts; i++)
		ldns_rdf_deep_free(referral->hosts[i]);
	g_array_free(referral->servers, TRUE);
}

/* IPv4 first: not every machine has the other. */
static int
compare_servers(const void *a, const void *b)
{
	const struct dns_server *left = a, *right = b;
	bool six[] = { left->text[0] == '[', right->text[0] == '[' };

	if (six[0] != six[1])
		return six[0] ? 1 : -1;
	return strcmp(left->text, right->text);
}

struct delegation *
delegation_new(const ldns_rdf *zone, struct delegation *above,
    struct span referral, const struct dns_server *servers, size_t n)
{
	struct delegation *delegation = g_atomic_rc_box_new0(struct delegation);

	delegation->zone = ldns_rdf_clone(zone);
	delegation->labels = zone_name_labels(zone);
	delegation->above = above == NULL ? NULL : delegation_ref(above);
	delegation->referral =
	    referral.n == 0 ? NULL : g_bytes_new(referral.p, referral.n);
	delegation->servers = g_memdup2(servers, n * sizeof(*servers));
	delegation->n_servers = n;
	if (n > 0)
		qsort(
		    delegation->servers, n, sizeof(*servers), compare_servers);
	return delegation;
}

struct delegation *
delegation_ref(struct delegation *delegation)
{
	return g_atomic_rc_box_acquire(delegation);
}

static void
clear_delegation(gpointer box)
{
	struct delegation *delegation = box;

	ldns_rdf_deep_free(delegation->zone);
	delegation_unref(delegation->above);
	g_bytes_unref(delegation->referral);
	g_free(delegation->servers);
}

void
delegation_unref(struct delegation *delegation)
{
	if (delegation != NULL)
		g_atomic_rc_box_release_full(delegation, clear_delegation);
}

static void
unref(gpointer delegation)
{
	delegation_unref(delegation);
}

struct delegation_cache *
delegation_cache_new(struct delegation *root)
{
	struct delegation_cache *cache = g_new0(struct delegation_cache, 1);

	g_mutex_init(&cache->lock);
	cache->root = delegation_ref(root);
	cache->cuts =
	    g_hash_table_new_full(string_key_hash, g_str_equal, g_free, unref);
	return cache;
}

void
delegation_cache_free(struct delegation_cache *cache)
{
	if (cache == NULL)
		return;
	g_hash_table_destroy(cache->cuts);
	delegation_unref(cache->root);
	g_mutex_clear(&cache->lock);
	g_free(cache);
}

static char *
key_of(const ldns_rdf *zone)
{
	char *text = zone_name_text(zone);

	for (char *p = text; *p != '\0'; p++)
		*p = g_ascii_tolower(*p);
	return text;
}

struct delegation *
delegation_cache_find(
    struct delegation_cache *cache, const ldns_rdf *name, unsigned labels)
{
	struct delegation *found = NULL;

	g_mutex_lock(&cache->lock);
	for (unsigned n = labels; n > 0 && found == NULL; n--) {
		g_autoptr(ldns_rdf) zone = zone_name_last(name, n);
		g_autofree char *key = key_of(zone);

		found = g_hash_table_lookup(cache->cuts, key);
	}
	found = delegation_ref(found == NULL ? cache->root : found);
	g_mutex_unlock(&cache->lock);
	return found;
}

void
delegation_cache_add(
    struct delegation_cache *cache, struct delegation *delegation)
{
	g_mutex_lock(&cache->lock);
	if (g_hash_table_size(cache->cuts) >= DELEGATION_CACHE_MAX)
		g_hash_table_remove_all(cache->cuts);
	g_hash_table_replace(
	    cache->cuts, key_of(delegation->zone), delegation_ref(delegation));
	g_mutex_unlock(&cache->lock);
}
