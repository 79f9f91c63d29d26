/* test_delegation.c - which referrals and addresses of servers count. */
#include "keysnap/capture/delegation.h"
#include "keysnap/capture/pace.h"
#include "keysnap/capture/root_hints.h"
#include "tests/unit/dns_case.h"

#include <string.h>

#define Q      "s1._domainkey.mail.test"
#define PUBLIC "\xc6\x29\0\4" /* 198.41.0.4 */
#define LOOP   "\x7f\0\0\2"

static void
add_ns(GString *message, const char *zone, const char *host)
{
	GString *data = g_string_new(NULL);
	g_auto(GStrv) labels = g_strsplit(host, ".", -1);

	for (size_t i = 0; labels[i] != NULL; i++) {
		g_string_append_c(data, (char)strlen(labels[i]));
		g_string_append(data, labels[i]);
	}
	g_string_append_c(data, '\0');
	dns_case_add(message, DNS_CASE_AUTHORITY, zone, 2, 60,
	    (struct span){ (const uint8_t *)data->str, data->len });
	g_string_free(data, TRUE);
}

/* A referral by a server of "test", and what it is taken for. */
static const struct {
	const char *name, *zone, *host, *glue;
	struct span address;
	bool loopback;
	ldns_rr_type type;
	const char *want; /* the zone; NULL: no referral */
	size_t servers, hosts;
} cases[] = {
	{ "with glue", "mail.test", "ns.mail.test", "ns.mail.test",
	    SPAN(PUBLIC), false, 16, "mail.test", 1, 0 },
	{ "glue of a sibling", "mail.test", "ns.esp.test", "ns.esp.test",
	    SPAN(PUBLIC), false, 16, "mail.test", 1, 0 },
	{ "glue from outside is not believed", "mail.test", "ns.example",
	    "ns.example", SPAN(PUBLIC), false, 16, "mail.test", 0, 1 },
	{ "glue of another name", "mail.test", "ns.esp.test", "ns.mail.test",
	    SPAN(PUBLIC), false, 16, "mail.test", 0, 1 },
	{ "in the zone, without glue", "mail.test", "ns.mail.test", "x.test",
	    SPAN(PUBLIC), false, 16, "mail.test", 0, 0 },
	{ "loopback from outside", "mail.test", "ns.mail.test", "ns.mail.test",
	    SPAN(LOOP), false, 16, "mail.test", 0, 0 },
	{ "loopback", "mail.test", "ns.mail.test", "ns.mail.test", SPAN(LOOP),
	    true, 16, "mail.test", 1, 0 },
	{ "public from loopback", "mail.test", "ns.mail.test", "ns.mail.test",
	    SPAN(PUBLIC), true, 16, "mail.test", 0, 0 },
	{ "short address", "mail.test", "ns.mail.test", "ns.mail.test",
	    SPAN("\xc6\x29\0"), false, 16, "mail.test", 0, 0 },
	{ "deeper", "_domainkey.mail.test", "ns.mail.test", "ns.mail.test",
	    SPAN(PUBLIC), false, 16, "_domainkey.mail.test", 1, 0 },
	{ "up", "", "ns.mail.test", "ns.mail.test", SPAN(PUBLIC), false, 16,
	    NULL, 0, 0 },
	{ "the same", "test", "ns.mail.test", "ns.mail.test", SPAN(PUBLIC),
	    false, 16, NULL, 0, 0 },
	{ "aside", "post.test", "ns.mail.test", "ns.mail.test", SPAN(PUBLIC),
	    false, 16, NULL, 0, 0 },
	{ "DS of the cut", Q, "ns.mail.test", "ns.mail.test", SPAN(PUBLIC),
	    false, 43, NULL, 0, 0 },
	{ "DS below the cut", "mail.test", "ns.mail.test", "ns.mail.test",
	    SPAN(PUBLIC), false, 43, "mail.test", 1, 0 },
};

static bool
is_as_wanted(const struct referral *referral, size_t i)
{
	g_autofree char *zone =
	    referral->zone == NULL ? NULL : zone_name_text(referral->zone);

	g_test_message("%s: %s, %u servers, %zu hosts", cases[i].name,
	    zone == NULL ? "none" : zone, referral->servers->len,
	    referral->n_hosts);
	return g_strcmp0(zone, cases[i].want) == 0 &&
	    referral->servers->len == cases[i].servers &&
	    referral->n_hosts == cases[i].hosts;
}

static void
test_referral(void)
{
	g_autoptr(ldns_rdf) zone = zone_name_new(SPAN("test"));
	g_autoptr(ldns_rdf) name = zone_name_new(SPAN(Q));
	struct delegation *from =
	    delegation_new(zone, NULL, (struct span){ NULL, 0 }, NULL, 0);

	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		const struct delegation_rules rules = { 53, cases[i].loopback };
		GString *message = dns_case_new(7, 0x8000, Q, 16);
		struct referral referral;
		ldns_pkt *packet = NULL;

		add_ns(message, cases[i].zone, cases[i].host);
		dns_case_add(message, DNS_CASE_ADDITIONAL, cases[i].glue, 1, 60,
		    cases[i].address);
		/* ldns refuses the short one as a whole. */
		if (ldns_wire2pkt(&packet, (const uint8_t *)message->str,
			message->len) == LDNS_STATUS_OK) {
			referral_read(&referral, packet, from, name,
			    cases[i].type, &rules);
			g_assert_true(is_as_wanted(&referral, i));
			referral_clear(&referral);
			ldns_pkt_free(packet);
		} else {
			g_assert_cmpuint(cases[i].address.n, ==, 3);
		}
		g_string_free(message, TRUE);
	}
	delegation_unref(from);
}

static void
test_cache(void)
{
	g_autoptr(ldns_rdf) root = zone_name_new((struct span){ NULL, 0 });
	g_autoptr(ldns_rdf) zone = zone_name_new(SPAN("mail.test"));
	g_autoptr(ldns_rdf) name = zone_name_new(SPAN(Q));
	struct delegation *top =
	    delegation_new(root, NULL, (struct span){ NULL, 0 }, NULL, 0);
	struct delegation *cut = delegation_new(zone, top, SPAN("x"), NULL, 0);
	struct delegation_cache *cache = delegation_cache_new(top);
	struct delegation *found = delegation_cache_find(cache, name, 4);

	g_assert_true(found == top);
	delegation_unref(found);
	delegation_cache_add(cache, cut);
	found = delegation_cache_find(cache, name, 4);
	g_assert_true(found == cut);
	delegation_unref(found);
	found = delegation_cache_find(cache, zone, 1);
	g_assert_true(found == top);
	delegation_unref(found);
	delegation_unref(cut);
	delegation_unref(top);
	delegation_cache_free(cache);
}

static void
test_hints(void)
{
	struct dns_server servers[32];
	unsigned bad;

	g_assert_cmpuint(root_hints_builtin(53, servers, 32), ==, 26);
	g_assert_cmpstr(servers[0].text, ==, "198.41.0.4:53");
	g_assert_cmpuint(root_hints_builtin(53, servers, 3), ==, 3);
	g_assert_cmpuint(root_hints_parse(SPAN("; x\n. 1 NS a.\na. 1 A "
					       "127.0.0.1\nb. 1 A 127.0.0.2"),
			     5353, servers, 32, &bad),
	    ==, 1);
	g_assert_cmpstr(servers[0].text, ==, "127.0.0.1:5353");
	g_assert_cmpuint(bad, ==, 0);
	g_assert_cmpuint(
	    root_hints_parse(SPAN("\n. 1 NS"), 53, servers, 32, &bad), ==, 0);
	g_assert_cmpuint(bad, ==, 2);
}

static void
test_pace(void)
{
	struct dns_server a, b;
	struct pace *pace = pace_new(100, 10);

	dns_server_parse(SPAN("192.0.2.1"), &a);
	dns_server_parse(SPAN("192.0.2.2"), &b);
	g_assert_cmpint(pace_next(pace, &a, 1000), ==, 1000);
	g_assert_cmpint(pace_next(pace, &a, 1000), ==, 101000);
	g_assert_cmpint(pace_next(pace, &b, 1000), ==, 21000);
	for (int i = 0; i < PACE_FAILURES_MAX; i++) {
		g_assert_false(pace_is_down(pace, &a, 2000));
		pace_report(pace, &a, false, 2000);
	}
	g_assert_true(pace_is_down(pace, &a, 2000));
	g_assert_false(pace_is_down(pace, &b, 2000));
	g_assert_false(pace_is_down(pace, &a, 2000 + PACE_DOWN));
	pace_report(pace, &a, true, 2000);
	g_assert_false(pace_is_down(pace, &a, 2000));
	pace_free(pace);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_set_nonfatal_assertions();
	g_test_add_func("/delegation/referral", test_referral);
	g_test_add_func("/delegation/cache", test_cache);
	g_test_add_func("/delegation/hints", test_hints);
	g_test_add_func("/delegation/pace", test_pace);
	return g_test_run();
}
