/* test_shown_name.c - what can be read in the name beside an address. */
#include "verifier/message/shown_name.h"

#include "verifier/message/display.h"

#include "keysnap/base/text.h"

#include <glib.h>

#define S(text) SPAN(text)

/* "want": domains in their order, "@" before one of an address, "~" before one
 * written like a title. */
static const struct {
	const char *name;
	struct span raw;
	const char *want;
	bool hides, via;
} cases[] = {
	{ "plain", S(" J. Doe "), "", false, false },
	{ "empty", S(""), "", false, false },
	{ "address", S("\"a@B.Example\""), "@b.example", false, false },
	{ "comment", S("Name (x@example.org)"), "@example.org", false, false },
	{ "domain", S("PayPal.com Service"), "paypal.com", false, false },
	{ "capitals", S("PAYPAL.COM"), "paypal.com", false, false },
	{ "title", S("Dr.Med J.Doe"), "~dr.med ~j.doe", false, false },
	{ "a longer word", S("PayPal.Com"), "paypal.com", false, false },
	{ "never a title", S("eBay.Com"), "ebay.com", false, false },
	{ "service mark", S("b.com\xe2\x84\xa0"), "b.com", false, false },
	{ "superscript", S("a@b.com\xc2\xb2"), "@b.com", false, false },
	{ "a longer name", S("Maria.Li"), "~maria.li", false, false },
	{ "both", S("a@b.c (d.e)"), "@b.c d.e", false, false },
	{ "local part with dots", S("\"a.b@c.d\""), "@c.d", false, false },
	{ "quoted pair", S("\"a\\@b.c\""), "@b.c", false, false },
	{ "encoded", S("=?utf-8?q?a=40b=2Ec?="), "@b.c", false, false },
	{ "encoded in quotes", S("\"=?utf-8?b?YUBiLmM=?=\""), "@b.c", false,
	    false },
	{ "encoded twice", S("=?utf-8?q?=3D=3Futf-8=3Fq=3Fa=3D40b.c=3F=3D?="),
	    "40b.c", false, false },
	{ "encoded NUL", S("=?utf-8?q?a=40b=00.c?="), "", false, false },
	{ "full-width at",
	    S("a\xef\xbc\xa0"
	      "b.c"),
	    "@b.c", false, false },
	{ "small at",
	    S("a\xef\xb9\xab"
	      "b.c"),
	    "@b.c", false, false },
	{ "ideographic dot",
	    S("a@b\xe3\x80\x82"
	      "c"),
	    "@b.c", false, false },
	{ "half-width dot",
	    S("a@b\xef\xbd\xa1"
	      "c"),
	    "@b.c", false, false },
	{ "one dot leader",
	    S("a@b\xe2\x80\xa4"
	      "c"),
	    "@b.c", false, false },
	{ "full-width letters", S("a@\xef\xbd\x82.c"), "@b.c", false, false },
	{ "mathematical letters", S("a@\xf0\x9d\x90\x9b.c"), "@b.c", false,
	    false },
	{ "Cyrillic", S("a@\xd0\xb0.c"), "@xn--80a.c", false, false },
	{ "zero width", S("a\xe2\x80\x8b@b\xe2\x80\x8b.c"), "@b.c", true,
	    false },
	{ "variation selector",
	    S("a@\xef\xb8\x8f"
	      "b.c"),
	    "@b.c", false, false },
	{ "joiner of graphemes",
	    S("a@b\xcd\x8f"
	      "b.c"),
	    "@bb.c", false, false },
	{ "filler of Hangul",
	    S("a@b\xe3\x85\xa4"
	      "b.c"),
	    "@bb.c", true, false },
	{ "half-width filler",
	    S("a@b\xef\xbe\xa0"
	      "b.c"),
	    "@bb.c", true, false },
	{ "tag",
	    S("a@b\xf3\xa0\x81\xa1"
	      "b.c"),
	    "@bb.c", false, false },
	{ "Mongolian",
	    S("a@b\xe1\xa0\x8e"
	      "b.c"),
	    "@bb.c", false, false },
	{ "emoji", S("\xe2\x9d\xa4\xef\xb8\x8f"), "", false, false },
	{ "override",
	    S("\xe2\x80\xae"
	      "c.b@a"),
	    "", true, false },
	{ "override with address",
	    S("\xe2\x80\xae"
	      "a@b.c"),
	    "@b.c", true, false },
	{ "mark of direction", S("\xd7\x90\xe2\x80\x8f"), "", false, false },
	{ "joiner", S("\xd9\x86\xe2\x80\x8c\xd9\x87"), "", false, false },
	{ "escape", S("a\x1b[1m@b.c"), "@b.c", true, false },
	{ "folded", S("a\r\n b@c.d"), "@c.d", false, false },
	{ "via", S("'a@b.c' via List"), "@b.c", false, true },
	{ "two at", S("a@b.c@d.e"), "@b.c @d.e", false, false },
	{ "at alone", S("a @ b.c"), "b.c", false, false },
	{ "at first", S("@b.c"), "b.c", false, false },
	{ "no dot", S("a@localhost"), "", false, false },
	{ "dots at the ends", S("a@.b.c..."), "@b.c", false, false },
	{ "two dots", S("a@b..c"), "", false, false },
	{ "label too long",
	    S("a@aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
	      "a.c"),
	    "", false, false },
	{ "no UTF-8", S("a@b\xfc.c"), "@xn--b-eha.c", false, false },
	{ "angles", S("<a@b.c>"), "@b.c", false, false },
	{ "IP address", S("x 192.0.2.1"), "192.0.2.1", false, false },
};

static char *
readings_text(const struct shown_name *name)
{
	GString *text = g_string_new(NULL);

	for (size_t i = 0; i < name->n; i++) {
		const struct shown_reading *reading = &name->readings[i];
		g_autofree char *domain = span_dup(reading->domain);

		g_string_append_printf(text, "%s%s%s", i > 0 ? " " : "",
		    reading->address      ? "@"
			: reading->titled ? "~"
					  : "",
		    domain);
	}
	return g_string_free(text, FALSE);
}

static void
test_cases(void)
{
	g_autoptr(arena_auto) arena = arena_new();

	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		struct shown_name name;

		g_test_message("%s", cases[i].name);
		shown_name_read(&name, arena, cases[i].raw);
		g_autofree char *got = readings_text(&name);
		g_assert_cmpstr(got, ==, cases[i].want);
		g_assert_cmpint(name.hides, ==, cases[i].hides);
		g_assert_cmpint(name.via, ==, cases[i].via);
		g_assert_false(name.cut);
		g_assert_true(text_is_utf8(name.text));
	}
}

/* The bounds, and one past them. */
static void
test_bounds(void)
{
	g_autoptr(arena_auto) arena = arena_new();
	g_autoptr(GString) raw = g_string_new(NULL);
	struct shown_name name;

	for (int i = 0; i < SHOWN_NAME_READ_MAX; i++)
		g_string_append(raw, "a@b.c ");
	shown_name_read(&name, arena, span_from_string(raw->str));
	g_assert_cmpuint(name.n, ==, SHOWN_NAME_READ_MAX);
	g_assert_false(name.cut);
	g_string_append(raw, "a@b.c ");
	shown_name_read(&name, arena, span_from_string(raw->str));
	g_assert_cmpuint(name.n, ==, SHOWN_NAME_READ_MAX);
	g_assert_true(name.cut);

	/* A cut in the middle of a character does not make it another text. */
	g_string_assign(raw, "a@b.c x");
	while (raw->len < SHOWN_NAME_MAX + 2)
		g_string_append(raw, "ü");
	shown_name_read(&name, arena, span_from_string(raw->str));
	g_assert_true(name.cut);
	g_assert_cmpuint(name.n, ==, 1);
	g_assert_null(
	    g_strstr_len((const char *)name.text.p, (gssize)name.text.n, "Ã"));
}

/* Whatever is read of random text is a name with a dot, and the same twice. */
static void
test_random(void)
{
	static const char *const parts[] = { "a", "b.c", "@", ".", " ", "\"",
		"\\", "(", ")", "=?utf-8?q?", "?=", "=40", "\r\n ", "ü",
		"\xe2\x80\xae", "\xef\xbc\xa0", "\xff", "xn--", "-", "<", ">",
		"\xe3\x80\x82", "via", "=?gb2312?b?", "\x1b" };
	g_autoptr(arena_auto) arena = arena_new();
	size_t n = 0;

	for (int i = 0; i < 20000; i++) {
		g_autoptr(GString) raw = g_string_new(NULL);
		struct shown_name name, again;

		for (int at = g_test_rand_int_range(0, 16); at > 0; at--)
			g_string_append(raw,
			    parts[g_test_rand_int_range(
				0, G_N_ELEMENTS(parts))]);
		shown_name_read(&name, arena, span_from_string(raw->str));
		shown_name_read(&again, arena, span_from_string(raw->str));
		g_assert_cmpuint(name.n, ==, again.n);
		g_assert_true(text_is_utf8(name.text));
		for (size_t j = 0; j < name.n; j++) {
			struct span domain = name.readings[j].domain;

			g_assert_true(text_is_ascii(domain));
			g_assert_true(span_find(domain, '.') < domain.n);
		}
		n += name.n;
		arena_reset(arena);
	}
	g_assert_cmpuint(n, >, 1000);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_set_nonfatal_assertions();
	g_assert_null(display_init());
	g_test_add_func("/shown_name/cases", test_cases);
	g_test_add_func("/shown_name/bounds", test_bounds);
	g_test_add_func("/shown_name/random", test_random);
	return g_test_run();
}
