/*
 * dns_query.h - one question to one server until it is answered or given up:
 * EDNS, DO and CD, again when nothing comes, over TCP when the answer is cut.
 */
#ifndef KEYSNAP_CAPTURE_DNS_QUERY_H
#define KEYSNAP_CAPTURE_DNS_QUERY_H

#include "keysnap/capture/dns_exchange.h"

#include <ldns/ldns.h>

#define DNS_QUERY_UDP_SIZE 1232 /* octets asked for over UDP: what goes through
				   IPv6 without fragments */

enum dns_query_status {
	DNS_QUERY_ANSWERED,
	DNS_QUERY_TIMEOUT,
	DNS_QUERY_UNREACHABLE,
	DNS_QUERY_MALFORMED,  /* an answer that cannot be read to its end */
	DNS_QUERY_MISMATCHED, /* only answers to something else came */
	DNS_QUERY_STOPPED
};

/* How to ask, for all questions of a run. */
struct dns_query_options {
	int timeout;	  /* milliseconds for each try */
	unsigned retries; /* after the first try */
	bool recurse;	  /* set RD */
	int64_t (*now)(void); /* seconds since 1970 */
	uint16_t (*chance)(void); /* ids of queries */
	/* Called before each message that is sent; may wait.  False: stop. */
	bool (*admit)(void *user, const struct dns_server *server);
	void *user;
};

struct dns_reply {
	enum dns_query_status status;
	GByteArray *octets; /* of the answer, or of the last that could not be
			       taken; empty when nothing came */
	bool tcp;
	int64_t at; /* when it came */
	ldns_pkt *packet; /* when ANSWERED */
};

/* Ask for "name" (a dname) and "type", class IN.  Clear the reply. */
void dns_query(const struct dns_query_options *options,
    const struct dns_server *server, const ldns_rdf *name, ldns_rr_type type,
    struct dns_reply *reply_out);
void dns_reply_clear(struct dns_reply *reply);

const char *dns_query_status_name(enum dns_query_status status);

#endif
