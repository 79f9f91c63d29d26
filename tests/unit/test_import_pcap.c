/* test_import_pcap.c - packet captures made here, with DNS answers in them. */
#include "tests/unit/dns_case.h"
#include "tests/unit/import_case.h"

#include <string.h>

extern const struct importer import_pcap;

#define S  "s._domainkey.x.org"
#define AT " 2016-10-31T12:00:00Z 2016-10-31T12:00:00Z second observed pcap"
#define SEEN(strings, transport, item)                                \
	"evidence of 51 octets\n" S " present [" strings "] exact" AT \
	" ttl 300 flags ra,rd server 192.0.2.53#53 over " transport   \
	" item " item " evidence 1 complete\n"

static void
add_16(GString *out, unsigned value)
{
	g_string_append_c(out, (char)(value >> 8 & 0xff));
	g_string_append_c(out, (char)(value & 0xff));
}

static void
add_32(GString *out, uint32_t value)
{
	add_16(out, value >> 16);
	add_16(out, value & 0xffff);
}

/* Of libpcap's file format, with the octets in network order. */
static GString *
begin(unsigned link)
{
	GString *file = g_string_new(NULL);

	add_32(file, 0xa1b2c3d4);
	add_32(file, 2 << 16 | 4);
	add_32(file, 0);
	add_32(file, 0);
	add_32(file, 65535);
	add_32(file, link);
	return file;
}

static void
add_packet(GString *file, uint32_t at, struct span octets)
{
	add_32(file, at);
	add_32(file, 999999);
	add_32(file, (uint32_t)octets.n);
	add_32(file, (uint32_t)octets.n);
	g_string_append_len(file, (const char *)octets.p, (gssize)octets.n);
}

#define NOON 1477915200u /* 2016-10-31T12:00:00Z */

static GString *
make_ipv4(unsigned protocol, unsigned fragment, struct span payload)
{
	GString *out = g_string_new(NULL);

	add_16(out, 0x4500);
	add_16(out, (unsigned)payload.n + 20);
	add_16(out, 7);
	add_16(out, fragment);
	add_16(out, 64 << 8 | protocol);
	add_16(out, 0);
	add_32(out, 0xc0000235); /* 192.0.2.53 */
	add_32(out, 0xc0000201);
	g_string_append_len(out, (const char *)payload.p, (gssize)payload.n);
	return out;
}

static GString *
make_udp(unsigned port, const GString *message)
{
	GString *out = g_string_new(NULL);

	add_16(out, port);
	add_16(out, 12345);
	add_16(out, (unsigned)message->len + 8);
	add_16(out, 0);
	g_string_append_len(out, message->str, (gssize)message->len);
	return out;
}

static GString *
make_tcp(uint32_t sequence, unsigned flags, struct span payload)
{
	GString *out = g_string_new(NULL);

	add_16(out, 53);
	add_16(out, 12345);
	add_32(out, sequence);
	add_32(out, 0);
	add_16(out, 0x5000 | flags);
	add_16(out, 0);
	add_32(out, 0);
	g_string_append_len(out, (const char *)payload.p, (gssize)payload.n);
	return out;
}

static GString *
make_answer(void)
{
	GString *message = dns_case_new(7, 0x8180, S, 16);

	message->str[7] = 1;
	g_string_append_len(
	    message, "\xc0\x0c\0\x10\0\1\0\0\1\x2c\0\3\2p=", 15);
	return message;
}

/* An answer over UDP, in IPv4. */
static GString *
make_packet(unsigned port)
{
	g_autoptr(GString) message = make_answer();
	g_autoptr(GString) udp = make_udp(port, message);

	return make_ipv4(17, 0, dns_case_span(udp));
}

static void
check(const char *name, const GString *file, const char *want)
{
	import_case_check(&import_pcap, name, dns_case_span(file),
	    &import_case_nothing, want);
}

static void
test_links(void)
{
	static const struct {
		const char *name;
		unsigned link;
		const char *header;
		size_t n;
		const char *want;
	} links[] = {
		{ "raw", 101, "", 0, SEEN("p=", "udp", "1") },
		{ "Ethernet", 1, "abcdefghijkl\x08\0", 14,
		    SEEN("p=", "udp", "1") },
		{ "two VLAN tags", 1,
		    "abcdefghijkl\x88\xa8\0\1\x81\0\0\2\x08\0", 22,
		    SEEN("p=", "udp", "1") },
		{ "too many tags", 1,
		    "abcdefghijkl\x81\0\0\1\x81\0\0\1\x81\0\0\1\x81\0\0\1"
		    "\x81\0\0\1\x08\0",
		    34, "other 1\n" },
		{ "ARP", 1, "abcdefghijkl\x08\6", 14, "other 1\n" },
		{ "Linux cooked", 113, "\0\0\0\1\0\6abcdefgh\x08\0", 16,
		    SEEN("p=", "udp", "1") },
		{ "Linux cooked 2", 276, "\x08\0\0\0\0\0\0\1\0\1\0\6abcdefgh",
		    20, SEEN("p=", "udp", "1") },
		{ "BSD loopback", 0, "\2\0\0\0", 4, SEEN("p=", "udp", "1") },
		{ "a link that is not read", 105, "", 0,
		    "error: cannot read case: a capture of a link type that "
		    "is not read\n" },
	};

	for (size_t i = 0; i < G_N_ELEMENTS(links); i++) {
		g_autoptr(GString) file = begin(links[i].link);
		g_autoptr(GString) frame =
		    g_string_new_len(links[i].header, (gssize)links[i].n);
		g_autoptr(GString) packet = make_packet(53);

		g_string_append_len(frame, packet->str, (gssize)packet->len);
		g_string_append_len(frame, "\0\0\0", 3); /* padding */
		add_packet(file, NOON, dns_case_span(frame));
		check(links[i].name, file, links[i].want);
	}
}

static void
test_ipv6(void)
{
	static const uint8_t header[] = { 0x60, 0, 0, 0, 0, 0, 0, 64, 0x20, 1,
		0x0d, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x53, 0x20, 1,
		0x0d, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1,
		/* hop-by-hop, then UDP */
		17, 0, 1, 4, 0, 0, 0, 0 };
	g_autoptr(GString) file = begin(101);
	g_autoptr(GString) message = make_answer();
	g_autoptr(GString) udp = make_udp(53, message);
	g_autoptr(GString) packet =
	    g_string_new_len((const char *)header, sizeof(header));

	g_string_append_len(packet, udp->str, (gssize)udp->len);
	packet->str[5] = (char)(udp->len + 8);
	packet->str[6] = 0;
	add_packet(file, NOON, dns_case_span(packet));
	check("IPv6", file,
	    "evidence of 51 octets\n" S " present [p=] exact" AT
	    " ttl 300 flags ra,rd server 2001:db8::53#53 over udp item 1 "
	    "evidence 1 complete\n");
}

static void
test_udp(void)
{
	g_autoptr(GString) file = begin(101);
	g_autoptr(GString) other = make_packet(5353);
	g_autoptr(GString) good = make_packet(53);
	g_autoptr(GString) absent = dns_case_new(7, 0x8183, S, 16);
	g_autoptr(GString) absent_udp = make_udp(53, absent);
	g_autoptr(GString) absent_packet =
	    make_ipv4(17, 0, dns_case_span(absent_udp));

	add_packet(file, NOON, dns_case_span(other));
	add_packet(file, NOON, dns_case_span(absent_packet));
	add_packet(file, 0, dns_case_span(good));
	add_packet(file, NOON, span_sub(dns_case_span(good), 0, 60));
	good->str[24]++; /* of the UDP length */
	add_packet(file, NOON, dns_case_span(good));
	g_string_append(file, "cut");
	check("UDP", file,
	    "other 1\nevidence of 36 octets\n" S " nxdomain" AT
	    " flags ra,rd server 192.0.2.53#53 over udp item 2 evidence 1\n"
	    "bad 3: no time in this record: give one with --observed-at\n"
	    "bad 4: an answer that the capture holds only a part of\n"
	    "bad 5: a UDP packet with a wrong length\n"
	    "bad 6: the capture cannot be read on from here\n");
}

/* An answer in fragments: their order, and the packets that are there. */
static void
test_fragments(void)
{
	static const struct {
		const char *name, *order, *want;
	} orders[] = {
		{ "in order", "012", "" },
		{ "the last one first", "201",
		    "bad 2: a fragmented message that does not end\n" },
		{ "one missing", "02",
		    "bad 2: a fragment that is cut, missing or out of "
		    "order\n" },
		{ "no end", "01",
		    "bad 1: a fragmented message that does not end\n" },
		{ "one twice", "0112",
		    "bad 3: a fragment that is cut, missing or out of "
		    "order\n" },
	};
	g_autoptr(GString) message = make_answer();
	g_autoptr(GString) udp = make_udp(53, message);

	for (size_t i = 0; i < G_N_ELEMENTS(orders); i++) {
		g_autoptr(GString) file = begin(101);
		g_autofree char *got = NULL;

		for (const char *p = orders[i].order; *p != '\0'; p++) {
			unsigned part = (unsigned)(*p - '0');
			g_autoptr(GString) packet =
			    make_ipv4(17, (part < 2 ? 0x2000u : 0) | part * 3,
				span_sub(dns_case_span(udp), part * 24,
				    part < 2 ? 24 : 100));

			add_packet(file, NOON, dns_case_span(packet));
		}
		got = import_case_run(
		    &import_pcap, dns_case_span(file), &import_case_nothing);
		if (i == 0)
			g_assert_cmpstr(got, ==, SEEN("p=", "udp", "3"));
		else
			g_assert_nonnull(strstr(got, orders[i].want));
		if (i != 0)
			g_assert_null(strstr(got, "present"));
	}
}

static void
add_segment(
    GString *file, uint32_t sequence, unsigned flags, struct span payload)
{
	g_autoptr(GString) tcp = make_tcp(sequence, flags, payload);
	g_autoptr(GString) packet = make_ipv4(6, 0, dns_case_span(tcp));

	add_packet(file, NOON, dns_case_span(packet));
}

#define SYN     2
#define ACK     0x10
#define FIN     1
#define NOTHING ((struct span){ NULL, 0 })

static void
test_tcp(void)
{
	g_autoptr(GString) file = begin(101);
	g_autoptr(GString) message = make_answer();
	g_autoptr(GString) stream = g_string_new(NULL);
	struct span octets;

	dns_case_add_frame(stream, message);
	dns_case_add_frame(stream, message);
	octets = dns_case_span(stream);
	add_segment(file, 0xfffffff0, SYN | ACK, NOTHING);
	add_segment(file, 0xfffffff1, ACK, span_sub(octets, 0, 30));
	add_segment(file, 0xfffffff1, ACK, span_sub(octets, 0, 30));
	add_segment(file, 0xfffffff1 + 20, ACK, span_sub(octets, 20, 50));
	add_segment(file, 0xfffffff1 + 70, ACK | FIN, span_from(octets, 70));
	check("two messages, across the end of the sequence numbers", file,
	    SEEN("p=", "tcp", "4") SEEN("p=", "tcp", "5"));
}

static void
test_tcp_lost(void)
{
	g_autoptr(GString) gap = begin(101);
	g_autoptr(GString) middle = begin(101);
	g_autoptr(GString) open = begin(101);
	g_autoptr(GString) message = make_answer();
	g_autoptr(GString) stream = g_string_new(NULL);
	struct span octets;

	dns_case_add_frame(stream, message);
	octets = dns_case_span(stream);
	add_segment(gap, 0, SYN | ACK, NOTHING);
	add_segment(gap, 11, ACK, span_from(octets, 10));
	add_segment(gap, 1, ACK, span_sub(octets, 0, 10));
	check("out of order", gap,
	    "bad 2: a TCP segment that is cut, missing or out of order\n");
	add_segment(middle, 1, ACK, octets);
	add_segment(middle, 54, ACK, octets);
	check("no start", middle,
	    "bad 1: a TCP stream whose start is not in the capture\n");
	add_segment(open, 0, SYN | ACK, NOTHING);
	add_segment(open, 1, ACK, span_sub(octets, 0, 20));
	check("no end", open, "bad 2: a message over TCP that does not end\n");
}

static void
test_file(void)
{
	import_case_check(&import_pcap, "no capture", SPAN("hello, world"),
	    &import_case_nothing,
	    "error: cannot read case: unknown file format\n");
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_set_nonfatal_assertions();
	g_test_add_func("/import_pcap/links", test_links);
	g_test_add_func("/import_pcap/ipv6", test_ipv6);
	g_test_add_func("/import_pcap/udp", test_udp);
	g_test_add_func("/import_pcap/fragments", test_fragments);
	g_test_add_func("/import_pcap/tcp", test_tcp);
	g_test_add_func("/import_pcap/tcp-lost", test_tcp_lost);
	g_test_add_func("/import_pcap/file", test_file);
	return g_test_run();
}
