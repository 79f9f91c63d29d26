/* test_guess.c - what a field may have been: each wanted value is among the
 * guesses, none is there twice, and none could be more than one field. */
#include "verifier/repair/guess.h"

#include "keysnap/base/timestamp.h"
#include "verifier/message/display.h"

/* In "value", and "want" among what comes of it. */
struct guess_case {
	const char *name, *value, *want;
	enum signed_origin origin;
};

static const struct guess_case subjects[] = {
	{ "Subject", " [l] a b", " a b", SIGNED_TAG },
	{ "Subject", " a b c d e f g h i", " i", SIGNED_TAG },
	{ "Subject", " Re: [l] a b", " Re: a b", SIGNED_TAG },
	{ "Subject", " a b (x)", " a b", SIGNED_TAG },
	{ "Subject", " Re: AW: a", " a", SIGNED_REPLY },
	{ "Subject", " Re: AW: a", " AW: a", SIGNED_REPLY },
	{ "Subject", "a", "Fwd: a", SIGNED_REPLY },
	{ "Subject", "\ta", "\tRE: a", SIGNED_REPLY },
};

static const struct guess_case dates[] = {
	{ "Date", " Tue, 13 Mar 2012 12:00:00 +0000",
	    " Tue, 13 Mar 2012 13:00:00 +0100", SIGNED_SPELLING },
	{ "Date", " Tue, 13 Mar 2012 12:00:00 +0000",
	    " Tue, 13 Mar 2012 12:00:00 GMT", SIGNED_SPELLING },
	{ "Date", " Tue, 13 Mar 2012 12:00:00 +0000",
	    " Tue, 13 Mar 2012 12:00 +0000", SIGNED_SPELLING },
	{ "Date", " Wed, 1 Jan 2014 00:30:00 +0100",
	    " Tue, 31 Dec 2013 23:30:00 +0000", SIGNED_SPELLING },
	{ "Date", " Wed, 1 Jan 2014 00:30:00 +0100",
	    " Wed, 01 Jan 2014 00:30:00 +0100", SIGNED_SPELLING },
	{ "Date", " Sat, 28 Feb 2004 23:59:59 -0330",
	    " Sun, 29 Feb 2004 03:29:59 +0000", SIGNED_SPELLING },
	{ "Date", " Mon, 02 Jan 2012 00:00:00 -0700",
	    " Tue, 13 Mar 2012 04:59:30 -0700", SIGNED_TIME },
};

static const struct guess_case addresses[] = {
	{ "From", " A B <a@b>", " a@b (A B)", SIGNED_SPELLING },
	{ "From", " A B <a@b>", " <a@b>", SIGNED_SPELLING },
	{ "From", " a@b", " \"a@b\" <a@b>", SIGNED_SPELLING },
};

static const struct guess_case encodings[] = {
	{ "From", " A B <a@b>", " \"A B\" <a@b>", SIGNED_ENCODING },
	{ "From", " \"A, B\" <a@b>, c@d", " =?utf-8?Q?A=2C_B?= <a@b>, c@d",
	    SIGNED_ENCODING },
	{ "To", " \xc3\xbc <a@b>, \xc3\xa4 <c@d>",
	    " =?UTF-8?B?w7w=?= <a@b>, =?UTF-8?B?w6Q=?= <c@d>",
	    SIGNED_ENCODING },
	{ "Subject", " =?utf-8?q?=C3=BC?= a", " =?iso-8859-1?Q?=FC?= a",
	    SIGNED_ENCODING },
	{ "Subject", " =?utf-8?q?=C3=BC?= a", " \xfc a", SIGNED_ENCODING },
};

static void
check_list(const struct guess_case *one, const struct guess_list *list)
{
	struct span want = span_from_string(one->want);
	size_t hits = 0;

	for (size_t i = 0; i < list->n; i++) {
		const struct guess *guess = &list->list[i];

		g_assert_true(copied_value_fits(guess->value));
		hits += span_equal(guess->value, want) &&
		    guess->origin == one->origin;
		for (size_t j = 0; j < i; j++)
			g_assert_false(
			    span_equal(guess->value, list->list[j].value));
	}
	g_test_message("%s:%s: %zu", one->name, one->value, list->n);
	g_assert_cmpuint(hits, ==, 1);
	g_assert_false(list->cut);
}

static void
test_guesses(void)
{
	static const struct {
		const struct guess_case *cases;
		size_t n;
	} tables[] = { { subjects, G_N_ELEMENTS(subjects) },
		{ dates, G_N_ELEMENTS(dates) },
		{ addresses, G_N_ELEMENTS(addresses) },
		{ encodings, G_N_ELEMENTS(encodings) } };

	for (size_t i = 0; i < G_N_ELEMENTS(tables); i++) {
		for (size_t j = 0; j < tables[i].n; j++) {
			const struct guess_case *one = &tables[i].cases[j];
			struct span value = span_from_string(one->value);
			struct span name = span_from_string(one->name);
			g_autoptr(arena_auto) arena = arena_new();
			uint64_t left = GUESS_OCTETS_MAX;
			struct guess_list list;

			guess_list_init(&list, arena, &left, value);
			if (tables[i].cases == subjects)
				guess_subject(&list, value);
			else if (tables[i].cases == dates)
				guess_date(&list, value, 1331640000);
			else if (tables[i].cases == addresses)
				guess_address(&list, value);
			else
				guess_encodings(&list, name, value, false);
			check_list(one, &list);
		}
	}
}

/* What cannot be read gives no guess, and does no harm. */
static void
test_nothing(void)
{
	static const char *const values[] = { "", " ", "<", "\"", "\"\\", "<@>",
		",", "=?", "=?utf-8?q?=C3?=", "Mon,", "31 Feb 2012 00:00",
		"1 Jan 2012 99:00:00 +0000", "(" };

	for (size_t i = 0; i < G_N_ELEMENTS(values); i++) {
		struct span value = span_from_string(values[i]);
		g_autoptr(arena_auto) arena = arena_new();
		uint64_t left = GUESS_OCTETS_MAX;
		struct guess_list list;

		guess_list_init(&list, arena, &left, value);
		guess_date(&list, value, TIMESTAMP_NONE);
		g_assert_cmpuint(list.n, ==, 0);
		guess_address(&list, value);
		guess_encodings(&list, SPAN("From"), value, true);
		guess_encodings(&list, SPAN("Subject"), value, true);
		guess_subject(&list, value);
	}
}

static void
test_bounds(void)
{
	g_autoptr(arena_auto) arena = arena_new();
	struct copied_field copies[600];
	struct copied_fields copied = { .list = copies };
	uint64_t left = GUESS_OCTETS_MAX, few = 10;
	struct guess_list list;

	for (; copied.n < G_N_ELEMENTS(copies); copied.n++) {
		GString *text = g_string_new(NULL);

		g_string_printf(text, " %zu", copied.n);
		copies[copied.n] = (struct copied_field){ SPAN("to"),
			arena_copy(arena,
			    (struct span){
				(const uint8_t *)text->str, text->len }) };
		g_string_free(text, TRUE);
	}
	guess_list_init(&list, arena, &left, SPAN(" x"));
	guess_copied(&list, SPAN("To"), 0, &copied);
	g_assert_cmpuint(list.n, ==, GUESSES_MAX);
	g_assert_true(list.cut);
	/* The instance that is meant comes first, from the bottom. */
	g_assert_true(span_equal(list.list[0].value, SPAN(" 599")));
	g_assert_cmpuint(list.list[0].group, ==, GUESS_COPIES);
	g_assert_cmpuint(list.list[1].group, ==, GUESS_ALONE);
	guess_list_init(&list, arena, &few, SPAN(" x"));
	guess_copied(&list, SPAN("To"), 0, &copied);
	g_assert_cmpuint(list.n, <, 10);
	g_assert_true(list.cut);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_set_nonfatal_assertions();
	g_assert_null(display_init());
	g_test_add_func("/guess/guesses", test_guesses);
	g_test_add_func("/guess/nothing", test_nothing);
	g_test_add_func("/guess/bounds", test_bounds);
	return g_test_run();
}
