/* test_octets_shown.c - octets shown to people: the same whatever pieces they
 * come in, cut short at one bound, and escaped. */
#include "verifier/case/octets_shown.h"
#include "tests/unit/span_assert.h"

#include <string.h>

#define MOST ((size_t)OCTETS_SHOWN_HEAD + OCTETS_SHOWN_TAIL)

static struct span
span_of(const GString *text)
{
	return (struct span){ (const uint8_t *)text->str, text->len };
}

/* What is shown of "text", pushed in pieces of "piece" octets; the first has
 * "first" of them. */
static GString *
show(struct span text, size_t first, size_t piece)
{
	GString *out = g_string_new(NULL);
	struct octets_shown shown;

	octets_shown_start(&shown);
	sink_push(&shown.sink, span_sub(text, 0, MIN(first, text.n)));
	text = span_from(text, MIN(first, text.n));
	while (text.n > 0) {
		sink_push(&shown.sink, span_sub(text, 0, MIN(piece, text.n)));
		text = span_from(text, MIN(piece, text.n));
	}
	octets_shown_write(out, &shown, "  ");
	octets_shown_clear(&shown);
	return out;
}

static void
check(const char *name, struct span text, struct span want)
{
	static const size_t pieces[] = { 1, 7, 80, 1024, 1025, 1u << 20 };

	for (size_t i = 0; i < G_N_ELEMENTS(pieces); i++) {
		g_autoptr(GString) got = show(text, 0, pieces[i]);

		span_assert_equal(name, span_of(got), want);
	}
	for (size_t i = 0; i <= MIN(text.n, 64); i++) {
		g_autoptr(GString) got = show(text, i, text.n + 1);

		span_assert_equal(name, span_of(got), want);
	}
}

static const struct {
	const char *name;
	struct span text, shown;
} cases[] = {
	{ "nothing", SPAN(""), SPAN("") },
	{ "one line", SPAN("a\r\n"), SPAN("  | a\n") },
	{ "no end", SPAN("a"), SPAN("  : a\n") },
	{ "empty lines", SPAN("\r\n\r\n"), SPAN("  | \n  | \n") },
	{ "CR and LF alone", SPAN("a\rb\nc"), SPAN("  : a\\u{0d}b\\u{0a}c\n") },
	{ "CR before CRLF", SPAN("a\r\r\nb"), SPAN("  | a\\u{0d}\n  : b\n") },
	{ "CR at the end", SPAN("a\r"), SPAN("  : a\\u{0d}\n") },
	{ "escape, NUL", SPAN("\033[2J\0\r\n"),
	    SPAN("  | \\u{1b}[2J\\u{00}\n") },
	{ "turned", SPAN("a\342\200\256b"), SPAN("  : a\\u{202e}b\n") },
	{ "not UTF-8", SPAN("\377"), SPAN("  : \\x{ff}\n") },
};

static void
test_cases(void)
{
	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++)
		check(cases[i].name, cases[i].text, cases[i].shown);
}

/* As many as are shown, one more, and many: what is left out is counted. */
static void
test_bound(void)
{
	static const size_t sizes[] = { OCTETS_SHOWN_HEAD - 1,
		OCTETS_SHOWN_HEAD, OCTETS_SHOWN_HEAD + 1, MOST - 1, MOST,
		MOST + 1, MOST + 10000, 40 * MOST };

	for (size_t i = 0; i < G_N_ELEMENTS(sizes); i++) {
		size_t n = sizes[i];
		g_autoptr(GString) want = g_string_new("  : ");
		g_autoptr(GString) text = g_string_new(NULL);

		for (size_t j = 0; j < n; j++)
			g_string_append_c(text, (char)('a' + j % 23));
		g_string_append_len(want, text->str,
		    (gssize)(n <= MOST ? n : OCTETS_SHOWN_HEAD));
		if (n > MOST)
			g_string_append_printf(want,
			    "\n  ~ %zu octets are not shown\n  : %s", n - MOST,
			    text->str + n - OCTETS_SHOWN_TAIL);
		g_string_append_c(want, '\n');
		check("bound", span_of(text), span_of(want));
	}
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_set_nonfatal_assertions();
	g_test_add_func("/octets_shown/cases", test_cases);
	g_test_add_func("/octets_shown/bound", test_bound);
	return g_test_run();
}
