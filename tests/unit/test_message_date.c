/* test_message_date.c - the times that a message bears, and their span. */
#include "verifier/verdict/message_time.h"

#include <glib.h>
#include <string.h>

#define S(text) SPAN(text)

/* "want": the instant in UTC, NULL when it is no date. */
static const struct {
	struct span value;
	const char *want;
} dates[] = {
	{ S(" Thu, 3 Nov 2016 08:12:44 +0000"), "2016-11-03T08:12:44Z" },
	{ S("3 Nov 2016 08:12 +0100"), "2016-11-03T07:12:00Z" },
	{ S("Thu, 3 Nov 2016 08:12:44 -0530"), "2016-11-03T13:42:44Z" },
	{ S("Thu 3 Nov 2016 08:12:44 +0000"), "2016-11-03T08:12:44Z" },
	{ S("Thu, 03 NOV 2016 08:12:44 GMT"), "2016-11-03T08:12:44Z" },
	{ S("Thu, 3 Nov 2016 08:12:44 PST"), "2016-11-03T16:12:44Z" },
	{ S("Thu, 3 Nov 2016 08:12:44 edt"), "2016-11-03T12:12:44Z" },
	{ S("Thu, 3 Nov 2016 08:12:44 Z"), "2016-11-03T08:12:44Z" },
	{ S("Thu, 3 Nov 2016 08:12:44 CEST"), "2016-11-03T08:12:44Z" },
	{ S("Thu, 3 Nov 2016 08:12:44"), "2016-11-03T08:12:44Z" },
	{ S("Thu, 3 Nov 2016 08:12:44 -0700 (PDT)"), "2016-11-03T15:12:44Z" },
	{ S("(a(b\\)))Thu(,), 3 (x) Nov 2016\r\n 08 : 12 : 44 +0000"),
	    "2016-11-03T08:12:44Z" },
	{ S("3 Nov 16 08:12:44 +0000"), "2016-11-03T08:12:44Z" },
	{ S("3 Nov 49 08:12:44 +0000"), "2049-11-03T08:12:44Z" },
	{ S("3 Nov 50 08:12:44 +0000"), "1950-11-03T08:12:44Z" },
	{ S("3 Nov 116 08:12:44 +0000"), "2016-11-03T08:12:44Z" },
	{ S("29 Feb 2016 23:59:60 +0000"), "2016-02-29T23:59:59Z" },
	{ S("31 Dec 1969 23:59:59 +0000"), "1969-12-31T23:59:59Z" },
	{ S("29 Feb 2015 00:00:00 +0000"), NULL },
	{ S("0 Nov 2016 08:12:44 +0000"), NULL },
	{ S("32 Jan 2016 08:12:44 +0000"), NULL },
	{ S("3 Nov 2016 24:00:00 +0000"), NULL },
	{ S("3 Nov 2016 08:60:00 +0000"), NULL },
	{ S("3 Nov 2016 08:12:44 +0060"), NULL },
	{ S("3 Nov 2016 08:12:44 +000"), NULL },
	{ S("3 Nov 2016 08:12:44 +00000"), NULL },
	{ S("3 Nov 2016 08:12:44 +"), NULL },
	{ S("3 Nov 2016 08:12:44 +0000 x"), NULL },
	{ S("3 Nov 20166 08:12:44 +0000"), NULL },
	{ S("3 Nov 6 08:12:44 +0000"), NULL },
	{ S("3 Nov 2016 08:12:"), NULL },
	{ S("3 Nov 2016"), NULL },
	{ S("3 November 2016 08:12:44 +0000"), NULL },
	{ S("2016-11-03T08:12:44Z"), NULL },
	{ S("1 Jan 0000 00:00:00 +0001"), NULL },
	{ S("31 Dec 9999 23:59:59 -0001"), NULL },
	{ S("3 Nov 2016 08:12:44 +0000 (open"), NULL },
	{ S("3 Nov 2016 08:12:44 +0000 (\\"), NULL },
	{ S("((((((((((((((((((((((3 Nov 2016 08:12:44"), NULL },
	{ S("3 Nov\0 2016 08:12:44 +0000"), NULL },
	{ S("3 N\xc3\xb6v 2016 08:12:44 +0000"), NULL },
	{ S(", , , , , , , , , , , , , , , , , , ,"), NULL },
	{ S(")"), NULL },
	{ S(""), NULL },
};

static const struct {
	struct span line;
	const char *want;
} envelopes[] = {
	{ S("From a@b.c Thu Nov  3 08:12:44 2016"), "2016-11-03T08:12:44Z" },
	{ S("From - Thu Nov  3 08:12:44 2016"), "2016-11-03T08:12:44Z" },
	{ S("From 15@xxx Thu Nov 03 08:12:44 +0000 2016"),
	    "2016-11-03T08:12:44Z" },
	{ S("From a@b.c Thu Nov  3 08:12:44 2016 +0100"),
	    "2016-11-03T07:12:44Z" },
	{ S("From a@b.c Thu Nov  3 08:12:44 EST 2016"),
	    "2016-11-03T13:12:44Z" },
	{ S("From a@b.c Thu Nov  3 08:12 2016\r\n"), "2016-11-03T08:12:00Z" },
	{ S("From \"Sun x\"@b.c  Thu Nov  3 08:12:44 2016"),
	    "2016-11-03T08:12:44Z" },
	{ S("From Thu Thu Nov  3 08:12:44 2016"), "2016-11-03T08:12:44Z" },
	{ S("From a@b.c"), NULL },
	{ S("From "), NULL },
	{ S("Thu Nov  3 08:12:44 2016"), NULL },
	{ S("From a@b.c Thu Nov 31 08:12:44 2016"), NULL },
	{ S(""), NULL },
};

static void
assert_time(bool parsed, int64_t at, const char *want)
{
	char got[TIMESTAMP_SIZE];

	g_assert_cmpint(parsed, ==, want != NULL);
	if (!parsed) {
		g_assert_cmpint(at, ==, 7);
		return;
	}
	timestamp_format(at, got);
	g_assert_cmpstr(got, ==, want);
}

static void
test_dates(void)
{
	for (size_t i = 0; i < G_N_ELEMENTS(dates); i++) {
		int64_t at = 7;
		g_test_message("%s", (const char *)dates[i].value.p);
		bool parsed = message_date_parse(dates[i].value, &at);
		assert_time(parsed, at, dates[i].want);
	}
}

static void
test_envelopes(void)
{
	for (size_t i = 0; i < G_N_ELEMENTS(envelopes); i++) {
		int64_t at = 7;
		g_test_message("%s", (const char *)envelopes[i].line.p);
		bool parsed =
		    message_envelope_date_parse(envelopes[i].line, &at);
		assert_time(parsed, at, envelopes[i].want);
	}
}

static void
test_huge(void)
{
	g_autofree char *text = g_malloc(1 << 20);
	int64_t at;

	memset(text, ' ', 1 << 20);
	text[0] = text[(1 << 20) - 1] = 'x';
	g_assert_false(message_date_parse(
	    (struct span){ (const uint8_t *)text, 1 << 20 }, &at));
	g_assert_false(message_envelope_date_parse(
	    (struct span){ (const uint8_t *)text, 1 << 20 }, &at));
}

#define NONE TIMESTAMP_NONE

static const struct {
	const char *name;
	struct message_times times;
	int64_t signature_time;
	bool date_signed;
	struct time_interval want;
} intervals[] = {
	{ "nothing", { NONE, NONE, NONE, NONE }, NONE, false,
	    { NONE, NONE, TIME_SOURCE_SIGNATURE, TIME_SOURCE_SIGNATURE, false,
		false, NONE } },
	{ "t= alone", { NONE, NONE, NONE, NONE }, 5, false,
	    { 5, 5, TIME_SOURCE_SIGNATURE, TIME_SOURCE_SIGNATURE, true, true,
		NONE } },
	{ "t= beyond the years there are", { NONE, NONE, NONE, NONE },
	    INT64_C(999999999999), false,
	    { TIMESTAMP_MAX, TIMESTAMP_MAX, TIME_SOURCE_SIGNATURE,
		TIME_SOURCE_SIGNATURE, true, true, NONE } },
	{ "signed Date before t=", { 4, NONE, NONE, NONE }, 5, true,
	    { 4, 5, TIME_SOURCE_DATE, TIME_SOURCE_SIGNATURE, true, true,
		NONE } },
	{ "unsigned Date", { 4, NONE, NONE, NONE }, NONE, false,
	    { 4, 4, TIME_SOURCE_DATE, TIME_SOURCE_DATE, false, false, NONE } },
	{ "Received widens", { 4, 3, 9, NONE }, 5, true,
	    { 3, 9, TIME_SOURCE_RECEIVED, TIME_SOURCE_RECEIVED, false, false,
		NONE } },
	{ "the envelope does not", { 4, NONE, NONE, 99 }, NONE, true,
	    { 4, 4, TIME_SOURCE_DATE, TIME_SOURCE_DATE, true, true, NONE } },
	{ "the envelope alone", { NONE, NONE, NONE, 99 }, NONE, false,
	    { 99, 99, TIME_SOURCE_ENVELOPE, TIME_SOURCE_ENVELOPE, false, false,
		NONE } },
};

static void
test_intervals(void)
{
	for (size_t i = 0; i < G_N_ELEMENTS(intervals); i++) {
		struct time_interval got;
		const struct time_interval *want = &intervals[i].want;
		g_test_message("%s", intervals[i].name);
		message_time_interval(&got, &intervals[i].times,
		    intervals[i].signature_time, intervals[i].date_signed);
		g_assert_cmpint(got.from, ==, want->from);
		g_assert_cmpint(got.to, ==, want->to);
		g_assert_cmpint(got.from_source, ==, want->from_source);
		g_assert_cmpint(got.to_source, ==, want->to_source);
		g_assert_cmpint(got.from_signed, ==, want->from_signed);
		g_assert_cmpint(got.to_signed, ==, want->to_signed);
		g_assert_cmpint(got.anchored, ==, want->anchored);
	}
}

static struct header_field
field(struct span name, struct span value)
{
	return (struct header_field){ .name = name,
		.value = value,
		.name_hash = header_name_hash(name) };
}

static void
test_message(void)
{
	struct header_field fields[] = {
		field(S("received"),
		    S(" from x; y by z; Thu, 3 Nov 2016 08:00:09 +0000")),
		field(S("Received"), S(" no time")),
		field(S("Received"), S("")),
		field(S("Received"), S(";3 Nov 2016 08:00:05 +0000")),
		field(S("Date"), S(" 3 Nov 2016 08:00:00 +0000")),
		field(S("Date"), S(" 3 Nov 2006 08:00:00 +0000")),
	};
	struct header_index header = { .fields = fields,
		.n = G_N_ELEMENTS(fields) };
	struct message_times times;

	message_times_get(&times, &header, S(""));
	assert_time(true, times.date, "2016-11-03T08:00:00Z");
	assert_time(true, times.received_min, "2016-11-03T08:00:05Z");
	assert_time(true, times.received_max, "2016-11-03T08:00:09Z");
	g_assert_cmpint(times.envelope, ==, NONE);
	header.n = 0;
	message_times_get(&times, &header, S("From - Thu Nov 3 1:02:03 2016"));
	g_assert_cmpint(times.date, ==, NONE);
	g_assert_cmpint(times.received_min, ==, NONE);
	assert_time(true, times.envelope, "2016-11-03T01:02:03Z");
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_set_nonfatal_assertions();
	g_test_add_func("/message_date/dates", test_dates);
	g_test_add_func("/message_date/envelopes", test_envelopes);
	g_test_add_func("/message_date/huge", test_huge);
	g_test_add_func("/message_date/intervals", test_intervals);
	g_test_add_func("/message_date/message", test_message);
	return g_test_run();
}
