/* test_emlx.c - where the message of an .emlx lies, and what is odd there. */
#include "verifier/archive/emlx.h"

#include "tests/unit/span_assert.h"

#include <glib.h>
#include <string.h>

#define LIST "<?xml version=\"1.0\"?>\n<plist><dict/></plist>\n"

static const struct {
	const char *name, *file;
	const char *message; /* NULL: no .emlx */
	enum emlx_defect defect;
} cases[] = {
	{ "as Apple Mail writes it", "7         \nS: x\n\ny" LIST, "S: x\n\ny",
	    EMLX_WHOLE },
	{ "no blanks", "8\nS: x\n\ny\n" LIST, "S: x\n\ny\n", EMLX_WHOLE },
	{ "leading zeros", "0000000008\nS: x\n\ny\n" LIST, "S: x\n\ny\n",
	    EMLX_WHOLE },
	{ "CRLF everywhere, counted", "11\r\nS: x\r\n\r\ny\r\n" LIST,
	    "S: x\r\n\r\ny\r\n", EMLX_WHOLE },
	{ "CRLF, not counted", "8\r\nS: x\r\n\r\ny\r\n" LIST, "S: x\r\n\r\n",
	    EMLX_OTHER_LIST },
	{ "BOM", "11\n\xef\xbb\xbfS: x\n\ny\n" LIST, "\xef\xbb\xbfS: x\n\ny\n",
	    EMLX_WHOLE },
	{ "a property list in the message", "53\nS: x\n\n" LIST "y\n" LIST,
	    "S: x\n\n" LIST "y\n", EMLX_WHOLE },
	{ "blank line before the list", "8\nS: x\n\ny\n\n" LIST "\n",
	    "S: x\n\ny\n", EMLX_WHOLE },
	{ "list without declaration", "5\nS: x\n<plist>\n</plist>", "S: x\n",
	    EMLX_WHOLE },
	{ "no list", "8\nS: x\n\ny\n", "S: x\n\ny\n", EMLX_NO_LIST },
	{ "blanks for a list", "8\nS: x\n\ny\n \r\n", "S: x\n\ny\n",
	    EMLX_NO_LIST },
	{ "text for a list", "8\nS: x\n\ny\nmore\n", "S: x\n\ny\n",
	    EMLX_OTHER_LIST },
	{ "mail between two lists", "8\nS: x\n\ny\n" LIST "S: z\n\nw\n" LIST,
	    "S: x\n\ny\n", EMLX_OTHER_LIST },
	{ "the list is cut", "8\nS: x\n\ny\n<?xml version=\"1.0\"?>\n<pli",
	    "S: x\n\ny\n", EMLX_OTHER_LIST },
	{ "the count is one short", "7\nS: x\n\nyz" LIST, "S: x\n\ny",
	    EMLX_OTHER_LIST },
	{ "the count is one long", "9\nS: x\n\ny\n" LIST, "S: x\n\ny\n<",
	    EMLX_OTHER_LIST },
	{ "the count is nothing", "0\nS: x\n" LIST, "", EMLX_OTHER_LIST },
	{ "cut by one octet", "9\nS: x\n\ny\n", "S: x\n\ny\n", EMLX_CUT },
	{ "the largest count", "9999999999\nS: x\n", "S: x\n", EMLX_CUT },
	{ "one digit more", "10000000000\nS: x\n", NULL, EMLX_WHOLE },
	{ "empty", "", NULL, EMLX_WHOLE },
	{ "only a count", "8\n", NULL, EMLX_WHOLE },
	{ "no count", "\nS: x\n", NULL, EMLX_WHOLE },
	{ "blanks first", " 8\nS: x\n", NULL, EMLX_WHOLE },
	{ "negative", "-8\nS: x\n", NULL, EMLX_WHOLE },
	{ "hexadecimal", "0x8\nS: x\n", NULL, EMLX_WHOLE },
	{ "text behind the count", "8 x\nS: x\n", NULL, EMLX_WHOLE },
	{ "no line end", "8", NULL, EMLX_WHOLE },
	{ "CR alone", "8\rS: x\n", NULL, EMLX_WHOLE },
	{ "CR twice", "8\r\r\nS: x\n", NULL, EMLX_WHOLE },
	{ "mail", "S: x\n", NULL, EMLX_WHOLE },
	{ "a list of numbers", "8\n9\n10\n", NULL, EMLX_WHOLE },
	{ "prose", "8\nlines of text\n", NULL, EMLX_WHOLE },
	{ "8-bit name", "8\nS\xc3\xbc: x\n", NULL, EMLX_WHOLE },
};

static void
test_parse(void)
{
	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		struct span file = span_from_string(cases[i].file);
		struct emlx emlx;
		bool found = emlx_parse(file, &emlx);

		g_test_message("%s", cases[i].name);
		g_assert_cmpint(found, ==, cases[i].message != NULL);
		g_assert_cmpint(emlx_is_emlx(file), ==, found);
		g_assert_cmpint(emlx.defect, ==, cases[i].defect);
		span_assert_equal(cases[i].name,
		    span_sub(file, emlx.offset, emlx.length),
		    span_from_string(cases[i].message));
	}
}

/* NUL is an octet like any other; the message may hold it. */
static void
test_nul(void)
{
	struct emlx emlx;

	g_assert_true(emlx_parse(SPAN("8\nS: \0\n\n\0\n" LIST), &emlx));
	g_assert_cmpuint(emlx.length, ==, 8);
	g_assert_cmpint(emlx.defect, ==, EMLX_WHOLE);
	g_assert_false(emlx_parse(SPAN("8\0\nS: x\n"), &emlx));
	g_assert_false(emlx_parse(SPAN("\0\nS: x\n"), &emlx));
}

/* The count line and the start at their longest, and one octet more. */
static void
test_limits(void)
{
	g_autoptr(GString) text = g_string_new("8");

	while (text->len < EMLX_COUNT_LINE - 1)
		g_string_append_c(text, ' ');
	g_string_append(text, "\nS:");
	g_assert_true(emlx_is_emlx(span_from_string(text->str)));
	while (text->len < EMLX_START)
		g_string_insert_c(text, EMLX_COUNT_LINE + 1, ' ');
	g_assert_true(emlx_is_emlx(span_from_string(text->str)));
	g_string_insert_c(text, EMLX_COUNT_LINE + 1, ' ');
	g_assert_false(emlx_is_emlx(span_from_string(text->str)));
	g_string_assign(text, "8");
	while (text->len < EMLX_COUNT_LINE)
		g_string_append_c(text, ' ');
	g_string_append(text, "\nS:");
	g_assert_false(emlx_is_emlx(span_from_string(text->str)));
}

static void
test_partial(void)
{
	g_assert_true(emlx_is_partial(SPAN("a/12.partial.emlx")));
	g_assert_true(emlx_is_partial(SPAN("12.Partial.EMLX")));
	g_assert_false(emlx_is_partial(SPAN(".partial.emlx")));
	g_assert_false(emlx_is_partial(SPAN("12.emlx")));
	g_assert_false(emlx_is_partial(SPAN("12.partial.emlx.txt")));
	g_assert_false(emlx_is_partial(SPAN("")));
}

static void
test_codes(void)
{
	g_assert_null(emlx_defect_code(EMLX_WHOLE));
	g_assert_cmpstr(emlx_defect_code(EMLX_CUT), ==, "emlx-cut");
	g_assert_cmpstr(emlx_defect_code(EMLX_NO_LIST), ==, "emlx-no-list");
	g_assert_cmpstr(
	    emlx_defect_code(EMLX_OTHER_LIST), ==, "emlx-other-list");
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_set_nonfatal_assertions();
	g_test_add_func("/emlx/parse", test_parse);
	g_test_add_func("/emlx/nul", test_nul);
	g_test_add_func("/emlx/limits", test_limits);
	g_test_add_func("/emlx/partial", test_partial);
	g_test_add_func("/emlx/codes", test_codes);
	return g_test_run();
}
