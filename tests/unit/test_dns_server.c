/* test_dns_server.c - addresses of name servers. */
#include "keysnap/capture/dns_server.h"

#include <glib.h>

static void
test_parse(void)
{
	static const struct {
		const char *text, *want; /* NULL: refused */
	} cases[] = {
		{ "192.0.2.1", "192.0.2.1:53" },
		{ "192.0.2.1:5353", "192.0.2.1:5353" },
		{ "192.0.2.1:65535", "192.0.2.1:65535" },
		{ "2001:db8::1", "[2001:db8::1]:53" },
		{ "[2001:DB8:0::1]:5353", "[2001:db8::1]:5353" },
		{ "[2001:db8::1]", "[2001:db8::1]:53" },
		{ "", NULL },
		{ ":53", NULL },
		{ "192.0.2.1:", NULL },
		{ "192.0.2.1:0", NULL },
		{ "192.0.2.1:65536", NULL },
		{ "192.0.2.1:5x", NULL },
		{ "192.0.2.256", NULL },
		{ "[192.0.2.1]:53", NULL },
		{ "[2001:db8::1", NULL },
		{ "[2001:db8::1]53", NULL },
		{ "[]:53", NULL },
		{ "[", NULL },
		{ "ns.example.org", NULL },
		{ "192.0.2.1\x80", NULL },
		{ "2001:db8:1111:2222:3333:4444:5555:6666:7777:8888:9999",
		    NULL },
	};

	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		struct dns_server server;
		bool ok =
		    dns_server_parse(span_from_string(cases[i].text), &server);

		if (ok != (cases[i].want != NULL) ||
		    (ok && g_strcmp0(server.text, cases[i].want) != 0)) {
			g_test_message("\"%s\": %s", cases[i].text,
			    ok ? server.text : "refused");
			g_test_fail();
		}
	}
}

static void
test_nul(void)
{
	struct dns_server server;

	g_assert_false(dns_server_parse(SPAN("192.0.2.1\0:53"), &server));
	g_assert_false(dns_server_parse((struct span){ NULL, 0 }, &server));
}

static void
test_file(void)
{
	static const char text[] = "# resolvers\nsearch example.org\n"
				   "nameserver ns.example.org\n"
				   "nameserver 192.0.2.7\r\n"
				   "nameserver\t2001:db8::7";
	struct dns_server servers[2];

	g_assert_cmpuint(dns_server_parse_file(SPAN(text), servers, 2), ==, 2);
	g_assert_cmpstr(servers[0].text, ==, "192.0.2.7:53");
	g_assert_cmpstr(servers[1].text, ==, "[2001:db8::7]:53");
	g_assert_cmpuint(dns_server_parse_file(SPAN(text), servers, 1), ==, 1);
	g_assert_cmpuint(
	    dns_server_parse_file((struct span){ NULL, 0 }, servers, 1), ==, 0);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_set_nonfatal_assertions();
	g_test_add_func("/dns-server/parse", test_parse);
	g_test_add_func("/dns-server/nul", test_nul);
	g_test_add_func("/dns-server/file", test_file);
	return g_test_run();
}
