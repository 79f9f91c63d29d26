/* test_import_jsonl.c - one JSON object per line. */
#include "tests/unit/import_case.h"

#include <string.h>

extern const struct importer import_jsonl;

#define AT "2020-01-02T03:04:05Z 2020-01-02T03:04:05Z second claimed archive"

static const struct {
	const char *name, *text, *want;
} cases[] = {
	{ "empty", "", "" },
	{ "empty lines, CRLF, BOM",
	    "\xef\xbb\xbf{\"domain\":\"X.org\",\"selector\":\"S\","
	    "\"txt\":\"p=\"}\r\n\r\n \n",
	    "s._domainkey.x.org present [p=] source " AT " @1\n" },
	{ "list, last line without LF, other members",
	    "{\"domain\":\"x.org.\",\"selector\":\"a.b\",\"note\":1.5,"
	    "\"txt\":[\"v=DKIM1; \",\"p=\"]}",
	    "a.b._domainkey.x.org present [v=DKIM1; |p=] exact " AT " @1\n" },
	{ "times: day and second are told as days",
	    "{\"domain\":\"x.org\",\"selector\":\"s\",\"txt\":\"p=\","
	    "\"first_seen\":\"2016-10-31\","
	    "\"last_seen\":\"2017-01-02 10:00:00+02:00\"}",
	    "s._domainkey.x.org present [p=] source 2016-10-31T00:00:00Z "
	    "2017-01-02T00:00:00Z day claimed archive @1\n" },
	{ "times: Unix seconds, one alone; source and method",
	    "{\"domain\":\"x.org\",\"selector\":\"s\",\"txt\":\"p=\","
	    "\"last_seen\":1467331200,\"source\":\"zk\",\"method\":\"pdns\"}",
	    "s._domainkey.x.org present [p=] source 2016-07-01T00:00:00Z "
	    "2016-07-01T00:00:00Z second claimed pdns by zk @1\n" },
	{ "octets in base64",
	    "{\"domain\":\"x.org\",\"selector\":\"s\","
	    "\"txt_b64\":[\"/wA=\"]}",
	    "s._domainkey.x.org present [\\x{ff}\\u{00}] exact " AT " @1\n" },
	{ "absent",
	    "{\"domain\":\"x.org\",\"selector\":\"s\","
	    "\"kind\":\"nxdomain\"}",
	    "s._domainkey.x.org nxdomain " AT " @1\n" },
	{ "U-label",
	    "{\"domain\":\"b\xc3\xbc"
	    "cher.example\",\"selector\":\"s\","
	    "\"txt\":\"p=\"}",
	    "s._domainkey.xn--bcher-kva.example present [p=] source " AT
	    " @1\n" },
	{ "first after last",
	    "\n{\"domain\":\"x.org\",\"selector\":\"s\",\"txt\":\"p=\","
	    "\"first_seen\":\"2018\",\"last_seen\":\"2017\"}",
	    "bad 2: first seen after last seen\n" },
	{ "time out of range",
	    "{\"domain\":\"x.org\",\"selector\":\"s\",\"txt\":\"p=\","
	    "\"first_seen\":253402300800}",
	    "bad 1: first_seen is not a time\n" },
	{ "no selector",
	    "{\"domain\":\"x.org\",\"selector\":\"\",\"txt\":\"p=\"}",
	    "bad 1: no selector\n" },
	{ "name that is no key's",
	    "{\"domain\":\"x.org(\",\"selector\":\"s\",\"txt\":\"p=\"}",
	    "bad 1: domain or selector has a character that no key name has"
	    "\n" },
	{ "no txt", "{\"domain\":\"x.org\",\"selector\":\"s\"}",
	    "bad 1: no txt\n" },
	{ "txt is a number",
	    "{\"domain\":\"x.org\",\"selector\":\"s\",\"txt\":7}",
	    "bad 1: txt is neither a string nor a list of strings\n" },
	{ "method is no word",
	    "{\"domain\":\"x.org\",\"selector\":\"s\",\"txt\":\"p=\","
	    "\"method\":\"a b\"}",
	    "bad 1: method is not a word of letters, digits and -._/\n" },
};

static const struct import_options with_time = {
	.observed_at = 1577934245, /* 2020-01-02T03:04:05Z */
};

static void
check(const char *name, struct span text, const struct import_options *options,
    const char *want)
{
	g_autofree char *got = import_case_run(&import_jsonl, text, options);

	if (strcmp(got, want) != 0)
		g_test_message("in case \"%s\"", name);
	g_assert_cmpstr(got, ==, want);
}

static void
test_cases(void)
{
	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++)
		check(cases[i].name, span_from_string(cases[i].text),
		    &with_time, cases[i].want);
}

/* The reasons of these come from the JSON parser: only that they are bad. */
static void
test_not_json(void)
{
	static const char *const texts[] = {
		"{",
		"[]",
		"7",
		"\"x\"",
		"{\"domain\":\"a\",\"domain\":\"b\"}",
		"{\"domain\":\"\xff\"}",
	};

	for (size_t i = 0; i < G_N_ELEMENTS(texts); i++) {
		g_autofree char *got = import_case_run(
		    &import_jsonl, span_from_string(texts[i]), &with_time);

		g_assert_true(g_str_has_prefix(got, "bad 1: "));
	}
}

static void
test_no_time(void)
{
	static const struct import_options nothing = {
		.observed_at = TIMESTAMP_NONE,
	}, none = { .observed_at = TIMESTAMP_NONE, .no_time = true };
	struct span text =
	    SPAN("{\"domain\":\"x.org\",\"selector\":\"s\",\"txt\":\"p=\"}");

	check("no time", text, &nothing,
	    "bad 1: no time in this record: give one with --observed-at\n");
	check("none", text, &none,
	    "s._domainkey.x.org present [p=] source - - second none archive "
	    "@1\n");
}

static char *
line_with(const char *before, size_t n, const char *after)
{
	g_autofree char *fill = g_strnfill(n, 'x');

	return g_strdup_printf("{\"domain\":\"x.org\",\"selector\":\"s\","
			       "\"txt\":%s%s%s}",
	    before, fill, after);
}

static void
test_limits(void)
{
	static const struct {
		const char *before;
		size_t n;
		const char *after;
		bool good;
	} limits[] = {
		{ "\"", ENTRY_TXT_MAX, "\"", true },
		{ "\"", ENTRY_TXT_MAX + 1, "\"", false },
		{ "[\"", 255, "\"]", true },
		{ "[\"", 256, "\"]", false },
		{ "\"", IMPORT_LINE_MAX, "\"", false },
	};

	for (size_t i = 0; i < G_N_ELEMENTS(limits); i++) {
		g_autofree char *text =
		    line_with(limits[i].before, limits[i].n, limits[i].after);
		g_autofree char *got = import_case_run(
		    &import_jsonl, span_from_string(text), &with_time);

		g_assert_cmpint(
		    g_str_has_prefix(got, "s._domainkey.x.org present"), ==,
		    limits[i].good);
		g_assert_cmpint(
		    g_str_has_prefix(got, "bad 1: "), ==, !limits[i].good);
	}
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_set_nonfatal_assertions();
	g_test_add_func("/import_jsonl/cases", test_cases);
	g_test_add_func("/import_jsonl/not-json", test_not_json);
	g_test_add_func("/import_jsonl/no-time", test_no_time);
	g_test_add_func("/import_jsonl/limits", test_limits);
	return g_test_run();
}
