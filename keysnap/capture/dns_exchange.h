/*
 * dns_exchange.h - one message to a name server and its answer, by UDP or TCP:
 * the octets as they came.
 *
 * Each exchange has a socket of its own, connected, so that the system takes
 * answers from that server only, and a port of its own by chance.
 */
#ifndef KEYSNAP_CAPTURE_DNS_EXCHANGE_H
#define KEYSNAP_CAPTURE_DNS_EXCHANGE_H

#include "keysnap/capture/dns_server.h"

#include <glib.h>

#define DNS_EXCHANGE_MAX 65535 /* octets of a message, RFC 1035 4.2.2 */

enum dns_exchange_status {
	DNS_EXCHANGE_ANSWERED,
	DNS_EXCHANGE_TIMEOUT,
	DNS_EXCHANGE_UNREACHABLE, /* refused, or no way there */
	DNS_EXCHANGE_CUT	  /* TCP ended inside a message */
};

struct dns_exchange {
	const struct dns_server *server;
	struct span query;
	int timeout; /* milliseconds, for the whole exchange */
	/* Is this the answer?  Others (a spoofed one, one to an earlier query)
	 * are passed over and waited on; it may keep them. */
	bool (*wanted)(void *user, struct span octets);
	void *user;
};

/* "answer" gets the octets when ANSWERED. */
enum dns_exchange_status dns_exchange_udp(const struct dns_exchange *exchange,
    GByteArray *answer);
enum dns_exchange_status dns_exchange_tcp(const struct dns_exchange *exchange,
    GByteArray *answer);

#endif
