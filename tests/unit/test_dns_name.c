/* test_dns_name.c - the canonical text of names. */
#include "keysnap/key/dns_name.h"
#include "tests/unit/span_assert.h"

#include <glib.h>
#include <string.h>

#define BYTES(literal)                                          \
	{                                                       \
		(const uint8_t *)(literal), sizeof(literal) - 1 \
	}
#define L63 "abcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyzabcdefghijk"
#define L61 "abcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyzabcdefghi"

static const struct {
	const char *name;
	struct span text;
	enum dns_name_status status;
	const char *want;
} canonical[] = {
	{ "lower case", BYTES("Mail.EXAMPLE.Com"), DNS_NAME_OK,
	    "mail.example.com" },
	{ "trailing dot", BYTES("example.com."), DNS_NAME_OK, "example.com" },
	{ "one label", BYTES("localhost"), DNS_NAME_OK, "localhost" },
	{ "underscore, hyphens", BYTES("_a-_.-b-"), DNS_NAME_OK, "_a-_.-b-" },
	{ "digits", BYTES("20161025"), DNS_NAME_OK, "20161025" },
	{ "A-label as it is", BYTES("XN--Bcher-kva.example"), DNS_NAME_OK,
	    "xn--bcher-kva.example" },
	{ "A-label of nothing", BYTES("xn--a.example"), DNS_NAME_OK,
	    "xn--a.example" },
	{ "U-label",
	    BYTES("b\xc3\xbc"
		  "cher.example"),
	    DNS_NAME_OK, "xn--bcher-kva.example" },
	{ "U-label, upper case",
	    BYTES("B\xc3\x9c"
		  "cher"),
	    DNS_NAME_OK, "xn--bcher-kva" },
	{ "U-label, decomposed",
	    BYTES("bu\xcc\x88"
		  "cher"),
	    DNS_NAME_OK, "xn--bcher-kva" },
	{ "non-transitional",
	    BYTES("stra\xc3\x9f"
		  "e"),
	    DNS_NAME_OK, "xn--strae-oqa" },
	{ "label of 63", BYTES(L63), DNS_NAME_OK, L63 },
	{ "name of 253", BYTES(L63 "." L63 "." L63 "." L61), DNS_NAME_OK,
	    L63 "." L63 "." L63 "." L61 },
	{ "name of 253 and a dot", BYTES(L63 "." L63 "." L63 "." L61 "."),
	    DNS_NAME_OK, L63 "." L63 "." L63 "." L61 },
	{ "name of 254", BYTES(L63 "." L63 "." L63 "." L61 "x"),
	    DNS_NAME_TOO_LONG, "" },
	{ "label of 64", BYTES(L63 "l"), DNS_NAME_TOO_LONG, "" },
	{ "nothing", { NULL, 0 }, DNS_NAME_EMPTY, "" },
	{ "the root", BYTES("."), DNS_NAME_EMPTY, "" },
	{ "two trailing dots", BYTES("a.."), DNS_NAME_EMPTY, "" },
	{ "leading dot", BYTES(".a"), DNS_NAME_EMPTY, "" },
	{ "empty label", BYTES("a..b"), DNS_NAME_EMPTY, "" },
	{ "parenthesis", BYTES("example.com(.evil.com"), DNS_NAME_BAD_CHARACTER,
	    "" },
	{ "space", BYTES("a b"), DNS_NAME_BAD_CHARACTER, "" },
	{ "NUL", BYTES("a\0.b"), DNS_NAME_BAD_CHARACTER, "" },
	{ "escape", BYTES("a\\046b"), DNS_NAME_BAD_CHARACTER, "" },
	{ "NUL in a U-label", BYTES("\xc3\xbc\0"), DNS_NAME_BAD_CHARACTER, "" },
	{ "Latin-1",
	    BYTES("b\xfc"
		  "cher"),
	    DNS_NAME_BAD_IDN, "" },
	{ "ideographic full stop", BYTES("\xe4\xbe\x8b\xe3\x80\x82x"),
	    DNS_NAME_BAD_IDN, "" },
	{ "full-width letters", BYTES("\xef\xbd\x81\xef\xbd\x82"),
	    DNS_NAME_BAD_IDN, "" },
	{ "soft hyphen",
	    BYTES("a\xc2\xad"
		  "b"),
	    DNS_NAME_BAD_IDN, "" },
	{ "no letter", BYTES("\xe2\x80\xae"), DNS_NAME_BAD_IDN, "" },
};

static void
test_canonical(void)
{
	g_autoptr(arena_auto) arena = arena_new();

	for (size_t i = 0; i < G_N_ELEMENTS(canonical); i++) {
		struct span name;

		g_test_message("%s", canonical[i].name);
		g_assert_cmpint(
		    dns_name_canonical(arena, canonical[i].text, &name), ==,
		    canonical[i].status);
		span_assert_equal(canonical[i].name, name,
		    span_from_string(canonical[i].want));
	}
}

/* A-labels as people read them, and what begins like one and is none. */
static void
test_unicode(void)
{
	static const struct {
		const char *name, *want;
		bool good;
	} cases[] = {
		{ "example.com", "example.com", true },
		{ "", "", true },
		{ "xn--bcher-kva.example",
		    "b\xc3\xbc"
		    "cher.example",
		    true },
		{ "a.xn--bcher-kva",
		    "a.b\xc3\xbc"
		    "cher",
		    true },
		{ "xn--strae-oqa.example",
		    "stra\xc3\x9f"
		    "e.example",
		    true },
		{ "xn--80ak6aa92e.com",
		    "\xd0\xb0\xd1\x80\xd1\x80\xd3\x8f\xd0\xb5.com", true },
		/* nothing, ASCII, an unassigned or forbidden character, a
		 * U-label in upper case, and digits that run over */
		{ "xn--.example", "xn--.example", false },
		{ "xn--abc-.example", "xn--abc-.example", false },
		{ "xn--a.example", "xn--a.example", false },
		{ "xn--bcher-2pa.xn--bcher-kva", NULL, false },
		{ "xn--99999999999.com", "xn--99999999999.com", false },
		{ "xn--a_b.com", "xn--a_b.com", false },
		{ "axn--bcher-kva.com", "axn--bcher-kva.com", true },
	};
	g_autoptr(arena_auto) arena = arena_new();

	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		struct span got;
		bool good = dns_name_unicode(
		    arena, span_from_string(cases[i].name), &got);
		g_autofree char *text = span_dup(got);

		g_test_message("%s", cases[i].name);
		g_assert_cmpint(good, ==, cases[i].good);
		if (cases[i].want != NULL)
			g_assert_cmpstr(text, ==, cases[i].want);
	}
}

/* Whatever is shown as a U-label leads back to its A-label. */
static void
test_unicode_back(void)
{
	g_autoptr(arena_auto) arena = arena_new();
	size_t n = 0;

	for (int i = 0; i < 20000; i++) {
		char label[16] = "xn--";
		struct span shown, back;

		for (int at = 4; at < 4 + i % 9; at++)
			label[at] = "abcdefghijklmnopqrstuvwxyz0123456789-"
			    [g_test_rand_int_range(0, 37)];
		if (dns_name_unicode(arena, span_from_string(label), &shown)) {
			n++;
			g_assert_cmpint(dns_name_canonical(arena, shown, &back),
			    ==, DNS_NAME_OK);
			span_assert_equal(label, back, span_from_string(label));
		}
		arena_reset(arena);
	}
	g_assert_cmpuint(n, >, 100);
}

static void
test_too_long(void)
{
	g_autoptr(arena_auto) arena = arena_new();
	g_autoptr(GString) text = g_string_new(NULL);
	struct span name;

	for (int i = 0; i < 70; i++)
		g_string_append(text, "\xc3\xbc");
	g_assert_cmpint(
	    dns_name_canonical(arena, span_from_string(text->str), &name), ==,
	    DNS_NAME_TOO_LONG);
	while (text->len < 1 << 20)
		g_string_append(text, ".");
	g_assert_cmpint(
	    dns_name_canonical(arena, span_from_string(text->str), &name), ==,
	    DNS_NAME_TOO_LONG);
}

static void
test_of_key(void)
{
	static const struct {
		const char *selector, *domain;
		enum dns_name_status status;
		const char *want;
	} cases[] = {
		{ "S1", "Example.COM", DNS_NAME_OK,
		    "s1._domainkey.example.com" },
		{ "a.b", "c", DNS_NAME_OK, "a.b._domainkey.c" },
		{ "s_1",
		    "b\xc3\xbc"
		    "cher",
		    DNS_NAME_OK, "s_1._domainkey.xn--bcher-kva" },
		{ "", "c", DNS_NAME_EMPTY, "" },
		{ "s", "", DNS_NAME_EMPTY, "" },
		{ "s", "a b", DNS_NAME_BAD_CHARACTER, "" },
		/* 253 and 254 octets */
		{ L63 "." L63 "." L63, L61 "." L63, DNS_NAME_TOO_LONG, "" },
		{ L63 "." L63,
		    L63 "." L61 "."
			"x"
			"."
			"y",
		    DNS_NAME_TOO_LONG, "" },
		{ L63 "." L63,
		    L63 "."
			"abcdefghijklmnopqrstuvwxyz"
			"."
			"abcdefghijklmnopqrstuvw",
		    DNS_NAME_OK,
		    L63 "." L63 "._domainkey." L63 "."
			"abcdefghijklmnopqrstuvwxyz"
			"."
			"abcdefghijklmnopqrstuvw" },
		{ L63 "." L63,
		    L63 "."
			"abcdefghijklmnopqrstuvwxyz"
			"."
			"abcdefghijklmnopqrstuvwx",
		    DNS_NAME_TOO_LONG, "" },
	};
	g_autoptr(arena_auto) arena = arena_new();

	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		struct span name;

		g_assert_cmpint(
		    dns_name_of_key(arena, span_from_string(cases[i].selector),
			span_from_string(cases[i].domain), &name),
		    ==, cases[i].status);
		span_assert_equal(
		    cases[i].selector, name, span_from_string(cases[i].want));
		g_assert_cmpuint(name.n, <=, DNS_NAME_MAX);
	}
}

static void
test_split_key(void)
{
	static const struct {
		const char *name, *selector, *domain; /* NULL: no key name */
	} cases[] = {
		{ "s._domainkey.d", "s", "d" },
		{ "a.b._domainkey.c.d", "a.b", "c.d" },
		{ "s._domainkey.x._domainkey.d", "s._domainkey.x", "d" },
		{ "s._domainkey._domainkey.d", "s._domainkey", "d" },
		{ "_domainkey.d", NULL, NULL },
		{ "s._domainkey", NULL, NULL },
		{ "s._domainkey.", NULL, NULL },
		{ "s.x_domainkey.d", NULL, NULL },
		{ "example.com", NULL, NULL },
		{ "", NULL, NULL },
	};

	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		struct span selector = { NULL, 0 }, domain = { NULL, 0 };
		bool got = dns_name_split_key(
		    span_from_string(cases[i].name), &selector, &domain);

		g_assert_true(got == (cases[i].selector != NULL));
		span_assert_equal(
		    "selector", selector, span_from_string(cases[i].selector));
		span_assert_equal(
		    "domain", domain, span_from_string(cases[i].domain));
	}
}

static void
test_reversed(void)
{
	g_autoptr(arena_auto) arena = arena_new();

	span_assert_equal("four labels",
	    dns_name_reversed(arena, SPAN("a._domainkey.b.c")),
	    SPAN("c\0b\0_domainkey\0a\0"));
	span_assert_equal(
	    "one label", dns_name_reversed(arena, SPAN("abc")), SPAN("abc\0"));
	span_assert_equal(
	    "nothing", dns_name_reversed(arena, SPAN("")), SPAN(""));
}

static void
test_is_within(void)
{
	g_assert_true(dns_name_is_within(SPAN("a.b"), SPAN("a.b")));
	g_assert_true(dns_name_is_within(SPAN("x.a.b"), SPAN("a.b")));
	g_assert_false(dns_name_is_within(SPAN("xa.b"), SPAN("a.b")));
	g_assert_false(dns_name_is_within(SPAN("a.b"), SPAN("x.a.b")));
	g_assert_false(dns_name_is_within(SPAN("a.b"), SPAN("")));
	g_assert_false(dns_name_is_within(SPAN("a.b"), SPAN("a")));
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_set_nonfatal_assertions();
	g_test_add_func("/dns_name/unicode", test_unicode);
	g_test_add_func("/dns_name/unicode-back", test_unicode_back);
	g_test_add_func("/dns_name/canonical", test_canonical);
	g_test_add_func("/dns_name/too-long", test_too_long);
	g_test_add_func("/dns_name/of-key", test_of_key);
	g_test_add_func("/dns_name/split-key", test_split_key);
	g_test_add_func("/dns_name/reversed", test_reversed);
	g_test_add_func("/dns_name/is-within", test_is_within);
	return g_test_run();
}
