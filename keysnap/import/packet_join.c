/*
 * packet_join.c - DNS messages that came in several packets.
 */
#include "keysnap/import/packet_join.h"

#define TCP_FIN    0x01
#define TCP_SYN    0x02
#define TCP_RST    0x04
#define UDP_HEADER 8

/* What a packet is known by.  Without padding, so that it can be compared as
 * a whole. */
struct identity {
	uint8_t source[16], destination[16];
	uint32_t id; /* of fragments; the two ports of TCP */
	uint16_t tcp, version_6;
};

struct packet_part {
	struct identity identity;
	GByteArray *octets;
	uint32_t next; /* sequence number that is to come */
	uint64_t number, clock;
	bool lost; /* of TCP: said, and nothing more is taken of it */
};

static unsigned
get_16(struct span octets, size_t at)
{
	return (unsigned)octets.p[at] << 8 | octets.p[at + 1];
}

static uint32_t
get_32(struct span octets, size_t at)
{
	return (uint32_t)get_16(octets, at) << 16 | get_16(octets, at + 2);
}

static struct packet_part *
part_at(const struct packet_join *join, size_t i)
{
	return &g_array_index(join->parts, struct packet_part, i);
}

void
packet_join_init(struct packet_join *join)
{
	*join = (struct packet_join){
		.parts = g_array_new(FALSE, FALSE, sizeof(struct packet_part)),
	};
}

static void
remove_part(struct packet_join *join, struct packet_part *part)
{
	size_t i = (size_t)(part - part_at(join, 0));

	g_byte_array_free(part->octets, TRUE);
	g_array_remove_index_fast(join->parts, (guint)i);
}

void
packet_join_clear(struct packet_join *join)
{
	while (join->parts->len > 0)
		remove_part(join, part_at(join, 0));
	g_array_free(join->parts, TRUE);
}

static void
lose(struct packet_join *join, const struct packet_part *part)
{
	if (!part->lost && part->octets->len > 0)
		join->lost(join->user, part->number,
		    part->identity.tcp
			? "a message over TCP that does not end"
			: "a fragmented message that does not end");
}

void
packet_join_finish(struct packet_join *join)
{
	for (size_t i = 0; i < join->parts->len; i++)
		lose(join, part_at(join, i));
}

static void
identify(struct identity *identity, const struct packet *packet, bool tcp,
    uint32_t id)
{
	identity->tcp = tcp;
	identity->version_6 = packet->version_6;
	memcpy(identity->source, packet->source, 16);
	memcpy(identity->destination, packet->destination, 16);
	identity->id = id;
}

static struct packet_part *
find(struct packet_join *join, const struct identity *identity)
{
	for (size_t i = 0; i < join->parts->len; i++) {
		struct packet_part *part = part_at(join, i);

		if (memcmp(&part->identity, identity, sizeof(*identity)) == 0)
			return part;
	}
	return NULL;
}

static void
make_room(struct packet_join *join)
{
	size_t oldest = 0;

	if (join->parts->len < PACKET_JOIN_MAX)
		return;
	for (size_t i = 1; i < join->parts->len; i++) {
		if (part_at(join, i)->clock < part_at(join, oldest)->clock)
			oldest = i;
	}
	lose(join, part_at(join, oldest));
	remove_part(join, part_at(join, oldest));
}

/* A new part; what was known by the same identity is lost. */
static struct packet_part *
begin(
    struct packet_join *join, const struct identity *identity, uint64_t number)
{
	struct packet_part *part = find(join, identity);
	struct packet_part new = { .identity = *identity,
		.octets = g_byte_array_new(),
		.number = number,
		.clock = ++join->clock };

	if (part != NULL) {
		lose(join, part);
		remove_part(join, part);
	}
	make_room(join);
	g_array_append_val(join->parts, new);
	return part_at(join, join->parts->len - 1);
}

/* The payload of a whole UDP packet; empty when its length is wrong. */
static struct span
udp_payload(struct span packet)
{
	size_t n = packet.n < UDP_HEADER ? 0 : get_16(packet, 4);

	if (n < UDP_HEADER || n > packet.n)
		return (struct span){ NULL, 0 };
	return span_sub(packet, UDP_HEADER, n - UDP_HEADER);
}

/* Add a fragment that is the next one. */
static void
continue_part(struct packet_join *join, struct packet_part *part,
    const struct packet *packet)
{
	struct packet whole = *packet;
	struct span message;

	g_byte_array_append(
	    part->octets, packet->payload.p, (guint)packet->payload.n);
	part->clock = ++join->clock;
	if (packet->more)
		return;
	message =
	    udp_payload((struct span){ part->octets->data, part->octets->len });
	whole.payload = (struct span){ NULL, 0 };
	join->message(join->user, &whole, message);
	remove_part(join, part);
}

bool
packet_join_fragment(struct packet_join *join, const struct packet *packet,
    unsigned port, uint64_t number)
{
	struct identity identity;
	struct packet_part *part;

	identify(&identity, packet, false, packet->id);
	part = find(join, &identity);
	if (packet->offset == 0) {
		if (port != 53)
			return false;
		part = begin(join, &identity, number);
	}
	if (part == NULL)
		return false;
	if (packet->cut || packet->payload.n == 0 ||
	    packet->offset != part->octets->len ||
	    packet->payload.n > PACKET_JOIN_OCTETS - part->octets->len) {
		join->lost(join->user, number,
		    "a fragment that is cut, missing or out of order");
		remove_part(join, part);
		return true;
	}
	continue_part(join, part, packet);
	return true;
}

/* Give every whole message of the stream, each behind its length. */
static void
take_messages(struct packet_join *join, struct packet_part *part,
    const struct packet *packet, uint64_t number)
{
	struct span octets = { part->octets->data, part->octets->len };
	size_t n;

	while (octets.n >= 2 && octets.n - 2 >= get_16(octets, 0)) {
		n = get_16(octets, 0);
		join->message(join->user, packet, span_sub(octets, 2, n));
		octets = span_from(octets, n + 2);
	}
	n = part->octets->len - octets.n;
	if (n > 0)
		g_byte_array_remove_range(part->octets, 0, (guint)n);
	if (part->octets->len > 0)
		part->number = number;
}

/* Add what is new of a segment; false when something before it is missing. */
static bool
add_segment(struct packet_join *join, struct packet_part *part,
    const struct packet *packet, struct span payload, uint32_t sequence,
    uint64_t number)
{
	uint32_t behind = part->next - sequence; /* seen of it already */

	if (behind > payload.n)
		return behind >> 31 == 0; /* all of it; else too early */
	payload = span_from(payload, behind);
	/* A packet has less than 64 KB, and so has an unfinished message. */
	g_byte_array_append(part->octets, payload.p, (guint)payload.n);
	part->next += (uint32_t)payload.n;
	take_messages(join, part, packet, number);
	return true;
}

static void
lose_stream(struct packet_join *join, struct packet_part *part, uint64_t number)
{
	join->lost(join->user, number,
	    "a TCP segment that is cut, missing or out of order");
	part->lost = true;
	g_byte_array_set_size(part->octets, 0);
}

bool
packet_join_segment(
    struct packet_join *join, const struct packet *packet, uint64_t number)
{
	struct span segment = packet->payload, payload;
	struct identity identity;
	struct packet_part *part;
	size_t header;

	if (segment.n < 20)
		return false;
	header = (segment.p[12] >> 4) * 4u;
	if (header < 20 || header > segment.n)
		return false;
	payload = span_from(segment, header);
	identify(&identity, packet, true, get_32(segment, 0));
	part = find(join, &identity);
	if ((segment.p[13] & TCP_SYN) != 0) {
		part = begin(join, &identity, number);
		part->next = get_32(segment, 4) + 1;
		return true;
	}
	if (part == NULL) {
		if (payload.n == 0)
			return false;
		part = begin(join, &identity, number);
		join->lost(join->user, number,
		    "a TCP stream whose start is not in the capture");
		part->lost = true;
	}
	part->clock = ++join->clock;
	if (!part->lost && payload.n > 0 &&
	    (packet->cut ||
		!add_segment(
		    join, part, packet, payload, get_32(segment, 4), number)))
		lose_stream(join, part, number);
	if ((segment.p[13] & (TCP_FIN | TCP_RST)) != 0) {
		lose(join, part);
		remove_part(join, part);
	}
	return true;
}
