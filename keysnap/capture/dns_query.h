/*
 * dns_query.h - one question to one server until it is answered or given up:
 * EDNS, DO and CD, again when nothing comes, over TCP when the answer is cut.
 *
 * Who is not on the way between us and the server cannot answer in its place:
 * id and port are by chance (RFC 5452), and so is the case of every letter of
 * the name, which an answer over UDP must give back
 * (draft-vixie-dnsext-dns0x20).  A server that does not is asked over TCP, and
 * the reply says so.
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
	DNS_QUERY_OVERSIZED,  /* larger over UDP than what was asked for, and
				 nothing over TCP */
	DNS_QUERY_LAME,	  /* of a server that is not one of the zone's, though
			     it should be */
	DNS_QUERY_ABSENT, /* the zone has no such server */
	DNS_QUERY_STOPPED
};

/* How to ask, for all questions of a run. */
struct dns_query_options {
	int timeout;	  /* milliseconds for each try */
	unsigned retries; /* after the first try */
	bool recurse;	  /* set RD */
	int64_t (*now)(void); /* seconds since 1970 */
	uint16_t (*chance)(void); /* ids of queries, case of letters */
	/* Called before each message that is sent; may wait.  False: stop. */
	bool (*admit)(void *user, const struct dns_server *server);
	void *user;
};

struct dns_reply {
	enum dns_query_status status;
	GByteArray *octets; /* of the answer, or of the last that could not be
			       taken; empty when nothing came */
	bool tcp;
	bool caseless; /* ANSWERED over TCP; over UDP the case was not ours */
	bool plain;    /* without EDNS, which the server does not know */
	GByteArray *stray; /* NULL, or the first that came before the answer and
			      was not to the question */
	int64_t at; /* when it came, or was given up */
	ldns_pkt *packet; /* when ANSWERED */
	struct dns_server server; /* that was asked last */

	/* Of a zone's own servers (authority.h), else NULL: */
	ldns_rdf *zone;
	GPtrArray *referrals; /* GBytes: the messages that named its servers,
				 from the root's down */
	GPtrArray *before; /* struct dns_reply: those that led here by CNAME,
			      from the first */
};

/* Who answers questions: one server, or the servers of each name's zone. */
struct dns_asker {
	/* Clear the reply. */
	void (*ask)(void *user, const ldns_rdf *name, ldns_rr_type type,
	    struct dns_reply *reply_out);
	void *user;
};

/* Ask for "name" (a dname) and "type", class IN.  Clear the reply. */
void dns_query(const struct dns_query_options *options,
    const struct dns_server *server, const ldns_rdf *name, ldns_rr_type type,
    struct dns_reply *reply_out);
void dns_reply_clear(struct dns_reply *reply);

/* What a message is to a query. */
enum dns_fit {
	DNS_FIT_ANSWER,
	DNS_FIT_CASELESS, /* but for the case of the name */
	DNS_FIT_NO_EDNS,  /* the server does not know the query's EDNS
			     (RFC 6891 section 7) */
	DNS_FIT_NOT
};

/* From the octets of both; "query" is one of ours, with one question. */
enum dns_fit dns_query_fit(struct span query, struct span message);

const char *dns_query_status_name(enum dns_query_status status);

#endif
