/* test_timestamp.c - instants as text. */
#include "keysnap/base/timestamp.h"

#include <glib.h>
#include <string.h>

static void
test_format(void)
{
	static const struct {
		int64_t at;
		const char *text;
	} cases[] = {
		{ 0, "1970-01-01T00:00:00Z" },
		{ -1, "1969-12-31T23:59:59Z" },
		{ 1477872000, "2016-10-31T00:00:00Z" },
		{ 951827696, "2000-02-29T12:34:56Z" },
		{ -2203891200, "1900-03-01T00:00:00Z" },
		{ 4107542399, "2100-02-28T23:59:59Z" },
		{ 4107542400, "2100-03-01T00:00:00Z" },
		{ INT64_C(2147483648), "2038-01-19T03:14:08Z" },
		{ TIMESTAMP_MIN, "0000-01-01T00:00:00Z" },
		{ TIMESTAMP_MIN + 59 * TIMESTAMP_DAY, "0000-02-29T00:00:00Z" },
		{ TIMESTAMP_MAX, "9999-12-31T23:59:59Z" },
	};

	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		char text[TIMESTAMP_SIZE];
		int64_t at;

		timestamp_format(cases[i].at, text);
		g_assert_cmpstr(text, ==, cases[i].text);
		g_assert_true(
		    timestamp_parse(span_from_string(cases[i].text), &at));
		g_assert_cmpint(at, ==, cases[i].at);
	}
}

/* Every day of the range, against GLib's calendar. */
static void
test_all_days(void)
{
	GDate date;
	char text[TIMESTAMP_SIZE], want[TIMESTAMP_SIZE];
	int64_t first = INT64_C(-62135596800); /* 0001-01-01 */

	g_date_set_dmy(&date, 1, G_DATE_JANUARY, 1);
	for (int64_t at = first; at <= TIMESTAMP_MAX; at += TIMESTAMP_DAY) {
		g_snprintf(want, sizeof(want), "%04d-%02d-%02dT00:00:00Z",
		    g_date_get_year(&date), g_date_get_month(&date),
		    g_date_get_day(&date));
		timestamp_format(at, text);
		if (strcmp(text, want) != 0) {
			g_assert_cmpstr(text, ==, want);
			return;
		}
		g_date_add_days(&date, 1);
	}
}

static void
test_parse(void)
{
	static const struct {
		const char *text;
		bool strict, lenient;
		int64_t at;
		enum timestamp_precision precision;
	} cases[] = {
		{ "2016-10-31T00:00:01Z", true, true, 1477872001, 0 },
		{ "2016-10-31 00:00:01Z", false, true, 1477872001, 0 },
		{ "2016-10-31T00:00:01", false, true, 1477872001, 0 },
		{ "2016-10-31 00:00:01.999999", false, true, 1477872001, 0 },
		{ "2016-10-31T02:00:01+02:00", false, true, 1477872001, 0 },
		{ "2016-10-30T18:30:01.5-05:30", false, true, 1477872001, 0 },
		{ "2016-10-31", false, true, 1477872000,
		    TIMESTAMP_DAY_PRECISION },
		{ "2016-10", false, true, 1475280000, TIMESTAMP_MONTH },
		{ "2016", false, true, 1451606400, TIMESTAMP_YEAR },
		{ "2016-12-31T23:59:60Z", false, true, 1483228799, 0 },
		{ "9999-12-31T23:59:59+00:01", false, true, TIMESTAMP_MAX - 60,
		    0 },
		{ "9999-12-31T23:59:59-00:01", false, false, 0, 0 },
		{ "0000-01-01T00:00:00+00:01", false, false, 0, 0 },
		{ "", false, false, 0, 0 },
		{ "201", false, false, 0, 0 },
		{ "20161", false, false, 0, 0 },
		{ "2016-", false, false, 0, 0 },
		{ "2016-1", false, false, 0, 0 },
		{ "2016-00", false, false, 0, 0 },
		{ "2016-13", false, false, 0, 0 },
		{ "2016-10-", false, false, 0, 0 },
		{ "2016-10-00", false, false, 0, 0 },
		{ "2016-02-30", false, false, 0, 0 },
		{ "2015-02-29", false, false, 0, 0 },
		{ "1900-02-29", false, false, 0, 0 },
		{ "2016-10-31T", false, false, 0, 0 },
		{ "2016-10-31T00:00", false, false, 0, 0 },
		{ "2016-10-31T24:00:00Z", false, false, 0, 0 },
		{ "2016-10-31T00:60:00Z", false, false, 0, 0 },
		{ "2016-10-31T00:00:61Z", false, false, 0, 0 },
		{ "2016-10-31T00:00:00.Z", false, false, 0, 0 },
		{ "2016-10-31T00:00:00+0200", false, false, 0, 0 },
		{ "2016-10-31T00:00:00+24:00", false, false, 0, 0 },
		{ "2016-10-31T00:00:00+00:60", false, false, 0, 0 },
		{ "2016-10-31T00:00:00z", false, false, 0, 0 },
		{ "2016-10-31T00:00:00Z ", false, false, 0, 0 },
		{ " 2016", false, false, 0, 0 },
		{ "+016", false, false, 0, 0 },
		{ "\xd9\xa2\xd9\xa0", false, false, 0, 0 },
	};

	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		struct span text = span_from_string(cases[i].text);
		enum timestamp_precision precision = TIMESTAMP_SECOND;
		int64_t at = 0;

		g_test_message("%s", cases[i].text);
		g_assert_true(timestamp_parse(text, &at) == cases[i].strict);
		at = 0;
		g_assert_true(timestamp_parse_lenient(text, &at, &precision) ==
		    cases[i].lenient);
		g_assert_cmpint(at, ==, cases[i].at);
		g_assert_cmpint(precision, ==, cases[i].precision);
	}
	g_assert_false(
	    timestamp_parse(SPAN("2016-10-31T00:00:00\0"), &(int64_t){ 0 }));
}

static void
test_end(void)
{
	static const struct {
		const char *at;
		enum timestamp_precision precision;
		const char *end;
	} cases[] = {
		{ "2016-02-01T00:00:00Z", TIMESTAMP_SECOND,
		    "2016-02-01T00:00:00Z" },
		{ "2016-02-01T00:00:00Z", TIMESTAMP_MINUTE,
		    "2016-02-01T00:00:59Z" },
		{ "2016-02-01T00:00:00Z", TIMESTAMP_HOUR,
		    "2016-02-01T00:59:59Z" },
		{ "2016-02-01T00:00:00Z", TIMESTAMP_DAY_PRECISION,
		    "2016-02-01T23:59:59Z" },
		{ "2016-02-01T00:00:00Z", TIMESTAMP_MONTH,
		    "2016-02-29T23:59:59Z" },
		{ "2015-02-01T00:00:00Z", TIMESTAMP_MONTH,
		    "2015-02-28T23:59:59Z" },
		{ "9999-01-01T00:00:00Z", TIMESTAMP_YEAR,
		    "9999-12-31T23:59:59Z" },
	};

	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		char text[TIMESTAMP_SIZE];
		int64_t at = 0;

		timestamp_parse(span_from_string(cases[i].at), &at);
		timestamp_format(timestamp_end(at, cases[i].precision), text);
		g_assert_cmpstr(text, ==, cases[i].end);
	}
	g_assert_cmpint(timestamp_clamp(INT64_MAX), ==, TIMESTAMP_MAX);
	g_assert_cmpint(timestamp_clamp(INT64_MIN), ==, TIMESTAMP_MIN);
	g_assert_cmpint(timestamp_clamp(7), ==, 7);
}

static void
test_precision_names(void)
{
	enum timestamp_precision got;

	for (int i = TIMESTAMP_SECOND; i <= TIMESTAMP_YEAR; i++) {
		const char *name =
		    timestamp_precision_name((enum timestamp_precision)i);

		g_assert_true(timestamp_precision_from_name(
		    span_from_string(name), &got));
		g_assert_cmpint(got, ==, i);
	}
	g_assert_false(timestamp_precision_from_name(SPAN("Day"), &got));
	g_assert_false(timestamp_precision_from_name(SPAN("day\0"), &got));
	g_assert_false(timestamp_precision_from_name(SPAN(""), &got));
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_set_nonfatal_assertions();
	g_test_add_func("/timestamp/format", test_format);
	g_test_add_func("/timestamp/all-days", test_all_days);
	g_test_add_func("/timestamp/parse", test_parse);
	g_test_add_func("/timestamp/end", test_end);
	g_test_add_func("/timestamp/precision-names", test_precision_names);
	return g_test_run();
}
