/* test_import_zkemail.c - rows of the zkemail archive. */
#include "tests/unit/import_case.h"

extern const struct importer import_zkemail;

#define ROW(rest) "[{\"domain\":\"Example.org\",\"selector\":\"S1\"," rest "}]"

static const char untimed[] =
    ROW("\"value\":\"p=\",\"firstSeenAt\":null,\"lastSeenAt\":null");

static const struct {
	const char *name, *text, *want;
} cases[] = {
	{ "a row",
	    ROW("\"firstSeenAt\":\"2024-02-29T01:02:03.456Z\","
		"\"lastSeenAt\":\"2025-01-01T00:00:00.000Z\","
		"\"value\":\"k=rsa; p=AB\""),
	    "s1._domainkey.example.org present [k=rsa; p=AB] source "
	    "2024-02-29T01:02:03Z 2025-01-01T00:00:00Z second claimed "
	    "archive-api item 1\n" },
	{ "only one time",
	    ROW("\"firstSeenAt\":null,\"lastSeenAt\":\"2025-01-01T00:00:00Z\","
		"\"value\":\"p=\""),
	    "s1._domainkey.example.org present [p=] source "
	    "2025-01-01T00:00:00Z 2025-01-01T00:00:00Z second claimed "
	    "archive-api item 1\n" },
	{ "not seen in DNS",
	    "[{\"domain\":\"x.org\",\"selector\":\"s\",\"value\":\"p=A\","
	    "\"source\":\"gcd\",\"lastSeenAt\":\"2025\"},"
	    "{\"domain\":\"x.org\",\"selector\":\"s\",\"value\":\"p=A\","
	    "\"source\":\"upload\",\"lastSeenAt\":\"2025\"},"
	    "{\"domain\":\"x.org\",\"selector\":\"s\",\"value\":\"p=A\","
	    "\"source\":\"live_dns\",\"lastSeenAt\":\"2025\"}]",
	    "s._domainkey.x.org present [p=A] source 2025-01-01T00:00:00Z "
	    "2025-01-01T00:00:00Z year claimed gcd item 1\n"
	    "s._domainkey.x.org present [p=A] source 2025-01-01T00:00:00Z "
	    "2025-01-01T00:00:00Z year claimed asserted item 2\n"
	    "s._domainkey.x.org present [p=A] source 2025-01-01T00:00:00Z "
	    "2025-01-01T00:00:00Z year claimed archive-api item 3\n" },
	{ "last before first",
	    ROW("\"firstSeenAt\":\"2025-01-01T00:00:00Z\","
		"\"lastSeenAt\":\"2024-01-01T00:00:00Z\",\"value\":\"p=\""),
	    "bad 1: first seen after last seen\n" },
	{ "1970 is not made of a missing time", ROW("\"value\":\"p=\""),
	    "s1._domainkey.example.org present [p=] source "
	    "2020-01-02T03:04:05Z 2020-01-02T03:04:05Z second claimed "
	    "archive-api item 1\n" },
	{ "a message instead of rows", "\"Rate limit exceeded\"",
	    "error: cannot read case: not JSON: '[' or '{' expected (line 1)\n" },
	{ "an object", "{}",
	    "error: cannot read case: not a document of this format\n" },
};

static void
test_cases(void)
{
	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++)
		import_case_check(&import_zkemail, cases[i].name,
		    span_from_string(cases[i].text), &import_case_time,
		    cases[i].want);
}

static void
test_no_time(void)
{
	import_case_check(&import_zkemail, "no time", span_from_string(untimed),
	    &import_case_nothing,
	    "bad 1: no time in this record: give one with --observed-at\n");
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_set_nonfatal_assertions();
	g_test_add_func("/import_zkemail/cases", test_cases);
	g_test_add_func("/import_zkemail/no-time", test_no_time);
	return g_test_run();
}
