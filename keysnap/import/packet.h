/*
 * packet.h - the headers of captured packets: from the link layer to UDP and
 * TCP.
 *
 * Ethernet with VLAN tags, raw IP, Linux cooked capture (both versions) and
 * BSD loopback; IPv4 (RFC 791) and IPv6 (RFC 8200) with their fragments.
 * Checksums are not looked at: where packets are captured on the machine that
 * sends them, the network card has not made them yet.
 */
#ifndef KEYSNAP_IMPORT_PACKET_H
#define KEYSNAP_IMPORT_PACKET_H

#include "keysnap/base/span.h"

#define PACKET_PROTOCOL_TCP 6
#define PACKET_PROTOCOL_UDP 17
#define PACKET_TAGS_MAX	    4 /* VLAN tags; standards have two */
#define PACKET_EXTENSIONS_MAX 8 /* headers between IPv6 and its payload */
#define PACKET_ADDRESS_SIZE 64 /* of an address as text, with "#53" */

/* An IP packet, or a fragment of one.  Zeroed before use, so that addresses
 * compare as a whole. */
struct packet {
	bool version_6;
	uint8_t source[16], destination[16]; /* IPv4: the first four */
	uint8_t protocol;
	bool cut; /* the capture holds less than the packet had */
	bool fragment;
	bool more;	 /* fragments follow */
	uint32_t id;	 /* of the fragments of one packet */
	size_t offset;	 /* of this one */
	struct span payload;
};

/* Does libpcap's link type DLT_... have a decoder here? */
bool packet_knows_link(int link);

/* Read the headers up to that of IP; false when it is none, or not whole. */
bool packet_read(struct packet *packet, int link, struct span octets);

/* The ports that an unfragmented packet, or a first fragment, of UDP or TCP
 * starts with; false when it is too short. */
bool packet_ports(const struct packet *packet, unsigned *source_out,
    unsigned *destination_out);

/* Write the source as "192.0.2.1#53". */
void packet_format_source(const struct packet *packet, unsigned port,
    char out[PACKET_ADDRESS_SIZE]);

#endif
