/* test_import_securitytrails.c - history of SecurityTrails. */
#include "tests/unit/import_case.h"

extern const struct importer import_securitytrails;

#define S "s1._domainkey.example.org"
#define HISTORY(records)                                                   \
	"{\"endpoint\":\"/v1/history/S1._domainkey.example.org/dns/txt\"," \
	"\"pages\":1,\"records\":[" records "],\"type\":\"txt/s\"}"
#define VALUE(text) "{\"value\":\"" text "\"}"

static const char untimed[] =
    HISTORY("{\"values\":[" VALUE("p=") "],\"first_seen\":null}");

static const struct {
	const char *name, *text, *want;
} cases[] = {
	{ "days, two values, one escaped, one in quotes",
	    HISTORY(
		"{\"first_seen\":\"2021-12-24\",\"last_seen\":\"2022-01-31\","
		"\"organizations\":[],\"type\":\"txt\",\"values\":[" VALUE("v=DKIM1\\\\; p=A") "," VALUE(
		    "\\\"p=\\\" \\\"B\\\"") "]},"
					    "{\"first_seen\":\"2022-02-01\",\"values\":[" VALUE(
						"p=") "]}"),
	    S
	    " present [v=DKIM1; p=A] source 2021-12-24T00:00:00Z "
	    "2022-01-31T00:00:00Z day claimed pdns warnings escapes item 1\n" S
	    " present [p=|B] exact 2021-12-24T00:00:00Z "
	    "2022-01-31T00:00:00Z day claimed pdns item 2\n" S
	    " present [p=] source 2022-02-01T00:00:00Z 2022-02-01T00:00:00Z "
	    "day claimed pdns item 3\n" },
	{ "bad ones",
	    HISTORY("{\"first_seen\":\"24.12.2021\",\"values\":[" VALUE(
		"p=") "]},"
		      "{\"values\":[]},{\"values\":[{\"ip\":\"192.0.2.1\"}]},"
		      "{\"first_seen\":\"2022-02-01\",\"last_seen\":\"2021-01-01\","
		      "\"values\":[" VALUE("p=") "]}"),
	    "bad 1: first_seen is not a time\nbad 2: a record without values\n"
	    "bad 3: a value that is not text\n"
	    "bad 4: first seen after last seen\n" },
	{ "an apex name",
	    "{\"endpoint\":\"/v1/history/example.org/dns/txt\",\"records\":["
	    "{\"first_seen\":\"2021\",\"values\":[" VALUE("v=spf1") "]}]}",
	    "other 1\n" },
	{ "another history",
	    "{\"endpoint\":\"/v1/history/example.org/dns/a\",\"records\":[]}",
	    "error: cannot read case: not a history of TXT records\n" },
	{ "no name", "{\"endpoint\":\"/v1/history//dns/txt\",\"records\":[]}",
	    "error: cannot read case: not a history of TXT records\n" },
};

static void
test_cases(void)
{
	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++)
		import_case_check(&import_securitytrails, cases[i].name,
		    span_from_string(cases[i].text), &import_case_time,
		    cases[i].want);
}

static void
test_no_time(void)
{
	import_case_check(&import_securitytrails, "no time",
	    span_from_string(untimed), &import_case_nothing,
	    "bad 1: no time in this record: give one with --observed-at\n");
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_set_nonfatal_assertions();
	g_test_add_func("/import_securitytrails/cases", test_cases);
	g_test_add_func("/import_securitytrails/no-time", test_no_time);
	return g_test_run();
}
