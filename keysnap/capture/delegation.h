/*
 * delegation.h - a zone cut, as the servers of the zone above say it: where the
 * servers of the zone below are (RFC 1034 section 4.3.2).
 *
 * A server is believed about names within its own zone only: a referral must
 * lead down, towards the name that was asked for, and addresses beside it
 * ("glue") count when their names are within the zone whose server gave them.
 * Addresses that are not of the public network are left out, so that nobody
 * can send us to our own machines; when the root's servers are on loopback,
 * those of loopback alone count.
 */
#ifndef KEYSNAP_CAPTURE_DELEGATION_H
#define KEYSNAP_CAPTURE_DELEGATION_H

#include "keysnap/capture/dns_server.h"
#include "keysnap/dnssec/zone_name.h"

#define DELEGATION_SERVERS_MAX 16 /* addresses: the root has 26, others under
				     ten */
#define DELEGATION_HOSTS_MAX 16	  /* names of servers that are looked at */
#define DELEGATION_CACHE_MAX 20000 /* cuts in memory, some 2 KB each; then all
				      are found anew */

/* Counted by references; what it holds does not change. */
struct delegation {
	ldns_rdf *zone;
	unsigned labels; /* of it */
	struct delegation *above; /* NULL: the root */
	GBytes *referral;	  /* the message that said so, or NULL */
	struct dns_server *servers; /* in a fixed order */
	size_t n_servers;
};

/* Which addresses count, and at which port. */
struct delegation_rules {
	unsigned port;
	bool loopback; /* those of loopback alone; else the public ones */
};

/* What a referral says. */
struct referral {
	ldns_rdf *zone; /* NULL: it is none */
	ldns_rdf *hosts[DELEGATION_HOSTS_MAX]; /* servers without an address */
	size_t n_hosts;
	GArray *servers; /* struct dns_server: those with one */
};

/*
 * Read a message of a server of "from" about "name" and "type".  A DS record
 * stands above the cut, so that a referral to "name" itself is none for it.
 */
void referral_read(struct referral *referral, const ldns_pkt *packet,
    const struct delegation *from, const ldns_rdf *name, ldns_rr_type type,
    const struct delegation_rules *rules);
void referral_clear(struct referral *referral);

/* The addresses of "host" in the answer section of a message about it; the
 * number of those added, each once, DELEGATION_SERVERS_MAX in all. */
size_t delegation_add_addresses(GArray *servers, const ldns_pkt *packet,
    ldns_pkt_section section, const ldns_rdf *host,
    const struct delegation_rules *rules);

/* "servers" are copied and sorted, "above" gets a reference. */
struct delegation *delegation_new(const ldns_rdf *zone,
    struct delegation *above, struct span referral,
    const struct dns_server *servers, size_t n);
struct delegation *delegation_ref(struct delegation *delegation);
void delegation_unref(struct delegation *delegation);

/* The cuts found so far; for any number of threads. */
struct delegation_cache;
struct delegation_cache *delegation_cache_new(struct delegation *root);
void delegation_cache_free(struct delegation_cache *cache);

/* The lowest at or above the last "labels" labels of "name"; a reference. */
struct delegation *delegation_cache_find(
    struct delegation_cache *cache, const ldns_rdf *name, unsigned labels);
void delegation_cache_add(
    struct delegation_cache *cache, struct delegation *delegation);

#endif
