/* test_from_line.c - which lines are From_ lines. */
#include "verifier/archive/from_line.h"

#include <glib.h>
#include <string.h>

static const struct {
	const char *line;
	enum from_line want;
} cases[] = {
	{ "From alice@example.com Thu Jan  1 00:00:00 2015\n",
	    FROM_LINE_DATED },
	{ "From alice@example.com Thu Jan  1 00:00:00 2015\r\n",
	    FROM_LINE_DATED },
	{ "From alice@example.com Thu Jan 1 00:00 2015", FROM_LINE_DATED },
	{ "From 1790@xxx Mon Jan 01 00:00:00 +0000 2024", FROM_LINE_DATED },
	{ "From a@b Mon Jan 01 00:00:00 2024 +0100", FROM_LINE_DATED },
	{ "From a@b Mon Jan 01 00:00:00 PDT 2024", FROM_LINE_DATED },
	{ "From - Mon Jan 01 00:00:00 2024", FROM_LINE_DATED },
	{ "From - \n", FROM_LINE_DASH },
	{ "From -\n", FROM_LINE_DASH },
	{ "From \"Alice Example\" Mon Jan  1 00:00:00 2024", FROM_LINE_DATED },
	{ "From Alice B. C. D. E. F. G. H. Mon Jan  1 00:00:00 2024",
	    FROM_LINE_DATED },
	{ "From a@b Mon Jan 1 00:00:00 2024 remote from host",
	    FROM_LINE_DATED },
	{ "From 1234567890@xxx Mon Jan 01 00:00:00 +0000 2024\r\n",
	    FROM_LINE_DATED },
	{ "From alice at example.com  Mon Jan  1 00:00:00 2024",
	    FROM_LINE_DATED },
	{ "From ???@??? Mon Jan 01 00:00:00 2024", FROM_LINE_DATED },
	{ "From \"Alice, Bob\" Mon Jan  1 00:00:00 2024", FROM_LINE_DATED },
	{ "From a@b Mon, 1 Jan 2024 00:00:00 +0000", FROM_LINE_DATED },
	{ "From a@b Mon 01 Jan 2024 00:00:00", FROM_LINE_DATED },
	{ "From a@b Mon, 1 Jan 2024 00:00:00 GMT remote from x",
	    FROM_LINE_DATED },
	{ "From 0123456789abcdef0123456789abcdef01234567 "
	  "Mon Sep 17 00:00:00 2001",
	    FROM_LINE_DATED },
	{ "From a@b Mon, 1 Jan 2024", FROM_LINE_NONE },
	{ "From a@b Mon, 1 Jan 2024 00:00:00 +0000 or later", FROM_LINE_NONE },
	{ "From Mon, 1 Jan 2024 00:00:00 +0000", FROM_LINE_NONE },
	{ "From a@b , 1 Jan 2024 00:00:00", FROM_LINE_NONE },
	{ "", FROM_LINE_NONE },
	{ "From", FROM_LINE_NONE },
	{ "From ", FROM_LINE_NONE },
	{ "From : x", FROM_LINE_NONE },
	{ "From: alice@example.com", FROM_LINE_NONE },
	{ "From - she said", FROM_LINE_NONE },
	{ "From Mon Jan 1 00:00:00 2024", FROM_LINE_NONE },
	{ "From a Mon Jan 1 00:00:00 2024 and more", FROM_LINE_NONE },
	{ "From a Mon Jan 1 2024", FROM_LINE_NONE },
	{ "From a Mon Jan 1 00:00:00", FROM_LINE_NONE },
	{ "From a Mon Jan 1 0x:00:00 2024", FROM_LINE_NONE },
	{ "From a Mon Jan 1 00:00:0 2024", FROM_LINE_NONE },
	{ "From a Mon Jan 111 00:00:00 2024", FROM_LINE_NONE },
	{ "From a Xyz Jan 1 00:00:00 2024", FROM_LINE_NONE },
	{ "from a Mon Jan 1 00:00:00 2024", FROM_LINE_NONE },
	{ "From now on we meet on Mon", FROM_LINE_NONE },
};

static void
test_parse(void)
{
	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		if (from_line_parse(span_from_string(cases[i].line)) ==
		    cases[i].want)
			continue;
		g_test_message("wrong: %s", cases[i].line);
		g_test_fail();
	}
}

/* The longest line, and one octet more. */
static void
test_limit(void)
{
	const char *date = " Mon Jan  1 00:00:00 2024";
	g_autoptr(GString) line = g_string_new("From ");

	while (line->len + strlen(date) < FROM_LINE_MAX)
		g_string_append_c(line, 'x');
	g_string_append(line, date);
	g_assert_cmpint(
	    from_line_parse(span_from_string(line->str)), ==, FROM_LINE_DATED);
	g_string_insert_c(line, 5, 'x');
	g_assert_cmpint(
	    from_line_parse(span_from_string(line->str)), ==, FROM_LINE_NONE);
}

static const struct {
	const char *line;
	bool want;
} fields[] = {
	{ "Subject: x", true },
	{ "X:", true },
	{ "From : x", true },
	{ "Received \t:", true },
	{ "", false },
	{ ":", false },
	{ " Subject: x", false },
	{ "Sub ject: x", false },
	{ "S\xc3\xbc: x", false },
	{ "Subject", false },
};

static void
test_field(void)
{
	for (size_t i = 0; i < G_N_ELEMENTS(fields); i++)
		g_assert_cmpint(
		    from_line_is_field(span_from_string(fields[i].line)), ==,
		    fields[i].want);
}

#define COMMIT "0123456789abcdef0123456789abcdef01234567"

static void
test_patch(void)
{
	g_assert_true(from_line_is_patch(
	    SPAN("From " COMMIT " Mon Sep 17 00:00:00 2001\n")));
	g_assert_true(from_line_is_patch(
	    SPAN("From " COMMIT
		 "0123456789abcdef01234567 Mon Sep 17 00:00:00 2001\r\n")));
	g_assert_false(from_line_is_patch(
	    SPAN("From " COMMIT "0 Mon Sep 17 00:00:00 2001\n")));
	g_assert_false(from_line_is_patch(
	    SPAN("From " COMMIT " Mon Sep 17 00:00:01 2001\n")));
	g_assert_false(
	    from_line_is_patch(SPAN("From a@b Mon Sep 17 00:00:00 2001\n")));
	g_assert_false(from_line_is_patch(SPAN("From ")));
}

static const struct {
	const char *line;
	bool want;
} mail_fields[] = {
	{ "From: a@b", true },
	{ "MESSAGE-id : <x>", true },
	{ "dkim-Signature:", true },
	{ "From a@b: c", false },
	{ "Fro: x", false },
	{ "Froms: x", false },
	{ "cur: 3", false },
	{ "BagIt-Version: 1.0", false },
	{ "To", false },
	{ "", false },
};

static void
test_mail_field(void)
{
	for (size_t i = 0; i < G_N_ELEMENTS(mail_fields); i++)
		g_assert_cmpint(from_line_is_mail_field(
				    span_from_string(mail_fields[i].line)),
		    ==, mail_fields[i].want);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_set_nonfatal_assertions();
	g_test_add_func("/from-line/parse", test_parse);
	g_test_add_func("/from-line/limit", test_limit);
	g_test_add_func("/from-line/field", test_field);
	g_test_add_func("/from-line/patch", test_patch);
	g_test_add_func("/from-line/mail-field", test_mail_field);
	return g_test_run();
}
