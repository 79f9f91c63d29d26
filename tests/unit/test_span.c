/* test_span.c - borrowed runs of bytes. */
#include "keysnap/base/span.h"

#include <string.h>
#include "tests/unit/span_assert.h"

#include <glib.h>

static const struct span empty = { NULL, 0 };

static void
test_sub(void)
{
	static const struct {
		const char *name;
		size_t at, n;
		const char *want;
	} cases[] = {
		{ "all", 0, 3, "abc" },
		{ "middle", 1, 1, "b" },
		{ "cut at the end", 1, 9, "bc" },
		{ "at the end", 3, 1, "" },
		{ "past the end", 4, 1, "" },
		{ "far past the end", SIZE_MAX, SIZE_MAX, "" },
		{ "nothing", 1, 0, "" },
	};

	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++)
		span_assert_equal(cases[i].name,
		    span_sub(SPAN("abc"), cases[i].at, cases[i].n),
		    span_from_string(cases[i].want));
	span_assert_equal("of nothing", span_sub(empty, 1, 1), empty);
	span_assert_equal("from", span_from(SPAN("a\0b"), 1), SPAN("\0b"));
	span_assert_equal("NULL", span_from_string(NULL), empty);
}

static void
test_compare(void)
{
	static const struct {
		const char *name;
		struct span a, b;
		int order;
		bool equal_nocase;
	} cases[] = {
		{ "empty", { NULL, 0 }, { NULL, 0 }, 0, true },
		{ "empty first", { NULL, 0 }, { (const uint8_t *)"", 1 }, -1,
		    false },
		{ "shorter first", { (const uint8_t *)"a", 1 },
		    { (const uint8_t *)"ab", 2 }, -1, false },
		{ "NUL counts", { (const uint8_t *)"a\0b", 3 },
		    { (const uint8_t *)"a\0c", 3 }, -1, false },
		{ "octets are unsigned", { (const uint8_t *)"\x7f", 1 },
		    { (const uint8_t *)"\x80", 1 }, -1, false },
		{ "case", { (const uint8_t *)"Ab", 2 },
		    { (const uint8_t *)"aB", 2 }, -1, true },
		{ "no case above ASCII", { (const uint8_t *)"\xc4", 1 },
		    { (const uint8_t *)"\xe4", 1 }, -1, false },
		{ "@ is not `", { (const uint8_t *)"@", 1 },
		    { (const uint8_t *)"`", 1 }, -1, false },
		{ "same", { (const uint8_t *)"abc", 3 },
		    { (const uint8_t *)"abc", 3 }, 0, true },
	};

	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		struct span a = cases[i].a, b = cases[i].b;
		int order = span_compare(a, b), back = span_compare(b, a);

		g_test_message("%s", cases[i].name);
		g_assert_cmpint((order > 0) - (order < 0), ==, cases[i].order);
		g_assert_cmpint((back < 0) - (back > 0), ==, cases[i].order);
		g_assert_true(span_equal(a, b) == (cases[i].order == 0));
		g_assert_true(span_equal_nocase(a, b) == cases[i].equal_nocase);
	}
}

static void
test_ends(void)
{
	g_assert_true(span_starts_with(SPAN("abc"), SPAN("ab")));
	g_assert_true(span_starts_with(SPAN("abc"), empty));
	g_assert_true(span_starts_with(empty, empty));
	g_assert_false(span_starts_with(SPAN("ab"), SPAN("abc")));
	g_assert_false(span_starts_with(SPAN("abc"), SPAN("b")));
	g_assert_true(span_ends_with(SPAN("abc"), SPAN("bc")));
	g_assert_true(span_ends_with(SPAN("abc"), SPAN("abc")));
	g_assert_true(span_ends_with(empty, empty));
	g_assert_false(span_ends_with(SPAN("bc"), SPAN("abc")));
	g_assert_false(span_ends_with(SPAN("abc"), SPAN("b")));
	g_assert_cmpuint(span_find(SPAN("a\0b"), 'b'), ==, 2);
	g_assert_cmpuint(span_find(SPAN("a\0b"), 0), ==, 1);
	g_assert_cmpuint(span_find(SPAN("abc"), 'x'), ==, 3);
	g_assert_cmpuint(span_find(empty, 0), ==, 0);
}

static void
test_trim(void)
{
	static const struct {
		const char *text, *wsp, *fws;
	} cases[] = {
		{ "", "", "" },
		{ " \t", "", "" },
		{ "\r\n ", "\r\n", "" },
		{ "\t a b \t", "a b", "a b" },
		{ "\r\n\ta\r\n b \r\n ", "\r\n\ta\r\n b \r\n", "a\r\n b" },
		{ "\v\fa\v", "\v\fa\v", "\v\fa\v" },
		{ "\xa0"
		  "a\xa0",
		    "\xa0"
		    "a\xa0",
		    "\xa0"
		    "a\xa0" },
	};

	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		struct span text = span_from_string(cases[i].text);

		span_assert_equal(
		    "WSP", span_trim_wsp(text), span_from_string(cases[i].wsp));
		span_assert_equal(
		    "FWS", span_trim_fws(text), span_from_string(cases[i].fws));
	}
	span_assert_equal("NULL", span_trim_fws(empty), empty);
}

static void
test_dup(void)
{
	g_autofree char *copy = span_dup(span_sub(SPAN("abc"), 0, 2));
	g_autofree char *none = span_dup(empty);

	g_assert_cmpstr(copy, ==, "ab");
	g_assert_cmpstr(none, ==, "");
}

/* Each octet at each place of a run that is longer than a word, with what is
 * below and above it in the word. */
static void
test_plain(void)
{
	static const char around[] = { ' ', '~', '!' };
	uint8_t text[21];

	for (unsigned octet = 0; octet < 256; octet++) {
		bool plain = octet >= 0x20 && octet <= 0x7e && octet != '"' &&
		    octet != '\\';

		for (size_t at = 0; at < sizeof(text); at++) {
			for (size_t i = 0; i < sizeof(around); i++) {
				memset(text, around[i], sizeof(text));
				text[at] = (uint8_t)octet;
				g_assert_cmpuint(span_plain((struct span){
						     text, sizeof(text) }),
				    ==, plain ? sizeof(text) : at);
				g_assert_cmpuint(
				    span_plain((struct span){ text, at }), ==,
				    at);
			}
		}
	}
	g_assert_cmpuint(span_plain(empty), ==, 0);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_set_nonfatal_assertions();
	g_test_add_func("/span/sub", test_sub);
	g_test_add_func("/span/compare", test_compare);
	g_test_add_func("/span/ends", test_ends);
	g_test_add_func("/span/trim", test_trim);
	g_test_add_func("/span/dup", test_dup);
	g_test_add_func("/span/plain", test_plain);
	return g_test_run();
}
