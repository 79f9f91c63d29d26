/* test_import_compromised_keys.c - lists of compromised keys. */
#include "tests/unit/import_case.h"

extern const struct importer import_compromised_keys;

#define EVEN  "02345678901234567890123456789012345678901234567890123456789abcde"
#define ODD   "01345678901234567890123456789012345678901234567890123456789abcde"
#define SINCE " 2020-01-02T03:04:05Z second evidence 1\n"

static const struct {
	const char *name, *text, *want;
} cases[] = {
	{ "empty", "", "" },
	{ "comments, a key in the store, one that is not",
	    "# list\r\n\n" EVEN "  example.org\r\n" ODD "\n",
	    "evidence of 77 octets\ncompromise 0234" SINCE "other 4\n" },
	{ "upper case",
	    "02345678901234567890123456789012345678901234567890123456789ABCDE",
	    "evidence of 64 octets\ncompromise 0234" SINCE },
	{ "too short, too long, no hex",
	    "0234\n" EVEN "0\n"
	    "g2345678901234567890123456789012345678901234567890123456789abcde"
	    "\n",
	    "bad 1: not the SHA-256 of a key in hex\n"
	    "bad 2: not the SHA-256 of a key in hex\n"
	    "bad 3: not the SHA-256 of a key in hex\n" },
};

static void
test_cases(void)
{
	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++)
		import_case_check(&import_compromised_keys, cases[i].name,
		    span_from_string(cases[i].text), &import_case_time,
		    cases[i].want);
}

static void
test_time(void)
{
	import_case_check(&import_compromised_keys, "no time", SPAN(EVEN),
	    &import_case_nothing,
	    "bad 1: no time in this record: give one with --observed-at\n");
	import_case_check(&import_compromised_keys, "not known", SPAN(EVEN),
	    &import_case_none,
	    "evidence of 64 octets\ncompromise 0234 - second evidence 1\n");
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_set_nonfatal_assertions();
	g_test_add_func("/import_compromised_keys/cases", test_cases);
	g_test_add_func("/import_compromised_keys/time", test_time);
	return g_test_run();
}
