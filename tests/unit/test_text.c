/* test_text.c - text from outside, made safe to show. */
#include "keysnap/base/text.h"
#include "tests/unit/span_assert.h"

#include <string.h>

#define FFFD "\xef\xbf\xbd"

#define BYTES(literal)                                          \
	{                                                       \
		(const uint8_t *)(literal), sizeof(literal) - 1 \
	}

static struct span
span_of(const GString *string)
{
	return (struct span){ (const uint8_t *)string->str, string->len };
}

/* Examples of Unicode 15, tables 3-8 to 3-11, and the ends of each range. */
static void
test_utf8(void)
{
	static const struct {
		const char *name;
		struct span text, want;
	} cases[] = {
		{ "empty", { NULL, 0 }, { NULL, 0 } },
		{ "NUL", BYTES("a\0b"), BYTES("a\0b") },
		{ "two octets", BYTES("\xc2\x80\xdf\xbf"),
		    BYTES("\xc2\x80\xdf\xbf") },
		{ "three octets", BYTES("\xe0\xa0\x80\xef\xbf\xbf"),
		    BYTES("\xe0\xa0\x80\xef\xbf\xbf") },
		{ "four octets", BYTES("\xf0\x90\x80\x80\xf4\x8f\xbf\xbf"),
		    BYTES("\xf0\x90\x80\x80\xf4\x8f\xbf\xbf") },
		{ "round a surrogate", BYTES("\xed\x9f\xbf\xee\x80\x80"),
		    BYTES("\xed\x9f\xbf\xee\x80\x80") },
		{ "overlong (3-8)",
		    BYTES("\xc0\xaf\xe0\x80\xbf\xf0\x81\x82\x41"),
		    BYTES(FFFD FFFD FFFD FFFD FFFD FFFD FFFD FFFD "A") },
		{ "surrogates (3-9)",
		    BYTES("\xed\xa0\x80\xed\xbf\xbf\xed\xaf\x41"),
		    BYTES(FFFD FFFD FFFD FFFD FFFD FFFD FFFD FFFD "A") },
		{ "other (3-10)", BYTES("\xf4\x91\x92\x93\xff\x41\x80\xbf\x42"),
		    BYTES(FFFD FFFD FFFD FFFD FFFD "A" FFFD FFFD "B") },
		{ "truncated (3-11)",
		    BYTES("\xe1\x80\xe2\xf0\x91\x92\xf1\xbf\x41"),
		    BYTES(FFFD FFFD FFFD FFFD "A") },
		{ "cut at the end", BYTES("a\xf0\x9f\x98"), BYTES("a" FFFD) },
		{ "Latin-1 behind eight", BYTES("12345678\xe9ric"),
		    BYTES("12345678" FFFD "ric") },
	};

	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autoptr(GString) out = g_string_new(NULL);
		bool valid = span_equal(cases[i].text, cases[i].want);

		text_append_utf8(out, cases[i].text);
		span_assert_equal(cases[i].name, span_of(out), cases[i].want);
		g_assert_true(text_is_utf8(cases[i].text) == valid);
	}
}

/* All code points in one text; every value of three octets against GLib. */
static void
test_all(void)
{
	g_autoptr(GString) out = g_string_new(NULL);
	uint8_t octets[3];

	for (gunichar c = 0; c <= 0x10ffff; c++) {
		if (c < 0xd800 || c > 0xdfff)
			g_string_append_unichar(out, c);
	}
	g_assert_true(text_is_utf8(span_of(out)));
	for (unsigned i = 0x010101; i <= 0xffffff; i++) {
		bool want;

		octets[0] = (uint8_t)(i >> 16);
		octets[1] = (uint8_t)(i >> 8);
		octets[2] = (uint8_t)i;
		/* GLib takes no NUL. */
		if (octets[0] == 0 || octets[1] == 0 || octets[2] == 0)
			continue;
		want = g_utf8_validate((const char *)octets, 3, NULL);
		if (text_is_utf8((struct span){ octets, 3 }) != want) {
			g_assert_cmphex(i, ==, 0);
			return;
		}
	}
}

static void
test_terminal(void)
{
	static const struct {
		const char *name;
		struct span text;
		const char *want;
	} cases[] = {
		{ "plain",
		    BYTES("Gr\xc3\xbc\xc3\x9f"
			  "e ~"),
		    "Gr\xc3\xbc\xc3\x9f"
		    "e ~" },
		{ "C0 and DEL", BYTES("\0\t\r\n\x1b[2J\x7f"),
		    "\\u{00}\\u{09}\\u{0d}\\u{0a}\\u{1b}[2J\\u{7f}" },
		{ "C1", BYTES("\xc2\x9b"), "\\u{9b}" },
		{ "no-break space is shown", BYTES("\xc2\xa0"), "\xc2\xa0" },
		{ "bidi", BYTES("\xe2\x80\xae\xe2\x81\xa6\xd8\x9c"),
		    "\\u{202e}\\u{2066}\\u{61c}" },
		{ "zero width", BYTES("\xe2\x80\x8b\xef\xbb\xbf"),
		    "\\u{200b}\\u{feff}" },
		{ "line separator", BYTES("\xe2\x80\xa8"), "\\u{2028}" },
		{ "tags", BYTES("\xf3\xa0\x81\x81"), "\\u{e0041}" },
		{ "invalid", BYTES("\xe2\x80!\xff"), "\\x{e2}\\x{80}!\\x{ff}" },
	};

	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autoptr(GString) out = g_string_new(NULL);
		g_autoptr(GString) tsv = g_string_new(NULL);

		text_append_terminal(out, cases[i].text);
		text_append_tsv(tsv, cases[i].text);
		span_assert_equal(cases[i].name, span_of(out),
		    span_from_string(cases[i].want));
		span_assert_equal(cases[i].name, span_of(tsv),
		    span_from_string(cases[i].want));
	}
}

static void
test_csv(void)
{
	static const struct {
		struct span text;
		const char *want;
	} cases[] = {
		{ { NULL, 0 }, "\"\"" },
		{ BYTES("a,b\r\n"), "\"a,b\r\n\"" },
		{ BYTES("\""), "\"\"\"\"" },
		{ BYTES("say \"hi\"!"), "\"say \"\"hi\"\"!\"" },
		{ BYTES("=1+1"), "\"'=1+1\"" },
		{ BYTES("+1"), "\"'+1\"" },
		{ BYTES("-1"), "\"'-1\"" },
		{ BYTES("@x"), "\"'@x\"" },
		{ BYTES("\t="), "\"'\t=\"" },
		{ BYTES("\xef\xbc\x9d"
			"1"),
		    "\"'\xef\xbc\x9d"
		    "1\"" },
		{ BYTES("a=1"), "\"a=1\"" },
		{ BYTES("\xff"), "\"" FFFD "\"" },
	};

	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autoptr(GString) out = g_string_new(NULL);

		text_append_csv(out, cases[i].text);
		span_assert_equal(
		    "CSV", span_of(out), span_from_string(cases[i].want));
	}
}

/* Of any length, with any octet anywhere. */
static void
test_ascii(void)
{
	uint8_t octets[40];

	for (size_t n = 0; n < sizeof(octets); n++) {
		memset(octets, 0x7f, sizeof(octets));
		octets[n] = 0x80; /* behind the text */
		g_assert_true(text_is_ascii((struct span){ octets, n }));
		for (size_t at = 0; at < n; at++) {
			octets[at] = 0x80;
			g_assert_false(
			    text_is_ascii((struct span){ octets, n }));
			octets[at] = 0x7f;
		}
	}
	g_assert_true(text_is_ascii((struct span){ NULL, 0 }));
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_set_nonfatal_assertions();
	g_test_add_func("/text/utf8", test_utf8);
	g_test_add_func("/text/all", test_all);
	g_test_add_func("/text/terminal", test_terminal);
	g_test_add_func("/text/csv", test_csv);
	g_test_add_func("/text/ascii", test_ascii);
	return g_test_run();
}
