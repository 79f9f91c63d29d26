/*
 * test_dns_query.c - what is taken for the answer to a query, and how it is
 * asked again: against a server on loopback that does as each case says.
 */
#include "keysnap/capture/dns_query.h"
#include "keysnap/dnssec/zone_name.h"
#include "tests/unit/dns_case.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <string.h>
#include <unistd.h>

#define NAME "s1._domainkey.mail.test"

/* What the server does with a query. */
enum manner {
	ANSWER,
	LOWER, /* the name in lower case */
	OTHER_ID,
	OTHER_NAME,
	OTHER_TYPE,
	SPOOFED_FIRST, /* another id, then the answer */
	CUT,           /* TC */
	LARGE,
	GARBAGE,
	FORMERR_EDNS, /* to EDNS, without the question */
	NOTHING,
	HANG_UP /* TCP: half an answer */
};

struct server {
	int udp, tcp;
	struct dns_server address;
	enum manner over_udp, over_tcp;
	unsigned udp_queries, tcp_queries;
	GByteArray *cases; /* the name as it was asked over UDP */
	uint16_t ports[8]; /* they came from */
	gint stop;
	GThread *thread;
};

static uint16_t
chance(void)
{
	return (uint16_t)g_random_int();
}

static int64_t
now(void)
{
	return 1000;
}

static bool
admit(void *user, const struct dns_server *server)
{
	(void)server;
	return user == NULL;
}

/* The answer in that manner; g_string_free(). */
static GString *
answer_to(struct span query, enum manner manner)
{
	size_t end = 12 + sizeof(NAME) + 1 + 4;
	GString *out =
	    g_string_new_len((const char *)query.p, (gssize)MIN(end, query.n));
	bool edns = query.p[11] > 0;

	memcpy(out->str + 2, "\x84\0\0\1\0\0\0\0\0\0", 10);
	switch (manner) {
	case LOWER:
		for (size_t i = 12; i < out->len; i++)
			out->str[i] = g_ascii_tolower(out->str[i]);
		break;
	case OTHER_ID:
		out->str[0] ^= 1;
		break;
	case OTHER_NAME:
		out->str[13] ^= 1;
		break;
	case OTHER_TYPE:
		out->str[end - 3] = 1;
		break;
	case CUT:
		out->str[2] |= 2;
		break;
	case GARBAGE:
		out->str[7] = 1;
		g_string_append_len(out, "\xff\xff", 2);
		return out;
	case FORMERR_EDNS:
		if (!edns)
			break;
		g_string_truncate(out, 12);
		out->str[3] = 1;
		out->str[5] = 0;
		return out;
	default:
		break;
	}
	dns_case_add_txt(out, NAME, "p=");
	for (int i = 0; manner == LARGE && i < 100; i++)
		dns_case_add_txt(out, NAME, "n=large; p=");
	return out;
}

static void
serve_udp(struct server *server)
{
	uint8_t query[512];
	struct sockaddr_in from;
	socklen_t size = sizeof(from);
	ssize_t n = recvfrom(server->udp, query, sizeof(query), 0,
	    (struct sockaddr *)&from, &size);
	struct span octets = { query, n < 0 ? 0 : (size_t)n };
	GString *answer;

	if (n < 12)
		return;
	server->ports[server->udp_queries++ % 8] = ntohs(from.sin_port);
	g_byte_array_append(server->cases, query + 12, sizeof(NAME) + 1);
	if (server->over_udp == NOTHING)
		return;
	if (server->over_udp == SPOOFED_FIRST) {
		answer = answer_to(octets, OTHER_ID);
		sendto(server->udp, answer->str, answer->len, 0,
		    (struct sockaddr *)&from, size);
		g_string_free(answer, TRUE);
	}
	answer = answer_to(octets, server->over_udp);
	sendto(server->udp, answer->str, answer->len, 0,
	    (struct sockaddr *)&from, size);
	g_string_free(answer, TRUE);
}

static void
serve_tcp(struct server *server)
{
	int line = accept(server->tcp, NULL, NULL);
	uint8_t query[512];
	ssize_t n = 0, more;

	while (n < 2 || n < 2 + (query[0] << 8 | query[1])) {
		more = recv(line, query + n, sizeof(query) - (size_t)n, 0);
		if (more <= 0)
			break;
		n += more;
	}
	server->tcp_queries++;
	if (n > 14 && server->over_tcp != NOTHING) {
		GString *answer =
		    answer_to((struct span){ query + 2, (size_t)n - 2 },
			server->over_tcp);
		uint8_t length[] = { (uint8_t)(answer->len >> 8),
			(uint8_t)answer->len };

		send(line, length, 2, MSG_NOSIGNAL);
		send(line, answer->str,
		    server->over_tcp == HANG_UP ? 20 : answer->len,
		    MSG_NOSIGNAL);
		g_string_free(answer, TRUE);
	}
	close(line);
}

static gpointer
serve(gpointer user)
{
	struct server *server = user;

	while (!g_atomic_int_get(&server->stop)) {
		struct pollfd polled[] = { { server->udp, POLLIN, 0 },
			{ server->tcp, POLLIN, 0 } };

		if (poll(polled, 2, 20) <= 0)
			continue;
		if (polled[0].revents != 0)
			serve_udp(server);
		if (polled[1].revents != 0)
			serve_tcp(server);
	}
	return NULL;
}

static void
start(struct server *server, enum manner udp, enum manner tcp)
{
	struct sockaddr_in in = { .sin_family = AF_INET,
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	socklen_t size = sizeof(in);

	*server = (struct server){ .over_udp = udp,
		.over_tcp = tcp,
		.cases = g_byte_array_new(),
		.udp = socket(AF_INET, SOCK_DGRAM, 0),
		.tcp = socket(AF_INET, SOCK_STREAM, 0) };
	g_assert_no_errno(bind(server->udp, (struct sockaddr *)&in, size));
	getsockname(server->udp, (struct sockaddr *)&in, &size);
	g_assert_no_errno(bind(server->tcp, (struct sockaddr *)&in, size));
	g_assert_no_errno(listen(server->tcp, 4));
	memcpy(&server->address.address, &in, sizeof(in));
	server->address.size = sizeof(in);
	g_strlcpy(server->address.text, "loopback", DNS_SERVER_TEXT);
	server->thread = g_thread_new("server", serve, server);
}

static void
stop(struct server *server)
{
	g_atomic_int_set(&server->stop, 1);
	g_thread_join(server->thread);
	close(server->udp);
	close(server->tcp);
	g_byte_array_free(server->cases, TRUE);
}

static void
ask(const struct server *server, unsigned retries, void *refuse,
    struct dns_reply *reply)
{
	const struct dns_query_options options = { .timeout = 300,
		.retries = retries,
		.now = now,
		.chance = chance,
		.admit = admit,
		.user = refuse };
	g_autoptr(ldns_rdf) name = zone_name_new(SPAN(NAME));

	dns_query(&options, &server->address, name, LDNS_RR_TYPE_TXT, reply);
}

static const struct {
	const char *name;
	enum manner udp, tcp;
	enum dns_query_status want;
	bool want_tcp, want_caseless, want_plain, want_stray;
} cases[] = {
	{ "answer", ANSWER, NOTHING, DNS_QUERY_ANSWERED, 0, 0, 0, 0 },
	{ "case lost, TCP has it", LOWER, ANSWER, DNS_QUERY_ANSWERED, 1, 1, 0,
	    0 },
	{ "case lost there, too", LOWER, LOWER, DNS_QUERY_ANSWERED, 1, 1, 0,
	    0 },
	{ "case lost, no TCP", LOWER, NOTHING, DNS_QUERY_MISMATCHED, 0, 0, 0,
	    0 },
	{ "id", OTHER_ID, ANSWER, DNS_QUERY_MISMATCHED, 0, 0, 0, 0 },
	{ "name", OTHER_NAME, ANSWER, DNS_QUERY_MISMATCHED, 0, 0, 0, 0 },
	{ "type", OTHER_TYPE, ANSWER, DNS_QUERY_MISMATCHED, 0, 0, 0, 0 },
	{ "spoofed first", SPOOFED_FIRST, NOTHING, DNS_QUERY_ANSWERED, 0, 0, 0,
	    1 },
	{ "cut", CUT, ANSWER, DNS_QUERY_ANSWERED, 1, 0, 0, 0 },
	{ "cut, TCP half", CUT, HANG_UP, DNS_QUERY_UNREACHABLE, 0, 0, 0, 0 },
	{ "cut, another over TCP", CUT, OTHER_NAME, DNS_QUERY_MISMATCHED, 0, 0,
	    0, 0 },
	{ "large, TCP", LARGE, LARGE, DNS_QUERY_ANSWERED, 1, 0, 0, 0 },
	{ "large, no TCP", LARGE, NOTHING, DNS_QUERY_OVERSIZED, 0, 0, 0, 0 },
	{ "garbage", GARBAGE, ANSWER, DNS_QUERY_MALFORMED, 0, 0, 0, 0 },
	{ "no EDNS", FORMERR_EDNS, NOTHING, DNS_QUERY_ANSWERED, 0, 0, 1, 0 },
	{ "nothing", NOTHING, NOTHING, DNS_QUERY_TIMEOUT, 0, 0, 0, 0 },
};

static void
test_cases(void)
{
	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		struct server server;
		struct dns_reply reply;

		start(&server, cases[i].udp, cases[i].tcp);
		ask(&server, 0, NULL, &reply);
		stop(&server);
		if (reply.status != cases[i].want ||
		    (reply.packet != NULL) !=
			(cases[i].want == DNS_QUERY_ANSWERED) ||
		    reply.tcp != cases[i].want_tcp ||
		    reply.caseless != cases[i].want_caseless ||
		    reply.plain != cases[i].want_plain ||
		    (reply.stray != NULL) != cases[i].want_stray) {
			g_test_message("%s: %s tcp %d caseless %d plain %d "
				       "stray %d",
			    cases[i].name, dns_query_status_name(reply.status),
			    reply.tcp, reply.caseless, reply.plain,
			    reply.stray != NULL);
			g_test_fail();
		}
		dns_reply_clear(&reply);
	}
}

/* Ids are 16 bits that the system may repeat; ports and cases must vary. */
static void
test_chance(void)
{
	struct server server;
	struct dns_reply reply;
	bool ports = false, letters = false;

	start(&server, NOTHING, NOTHING);
	ask(&server, 7, NULL, &reply);
	g_assert_cmpint(reply.status, ==, DNS_QUERY_TIMEOUT);
	dns_reply_clear(&reply);
	g_assert_cmpuint(server.udp_queries, ==, 8);
	for (size_t i = 1; i < 8; i++) {
		ports |= server.ports[i] != server.ports[0];
		letters |= memcmp(server.cases->data,
			       server.cases->data + i * (sizeof(NAME) + 1),
			       sizeof(NAME) + 1) != 0;
	}
	g_assert_true(ports);
	g_assert_true(letters);
	stop(&server);
}

static void
test_stopped(void)
{
	struct server server;
	struct dns_reply reply;

	start(&server, ANSWER, ANSWER);
	ask(&server, 3, &server, &reply);
	g_assert_cmpint(reply.status, ==, DNS_QUERY_STOPPED);
	dns_reply_clear(&reply);
	stop(&server);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_set_nonfatal_assertions();
	g_test_add_func("/dns_query/cases", test_cases);
	g_test_add_func("/dns_query/chance", test_chance);
	g_test_add_func("/dns_query/stopped", test_stopped);
	return g_test_run();
}
