/*
 * dns_server.c - the address of a name server.
 */
#include "keysnap/capture/dns_server.h"
#include "keysnap/base/rfc5234.h"

#include <arpa/inet.h>
#include <glib.h>
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

bool
dns_server_from_octets(
    struct span address, unsigned port, struct dns_server *server_out)
{
	char text[INET6_ADDRSTRLEN];

	*server_out = (struct dns_server){ .size = 0 };
	if (address.n == 4)
		return inet_ntop(AF_INET, address.p, text, sizeof(text)) !=
		    NULL &&
		    set_v4(server_out, text, port);
	return address.n == 16 &&
	    inet_ntop(AF_INET6, address.p, text, sizeof(text)) != NULL &&
	    set_v6(server_out, text, port);
}

/* The octets of an address: 4 or 16. */
static struct span
octets_of(const struct dns_server *server)
{
	const struct sockaddr *address = (const void *)&server->address;

	if (address->sa_family == AF_INET) {
		const struct sockaddr_in *in = (const void *)address;

		return (struct span){ (const uint8_t *)&in->sin_addr, 4 };
	}
	const struct sockaddr_in6 *in6 = (const void *)address;

	return (struct span){ (const uint8_t *)&in6->sin6_addr, 16 };
}

static bool
is_in(struct span octets, const uint8_t *prefix, unsigned bits)
{
	unsigned rest = bits % 8;

	return memcmp(octets.p, prefix, bits / 8) == 0 &&
	    (rest == 0 ||
		((octets.p[bits / 8] ^ prefix[bits / 8]) >> (8 - rest)) == 0);
}

bool
dns_server_is_public(const struct dns_server *server)
{
	/* The registries of special addresses of RFC 6890. */
	static const struct {
		uint8_t prefix[4];
		unsigned bits;
	} v4[] = { { { 0 }, 8 }, { { 10 }, 8 }, { { 100, 64 }, 10 },
		{ { 127 }, 8 }, { { 169, 254 }, 16 }, { { 172, 16 }, 12 },
		{ { 192, 0, 0 }, 24 }, { { 192, 0, 2 }, 24 },
		{ { 192, 168 }, 16 }, { { 198, 18 }, 15 },
		{ { 198, 51, 100 }, 24 }, { { 203, 0, 113 }, 24 },
		{ { 224 }, 3 } };
	static const uint8_t global[] = { 0x20 }, protocol[] = { 0x20, 1, 0 },
			     example[] = { 0x20, 1, 0x0d, 0xb8 },
			     v6to4[] = { 0x20, 2 };
	struct span octets = octets_of(server);
	bool special = false;

	if (octets.n == 16)
		/* 2001::/23 but for 2001:200::/23 and on: Teredo, ORCHID */
		return is_in(octets, global, 3) &&
		    !is_in(octets, protocol, 23) &&
		    !is_in(octets, example, 32) && !is_in(octets, v6to4, 16);
	for (size_t i = 0; i < G_N_ELEMENTS(v4) && !special; i++)
		special = is_in(octets, v4[i].prefix, v4[i].bits);
	return !special;
}

bool
dns_server_is_loopback(const struct dns_server *server)
{
	static const uint8_t v4[] = { 127 }, v6[16] = { [15] = 1 };
	struct span octets = octets_of(server);

	return octets.n == 4 ? is_in(octets, v4, 8) : is_in(octets, v6, 128);
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
