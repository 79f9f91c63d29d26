/*
 * packet.c - the headers of captured packets.
 */
#include "keysnap/import/packet.h"

#include <glib.h>
#include <ldns/ldns.h>
#include <pcap/pcap.h>
#include <stdio.h>
#include <stdlib.h>

#define ETHERTYPE_IPV4   0x0800
#define ETHERTYPE_IPV6   0x86dd
#define IPV6_HOP_BY_HOP  0
#define IPV6_ROUTING     43
#define IPV6_FRAGMENT    44
#define IPV6_DESTINATION 60

static unsigned
get_16(struct span octets, size_t at)
{
	return (unsigned)octets.p[at] << 8 | octets.p[at + 1];
}

/* Octets before the IP header, with the place of the type of what follows
 * (none: SIZE_MAX). */
static const struct link {
	int type;
	size_t header, ethertype;
} links[] = {
	{ DLT_EN10MB, 14, 12 },
	{ DLT_RAW, 0, SIZE_MAX },
	{ DLT_IPV4, 0, SIZE_MAX },
	{ DLT_IPV6, 0, SIZE_MAX },
	{ DLT_LINUX_SLL, 16, 14 },
	{ DLT_LINUX_SLL2, 20, 0 },
	{ DLT_NULL, 4, SIZE_MAX }, /* the order of its octets is unknown */
	{ DLT_LOOP, 4, SIZE_MAX },
};

static const struct link *
find_link(int type)
{
	for (size_t i = 0; i < G_N_ELEMENTS(links); i++) {
		if (links[i].type == type)
			return &links[i];
	}
	return NULL;
}

bool
packet_knows_link(int link)
{
	return find_link(link) != NULL;
}

/* 802.1Q, 802.1ad and the type that was used before it. */
static bool
is_tag(unsigned type)
{
	return type == 0x8100 || type == 0x88a8 || type == 0x9100;
}

/* Take the link header, and VLAN tags, off the front. */
static bool
strip_link(const struct link *link, struct span *octets)
{
	unsigned type;

	if (octets->n < link->header)
		return false;
	if (link->ethertype == SIZE_MAX) {
		*octets = span_from(*octets, link->header);
		return true;
	}
	type = get_16(*octets, link->ethertype);
	*octets = span_from(*octets, link->header);
	for (int i = 0; is_tag(type); i++) {
		if (i == PACKET_TAGS_MAX || octets->n < 4)
			return false;
		type = get_16(*octets, 2);
		*octets = span_from(*octets, 4);
	}
	return type == ETHERTYPE_IPV4 || type == ETHERTYPE_IPV6;
}

/* The payload has "n" octets, as far as they were captured; what is behind
 * them is padding of the link layer. */
static void
set_payload(struct packet *packet, struct span rest, size_t n)
{
	packet->cut = rest.n < n;
	packet->payload = span_sub(rest, 0, n);
}

static bool
read_ipv4(struct packet *packet, struct span octets)
{
	size_t header, total;
	unsigned fragment;

	if (octets.n < 20)
		return false;
	header = (octets.p[0] & 0x0fu) * 4;
	total = get_16(octets, 2);
	/* Offloading to the network card leaves a length of 0. */
	if (total == 0)
		total = octets.n;
	if (header < 20 || octets.n < header || total < header)
		return false;
	fragment = get_16(octets, 6);
	packet->more = (fragment & 0x2000) != 0;
	packet->offset = (size_t)(fragment & 0x1fff) * 8;
	packet->fragment = packet->more || packet->offset > 0;
	packet->id = get_16(octets, 4);
	packet->protocol = octets.p[9];
	memcpy(packet->source, octets.p + 12, 4);
	memcpy(packet->destination, octets.p + 16, 4);
	set_payload(packet, span_from(octets, header), total - header);
	return true;
}

static void
read_fragment_header(struct packet *packet, struct span header)
{
	packet->fragment = true;
	packet->more = (header.p[3] & 1) != 0;
	packet->offset = get_16(header, 2) & 0xfff8;
	packet->id = get_16(header, 4) << 16 | get_16(header, 6);
}

/* Take the extension headers off the payload. */
static bool
strip_extensions(struct packet *packet)
{
	for (int i = 0; i < PACKET_EXTENSIONS_MAX; i++) {
		struct span header = packet->payload;
		size_t n = 8;

		if (packet->protocol != IPV6_HOP_BY_HOP &&
		    packet->protocol != IPV6_ROUTING &&
		    packet->protocol != IPV6_FRAGMENT &&
		    packet->protocol != IPV6_DESTINATION)
			return true;
		if (header.n < n)
			return false;
		if (packet->protocol == IPV6_FRAGMENT)
			read_fragment_header(packet, header);
		else
			n += header.p[1] * 8u;
		if (header.n < n)
			return false;
		packet->protocol = header.p[0];
		packet->payload = span_from(header, n);
		if (packet->offset > 0)
			return true; /* what follows is the middle */
	}
	return false;
}

static bool
read_ipv6(struct packet *packet, struct span octets)
{
	if (octets.n < 40)
		return false;
	packet->version_6 = true;
	packet->protocol = octets.p[6];
	memcpy(packet->source, octets.p + 8, 16);
	memcpy(packet->destination, octets.p + 24, 16);
	set_payload(packet, span_from(octets, 40), get_16(octets, 4));
	return strip_extensions(packet);
}

bool
packet_read(struct packet *packet, int link, struct span octets)
{
	const struct link *known = find_link(link);

	memset(packet, 0, sizeof(*packet));
	if (known == NULL || !strip_link(known, &octets) || octets.n == 0)
		return false;
	switch (octets.p[0] >> 4) {
	case 4:
		return read_ipv4(packet, octets);
	case 6:
		return read_ipv6(packet, octets);
	default:
		return false;
	}
}

bool
packet_ports(const struct packet *packet, unsigned *source_out,
    unsigned *destination_out)
{
	if (packet->payload.n < 4 || packet->offset > 0 ||
	    (packet->protocol != PACKET_PROTOCOL_UDP &&
		packet->protocol != PACKET_PROTOCOL_TCP))
		return false;
	*source_out = get_16(packet->payload, 0);
	*destination_out = get_16(packet->payload, 2);
	return true;
}

void
packet_format_source(
    const struct packet *packet, unsigned port, char out[PACKET_ADDRESS_SIZE])
{
	ldns_rdf *address = ldns_rdf_new_frm_data(
	    packet->version_6 ? LDNS_RDF_TYPE_AAAA : LDNS_RDF_TYPE_A,
	    packet->version_6 ? 16 : 4, packet->source);
	char *text = ldns_rdf2str(address);

	snprintf(out, PACKET_ADDRESS_SIZE, "%s#%u", text, port);
	free(text);
	ldns_rdf_deep_free(address);
}
