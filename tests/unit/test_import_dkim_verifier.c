/* test_import_dkim_verifier.c - key store of the DKIM Verifier add-on. */
#include "tests/unit/import_case.h"

extern const struct importer import_dkim_verifier;

#define ROW(rest) \
	"{\"maxId\":1,\"keys\":[{\"id\":7,\"sdid\":\"Example.org\"," rest "}]}"

static const char untimed[] =
    ROW("\"selector\":\"s\",\"key\":\"p=\",\"lastUsedAt\":\"2023-01-05\"");

static const struct {
	const char *name, *text, *want;
} cases[] = {
	{ "lastUsedAt is no sighting, secure is a claim",
	    ROW("\"selector\":\"S1\",\"key\":\"v=DKIM1; p=AB\","
		"\"insertedAt\":\"2019-03-02\",\"lastUsedAt\":\"2023-01-05\","
		"\"secure\":true"),
	    "s1._domainkey.example.org present [v=DKIM1; p=AB] source "
	    "2019-03-02T00:00:00Z 2019-03-02T00:00:00Z day claimed archive "
	    "flags secure record 7 item 1\n" },
	{ "two keys, one with a time of day, one bad",
	    "\xef\xbb\xbf{\"keys\":[{\"sdid\":\"x.org\",\"selector\":\"s\",\"key\":\"p=\","
	    "\"insertedAt\":\"2021-03-01T10:11:12.123Z\",\"secure\":false},"
	    "{\"sdid\":\"x.org\",\"selector\":\"\",\"key\":\"p=\"},7]}",
	    "s._domainkey.x.org present [p=] source 2021-03-01T10:11:12Z "
	    "2021-03-01T10:11:12Z second claimed archive item 1\n"
	    "bad 2: no selector or no domain\n"
	    "bad 3: no selector or no domain\n" },
	{ "no date that there is",
	    ROW("\"selector\":\"s\",\"key\":\"p=\",\"insertedAt\":\"2019-02-30\""),
	    "bad 1: insertedAt is not a time\n" },
	{ "no key", ROW("\"selector\":\"s\",\"insertedAt\":\"2019-03-02\""),
	    "bad 1: no record\n" },
	{ "a key that is a number", ROW("\"selector\":\"s\",\"key\":7"),
	    "bad 1: sdid, selector or key is not text\n" },
	{ "a member twice", "{\"keys\":[],\"keys\":[]}",
	    "error: cannot read case: not JSON: duplicate object key near "
	    "'\"keys\"' (line 1)\n" },
	{ "something else", "{\"key\":[]}",
	    "error: cannot read case: not a document of this format\n" },
};

static void
test_cases(void)
{
	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++)
		import_case_check(&import_dkim_verifier, cases[i].name,
		    span_from_string(cases[i].text), &import_case_time,
		    cases[i].want);
}

static void
test_no_time(void)
{
	import_case_check(&import_dkim_verifier, "no time",
	    span_from_string(untimed), &import_case_nothing,
	    "bad 1: no time in this record: give one with --observed-at\n");
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_set_nonfatal_assertions();
	g_test_add_func("/import_dkim_verifier/cases", test_cases);
	g_test_add_func("/import_dkim_verifier/no-time", test_no_time);
	return g_test_run();
}
