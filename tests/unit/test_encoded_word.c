/* test_encoded_word.c - RFC 2047, read strictly and written in styles. */
#include "verifier/message/encoded_word.h"

#include "tests/unit/span_assert.h"
#include "verifier/message/display.h"

#define U "\xc3\xbc" /* u with two dots */

/* "want" NULL: no text. */
static const struct {
	const char *name;
	struct span text;
	const char *want;
} decoded[] = {
	{ "empty", SPAN(""), "" },
	{ "plain", SPAN("a b"), "a b" },
	{ "folded", SPAN("a\r\n\tb"), "a\tb" },
	{ "Q", SPAN("=?utf-8?Q?a_=C3=BC?= b"), "a " U " b" },
	{ "B", SPAN("=?UTF-8?b?w7w=?="), U },
	{ "Latin-1", SPAN("=?iso-8859-1?q?=fc?="), U },
	{ "a language", SPAN("=?utf-8*de?q?=C3=BC?="), U },
	{ "two words, one character each", SPAN("=?utf-8?q?a?= =?utf-8?q?b?="),
	    "ab" },
	{ "two words and a fold", SPAN("=?utf-8?q?a?=\r\n =?utf-8?q?b?="),
	    "ab" },
	{ "a word and a plain one", SPAN("=?utf-8?q?a?=  b"), "a  b" },
	{ "UTF-8 as octets", SPAN(U), U },
	{ "Windows-1252 as octets", SPAN("\xfc\x80"), U "\xe2\x82\xac" },
	{ "half a character in a word", SPAN("=?utf-8?q?=C3?="), NULL },
	{ "charset not known", SPAN("=?x-none?q?a?="), NULL },
	{ "charset with a mark for iconv()", SPAN("=?ascii//IGNORE?q?a?="),
	    NULL },
	{ "encoding not known", SPAN("=?utf-8?x?a?="), NULL },
	{ "no end", SPAN("=?utf-8?q?a"), NULL },
	{ "end cut", SPAN("=?utf-8?q?a?"), NULL },
	{ "only a start", SPAN("=?"), NULL },
	{ "bad padding", SPAN("=?utf-8?b?w7w?="), NULL },
	{ "bad octet in Q", SPAN("=?utf-8?q?=G0?="), NULL },
	{ "a space in Q", SPAN("=?utf-8?q?a b?="), NULL },
	{ "an escape in Q", SPAN("=?utf-8?q?=1B?="), NULL },
	{ "a line end in Q", SPAN("=?utf-8?q?=0D=0A?="), NULL },
	{ "a NUL", SPAN("a\0b"), NULL },
};

static void
test_decode(void)
{
	g_autoptr(arena_auto) arena = arena_new();

	for (size_t i = 0; i < G_N_ELEMENTS(decoded); i++) {
		struct span text = SPAN("untouched");
		bool good = encoded_word_decode(arena, decoded[i].text, &text);

		g_test_message("%s", decoded[i].name);
		g_assert_cmpint(good, ==, decoded[i].want != NULL);
		if (good && decoded[i].want != NULL)
			span_assert_equal(decoded[i].name, text,
			    span_from_string(decoded[i].want));
	}
}

#define STYLE(charset, encoding, strict, length, scope)                    \
	{                                                                  \
		charset, encoding, strict, length, ENCODE_##scope, "\r\n " \
	}

static const struct {
	const char *name, *text;
	struct encoded_style style;
	bool forced;
	const char *want; /* NULL: it cannot be */
} written[] = {
	{ "nothing to encode", "a b", STYLE("utf-8", 'Q', true, 75, ALL), false,
	    "a b" },
	{ "forced", "a b", STYLE("us-ascii", 'Q', true, 75, ALL), true,
	    "=?us-ascii?Q?a_b?=" },
	{ "all", "a " U " b", STYLE("utf-8", 'Q', true, 75, ALL), false,
	    "=?utf-8?Q?a_=C3=BC_b?=" },
	{ "words", "a " U " " U " b " U, STYLE("utf-8", 'q', true, 75, WORDS),
	    false, "a =?utf-8?q?=C3=BC_=C3=BC?= b =?utf-8?q?=C3=BC?=" },
	{ "run", "a " U " b " U " c", STYLE("utf-8", 'b', true, 75, RUN), false,
	    "a =?utf-8?b?w7wgYiDDvA==?= c" },
	{ "loose", U ",", STYLE("utf-8", 'Q', false, 75, ALL), false,
	    "=?utf-8?Q?=C3=BC,?=" },
	{ "strict", U ",", STYLE("utf-8", 'Q', true, 75, ALL), false,
	    "=?utf-8?Q?=C3=BC=2C?=" },
	{ "Latin-1", U, STYLE("iso-8859-1", 'Q', true, 75, ALL), false,
	    "=?iso-8859-1?Q?=FC?=" },
	{ "not in Latin-1", "\xd0\x9c", STYLE("iso-8859-1", 'Q', true, 75, ALL),
	    false, NULL },
	{ "charset not known", U, STYLE("x-none", 'Q', true, 75, ALL), false,
	    NULL },
	{ "cut at a character", U U U, STYLE("utf-8", 'Q', true, 24, ALL),
	    false, "=?utf-8?Q?=C3=BC=C3=BC?=\r\n =?utf-8?Q?=C3=BC?=" },
	{ "cut in base64", U U, STYLE("utf-8", 'B', true, 16, ALL), false,
	    "=?utf-8?B?w7w=?=\r\n =?utf-8?B?w7w=?=" },
	{ "no UTF-8", "\xff", STYLE("utf-8", 'Q', true, 75, ALL), false, NULL },
};

static void
test_append(void)
{
	for (size_t i = 0; i < G_N_ELEMENTS(written); i++) {
		g_autoptr(GString) out = g_string_new("x");
		bool good =
		    encoded_word_append(out, span_from_string(written[i].text),
			&written[i].style, written[i].forced);

		g_test_message("%s", written[i].name);
		g_assert_cmpint(good, ==, written[i].want != NULL);
		g_assert_cmpstr(out->str + 1, ==,
		    written[i].want != NULL ? written[i].want : "");
	}
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_set_nonfatal_assertions();
	g_assert_null(display_init());
	g_test_add_func("/encoded_word/decode", test_decode);
	g_test_add_func("/encoded_word/append", test_append);
	return g_test_run();
}
