/* test_import_zone.c - master files, dig, drill and opendkim-genkey. */
#include "keysnap/import/zone_answer.h"
#include "tests/unit/import_case.h"

#include <string.h>

extern const struct importer import_zone;

#define AT " exact 2020-01-02T03:04:05Z 2020-01-02T03:04:05Z second claimed "
#define DIG_TIME \
	" exact 2026-11-23T07:07:17Z 2026-11-23T07:07:17Z second observed dig"
#define HEAD(status, flags)                                             \
	"; <<>> DiG 9.18 <<>> TXT s._domainkey.x.org\n;; Got answer:\n" \
	";; ->>HEADER<<- opcode: QUERY, status: " status ", id: 7\n"    \
	";; flags: " flags "; QUERY: 1, ANSWER: 1\n"                    \
	";; QUESTION SECTION:\n;s._domainkey.x.org. IN TXT\n"
#define WHEN ";; WHEN: Mon Nov 23 07:07:17 UTC 2026\n"

static const struct {
	const char *name, *text, *want;
} cases[] = {
	{ "empty", "", "" },
	{ "origin, ttl, relative names, comments, several lines",
	    "$ORIGIN x.org.\n$TTL 1h\n@ IN SOA a b ( 1 ; serial\n 2 3 4 5 )\n"
	    "s._domainkey TXT ( \"v=DKIM1; k=rsa; \" ; first\n"
	    "  \"p=AB\" )\n",
	    "other 3\ns._domainkey.x.org present [v=DKIM1; k=rsa; |p=AB]" AT
	    "zonefile ttl 3600 serial 1 @5\n" },
	{ "serials: of its own zone, of none, of a transfer",
	    "s._domainkey.a.org. TXT \"p=\"\n"
	    "X.org. SOA a. b. 4294967295 2 3 4 5\n"
	    "s._domainkey.x.org. TXT \"p=\"\n"
	    "s._domainkey.ax.org. TXT \"p=\"\n"
	    "y.org. SOA a. b. 4294967296 2 3 4 5\n"
	    "s._domainkey.y.org. TXT \"p=\"\n"
	    "z.org. SOA a. b. 1x 2 3 4 5\nz.org. SOA a.\n"
	    "s._domainkey.x.org. TXT \"p=A\"\n",
	    "other 2\nother 5\nother 7\nother 8\n"
	    "s._domainkey.a.org present [p=]" AT "zonefile @1\n"
	    "s._domainkey.x.org present [p=]" AT
	    "zonefile serial 4294967295 @3\n"
	    "s._domainkey.ax.org present [p=]" AT "zonefile @4\n"
	    "s._domainkey.y.org present [p=]" AT "zonefile @6\n"
	    "s._domainkey.x.org present [p=A]" AT "zonefile @9\n" },
	{ "a transfer by dig",
	    "\n; <<>> DiG 9.18 <<>> axfr x.org @192.0.2.1\n"
	    ";; global options: +cmd\nx.org. 60 IN SOA a. b. 7 2 3 4 5\n"
	    "s._domainkey.x.org. 60 IN TXT \"p=\"\n"
	    "x.org. 60 IN SOA a. b. 7 2 3 4 5\n"
	    ";; Query time: 3 msec\n;; SERVER: 192.0.2.1#53(192.0.2.1) (TCP)\n" WHEN
	    ";; XFR size: 3 records (messages 1, bytes 200)\n",
	    "other 4\nother 6\ns._domainkey.x.org present [p=]" DIG_TIME
	    " ttl 60 server 192.0.2.1#53(192.0.2.1) over tcp serial 7 @5\n" },
	{ "byte order mark, CR LF, several lines with comments: dig +multi",
	    "\xef\xbb\xbf; <<>> DiG 9.18 <<>> +multi +noall +answer\r\n"
	    "s._domainkey.x.org.\t300 IN TXT ( \r\n"
	    "\t\t\t\t\"v=DKIM1; k=rsa; \" ; one\r\n"
	    "\t\t\t\t\"p=AB\"\r\n\t\t\t\t)\r\n",
	    "s._domainkey.x.org present [v=DKIM1; k=rsa; |p=AB]" AT
	    "dig ttl 300 @2\n" },
	{ "no white space between strings, two records of one name",
	    "s._domainkey.x.org. 60 IN TXT \"a\"\"b\"\n"
	    "\tTXT \"c\"\n",
	    "s._domainkey.x.org present [a|b]" AT "zonefile ttl 60 @1\n"
	    "s._domainkey.x.org present [c]" AT "zonefile @2\n" },
	{ "escapes",
	    "s._domainkey.x.org. TXT \"t=y\\; k=\\\"\\065\\\\\" p\\;\\032q\n",
	    "s._domainkey.x.org present [t=y; k=\"A\\|p; q]" AT
	    "zonefile @1\n" },
	{ "a semicolon outside of quotes begins a comment",
	    "s._domainkey.x.org. TXT v=DKIM1; p=AB\n",
	    "s._domainkey.x.org present [v=DKIM1]" AT "zonefile @1\n" },
	{ "other records and names",
	    "x.org. TXT \"v=spf1 -all\"\n*.x.org. TXT \"a\"\n"
	    "x.org. IN MX 10 mx.x.org.\ns._domainkey.x.org. CH TXT \"a\"\n",
	    "other 2\nother 3\nother 4\nother 1\n" },
	{ "bad escape", "s._domainkey.x.org. TXT \"\\256\"\n",
	    "bad 1: a character-string with a bad escape\n" },
	{ "no closing quote", "\ns._domainkey.x.org. TXT \"a\n",
	    "bad 2: a string without its closing quote\n" },
	{ "parenthesis not closed", "s._domainkey.x.org. TXT ( \"a\"\n\n",
	    "bad 1: a parenthesis that is never closed\n" },
	{ "parenthesis too many", "s._domainkey.x.org. TXT \"a\" )\n",
	    "bad 1: a closing parenthesis too many\n" },
	{ "relative name", "s._domainkey TXT \"a\"\n",
	    "bad 1: a relative name: give $ORIGIN or --domain\n" },
	{ "answer of dig +short", "\"v=DKIM1; p=\"\n",
	    "bad 1: a string where a name should be\n" },
	{ "no name at all", " TXT \"a\"\n",
	    "bad 1: no name before the first record\n" },
	{ "include", "$INCLUDE other.zone\n",
	    "bad 1: a directive that is not read: only $ORIGIN and $TTL "
	    "are\n" },
	{ "CNAME before its target",
	    "s._domainkey.x.org. CNAME t.y.net.\nt.y.net. TXT \"p=\"\n",
	    "s._domainkey.x.org present [p=]" AT "zonefile > t.y.net owner "
	    "t.y.net @2\n" },
	{ "CNAME to nothing, and in a circle",
	    "s._domainkey.x.org. CNAME t.y.net.\n"
	    "a._domainkey.x.org. CNAME b._domainkey.x.org.\n"
	    "b._domainkey.x.org. CNAME a._domainkey.x.org.\n",
	    "other 1\nother 2\nother 3\n" },
	{ "dig",
	    HEAD("NOERROR",
		"qr rd ra") ";; ANSWER SECTION:\n"
			    "s._domainkey.x.org. 30 IN TXT \"p=AB\"\n\n"
			    ";; AUTHORITY SECTION:\nx.org. 30 IN NS ns.x.org.\n"
			    ";; ADDITIONAL SECTION:\ns._domainkey.x.org. 30 IN TXT \"p=X\"\n" WHEN,
	    "other 11\nother 13\n"
	    "s._domainkey.x.org present [p=AB]" DIG_TIME
	    " ttl 30 flags ra,rd complete @8\n" },
	{ "dig, cut short: not complete",
	    HEAD("NOERROR",
		"qr tc rd") ";; ANSWER SECTION:\n"
			    "s._domainkey.x.org. 30 IN TXT \"p=AB\"\n" WHEN,
	    "s._domainkey.x.org present [p=AB]" DIG_TIME
	    " ttl 30 flags rd,tc @8\n" },
	{ "dig twice, each with its time",
	    HEAD("NXDOMAIN", "qr") WHEN HEAD("NOERROR",
		"qr") ";; ANSWER SECTION:\ns._domainkey.x.org. 30 IN TXT \"p=\"\n"
		      ";; WHEN: Mon Nov 23 08:07:17 +0100 2026\n",
	    "s._domainkey.x.org nxdomain 2026-11-23T07:07:17Z "
	    "2026-11-23T07:07:17Z second observed dig @3\n"
	    "s._domainkey.x.org present [p=]" DIG_TIME
	    " ttl 30 complete @15\n" },
	{ "dig, no TXT record",
	    HEAD("NOERROR", "qr") ";; AUTHORITY SECTION:\n"
				  "x.org. 30 IN SOA a. b. 1 2 3 4 5\n" WHEN,
	    "other 8\ns._domainkey.x.org nodata 2026-11-23T07:07:17Z "
	    "2026-11-23T07:07:17Z second observed dig @3\n" },
	{ "dig, a referral says nothing",
	    HEAD("NOERROR", "qr") ";; AUTHORITY SECTION:\n"
				  "x.org. 30 IN NS a.\n" WHEN,
	    "other 8\n" },
	{ "drill, time without a zone: the option's",
	    ";; ->>HEADER<<- opcode: QUERY, rcode: NOERROR, id: 7\n"
	    ";; flags: qr rd ra ; QUERY: 1, ANSWER: 1\n"
	    ";; QUESTION SECTION:\n;; s._domainkey.x.org.\tIN\tTXT\n\n"
	    ";; ANSWER SECTION:\ns._domainkey.x.org. 5 IN TXT \"p=\"\n"
	    ";; WHEN: Mon Nov 23 07:07:17 2026\n",
	    "s._domainkey.x.org present [p=]" AT
	    "dig ttl 5 flags ra,rd warnings ambiguous-zone complete @7\n" },
	{ "dig, who answered and how",
	    HEAD("NOERROR",
		"qr rd ra ad") ";; ANSWER SECTION:\n"
			       "s._domainkey.x.org. 30 IN TXT \"p=\"\n"
			       ";; SERVER: 192.0.2.8#53(192.0.2.8) (TCP)\n" WHEN,
	    "s._domainkey.x.org present [p=]" DIG_TIME
	    " ttl 30 flags ad,ra,rd server 192.0.2.8#53(192.0.2.8) over tcp "
	    "complete @8\n" },
	{ "dig, a CNAME to a name that does not exist",
	    HEAD("NXDOMAIN",
		"qr") ";; ANSWER SECTION:\n"
		      "s._domainkey.x.org. 30 IN CNAME t.y.net.\n" WHEN,
	    "s._domainkey.x.org nxdomain 2026-11-23T07:07:17Z "
	    "2026-11-23T07:07:17Z second observed dig > t.y.net @3\n" },
	{ "dig, a CNAME to a name without TXT, and a stray one",
	    HEAD("NOERROR",
		"qr") ";; ANSWER SECTION:\n"
		      "s._domainkey.x.org. 30 IN CNAME t.y.net.\n"
		      ";; AUTHORITY SECTION:\ny.net. 30 IN SOA a. b. 1 2 3 4 5\n" WHEN
			  HEAD("NXDOMAIN",
			      "qr") ";; ANSWER SECTION:\n"
				    "s._domainkey.z.org. 30 IN CNAME t.y.net.\n" WHEN,
	    "other 10\ns._domainkey.x.org nodata 2026-11-23T07:07:17Z "
	    "2026-11-23T07:07:17Z second observed dig > t.y.net @3\n"
	    "other 19\n" },
	{ "dig, failures say nothing",
	    HEAD("SERVFAIL", "qr") WHEN
	    "; <<>> DiG 9.18 <<>> TXT s._domainkey.x.org\n"
	    ";; connection timed out; no servers could be reached\n",
	    "" },
	{ "dig, records in an answer that failed",
	    HEAD(
		"SERVFAIL", "qr") ";; ANSWER SECTION:\n"
				  "s._domainkey.x.org. 30 IN TXT \"p=\"\n" WHEN,
	    "bad 8: a record in an answer whose status says that there is "
	    "none\n" },
	{ "delv",
	    "; fully validated\ns._domainkey.x.org. 9 IN TXT \"p=\"\n"
	    "s._domainkey.x.org. 9 IN RRSIG TXT 8 2 9 1 1 1 x.org. AAAA\n"
	    "; unsigned answer\nu._domainkey.x.org. 9 IN TXT \"p=\"\n",
	    "other 3\ns._domainkey.x.org present [p=]" AT
	    "dig ttl 9 flags fully-validated @2\n"
	    "u._domainkey.x.org present [p=]" AT "dig ttl 9 @5\n" },
	{ "delv, absent",
	    ";; resolution failed: ncache nxdomain\n"
	    "; negative response, fully validated\n"
	    "; s._domainkey.x.org. 9 IN \\-ANY ;-$NXDOMAIN\n"
	    "; negative response, unsigned answer\n"
	    "; t._domainkey.x.org. 9 IN \\-TXT ;-$NXRRSET\n"
	    "; t._domainkey.x.org. 9 IN \\-A ;-$NXRRSET\n"
	    "; x.org. 9 IN \\-TXT ;-$NXRRSET\n",
	    "s._domainkey.x.org nxdomain 2020-01-02T03:04:05Z "
	    "2020-01-02T03:04:05Z second claimed dig flags fully-validated "
	    "@3\nt._domainkey.x.org nodata 2020-01-02T03:04:05Z "
	    "2020-01-02T03:04:05Z second claimed dig @5\nother 7\n" },
	{ "a zone's own comment says nothing",
	    "; s._domainkey.x.org. 9 IN \\-TXT ;-$NXRRSET\n", "" },
};

static const struct import_options with_time = {
	.observed_at = 1577934245, /* 2020-01-02T03:04:05Z */
};

static void
check(const char *name, const char *text, const struct import_options *options,
    const char *want)
{
	g_autofree char *got =
	    import_case_run(&import_zone, span_from_string(text), options);

	if (strcmp(got, want) != 0)
		g_test_message("in case \"%s\"", name);
	g_assert_cmpstr(got, ==, want);
}

static void
test_cases(void)
{
	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++)
		check(cases[i].name, cases[i].text, &with_time, cases[i].want);
}

static void
test_genkey(void)
{
	static const char text[] =
	    "default._domainkey\tIN\tTXT\t( \"v=DKIM1; k=rsa; \"\n"
	    "\t  \"p=MIIB\" )  ; ----- DKIM key default for example.com\n";
	struct import_options options = {
		.origin = SPAN("example.com"),
		.observed_at = TIMESTAMP_NONE,
	};

	check("no time", text, &options,
	    "bad 1: no time in this record: give one with --observed-at\n");
	options.no_time = true;
	check("none", text, &options,
	    "default._domainkey.example.com present [v=DKIM1; k=rsa; |p=MIIB]"
	    " exact - - second none keyfile @1\n");
}

static void
test_octets(void)
{
	g_autofree char *fill = g_strnfill(256, 'x');
	g_autofree char *long_string =
	    g_strdup_printf("s._domainkey.x.org. TXT \"%s\"\n", fill);
	g_autofree char *nul = NULL;

	check("string of 256", long_string, &with_time,
	    "bad 1: a character-string over 255 octets\n");
	nul = import_case_run(
	    &import_zone, SPAN("s._domainkey.x.org. TXT \"\0\"\n"), &with_time);
	g_assert_cmpstr(nul, ==, "bad 1: a NUL octet\n");
}

static void
test_when(void)
{
	static const struct {
		const char *text;
		int64_t want; /* TIMESTAMP_NONE: refused */
	} whens[] = {
		{ "Mon Nov 23 07:07:17 UTC 2026", 1795417637 },
		{ "Mon Nov 23 07:07:17 GMT 2026", 1795417637 },
		{ "Mon Nov 23 08:07:17 +01 2026", 1795417637 },
		{ "Mon Nov 23 02:37:17 -04:30 2026", 1795417637 },
		{ "Mon Nov 23 07:07:17 CST 2026", TIMESTAMP_NONE },
		{ "Mon Nov 23 07:07:17 2026", TIMESTAMP_NONE },
		{ "Mon Nov 31 07:07:17 UTC 2026", TIMESTAMP_NONE },
		{ "Mon Nov 23 07:07:17 +15 2026", TIMESTAMP_NONE },
		{ "", TIMESTAMP_NONE },
	};

	for (size_t i = 0; i < G_N_ELEMENTS(whens); i++) {
		int64_t at = TIMESTAMP_NONE;

		g_assert_cmpint(
		    zone_when_parse(span_from_string(whens[i].text), &at), ==,
		    whens[i].want != TIMESTAMP_NONE);
		g_assert_cmpint(at, ==, whens[i].want);
	}
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_set_nonfatal_assertions();
	g_test_add_func("/import_zone/cases", test_cases);
	g_test_add_func("/import_zone/genkey", test_genkey);
	g_test_add_func("/import_zone/octets", test_octets);
	g_test_add_func("/import_zone/when", test_when);
	return g_test_run();
}
