/* test_taglist.c - RFC 6376 section 3.2 tag-lists. */
#include "keysnap/key/taglist.h"
#include "tests/unit/span_assert.h"

#include <glib.h>

#define BYTES(literal)                                          \
	{                                                       \
		(const uint8_t *)(literal), sizeof(literal) - 1 \
	}

static const struct {
	const char *name;
	struct span text;
	bool utf8;
	enum taglist_status want;
	size_t want_n, want_bad;
} cases[] = {
	{ "nothing", { NULL, 0 }, false, TAGLIST_OK, 0, 0 },
	{ "white space", BYTES(" \r\n\t"), false, TAGLIST_OK, 0, 0 },
	{ "one tag", BYTES("v=1"), false, TAGLIST_OK, 1, 0 },
	{ "FWS round =", BYTES("b\r\n\t = x"), false, TAGLIST_OK, 1, 0 },
	{ "FWS round the name", BYTES(" \r\n a =1;\tb\r\n\t=2"), false,
	    TAGLIST_OK, 2, 0 },
	{ "empty value", BYTES("p="), false, TAGLIST_OK, 1, 0 },
	{ "empty value, tag behind", BYTES("p=;t=s"), false, TAGLIST_OK, 2, 0 },
	{ "= in the value", BYTES("p=a=="), false, TAGLIST_OK, 1, 0 },
	{ "trailing ;", BYTES("a=1;"), false, TAGLIST_OK, 1, 0 },
	{ "trailing ; and FWS", BYTES("a=1; \r\n "), false, TAGLIST_OK, 1, 0 },
	{ "case counts in names", BYTES("a=1;A=2"), false, TAGLIST_OK, 2, 0 },
	{ "underscore in a name", BYTES("a_1=1"), false, TAGLIST_OK, 1, 0 },
	{ "only ;", BYTES(";"), false, TAGLIST_NO_EQUALS, 0, 0 },
	{ "empty tag-spec", BYTES("a=1;;b=2"), false, TAGLIST_NO_EQUALS, 1, 4 },
	{ "two trailing ;", BYTES("a=1; ;"), false, TAGLIST_NO_EQUALS, 1, 4 },
	{ "no =", BYTES("a=1; foo"), false, TAGLIST_NO_EQUALS, 1, 4 },
	{ "no name", BYTES("=1"), false, TAGLIST_BAD_NAME, 0, 0 },
	{ "digit first", BYTES("1a=1"), false, TAGLIST_BAD_NAME, 0, 0 },
	{ "underscore first", BYTES("_a=1"), false, TAGLIST_BAD_NAME, 0, 0 },
	{ "hyphen in a name", BYTES("a-b=1"), false, TAGLIST_BAD_NAME, 0, 0 },
	{ "space in a name", BYTES("a b=1"), false, TAGLIST_BAD_NAME, 0, 0 },
	{ "8-bit in a name", BYTES("\xc3\xa4=1"), true, TAGLIST_BAD_NAME, 0,
	    0 },
	{ "bare LF before a name", BYTES("a=1;\nb=2"), false, TAGLIST_BAD_NAME,
	    1, 4 },
	{ "8-bit in a value", BYTES("v=1; n=\xff"), false, TAGLIST_BAD_VALUE, 1,
	    4 },
	{ "UTF-8 where forbidden", BYTES("d=\xc3\xbc"), false,
	    TAGLIST_BAD_VALUE, 0, 0 },
	{ "UTF-8 where allowed", BYTES("d=\xc3\xbc"), true, TAGLIST_OK, 1, 0 },
	{ "Latin-1 where UTF-8 is allowed", BYTES("d=\xfc."), true,
	    TAGLIST_BAD_VALUE, 0, 0 },
	{ "NUL", BYTES("a=1\0"), false, TAGLIST_BAD_VALUE, 0, 0 },
	{ "DEL", BYTES("a=\x7f"), false, TAGLIST_BAD_VALUE, 0, 0 },
	{ "VT", BYTES("a=b\vc"), false, TAGLIST_BAD_VALUE, 0, 0 },
	{ "folded value", BYTES("a=b\r\n c\r\n\td"), false, TAGLIST_OK, 1, 0 },
	{ "bare LF", BYTES("a=b\n c"), false, TAGLIST_BAD_VALUE, 0, 0 },
	{ "bare CR", BYTES("a=b\r c"), false, TAGLIST_BAD_VALUE, 0, 0 },
	{ "CRLF without WSP", BYTES("a=b\r\nc"), false, TAGLIST_BAD_VALUE, 0,
	    0 },
	{ "CRLF at the end", BYTES("a=b\r\n"), false, TAGLIST_BAD_VALUE, 0, 0 },
	{ "duplicate", BYTES("d=a;d=b"), false, TAGLIST_DUPLICATE, 1, 4 },
	{ "duplicate, same value", BYTES("d=a;e=1;d=a"), false,
	    TAGLIST_DUPLICATE, 2, 8 },
};

static void
test_parse(void)
{
	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		struct taglist list;
		size_t bad = 99;

		g_test_message("%s", cases[i].name);
		g_assert_cmpint(
		    taglist_parse(&list, cases[i].text, cases[i].utf8, &bad),
		    ==, cases[i].want);
		g_assert_cmpuint(list.n, ==, cases[i].want_n);
		if (cases[i].want != TAGLIST_OK)
			g_assert_cmpuint(bad, ==, cases[i].want_bad);
	}
}

static void
test_spans(void)
{
	const struct span text = SPAN("v=1;\r\n\tb = \r\n a b\t; p=; ");
	struct taglist list;
	size_t bad;

	g_assert_cmpint(
	    taglist_parse(&list, text, false, &bad), ==, TAGLIST_OK);
	g_assert_cmpuint(list.n, ==, 3);
	span_assert_equal("name", list.tags[1].name, SPAN("b"));
	span_assert_equal("value", list.tags[1].value, SPAN("a b"));
	span_assert_equal("raw", list.tags[1].raw_value, SPAN(" \r\n a b\t"));
	g_assert_true(list.tags[1].raw_value.p == text.p + 10);
	span_assert_equal("empty", taglist_get(&list, "p")->value, SPAN(""));
	g_assert_nonnull(taglist_get(&list, "p")->value.p);
	g_assert_null(taglist_get(&list, "V"));

	/* What lies behind the text is not looked at. */
	g_assert_cmpint(taglist_parse(&list, span_sub(SPAN("a=b\r\n c"), 0, 5),
			    false, &bad),
	    ==, TAGLIST_BAD_VALUE);
}

/* TAGLIST_MAX tags, and one more. */
static void
test_limit(void)
{
	g_autoptr(GString) text = g_string_new(NULL);
	struct taglist list;
	size_t bad;

	for (int i = 0; i < TAGLIST_MAX; i++)
		g_string_append_printf(text, "t%02d=%d;", i, i);
	g_assert_cmpint(
	    taglist_parse(&list, span_from_string(text->str), false, &bad), ==,
	    TAGLIST_OK);
	g_assert_cmpuint(list.n, ==, TAGLIST_MAX);
	bad = text->len;
	g_string_append(text, "x=");
	g_assert_cmpint(
	    taglist_parse(&list, span_from_string(text->str), false, &bad), ==,
	    TAGLIST_TOO_MANY);
	g_assert_cmpuint(bad, ==, text->len - 2);
	g_assert_cmpuint(list.n, ==, TAGLIST_MAX);
}

static void
test_elements(void)
{
	static const struct {
		const char *value, *want; /* elements in brackets */
	} lists[] = {
		{ "", "" },
		{ "a", "[a]" },
		{ "a:b", "[a][b]" },
		{ " a : b\r\n :c ", "[a][b][c]" },
		{ ":", "[][]" },
		{ "a:", "[a][]" },
		{ ":a", "[][a]" },
		{ "a::b", "[a][][b]" },
	};

	for (size_t i = 0; i < G_N_ELEMENTS(lists); i++) {
		g_autoptr(GString) got = g_string_new(NULL);
		struct span element;
		size_t at = 0;

		while (taglist_next_element(
		    span_from_string(lists[i].value), &at, &element)) {
			g_autofree char *text = span_dup(element);

			g_string_append_printf(got, "[%s]", text);
		}
		g_assert_cmpstr(got->str, ==, lists[i].want);
	}
}

/* Values are looked at in blocks: an odd octet is found in every place. */
static void
test_places(void)
{
	static const struct {
		const char *octets;
		bool with_utf8, without;
	} odd[] = { { "\x01", false, false }, { "\x7f", false, false },
		{ "\n", false, false }, { "\r", false, false },
		{ "\xff", false, false }, { "\xc3\xbc", true, false },
		{ "\t", true, true }, { "\r\n ", true, true },
		{ "\r\nx", false, false }, { "~", true, true } };

	for (size_t at = 0; at <= 50; at++) {
		for (size_t i = 0; i < G_N_ELEMENTS(odd); i++) {
			g_autofree char *front = g_strnfill(at, 'x');
			g_autofree char *rest = g_strnfill(50 - at, 'y');
			g_autofree char *text = g_strconcat(
			    "a=x", front, odd[i].octets, rest, "y", NULL);
			struct span span = span_from_string(text);
			struct taglist list;
			size_t bad;

			g_assert_true((taglist_parse(&list, span, true, &bad) ==
					  TAGLIST_OK) == odd[i].with_utf8);
			g_assert_true(
			    (taglist_parse(&list, span, false, &bad) ==
				TAGLIST_OK) == odd[i].without);
		}
	}
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_set_nonfatal_assertions();
	g_test_add_func("/taglist/parse", test_parse);
	g_test_add_func("/taglist/spans", test_spans);
	g_test_add_func("/taglist/limit", test_limit);
	g_test_add_func("/taglist/elements", test_elements);
	g_test_add_func("/taglist/places", test_places);
	return g_test_run();
}
