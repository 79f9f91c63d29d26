/*
 * dns_server.h - the address of a name server, as the command line has it.
 */
#ifndef KEYSNAP_CAPTURE_DNS_SERVER_H
#define KEYSNAP_CAPTURE_DNS_SERVER_H

#include "keysnap/base/span.h"

#include <sys/socket.h>

#define DNS_SERVER_TEXT 64 /* "[IPv6]:port" and NUL */

struct dns_server {
	struct sockaddr_storage address;
	socklen_t size;
	char text[DNS_SERVER_TEXT]; /* "192.0.2.1:53", "[2001:db8::1]:53" */
};

/* "ADDRESS", "ADDRESS:PORT", "IPV6", "[IPV6]:PORT"; the port is 53 when there
 * is none.  Names are not looked up.  False for anything else. */
bool dns_server_parse(struct span text, struct dns_server *server_out);

/* From the 4 or 16 octets of an address; false for another number. */
bool dns_server_from_octets(
    struct span address, unsigned port, struct dns_server *server_out);

/* Is it an address of the public network (RFC 6890)?  Of this machine? */
bool dns_server_is_public(const struct dns_server *server);
bool dns_server_is_loopback(const struct dns_server *server);

/* The name servers of a resolv.conf(5), "text" its octets: at most "max". */
size_t dns_server_parse_file(struct span text, struct dns_server *servers,
    size_t max);

#endif
