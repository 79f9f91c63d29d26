/* test_import_opendkim.c - OpenDKIM's key files. */
#include "tests/unit/import_case.h"

#include <string.h>

extern const struct importer import_opendkim;

#define AT " 2020-01-02T03:04:05Z 2020-01-02T03:04:05Z second claimed keyfile"
#define S  "s._domainkey.x.org"

static const struct {
	const char *name, *text, *want;
} cases[] = {
	{ "empty", "", "" },
	{ "lines, comments, CRLF, case",
	    "# keys\r\n\r\nS._domainkey.X.org\tv=DKIM1; p=AB == \r\n" S
	    " p=C\r\n",
	    S " present [v=DKIM1; p=AB == ] source" AT " @3\n" S
	      " present [p=C] source" AT " @4\n" },
	{ "another name", "x.org v=spf1 -all\n", "other 1\n" },
	{ "no record", S "\n" S " \t\n",
	    "bad 1: a name without a record\nbad 2: a name without a "
	    "record\n" },
	{ "no name of a key", "s._domainkey.x.org( p=\n",
	    "bad 1: not a name that a key can have\n" },
	{ "quotes", S " \"p=A\" \"B\"\n",
	    "bad 1: a quoted record: in this format the line is taken as it "
	    "is\n" },
	{ "opendkim-genkey",
	    "s._domainkey\tIN\tTXT\t( \"v=DKIM1; k=rsa; \"\n"
	    "\t  \"p=MIIB\" )  ; ----- DKIM key s for x.org\n",
	    S " present [v=DKIM1; k=rsa; |p=MIIB] exact" AT " @1\n" },
	{ "a record that begins with TX", S " TX=1\n",
	    S " present [TX=1] source" AT " @1\n" },
};

static const struct import_options with_time = {
	.observed_at = 1577934245, /* 2020-01-02T03:04:05Z */
	.origin = { (const uint8_t *)"x.org", 5 },
};

static void
check(const char *name, const char *text, const struct import_options *options,
    const char *want)
{
	g_autofree char *got =
	    import_case_run(&import_opendkim, span_from_string(text), options);

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
test_no_time(void)
{
	static const struct import_options nothing = {
		.observed_at = TIMESTAMP_NONE,
	};

	check("no time", S " p=\n", &nothing,
	    "bad 1: no time in this record: give one with --observed-at\n");
}

static void
test_limits(void)
{
	static const struct {
		size_t n;
		const char *want;
	} limits[] = {
		{ ENTRY_TXT_MAX, S " present" },
		{ ENTRY_TXT_MAX + 1, "bad 1: longer than a TXT record" },
		{ IMPORT_LINE_MAX, "bad 1: line too long" },
	};

	for (size_t i = 0; i < G_N_ELEMENTS(limits); i++) {
		g_autofree char *fill = g_strnfill(limits[i].n, 'x');
		g_autofree char *text = g_strdup_printf(S " %s", fill);
		g_autofree char *got = import_case_run(
		    &import_opendkim, span_from_string(text), &with_time);

		g_assert_true(g_str_has_prefix(got, limits[i].want));
	}
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_set_nonfatal_assertions();
	g_test_add_func("/import_opendkim/cases", test_cases);
	g_test_add_func("/import_opendkim/no-time", test_no_time);
	g_test_add_func("/import_opendkim/limits", test_limits);
	return g_test_run();
}
