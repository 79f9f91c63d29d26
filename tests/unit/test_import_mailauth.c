/* test_import_mailauth.c - DNS cache of mailauth. */
#include "tests/unit/import_case.h"

extern const struct importer import_mailauth;

#define AT " 2020-01-02T03:04:05Z 2020-01-02T03:04:05Z second claimed "

static const char untimed[] = "{\"s._domainkey.x.org\":{\"TXT\":[[\"p=\"]]}}";

static const struct {
	const char *name, *text, *want;
} cases[] = {
	{ "two records, one in chunks; other names and types",
	    "{\"S._domainkey.X.org\":{\"TXT\":[[\"v=DKIM1; \",\"p=A\"],[\"p=B\"]]},"
	    "\"x.org\":{\"TXT\":[[\"v=spf1\"]]},\"y.org\":{\"MX\":[]}}",
	    "s._domainkey.x.org present [v=DKIM1; |p=A] exact" AT
	    "archive item 1\n"
	    "s._domainkey.x.org present [p=B] exact" AT "archive item 2\n"
	    "other 3\nother 4\n" },
	{ "a record that is a string",
	    "{\"s._domainkey.x.org\":{\"TXT\":[\"p=\"]}}",
	    "bad 1: a record that is not a list of strings\n" },
	{ "an empty record, a number in one",
	    "{\"s._domainkey.x.org\":{\"TXT\":[[],[1]]}}",
	    "bad 1: a record that is not a list of strings\n"
	    "bad 2: a record that is not a list of strings\n" },
	{ "no name", "{\"a b\":{\"TXT\":[[\"p=\"]]}}",
	    "bad 1: not a name that a key can have\n" },
	{ "a list", "[]",
	    "error: cannot read case: not a document of this format\n" },
};

static void
test_cases(void)
{
	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++)
		import_case_check(&import_mailauth, cases[i].name,
		    span_from_string(cases[i].text), &import_case_time,
		    cases[i].want);
}

static void
test_no_time(void)
{
	import_case_check(&import_mailauth, "no time",
	    span_from_string(untimed), &import_case_nothing,
	    "bad 1: no time in this record: give one with --observed-at\n");
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_set_nonfatal_assertions();
	g_test_add_func("/import_mailauth/cases", test_cases);
	g_test_add_func("/import_mailauth/no-time", test_no_time);
	return g_test_run();
}
