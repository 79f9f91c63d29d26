/*
 * dns_server.c - the address of a name server.
 */
#include "keysnap/capture/dns_server.h"
#include "keysnap/base/rfc5234.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>

#define DNS_PORT 53

static bool
parse_port(struct span text, unsigned *port_out)
{
	unsigned port = 0;

	if (text.n == 0 || text.n > 5)
		return false;
	for (size_t i = 0; i < text.n; i++) {
		if (!rfc5234_is(text.p[i], RFC5234_DIGIT))
			return false;
		port = 10 * port + (text.p[i] - '0');
	}
	*port_out = port;
	return port > 0 && port <= 65535;
}

static bool
set_v4(struct dns_server *server, const char *host, unsigned port)
{
	struct sockaddr_in in = { .sin_family = AF_INET,
		.sin_port = htons((uint16_t)port) };

	if (inet_pton(AF_INET, host, &in.sin_addr) != 1)
		return false;
	memcpy(&server->address, &in, sizeof(in));
	server->size = sizeof(in);
	snprintf(server->text, sizeof(server->text), "%s:%u", host, port);
	return true;
}

static bool
set_v6(struct dns_server *server, const char *host, unsigned port)
{
	struct sockaddr_in6 in = { .sin6_family = AF_INET6,
		.sin6_port = htons((uint16_t)port) };
	char shown[INET6_ADDRSTRLEN];

	if (inet_pton(AF_INET6, host, &in.sin6_addr) != 1)
		return false;
	memcpy(&server->address, &in, sizeof(in));
	server->size = sizeof(in);
	inet_ntop(AF_INET6, &in.sin6_addr, shown, sizeof(shown));
	snprintf(server->text, sizeof(server->text), "[%s]:%u", shown, port);
	return true;
}

bool
dns_server_parse(struct span text, struct dns_server *server_out)
{
	struct span host = text;
	char copy[INET6_ADDRSTRLEN];
	unsigned port = DNS_PORT;
	size_t colon = span_find(text, ':');
	bool bracket = span_starts_with(text, SPAN("["));

	*server_out = (struct dns_server){ .size = 0 };
	if (bracket) {
		size_t end = span_find(text, ']');
		struct span rest = span_from(text, end + 1);

		host = span_sub(text, 1, end - 1);
		if (end == text.n ||
		    (rest.n > 0 &&
			(rest.p[0] != ':' ||
			    !parse_port(span_from(rest, 1), &port))))
			return false;
	} else if (colon < text.n &&
	    span_find(span_from(text, colon + 1), ':') == text.n - colon - 1) {
		host = span_sub(text, 0, colon);
		if (!parse_port(span_from(text, colon + 1), &port))
			return false;
	}
	if (host.n == 0 || host.n >= sizeof(copy) ||
	    memchr(host.p, '\0', host.n) != NULL)
		return false;
	memcpy(copy, host.p, host.n);
	copy[host.n] = '\0';
	return (!bracket && set_v4(server_out, copy, port)) ||
	    set_v6(server_out, copy, port);
}

size_t
dns_server_parse_file(struct span text, struct dns_server *servers, size_t max)
{
	size_t n = 0;

	while (text.n > 0 && n < max) {
		size_t end = span_find(text, '\n');
		struct span line = span_trim_fws(span_sub(text, 0, end));

		text = span_from(text, end + 1);
		if (!span_starts_with(line, SPAN("nameserver")))
			continue;
		line = span_trim_fws(span_from(line, sizeof("nameserver") - 1));
		n += dns_server_parse(line, &servers[n]);
	}
	return n;
}
