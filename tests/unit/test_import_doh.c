/* test_import_doh.c - answers of DNS over HTTPS in JSON. */
#include "tests/unit/import_case.h"

extern const struct importer import_doh;

#define S  "s1._domainkey.example.org"
#define AT " 2020-01-02T03:04:05Z 2020-01-02T03:04:05Z second claimed doh"
#define DOH(status, rest)                                                   \
	"{\"Status\":" status ",\"TC\":false,\"RD\":true,\"RA\":true,"      \
	"\"AD\":true,\"CD\":false,\"Question\":[{\"name\":\"S1._domainkey." \
	"example.org.\",\"type\":16}]" rest "}"
#define SOA \
	",\"Authority\":[{\"name\":\"example.org\",\"type\":6,\"TTL\":9,\"data\":\"a. b. 1 2 3 4 5\"}]"
#define TXT(name, data) \
	"{\"name\":\"" name "\",\"type\":16,\"TTL\":300,\"data\":\"" data "\"}"
#define CNAME(name, data) \
	"{\"name\":\"" name "\",\"type\":5,\"TTL\":60,\"data\":\"" data "\"}"

static const char untimed[] = DOH("3", "");

static const struct {
	const char *name, *text, *want;
} cases[] = {
	{ "quoted strings, two records, who answered",
	    DOH("0",
		",\"Answer\":[" TXT(
		    S ".", "\\\"v=DKIM1; \\\" \\\"p=A\\\"") "," TXT(S ".",
		    "\\\"p=\\\"") "],\"Comment\":\"Response from 192.0.2.1.\""),
	    S " present [v=DKIM1; |p=A] exact" AT " ttl 300 flags ad,ra,rd "
	      "server 192.0.2.1 over https item 1 complete\n" S
	      " present [p=] exact" AT " ttl 300 flags ad,ra,rd "
	      "server 192.0.2.1 over https item 1 complete\n" },
	{ "joined by the resolver, a CNAME",
	    DOH("0",
		",\"Answer\":[" CNAME(S ".", "t.example.net.") "," TXT(
		    "t.example.net.", "v=DKIM1; p=A") "]"),
	    S " present [v=DKIM1; p=A] source" AT " ttl 300 > t.example.net "
	      "owner t.example.net flags ad,ra,rd over https item 1 "
	      "complete\n" },
	{ "NXDOMAIN, NODATA, SERVFAIL, in a list",
	    "[" DOH("3", "") "," DOH("0", SOA) "," DOH("2", "") "," DOH(
		"0", "") "]",
	    S " nxdomain" AT " flags ad,ra,rd over https item 1\n" S
	      " nodata" AT " flags ad,ra,rd over https item 2\n"
	      "other 3\nother 4\n" },
	{ "another name and another type",
	    "[{\"Status\":0,\"Question\":[{\"name\":\"x.org.\",\"type\":16}]},"
	    "{\"Status\":0,\"Question\":[{\"name\":\"" S "\",\"type\":1}]}]",
	    "other 1\nother 2\n" },
	{ "a record of another name",
	    DOH("0",
		",\"Answer\":[" TXT("s2._domainkey.example.org.", "p=") "]"),
	    "bad 1: a TXT record that does not belong to the name asked for\n" },
	{ "two questions, no status, no object",
	    "[{\"Status\":0,\"Question\":[{\"type\":16},{\"type\":16}]},"
	    "{\"Question\":[]},7]",
	    "bad 1: not an answer to one question\n"
	    "bad 2: an answer without a status\n"
	    "bad 3: an answer without a status\n" },
	{ "a record without data",
	    DOH("0", ",\"Answer\":[{\"name\":\"" S "\",\"type\":16}]"),
	    "bad 1: a record without data\n" },
};

static void
test_cases(void)
{
	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++)
		import_case_check(&import_doh, cases[i].name,
		    span_from_string(cases[i].text), &import_case_time,
		    cases[i].want);
}

static void
test_no_time(void)
{
	import_case_check(&import_doh, "no time", span_from_string(untimed),
	    &import_case_nothing,
	    "bad 1: no time in this record: give one with --observed-at\n");
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_set_nonfatal_assertions();
	g_test_add_func("/import_doh/cases", test_cases);
	g_test_add_func("/import_doh/no-time", test_no_time);
	return g_test_run();
}
