/* test_import_table.c - tables with separators, and their maps. */
#include "keysnap/import/table_map.h"
#include "tests/unit/import_case.h"

#include <string.h>

extern const struct importer import_table;

#define KEY   "s1._domainkey.example.org"
#define AT    "2016-07-01T00:00:00Z 2017-06-30T00:00:00Z "
#define NAMED "name=qname,txt=answer,first=from,last=to"
#define HEAD  "qname,answer,from,to\n"

static const struct {
	const char *name, *map, *text, *want;
} cases[] = {
	{ "empty", NAMED, "", "" },
	{ "header only", NAMED, HEAD, "" },
	{ "header; Unix seconds and RFC 3339; CRLF, BOM, empty lines", NAMED,
	    "\xef\xbb\xbf"
	    "qname,Answer ,from,to\r\n\r\n" KEY
	    ".,v=DKIM1; p=,1467331200,2017-06-30T02:00:00+02:00\r\n",
	    KEY " present [v=DKIM1; p=] source " AT
		"second claimed archive @3\n" },
	{ "quotes", NAMED,
	    HEAD "\"" KEY
		 "\",\"\"\"a\"\" \"\"b\"\"\",\"2016-07-01\",2017-06-30\n",
	    KEY " present [a|b] exact " AT "day claimed archive @2\n" },
	{ "numbers, no header", "name=2,txt=1,first=3",
	    "p=," KEY ",2016-07-01\n",
	    KEY " present [p=] source 2016-07-01T00:00:00Z "
		"2016-07-01T00:00:00Z day claimed archive @1\n" },
	{ "a comma and a line end in quotes; the row's first line is named",
	    "name=1,txt=2,first=3",
	    KEY ",\"n=a,\nb; p=\",2016\n\n" KEY ",p=,2017\n",
	    KEY " present [n=a,\\u{0a}b; p=] source 2016-01-01T00:00:00Z "
		"2016-01-01T00:00:00Z year claimed archive @1\n" KEY
		" present [p=] source 2017-01-01T00:00:00Z "
		"2017-01-01T00:00:00Z year claimed archive @4\n" },
	{ "TAB: quotes are those of the record", "name=1,txt=2,first=3",
	    KEY "\t\"a\" \"b\"\t2016\n",
	    KEY " present [a|b] exact 2016-01-01T00:00:00Z "
		"2016-01-01T00:00:00Z year claimed archive @1\n" },
	{ "TAB with doubled quotes is asked about", "name=1,txt=2,first=3",
	    KEY "\t\"\"\"a\"\" \"\"b\"\"\"\t2016\n",
	    "bad 1: doubled quotes: give quotes=yes in --map\n" },
	{ "TAB with quotes", "name=1,txt=2,first=3,quotes=yes",
	    KEY "\t\"\"\"a\"\" \"\"b\"\"\"\t2016\n",
	    KEY " present [a|b] exact 2016-01-01T00:00:00Z "
		"2016-01-01T00:00:00Z year claimed archive @1\n" },
	{ "other separators", "name=1,txt=2,first=3,separator=pipe",
	    KEY "|a,b|2016\n",
	    KEY " present [a,b] source 2016-01-01T00:00:00Z "
		"2016-01-01T00:00:00Z year claimed archive @1\n" },
	{ "a quote in the middle of a field", "name=1,txt=2,first=3",
	    KEY ",p=ab\" \"cd,2016\n",
	    KEY " present [p=ab|cd] ambiguous 2016-01-01T00:00:00Z "
		"2016-01-01T00:00:00Z year claimed archive @1\n" },
	{ "domain and selector, type, count, observer",
	    "domain=d,selector=s,txt=t,type=y,count=c,observer=o,first=f",
	    "d,s,t,y,c,o,f\nExample.org,S1,p=,TXT,5,sensor,2016\n"
	    "example.org,s1,x,CNAME,5,sensor,2016\n"
	    "example.org,,p=,TXT,5,sensor,2016\n",
	    KEY " present [p=] source 2016-01-01T00:00:00Z "
		"2016-01-01T00:00:00Z year claimed archive by sensor lineage "
		"source count 5 @2\nother 3\n"
		"bad 4: domain and selector are not those of a key\n" },
	{ "other names", "name=1,txt=2,first=3",
	    "example.org,v=spf1,2016\n*._domainkey.x.org,p=,2016\n",
	    "other 1\nbad 2: a wildcard: not a name that anybody asked for\n" },
	{ "tz moves times without an offset", NAMED ",tz=-05:30",
	    HEAD KEY ",p=,2016-06-30 18:30:00,2017-06-29T18:30:00\n" KEY
		     ",p=,1467331200,2017-06-30T00:00:00Z\n" KEY
		     ",p=,2016-07-01T02:00:00+02:00,2017-06-29 18:30:00\n",
	    KEY " present [p=] source " AT "second claimed archive @2\n" KEY
		" present [p=] source " AT "second claimed archive @3\n" KEY
		" present [p=] source " AT "second claimed archive @4\n" },
	{ "tz and a date", NAMED ",tz=+02:00", HEAD KEY ",p=,2016-07-01,\n",
	    "bad 2: a date without a time: tz= cannot move it\n" },
	{ "tz out of range", NAMED ",tz=+02:00",
	    HEAD KEY ",p=,0000-01-01 00:00:00,\n",
	    "bad 2: a time out of range\n" },
	{ "times that are none", NAMED,
	    HEAD KEY ",p=,20160701,\n" KEY ",p=,,0\n" KEY
		     ",p=,1467331200000,\n" KEY ",p=,,\n" KEY ",p=,2018,2017\n",
	    "bad 2: the first time is none\nbad 3: the last time is none\n"
	    "bad 4: the first time is none\n"
	    "bad 5: no time in this record: give one with --observed-at\n"
	    "bad 6: first seen after last seen\n" },
	{ "bad count", "name=1,txt=2,first=3,count=4",
	    KEY ",p=,2016,many\n" KEY ",p=,2016,\n",
	    "bad 1: count is not a number of sightings\n" KEY
	    " present [p=] source 2016-01-01T00:00:00Z 2016-01-01T00:00:00Z "
	    "year claimed archive @2\n" },
	{ "columns that do not fit", NAMED,
	    HEAD KEY ",p=,2016\n" KEY ",p=,x,2016,2017\n",
	    "bad 2: not as many columns as the first row\n"
	    "bad 3: not as many columns as the first row\n" },
	{ "text behind a closing quote", NAMED,
	    HEAD KEY ",\"a\" \"b\",2016,2017\n" KEY ",p=,2016,2017\n",
	    "bad 2: text behind a closing quote\n" KEY
	    " present [p=] source 2016-01-01T00:00:00Z 2017-01-01T00:00:00Z "
	    "year claimed archive @3\n" },
	{ "a quote that is never closed", NAMED,
	    HEAD KEY ",\"p=,2016,2017\n" KEY ",p=,2016,2017\n",
	    "bad 2: a quote that is never closed\n" },
	{ "no such column", NAMED, "qname,answer,from\n",
	    "error: case: the first row has no column \"to\", or several\n" },
	{ "two such columns", NAMED, "qname,answer,from,to,to\n",
	    "error: case: the first row has no column \"to\", or several\n" },
	{ "no such number", "name=1,txt=7", "a,b\n",
	    "error: case: the first row has no column \"7\", or several\n" },
	{ "the header is bad", NAMED, "\"qname\"x,answer\n",
	    "error: case: the first row: text behind a closing quote\n" },
};

static void
test_cases(void)
{
	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		struct table_map map;
		const char *why;
		struct import_options options = {
			.observer = SPAN("source"),
			.observed_at = TIMESTAMP_NONE,
			.map = &map,
		};

		g_assert_true(table_map_parse(
		    span_from_string(cases[i].map), &map, &why));
		import_case_check(&import_table, cases[i].name,
		    span_from_string(cases[i].text), &options, cases[i].want);
	}
}

static void
test_maps(void)
{
	static const struct {
		const char *text, *why; /* NULL: good */
	} maps[] = {
		{ "name=a,txt=b", NULL },
		{ "name=1,txt=256,", NULL },
		{ "domain=a,selector=b,txt=c,tz=UTC,quotes=no", NULL },
		{ "name=a,txt=b,tz=+0200,separator=semicolon", NULL },
		{ "", "no txt=COLUMN" },
		{ "name=a", "no txt=COLUMN" },
		{ "txt=a", "neither name" },
		{ "txt=a,domain=b", "neither name" },
		{ "txt=a,domain=b,selector=c,name=d", "neither name" },
		{ "name=a,txt", "not of the form" },
		{ "name=a,txt=", "not of the form" },
		{ "name=a,,txt=b", "not of the form" },
		{ "name=a,txt=b,txt=c", "a column is given twice" },
		{ "name=0,txt=b", "the number of a column" },
		{ "name=257,txt=b", "the number of a column" },
		{ "name=a,txt=b,ttl=c", "a key that is none" },
		{ "name=a,txt=b,tz=CET", "tz is neither" },
		{ "name=a,txt=b,tz=+15:00", "tz is neither" },
		{ "name=a,txt=b,tz=+02:60", "tz is neither" },
		{ "name=a,txt=b,tz=+02-00", "tz is neither" },
		{ "name=a,txt=b,tz=+", "tz is neither" },
		{ "name=a,txt=b,separator=x", "separator is none" },
		{ "name=a,txt=b,quotes=x", "quotes is neither" },
	};

	for (size_t i = 0; i < G_N_ELEMENTS(maps); i++) {
		struct table_map map;
		const char *why = NULL;
		bool good =
		    table_map_parse(span_from_string(maps[i].text), &map, &why);

		g_test_message(
		    "map \"%s\": %s", maps[i].text, why != NULL ? why : "good");
		g_assert_true(good == (maps[i].why == NULL));
		g_assert_true(good == (why == NULL));
		if (why != NULL && maps[i].why != NULL)
			g_assert_true(g_str_has_prefix(why, maps[i].why));
	}
}

/* Rows of many columns, and rows past the limit of a line. */
static void
test_limits(void)
{
	struct table_map map;
	const char *why;
	struct import_options options = { .observed_at = 0, .map = &map };
	g_autofree char *commas = g_strnfill(TABLE_COLUMNS_MAX, ',');
	g_autofree char *lines = g_strnfill(IMPORT_LINE_MAX, '\n');
	g_autofree char *wide = NULL, *high = NULL, *got = NULL;

	g_assert_true(table_map_parse(SPAN("name=1,txt=2"), &map, &why));
	wide = g_strdup_printf("a,b\n%s\n", commas);
	import_case_check(&import_table, "wide", span_from_string(wide),
	    &options, "other 1\nbad 2: more than 256 columns\n");
	high = g_strdup_printf("a,\"%s\",c\n", lines);
	got = import_case_run(&import_table, span_from_string(high), &options);
	g_assert_cmpstr(
	    got, ==, "error: case: the first row: line or row too long\n");
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_set_nonfatal_assertions();
	g_test_add_func("/import_table/cases", test_cases);
	g_test_add_func("/import_table/maps", test_maps);
	g_test_add_func("/import_table/limits", test_limits);
	return g_test_run();
}
