/*
 * authority.h - ask the servers of each name's own zone, found from those of
 * the root down, as a resolver does (RFC 1034 section 5.3.3).
 *
 * An answer counts when it is authoritative and comes from a server that the
 * zone above named, and of its records only those within that zone; what an
 * alias leads to elsewhere is asked there.  All that one question can cost is
 * bounded: messages, time, hosts whose addresses must be found, and how deep
 * finding them goes.
 */
#ifndef KEYSNAP_CAPTURE_AUTHORITY_H
#define KEYSNAP_CAPTURE_AUTHORITY_H

#include "keysnap/capture/delegation.h"
#include "keysnap/capture/dns_query.h"
#include "keysnap/capture/pace.h"

#define AUTHORITY_MESSAGES_MAX 64 /* questions for one: an honest one takes some
				     ten when nothing is known yet */
#define AUTHORITY_TRIES_TIME 16	  /* time-outs that one may take, in all */
#define AUTHORITY_SERVERS_MAX 4	  /* of a zone that are tried */
#define AUTHORITY_HOSTS_MAX 4	  /* whose addresses are looked for, when a
				     referral has none; RFC 9520, NXNSAttack */
#define AUTHORITY_DEPTH_MAX 3	  /* of looking for addresses on the way to
				     addresses */
#define AUTHORITY_ALIASES_MAX 8	  /* zones that one alias after another leads
				     to */
#define AUTHORITY_VANTAGES_MAX 8

struct authority;

struct authority_options {
	const struct dns_query_options *query;
	struct pace *pace; /* told of servers that are down */
	const struct dns_server *roots;
	size_t n_roots;
	unsigned port;
	unsigned vantages; /* parts that a zone's servers are dealt into */
};

/* "options", and what it points to, must outlive it.  For any number of
 * threads. */
struct authority *authority_new(const struct authority_options *options);
void authority_free(struct authority *authority);

/*
 * Ask for "name" and "type"; of each zone's servers only every "vantages"th
 * from number "vantage" on (from 0).  The reply has the zone and the referrals;
 * for TXT, aliases are followed, and ABSENT is that the zone has no server for
 * that vantage.  LAME: none of those tried is a server of the zone.  UNREACHABLE:
 * no server could be found.
 */
void authority_ask(struct authority *authority, const ldns_rdf *name,
    ldns_rr_type type, unsigned vantage, struct dns_reply *reply_out);

#endif
