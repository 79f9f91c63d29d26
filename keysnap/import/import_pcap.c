/*
 * import_pcap.c - packet captures (pcap and pcapng, read by libpcap): what
 * name servers answered, as it was seen on the wire.
 *
 * Responses from port 53 over UDP and TCP; the time is that of the packet by
 * the clock of who captured it.  Each message that holds an observation is
 * kept as its evidence.  Packets are numbered from 1.  Fragments and streams
 * are put together by packet_join.c.
 */
#include "keysnap/import/dns_message.h"
#include "keysnap/import/import_lines.h"
#include "keysnap/import/import_stream.h"
#include "keysnap/import/packet_join.h"

#include <errno.h>
#include <pcap/pcap.h>

#define DNS_PORT 53

struct capture {
	struct arena *arena;
	const struct import_options *options;
	const struct import_output *output;
	struct packet_join join;
	pcap_t *pcap;
	int link;
	uint64_t number;         /* of the packet */
	int64_t at;              /* its time, or TIMESTAMP_NONE */
	bool taken;              /* something was said of it */
	struct span message;     /* being taken, for its evidence */
	uint8_t (*evidence)[32]; /* of it, when it is kept already */
};

static void
complain(struct capture *capture, uint64_t number, const char *reason)
{
	capture->taken = true;
	capture->output->bad(capture->output->user, number, reason);
}

static void
take_lost(void *user, uint64_t number, const char *reason)
{
	complain(user, number, reason);
}

/* Only a message that gives an observation is kept. */
static void
take_observation(void *user, const struct entry_observation *observation)
{
	struct capture *capture = user;
	const struct import_output *output = capture->output;
	struct entry_observation whole = *observation;

	if (capture->evidence == NULL) {
		capture->evidence = arena_alloc(capture->arena, 32);
		output->evidence(
		    output->user, capture->message, capture->evidence[0]);
	}
	whole.evidence =
	    (struct entry_hashes){ (const uint8_t(*)[32])capture->evidence, 1 };
	output->observation(output->user, &whole);
}

static void
take_bad(void *user, uint64_t number, const char *reason)
{
	struct capture *capture = user;

	capture->output->bad(capture->output->user, number, reason);
}

static void
take_other(void *user, uint64_t number)
{
	struct capture *capture = user;

	capture->output->other(capture->output->user, number);
}

static bool
set_time(const struct capture *capture, struct entry_observation *observation)
{
	if (capture->at == TIMESTAMP_NONE)
		return import_default_time(capture->options, observation);
	observation->first = observation->last = capture->at;
	observation->precision = TIMESTAMP_SECOND;
	observation->time_kind = TIME_OBSERVED;
	return true;
}

static void
take_record(void *user, const struct ldns_struct_rr *record)
{
	const struct capture *capture = user;

	capture->output->record(capture->output->user, record);
}

static void
take_message(void *user, const struct packet *packet, struct span message)
{
	struct capture *capture = user;
	const struct import_output output = { capture, take_observation,
		take_bad, take_other, NULL, NULL, NULL,
		capture->output->record == NULL ? NULL : take_record, NULL };
	bool tcp = packet->protocol == PACKET_PROTOCOL_TCP;
	char server[PACKET_ADDRESS_SIZE];
	struct entry_observation observation = {
		.method = SPAN("pcap"),
		.item = capture->number,
		.ttl = -1,
		.vantage.transport = tcp ? SPAN("tcp") : SPAN("udp"),
	};

	packet_format_source(packet, DNS_PORT, server);
	observation.vantage.server = span_from_string(server);
	capture->taken = true;
	capture->message = message;
	capture->evidence = NULL;
	if (set_time(capture, &observation))
		dns_message_take(capture->arena, message, &observation,
		    capture->number, &output);
	else
		complain(capture, capture->number, import_needs_time);
}

/* The payload of an unfragmented UDP packet. */
static void
take_datagram(struct capture *capture, const struct packet *packet)
{
	struct span udp = packet->payload;
	size_t n = udp.n < 8 ? 0 : (size_t)udp.p[4] << 8 | udp.p[5];

	if (packet->cut)
		complain(capture, capture->number,
		    "an answer that the capture holds only a part of");
	else if (n < 8 || n > udp.n)
		complain(capture, capture->number,
		    "a UDP packet with a wrong length");
	else
		take_message(capture, packet, span_sub(udp, 8, n - 8));
}

static void
take_packet(struct capture *capture, struct span octets)
{
	unsigned source = 0, destination = 0;
	struct packet packet;
	bool dns;

	if (!packet_read(&packet, capture->link, octets))
		return;
	dns =
	    packet_ports(&packet, &source, &destination) && source == DNS_PORT;
	if (packet.fragment && packet.protocol == PACKET_PROTOCOL_UDP) {
		if (packet_join_fragment(
			&capture->join, &packet, source, capture->number))
			capture->taken = true;
	} else if (packet.fragment && dns) {
		complain(capture, capture->number, "a fragment of TCP");
	} else if (dns && packet.protocol == PACKET_PROTOCOL_UDP) {
		take_datagram(capture, &packet);
	} else if (dns) {
		if (packet_join_segment(
			&capture->join, &packet, capture->number))
			capture->taken = true;
	}
}

/* A capture without times has zeros. */
static int64_t
time_of(const struct pcap_pkthdr *header)
{
	int64_t at = header->ts.tv_sec;

	return at <= 0 || at > TIMESTAMP_MAX ? TIMESTAMP_NONE : at;
}

static void
read_packets(struct capture *capture)
{
	struct pcap_pkthdr *header;
	const u_char *octets;
	int status;

	while ((status = pcap_next_ex(capture->pcap, &header, &octets)) == 1) {
		capture->number++;
		capture->at = time_of(header);
		capture->taken = false;
		take_packet(capture, (struct span){ octets, header->caplen });
		if (!capture->taken)
			capture->output->other(
			    capture->output->user, capture->number);
		arena_reset(capture->arena);
	}
	if (status != PCAP_ERROR_BREAK)
		complain(capture, capture->number + 1,
		    "the capture cannot be read on from here");
	packet_join_finish(&capture->join);
}

static bool
refuse(const char *path, const char *why, GError **error)
{
	g_set_error(error, G_FILE_ERROR, G_FILE_ERROR_INVAL,
	    "cannot read %s: %s", path, why);
	return false;
}

static bool
read_capture(struct capture *capture, const char *path, GError **error)
{
	capture->link = pcap_datalink(capture->pcap);
	if (!packet_knows_link(capture->link))
		return refuse(
		    path, "a capture of a link type that is not read", error);
	packet_join_init(&capture->join);
	capture->join.user = capture;
	capture->join.message = take_message;
	capture->join.lost = take_lost;
	read_packets(capture);
	packet_join_clear(&capture->join);
	return true;
}

static bool
read_pcap(FILE *stream, const char *path, const struct import_options *options,
    const struct import_output *output, GError **error)
{
	g_autoptr(arena_auto) arena = arena_new();
	struct capture capture = {
		.arena = arena, .options = options, .output = output
	};
	char why[PCAP_ERRBUF_SIZE] = "";
	/* libpcap closes what it is given. */
	FILE *whole = import_stream_open(stream, (struct span){ NULL, 0 });
	bool ok;

	if (whole == NULL) {
		import_set_read_error(error, path, errno);
		return false;
	}
	capture.pcap = pcap_fopen_offline(whole, why);
	if (capture.pcap == NULL) {
		fclose(whole);
		return refuse(path, why, error);
	}
	ok = read_capture(&capture, path, error);
	pcap_close(capture.pcap);
	if (ok && ferror(stream)) {
		import_set_read_error(error, path, errno != 0 ? errno : EIO);
		return false;
	}
	return ok;
}

/* pcap, of both orders, with microseconds or nanoseconds, and pcapng. */
static bool
recognise_pcap(struct span start)
{
	static const uint8_t magic[][4] = {
		{ 0xa1, 0xb2, 0xc3, 0xd4 },
		{ 0xd4, 0xc3, 0xb2, 0xa1 },
		{ 0xa1, 0xb2, 0x3c, 0x4d },
		{ 0x4d, 0x3c, 0xb2, 0xa1 },
		{ 0x0a, 0x0d, 0x0d, 0x0a },
	};

	for (size_t i = 0; i < G_N_ELEMENTS(magic); i++) {
		if (span_starts_with(start, (struct span){ magic[i], 4 }))
			return true;
	}
	return false;
}

const struct importer import_pcap = {
	.name = "pcap",
	.description = "packet captures: what name servers answered",
	.recognise = recognise_pcap,
	.read = read_pcap,
};
