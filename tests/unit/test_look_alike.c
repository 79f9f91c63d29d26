/* test_look_alike.c - names that look alike, and names that do not. */
#include "verifier/verdict/look_alike.h"

#include "keysnap/base/text.h"
#include "tests/unit/span_assert.h"

#include <glib.h>

static struct span
skeleton(struct arena *arena, const char *text)
{
	return look_alike_skeleton(arena, span_from_string(text));
}

static void
test_letters(void)
{
	static const struct {
		const char *text, *want;
	} cases[] = {
		{ "example.com", "example.com" },
		{ "", "" },
		{ "аррӏе.com", "apple.com" },
		{ "раураӏ.com", "paypal.com" },
		{ "gооgle.com", "google.com" },
		{ "ɡoogle.com", "google.com" },
		{ "οօസo", "ooസo" },
		{ "bücher.example", "bücher.example" },
		{ "0rn1", "0rn1" },
	};
	g_autoptr(arena_auto) arena = arena_new();

	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++)
		span_assert_equal(cases[i].text,
		    look_alike_letters(arena, span_from_string(cases[i].text)),
		    span_from_string(cases[i].want));
}

static void
test_pairs(void)
{
	static const struct {
		const char *a, *b;
		bool alike;
	} cases[] = {
		{ "microsoft.com", "rnicrosoft.com", true },
		{ "paypal.com", "paypa1.com", true },
		{ "paypal.com", "paypai.com", true }, /* paypaI */
		{ "google.com", "g00gle.com", true },
		{ "wells.example", "vvells.example", true },
		{ "apple.com", "аррӏе.com", true },
		{ "microsoft.com", "rпicrosoft.com", false },
		{ "modern.example", "modem.example", true },
		{ "example.com", "example.net", false },
		{ "bucher.example", "bücher.example", false },
		{ "a.b", "ab", false },
		{ "rrn.example", "rm.example", true },
		{ "vvv.example", "wv.example", true },
	};
	g_autoptr(arena_auto) arena = arena_new();

	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_test_message("%s %s", cases[i].a, cases[i].b);
		g_assert_cmpint(span_equal(skeleton(arena, cases[i].a),
				    skeleton(arena, cases[i].b)),
		    ==, cases[i].alike);
	}
}

static void
test_scripts(void)
{
	static const struct {
		const char *text;
		bool mixed;
	} cases[] = {
		{ "example.com", false },
		{ "bücher-2.example", false },
		{ "пример.example", false }, /* one script a label */
		{ "пример2-3.example", false },
		{ "pаypal.com", true }, /* Cyrillic a */
		{ "ex.pаypal.com", true },
		{ "αбв.example", true },         /* Greek and Cyrillic */
		{ "例え.テスト", false },        /* Han, Hiragana; Katakana */
		{ "japan例えテスト.jp", false }, /* with Latin */
		{ "例ㄅ.tw", false },            /* Bopomofo */
		{ "例한국x.kr", false },         /* Hangul */
		{ "한국え.kr", true },           /* Hangul and Hiragana */
		{ "ㄅえ.tw", true },
		{ "例п.example", true },
		{ "e\xcc\x81.example", false }, /* a mark that inherits */
		{ "\xff\xd0\xb0z", false },     /* no UTF-8 */
		{ "", false },
	};

	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_test_message("%s", cases[i].text);
		g_assert_cmpint(
		    look_alike_mixes_scripts(span_from_string(cases[i].text)),
		    ==, cases[i].mixed);
	}
}

/* Each row of the table is found, and nothing between them: a table out of
 * order would lose some. */
static void
test_table(void)
{
	g_autoptr(arena_auto) arena = arena_new();
	size_t n = 0;

	for (gunichar c = 0x80; c < 0x20000; c++) {
		char text[7] = { 0 };
		struct span one = { (const uint8_t *)text, 0 }, got;

		if (c >= 0xd800 && c < 0xe000)
			continue;
		one.n = (size_t)g_unichar_to_utf8(c, text);
		got = look_alike_letters(arena, one);
		if (span_equal(got, one))
			continue;
		n++;
		g_assert_true(got.n == 1 && text_is_ascii(got));
		g_assert_true(g_unichar_isalnum(c));
		g_assert_false(g_unichar_isupper(c));
	}
	g_assert_cmpuint(n, ==, 92);
}

/* A skeleton is its own skeleton, and a name looks like itself in any of the
 * letters of the table. */
static void
test_properties(void)
{
	static const char *const parts[] = { "r", "n", "v", "0", "1", "i", "o",
		"l", "m", "w", ".", "-", "а", "ο", "ӏ", "ü", "例", "rn", "vv" };
	g_autoptr(arena_auto) arena = arena_new();

	for (int i = 0; i < 5000; i++) {
		g_autoptr(GString) text = g_string_new(NULL);
		struct span letters;

		for (int at = g_test_rand_int_range(0, 12); at > 0; at--)
			g_string_append(text,
			    parts[g_test_rand_int_range(
				0, G_N_ELEMENTS(parts))]);
		letters =
		    look_alike_letters(arena, span_from_string(text->str));
		span_assert_equal(text->str,
		    look_alike_skeleton(arena, letters),
		    skeleton(arena, text->str));
		span_assert_equal(
		    text->str, look_alike_letters(arena, letters), letters);
		g_assert_cmpuint(skeleton(arena, text->str).n, <=, text->len);
		arena_reset(arena);
	}
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_set_nonfatal_assertions();
	g_test_add_func("/look_alike/letters", test_letters);
	g_test_add_func("/look_alike/pairs", test_pairs);
	g_test_add_func("/look_alike/scripts", test_scripts);
	g_test_add_func("/look_alike/table", test_table);
	g_test_add_func("/look_alike/properties", test_properties);
	return g_test_run();
}
