/* test_import_cof.c - the Passive DNS Common Output Format. */
#include "tests/unit/import_case.h"

extern const struct importer import_cof;

#define NAME   "\"rrname\":\"s1._domainkey.example.org\","
#define TXT    NAME "\"rrtype\":\"TXT\","
#define TIMES  "\"time_first\":1467331200,\"time_last\":1498780800"
#define RDATA  "\"rdata\":[\"\\\"v=DKIM1; p=MIIB\\\"\"],"
#define SHOWN  "s1._domainkey.example.org present [v=DKIM1; p=MIIB] exact "
#define WINDOW "2016-07-01T00:00:00Z 2017-06-30T00:00:00Z second claimed "

static const struct {
	const char *name, *text, *want;
} cases[] = {
	{ "empty", "", "" },
	{ "the example of the source list",
	    "{" TXT RDATA TIMES ",\"count\":512,\"sensor_id\":\"circl\"}\n",
	    SHOWN WINDOW "pdns by circl lineage aggregate count 512 @1\n" },
	{ "CRLF, BOM, blank line, unknown members",
	    "\xef\xbb\xbf{" TXT RDATA TIMES
	    ",\"x\":{\"y\":[1.5,null]},\"count\":null}\r\n\r\n",
	    SHOWN WINDOW "pdns @1\n" },
	{ "DNSDB version 1",
	    "{\"count\":7," TIMES
	    ",\"rrname\":\"S1._domainkey.Example.ORG.\",\"rrtype\":\"TXT\","
	    "\"bailiwick\":\"Example.org.\","
	    "\"rdata\":[\"\\\"v=DKIM1; p=MIIB\\\"\"]}",
	    SHOWN WINDOW "pdns bailiwick example.org count 7 @1\n" },
	{ "rdata is a string, type a number",
	    "{" NAME "\"rrtype\":16,\"rdata\":\"v=DKIM1; p=MIIB\"," TIMES "}",
	    "s1._domainkey.example.org present [v=DKIM1; p=MIIB] source " WINDOW
	    "pdns @1\n" },
	{ "type as TYPE16 and in lower case",
	    "{" NAME "\"rrtype\":\"TYPE16\"," RDATA TIMES "}\n"
	    "{" NAME "\"rrtype\":\"txt\"," RDATA TIMES "}\n",
	    SHOWN WINDOW "pdns @1\n" SHOWN WINDOW "pdns @2\n" },
	{ "two TXT records are two values",
	    "{" TXT
	    "\"rdata\":[\"\\\"p=\\\" \\\"a\\\"\",\"\\\"p=b\\\"\"]," TIMES "}",
	    "s1._domainkey.example.org present [p=|a] exact " WINDOW
	    "pdns item 1 @1\n"
	    "s1._domainkey.example.org present [p=b] exact " WINDOW
	    "pdns item 2 @1\n" },
	{ "split p=, escapes, cut off",
	    "{" TXT "\"rdata\":[\"p=ab\\\" \\\"cd\",\"t=y\\\\; p=\","
	    "\"\\\"p=MI\"]," TIMES "}",
	    "s1._domainkey.example.org present [p=ab|cd] ambiguous " WINDOW
	    "pdns item 1 @1\n"
	    "s1._domainkey.example.org present [t=y; p=] source " WINDOW
	    "pdns warnings escapes item 2 @1\n"
	    "s1._domainkey.example.org present [p=MI] ambiguous " WINDOW
	    "pdns warnings truncated item 3 @1\n" },
	{ "zone times in place of times",
	    "{" TXT RDATA "\"zone_time_first\":1467331200,"
	    "\"zone_time_last\":1498780800}",
	    SHOWN WINDOW "pdns-zone @1\n" },
	{ "both are two windows",
	    "{" TXT RDATA TIMES ",\"zone_time_first\":1467331200}",
	    SHOWN WINDOW
	    "pdns @1\n" SHOWN
	    "2016-07-01T00:00:00Z 2016-07-01T00:00:00Z second claimed "
	    "pdns-zone @1\n" },
	{ "milliseconds",
	    "{" TXT RDATA "\"time_first_ms\":1467331200999,"
	    "\"time_last\":1498780800,\"time_last_ms\":1498780799500}",
	    SHOWN WINDOW "pdns @1\n" },
	{ "milliseconds of another time",
	    "{" TXT RDATA "\"time_first\":1467331200,"
	    "\"time_first_ms\":1467331202000}",
	    "bad 1: a time that differs from its milliseconds\n" },
	{ "times as text",
	    "{" TXT RDATA "\"time_first\":\"1467331200\","
	    "\"time_last\":\"2017-06-30 00:00:00\"}",
	    SHOWN WINDOW "pdns @1\n" },
	{ "no time: that of the options", "{" TXT "\"rdata\":\"p=\"}",
	    "bad 1: no time in this record: give one with --observed-at\n" },
	{ "time 0 is none", "{" TXT RDATA "\"time_first\":0}",
	    "bad 1: a time that is none\n" },
	{ "time out of range", "{" TXT RDATA "\"time_first\":253402300800}",
	    "bad 1: a time that is none\n" },
	{ "time is real", "{" TXT RDATA "\"time_first\":1467331200.5}",
	    "bad 1: a time that is none\n" },
	{ "first after last",
	    "{" TXT RDATA "\"time_first\":2000000000,"
	    "\"time_last\":1000000000}",
	    "bad 1: first seen after last seen\n" },
	{ "a bad window takes the good one along",
	    "{" TXT RDATA TIMES ",\"zone_time_first\":2000000000,"
	    "\"zone_time_last\":1000000000}",
	    "bad 1: first seen after last seen\n" },
	{ "other types and names",
	    "{" NAME "\"rrtype\":\"CNAME\",\"rdata\":\"x.\"}\n"
	    "{" NAME "\"rrtype\":5,\"rdata\":\"x.\"}\n"
	    "{\"rrname\":\"example.org\",\"rrtype\":\"TXT\"}\n"
	    "{\"rrname\":\"_domainkey.example.org\",\"rrtype\":\"TXT\"}\n"
	    "{\"rrname\":\"*.(example.org\",\"rrtype\":\"TXT\"}\n",
	    "other 1\nother 2\nother 3\nother 4\nother 5\n" },
	{ "wildcards",
	    "{\"rrname\":\"_WILDCARD_._domainkey.x.org.\",\"rrtype\":16}\n"
	    "{\"rrname\":\"*._domainkey.x.org.\",\"rrtype\":16}\n"
	    "{\"rrname\":\"_WILDCARD_.x.org.\",\"rrtype\":16}\n",
	    "bad 1: a wildcard: not a name that anybody asked for\n"
	    "bad 2: a wildcard: not a name that anybody asked for\n"
	    "other 3\n" },
	{ "a name that no key has",
	    "{\"rrname\":\"a\\\\032b._domainkey.x.org\",\"rrtype\":16}",
	    "bad 1: not a name that a key can have\n" },
	{ "bailiwick of somebody else, of the root, of nobody",
	    "{" TXT RDATA TIMES ",\"bailiwick\":\"example.com.\"}\n"
	    "{" TXT RDATA TIMES ",\"bailiwick\":\".\"}\n"
	    "{" TXT RDATA TIMES ",\"bailiwick\":\"(\"}\n",
	    SHOWN WINDOW "pdns bailiwick example.com warnings "
			 "out-of-bailiwick @1\n" SHOWN WINDOW
			 "pdns @2\nbad 3: bailiwick is not a name\n" },
	{ "sensor and origin; origin alone; the source itself",
	    "{" TXT RDATA TIMES ",\"sensor_id\":\"s\",\"origin\":\"o\"}\n"
	    "{" TXT RDATA TIMES ",\"origin\":\"https://o.example\"}\n"
	    "{" TXT RDATA TIMES ",\"sensor_id\":\"aggregate\"}\n",
	    SHOWN WINDOW
	    "pdns by s lineage aggregate,o @1\n" SHOWN WINDOW
	    "pdns by https://o.example lineage aggregate @2\n" SHOWN WINDOW
	    "pdns @3\n" },
	{ "members of a wrong kind",
	    "{" TXT RDATA TIMES ",\"sensor_id\":7}\n"
	    "{" TXT RDATA TIMES ",\"count\":-1}\n"
	    "{" TXT RDATA TIMES ",\"count\":9007199254740992}\n"
	    "{" TXT RDATA TIMES ",\"count\":0}\n"
	    "{" TXT "\"rdata\":7," TIMES "}\n"
	    "{" TXT "\"rdata\":[]," TIMES "}\n"
	    "{" TXT "\"rdata\":[\"p=\",7]," TIMES "}\n"
	    "{" NAME "\"rrtype\":[]}\n{\"rrtype\":16}\n{\"rrname\":16}\n",
	    "bad 1: sensor_id or origin is not a string\n"
	    "bad 2: count is not a number of sightings\n"
	    "bad 3: count is not a number of sightings\n" SHOWN WINDOW
	    "pdns @4\n"
	    "bad 5: rdata is neither a string nor a list of them\n"
	    "bad 6: no rdata\n"
	    "bad 7: rdata is neither a string nor a list of them\n"
	    "bad 8: rrtype is neither a string nor a number\n"
	    "bad 9: no rrname\nbad 10: no rrname\n" },
	{ "not JSON", "{\n" TXT "\n[]\n{\"a\":1,\"a\":2}\n",
	    "bad 1: not JSON: no name of a member\n"
	    "bad 2: not JSON: something behind the value\n"
	    "bad 3: not a JSON object\nbad 4: a member is there twice\n" },
};

static const struct import_options options = {
	.observer = { (const uint8_t *)"aggregate", 9 },
	.observed_at = TIMESTAMP_NONE,
};

static void
test_cases(void)
{
	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++)
		import_case_check(&import_cof, cases[i].name,
		    span_from_string(cases[i].text), &options, cases[i].want);
}

static void
test_recognised(void)
{
	static const struct {
		const char *text;
		bool want;
	} starts[] = {
		{ "{" TXT RDATA TIMES "}\n", true },
		{ "\r\n {" NAME "\"rrtype\":1}", true },
		{ "{" NAME "\"rrtype\":1", false },
		{ "{\"obj\":{" NAME "\"rrtype\":1}}", false },
		{ "", false },
		{ "[1]", false },
	};

	for (size_t i = 0; i < G_N_ELEMENTS(starts); i++) {
		g_test_message("row %d", (int)i);
		g_assert_cmpint(
		    import_cof.recognise(span_from_string(starts[i].text)), ==,
		    starts[i].want);
	}
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_set_nonfatal_assertions();
	g_test_add_func("/import_cof/cases", test_cases);
	g_test_add_func("/import_cof/recognised", test_recognised);
	return g_test_run();
}
