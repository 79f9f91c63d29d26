/* test_import_fdns.c - Rapid7 Forward DNS. */
#include "tests/unit/import_case.h"

extern const struct importer import_fdns;

#define LINE(timestamp, name, type, value)                                    \
	"{\"timestamp\":" timestamp ",\"name\":\"" name "\",\"type\":\"" type \
	"\",\"value\":\"" value "\"}\n"
#define KEY   "s1._domainkey.example.org"
#define STAMP "\"1535127239\""
#define AT                                                           \
	"2018-08-24T16:13:59Z 2018-08-24T16:13:59Z second observed " \
	"archive "

static const struct {
	const char *name, *text, *want;
} cases[] = {
	{ "empty", "", "" },
	{ "the example of the source list",
	    LINE(STAMP, "blog.erbbysam.com", "a", "54.190.33.125"),
	    "other 1\n" },
	{ "a key", LINE(STAMP, KEY, "txt", "v=DKIM1; p=MIIB"),
	    KEY " present [v=DKIM1; p=MIIB] source " AT "@1\n" },
	{ "the timestamp as a number, other members",
	    "{\"x\":[],\"timestamp\":1535127239,\"name\":\"" KEY
	    "\",\"type\":\"txt\",\"value\":\"p=\"}",
	    KEY " present [p=] source " AT "@1\n" },
	{ "quotes", LINE(STAMP, KEY, "txt", "\\\"v=DKIM1; \\\" \\\"p=\\\""),
	    KEY " present [v=DKIM1; |p=] exact " AT "@1\n" },
	{ "another name, another type",
	    LINE(STAMP, "example.org", "txt", "v=spf1 -all")
		LINE(STAMP, KEY, "cname", "s1.example.net"),
	    "other 1\nother 2\n" },
	{ "bad timestamp", LINE("\"15351272390000\"", KEY, "txt", "p="),
	    "bad 1: timestamp is not a time\n" },
	{ "empty timestamp", LINE("\"\"", KEY, "txt", "p="),
	    "bad 1: timestamp is not a time\n" },
	{ "no timestamp",
	    "{\"name\":\"" KEY "\",\"type\":\"txt\",\"value\":\"p=\"}",
	    "bad 1: no time in this record: give one with --observed-at\n" },
	{ "no value",
	    "{\"timestamp\":" STAMP ",\"name\":\"" KEY "\",\"type\":\"txt\"}",
	    "bad 1: no value\n" },
	{ "empty value", LINE(STAMP, KEY, "txt", ""),
	    "bad 1: the text of the record is empty\n" },
	{ "no name", "{\"type\":\"txt\"}", "bad 1: no name or no type\n" },
	{ "wildcard", LINE(STAMP, "*._domainkey.example.org", "txt", "p="),
	    "bad 1: a wildcard: not a name that anybody asked for\n" },
};

static void
test_cases(void)
{
	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++)
		import_case_check(&import_fdns, cases[i].name,
		    span_from_string(cases[i].text), &import_case_nothing,
		    cases[i].want);
}

static void
test_option(void)
{
	import_case_check(&import_fdns, "--observed-at",
	    SPAN("{\"name\":\"" KEY "\",\"type\":\"txt\",\"value\":\"p=\"}"),
	    &import_case_time,
	    KEY " present [p=] source 2020-01-02T03:04:05Z "
		"2020-01-02T03:04:05Z second claimed archive @1\n");
}

static void
test_recognised(void)
{
	g_assert_true(import_fdns.recognise(SPAN(LINE(STAMP, "x", "a", "y"))));
	g_assert_false(import_fdns.recognise(SPAN("{\"name\":\"x\"}")));
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_set_nonfatal_assertions();
	g_test_add_func("/import_fdns/cases", test_cases);
	g_test_add_func("/import_fdns/option", test_option);
	g_test_add_func("/import_fdns/recognised", test_recognised);
	return g_test_run();
}
