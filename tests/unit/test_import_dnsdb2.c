/* test_import_dnsdb2.c - DNSDB version 2: a stream ends as it should, or
 * nothing of it is taken. */
#include "tests/unit/import_case.h"

#include <string.h>

extern const struct importer import_dnsdb2;

#define BEGIN "{\"cond\":\"begin\"}\n"
#define OBJ                                                                 \
	"{\"obj\":{\"count\":3,\"time_first\":1467331200,"                  \
	"\"time_last\":1498780800,"                                         \
	"\"rrname\":\"s1._domainkey.example.org.\",\"rrtype\":\"TXT\","     \
	"\"bailiwick\":\"example.org.\",\"rdata\":[\"\\\"v=DKIM1; p=\\\"\"" \
	"]}}\n"
#define SUCCEEDED "{\"cond\":\"succeeded\"}\n"
#define LIMITED   "{\"cond\":\"limited\",\"msg\":\"Result limit reached\"}\n"
#define SEEN                                                             \
	"s1._domainkey.example.org present [v=DKIM1; p=] exact "         \
	"2016-07-01T00:00:00Z 2017-06-30T00:00:00Z second claimed pdns " \
	"bailiwick example.org count 3 "
#define CUT                                                             \
	"error: case is cut off: its stream does not end in succeeded " \
	"or limited; nothing of it is taken\n"

static const struct {
	const char *name, *text, *want;
} cases[] = {
	{ "succeeded", BEGIN OBJ SUCCEEDED, SEEN "@2\n" },
	{ "limited", BEGIN OBJ LIMITED, SEEN "@2\n" },
	{ "CRLF, BOM, ongoing, blank lines",
	    "\xef\xbb\xbf{\"cond\":\"begin\"}\r\n\r\n{\"cond\":\"ongoing\"}"
	    "\r\n" OBJ SUCCEEDED,
	    SEEN "@4\n" },
	{ "nothing found", BEGIN SUCCEEDED, "" },
	{ "two streams", BEGIN OBJ SUCCEEDED BEGIN OBJ LIMITED,
	    SEEN "@2\n" SEEN "@5\n" },
	{ "wildcard",
	    BEGIN "{\"obj\":{\"rrname\":\"_WILDCARD_._domainkey.x.org.\","
		  "\"rrtype\":\"TXT\"}}\n" SUCCEEDED,
	    "bad 2: a wildcard: not a name that anybody asked for\n" },
	{ "other type",
	    BEGIN "{\"obj\":{\"rrname\":\"x.org.\",\"rrtype\":\"A\","
		  "\"rdata\":[\"192.0.2.1\"]}}\n" SUCCEEDED,
	    "other 2\n" },
	{ "cut behind a record", BEGIN OBJ, SEEN "@2\n" CUT },
	{ "cut behind the beginning", BEGIN, CUT },
	{ "cut in a line", BEGIN OBJ "{\"cond\":\"succ",
	    SEEN "@2\nbad 3: not JSON: a string without its end\n" CUT },
	{ "the second stream is cut", BEGIN SUCCEEDED BEGIN OBJ,
	    SEEN "@4\n" CUT },
	{ "failed",
	    BEGIN OBJ "{\"cond\":\"failed\",\"msg\":\"time\\u001b out\"}\n",
	    SEEN "@2\nerror: case:3: the stream says that it failed: "
		 "time\\u{1b} out; nothing of it is taken\n" },
	{ "failed without a reason", BEGIN "{\"cond\":\"failed\"}\n",
	    "error: case:2: the stream says that it failed; nothing of it is "
	    "taken\n" },
	{ "no beginning", OBJ SUCCEEDED,
	    "error: case:1: a record outside of a stream; nothing of it is "
	    "taken\n" },
	{ "end without a beginning", SUCCEEDED,
	    "error: case:1: a stream without its beginning; nothing of it is "
	    "taken\n" },
	{ "a record behind the end", BEGIN SUCCEEDED OBJ,
	    "error: case:3: a record outside of a stream; nothing of it is "
	    "taken\n" },
	{ "two beginnings", BEGIN BEGIN SUCCEEDED,
	    "error: case:2: a stream begins before the last has ended; "
	    "nothing of it is taken\n" },
	{ "empty", "", "error: case holds no stream of DNSDB version 2\n" },
	{ "unknown condition", BEGIN "{\"cond\":\"done\"}\n" SUCCEEDED,
	    "bad 2: cond is none of begin, ongoing, succeeded, limited, "
	    "failed\n" },
	{ "neither, both, and of a wrong kind",
	    BEGIN "{}\n{\"cond\":\"begin\",\"obj\":{}}\n{\"obj\":[]}\n"
		  "{\"cond\":1}\n" SUCCEEDED,
	    "bad 2: neither an obj nor a cond of DNSDB version 2\n"
	    "bad 3: neither an obj nor a cond of DNSDB version 2\n"
	    "bad 4: neither an obj nor a cond of DNSDB version 2\n"
	    "bad 5: neither an obj nor a cond of DNSDB version 2\n" },
};

static void
test_cases(void)
{
	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++)
		import_case_check(&import_dnsdb2, cases[i].name,
		    span_from_string(cases[i].text), &import_case_nothing,
		    cases[i].want);
}

/* No beginning of a stream is taken but the whole one. */
static void
test_cut_anywhere(void)
{
	static const char text[] = BEGIN OBJ OBJ SUCCEEDED;

	/* The last line's end may be missing. */
	for (size_t n = 0; n < sizeof(text) - 2; n++) {
		g_autofree char *got = import_case_run(&import_dnsdb2,
		    span_sub(SPAN(text), 0, n), &import_case_nothing);

		if (strstr(got, "error: case ") == NULL)
			g_test_message("cut at %d", (int)n);
		g_assert_nonnull(strstr(got, "error: case "));
	}
}

static void
test_recognised(void)
{
	g_assert_true(import_dnsdb2.recognise(SPAN(BEGIN OBJ)));
	g_assert_true(import_dnsdb2.recognise(SPAN(OBJ)));
	g_assert_false(import_dnsdb2.recognise(SPAN("{\"a\":1}\n" BEGIN)));
	g_assert_false(import_dnsdb2.recognise(SPAN("")));
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_set_nonfatal_assertions();
	g_test_add_func("/import_dnsdb2/cases", test_cases);
	g_test_add_func("/import_dnsdb2/cut-anywhere", test_cut_anywhere);
	g_test_add_func("/import_dnsdb2/recognised", test_recognised);
	return g_test_run();
}
