/* test_from.c - the authors of a message, and tricks to hide them. */
#include "verifier/message/from.h"

#include <glib.h>
#include <string.h>

#define S(text) SPAN(text)

/* "want": address and domain of each author, "a@b>b", joined by "|". */
static const struct {
	const char *name;
	struct span value;
	enum from_status status;
	const char *want;
} cases[] = {
	{ "addr-spec", S(" a@example.com"), FROM_OK,
	    "a@example.com>example.com" },
	{ "name-addr", S(" A B <a.b@Example.COM>"), FROM_OK,
	    "a.b@Example.COM>example.com" },
	{ "angle only", S("<a@b.c>"), FROM_OK, "a@b.c>b.c" },
	{ "quoted name", S("\"B, A\" <a@b.c>"), FROM_OK, "a@b.c>b.c" },
	{ "quoted name with address", S("\"x@good.com\" <a@evil.com>"), FROM_OK,
	    "a@evil.com>evil.com" },
	{ "encoded word", S("=?utf-8?q?x=40good=2Ecom?= <a@evil.com>"), FROM_OK,
	    "a@evil.com>evil.com" },
	{ "encoded word with at", S("=?utf-8?q?x@good.com?= <a@evil.com>"),
	    FROM_UNPARSABLE, "" },
	{ "address as name", S("x@good.com <a@evil.com>"), FROM_UNPARSABLE,
	    "" },
	{ "comment", S("a@b.c (x@good.com)"), FROM_OK, "a@b.c>b.c" },
	{ "comment within", S("a(x)@(y)b(z).c"), FROM_OK, "a@b.c>b.c" },
	{ "comment that hides", S("(<x@good.com>) <a@evil.com>"), FROM_OK,
	    "a@evil.com>evil.com" },
	{ "nested comment", S("(a(b(c)\\)))a@b.c"), FROM_OK, "a@b.c>b.c" },
	{ "open comment", S("a@b.c (x"), FROM_UNPARSABLE, "" },
	{ "16 comments deep", S("((((((((((((((((x))))))))))))))))a@b.c"),
	    FROM_OK, "a@b.c>b.c" },
	{ "17 comments deep", S("(((((((((((((((((x)))))))))))))))))a@b.c"),
	    FROM_UNPARSABLE, "" },
	{ "two", S("a@b.c, D <e@f.g>"), FROM_OK, "a@b.c>b.c|e@f.g>f.g" },
	{ "empty elements", S(",a@b.c,,e@f.g,"), FROM_OK,
	    "a@b.c>b.c|e@f.g>f.g" },
	{ "no comma", S("<a@b.c> <e@f.g>"), FROM_UNPARSABLE, "" },
	{ "no comma in group", S("g: <a@b.c> <e@f.g>;"), FROM_UNPARSABLE, "" },
	{ "group", S("The Group: a@b.c, e@f.g;"), FROM_OK,
	    "a@b.c>b.c|e@f.g>f.g" },
	{ "empty group", S("undisclosed:;"), FROM_EMPTY, "" },
	{ "group and more", S("g:a@b.c;, e@f.g"), FROM_OK,
	    "a@b.c>b.c|e@f.g>f.g" },
	{ "open group", S("g: a@b.c"), FROM_UNPARSABLE, "" },
	{ "group in group", S("g: h: a@b.c;;"), FROM_UNPARSABLE, "" },
	{ "group in open group", S("g: h: a@b.c;"), FROM_UNPARSABLE, "" },
	{ "group without name", S(": a@b.c;"), FROM_UNPARSABLE, "" },
	{ "semicolon", S("a@b.c; e@f.g"), FROM_UNPARSABLE, "" },
	{ "route", S("<@x.y,@z.w:a@b.c>"), FROM_OK, "a@b.c>b.c" },
	{ "route without colon", S("<@x.y a@b.c>"), FROM_UNPARSABLE, "" },
	{ "folded", S("\r\n A\r\n\tB\r\n <a@b.c>"), FROM_OK, "a@b.c>b.c" },
	{ "bare LF", S("A\n <a@b.c>"), FROM_UNPARSABLE, "" },
	{ "bare CR", S("A\r <a@b.c>"), FROM_UNPARSABLE, "" },
	{ "CRLF without WSP", S("A\r\n<a@b.c>"), FROM_UNPARSABLE, "" },
	{ "NUL", S("a@b.c\0"), FROM_UNPARSABLE, "" },
	{ "NUL in domain", S("a@b\0.c"), FROM_UNPARSABLE, "" },
	{ "quoted local part", S("\"a b\\\"c\"@b.c"), FROM_OK,
	    "\"a b\\\"c\"@b.c>b.c" },
	{ "at in quoted local part", S("\"x@good.com\"@evil.com"), FROM_OK,
	    "\"x@good.com\"@evil.com>evil.com" },
	{ "fold in quoted string", S("\"a\r\n b\"@b.c"), FROM_OK,
	    "\"a b\"@b.c>b.c" },
	{ "open quoted string", S("\"a@b.c"), FROM_UNPARSABLE, "" },
	{ "quote at the end", S("\"a\\"), FROM_UNPARSABLE, "" },
	{ "white space in address", S("a . b @ c . d"), FROM_OK,
	    "a.b@c.d>c.d" },
	{ "two words as local part", S("a b@c.d"), FROM_UNPARSABLE, "" },
	{ "dots as they should not be", S("a..b@c.d"), FROM_UNPARSABLE, "" },
	{ "dot before at", S("a.@c.d"), FROM_UNPARSABLE, "" },
	{ "dot first", S(".a@c.d"), FROM_UNPARSABLE, "" },
	{ "dots in a name", S("J. Doe Jr. <a@b.c>"), FROM_OK, "a@b.c>b.c" },
	{ "two at", S("a@b@c.d"), FROM_UNPARSABLE, "" },
	{ "two domains by white space", S("a@good.com evil.com"),
	    FROM_UNPARSABLE, "" },
	{ "final dot", S("a@b.c."), FROM_UNPARSABLE, "" },
	{ "literal", S("a@[192.0.2.1]"), FROM_UNPARSABLE, "" },
	{ "no domain", S("root"), FROM_UNPARSABLE, "" },
	{ "no address in angles", S("A <>"), FROM_UNPARSABLE, "" },
	{ "open angle", S("A <a@b.c"), FROM_UNPARSABLE, "" },
	{ "angle twice", S("<<a@b.c>>"), FROM_UNPARSABLE, "" },
	{ "U-label",
	    S("a@b\xc3\xbc"
	      "cher.example"),
	    FROM_OK,
	    "a@b\xc3\xbc"
	    "cher.example>xn--bcher-kva.example" },
	{ "8-bit that is not UTF-8", S("J\xfcrg <a@b.c>"), FROM_UNPARSABLE,
	    "" },
	{ "UTF-8 name", S("J\xc3\xbcrg <a@b.c>"), FROM_OK, "a@b.c>b.c" },
	{ "parenthesis in domain", S("a@example.com(.evil.com)"), FROM_OK,
	    "a@example.com>example.com" },
	{ "percent", S("a%b@c.d"), FROM_OK, "a%b@c.d>c.d" },
	{ "empty", S(""), FROM_EMPTY, "" },
	{ "white space", S(" \t"), FROM_EMPTY, "" },
	{ "only a comment", S("(x)"), FROM_EMPTY, "" },
};

static char *
list_text(const struct from_list *list)
{
	GString *text = g_string_new(NULL);

	for (size_t i = 0; i < list->n; i++) {
		const struct from_address *a = &list->addresses[i];
		if (i > 0)
			g_string_append_c(text, '|');
		g_string_append_len(
		    text, (const char *)a->address.p, (gssize)a->address.n);
		g_string_append_c(text, '>');
		g_string_append_len(
		    text, (const char *)a->domain.p, (gssize)a->domain.n);
	}
	return g_string_free(text, FALSE);
}

static void
test_cases(void)
{
	g_autoptr(arena_auto) arena = arena_new();

	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		struct from_list list;
		g_test_message("%s", cases[i].name);
		from_parse(&list, arena, cases[i].value);
		g_autofree char *got = list_text(&list);
		g_assert_cmpint(list.status, ==, cases[i].status);
		g_assert_cmpstr(got, ==, cases[i].want);
	}
}

/* What people are shown beside each address: "name|after", and "@group", joined
 * by ";". */
static const struct {
	struct span value;
	size_t groups;
	const char *want;
} shown[] = {
	{ S("a@b.c"), 0, "|" },
	{ S(" A B <a@b.c>"), 0, " A B |" },
	{ S("\"x@y.z\" <a@b.c> (k)"), 0, "\"x@y.z\" | (k)" },
	{ S("a@b.c (x@y.z)"), 0, "| (x@y.z)" },
	{ S("(before) a@b . c (x) (y), D <d@e.f>"), 0,
	    "(before) | (x) (y); D |" },
	{ S("(before) A (in) <a@b.c>"), 0, "(before) A (in) |" },
	{ S("g: a@b.c (x), E <d@e.f>; (no)"), 1, " | (x)@g; E |@g" },
	{ S("g:;, h: A <a@b.c> (x);"), 2, " A | (x)@ h" },
	{ S("\"x@y.z\" (k): a@b.c;, d@e.f"), 1, " |@\"x@y.z\" (k); |" },
	{ S("A <a@b.c>,, (lost)"), 0, "A |" },
	{ S("A <a@(in)b.c (in)>"), 0, "A |" },
};

static void
test_shown(void)
{
	g_autoptr(arena_auto) arena = arena_new();

	for (size_t i = 0; i < G_N_ELEMENTS(shown); i++) {
		g_autoptr(GString) got = g_string_new(NULL);
		struct from_list list;

		from_parse(&list, arena, shown[i].value);
		g_assert_cmpint(list.status, ==, FROM_OK);
		g_assert_cmpuint(list.groups, ==, shown[i].groups);
		for (size_t j = 0; j < list.n; j++) {
			g_autofree char *name =
			    span_dup(list.addresses[j].name);
			g_autofree char *after =
			    span_dup(list.addresses[j].after);
			g_autofree char *group =
			    span_dup(list.addresses[j].group);

			g_string_append_printf(got, "%s%s|%s%s%s",
			    j > 0 ? ";" : "", name, after,
			    *group != '\0' ? "@" : "", group);
		}
		g_assert_cmpstr(got->str, ==, shown[i].want);
	}
}

/* The limit and one past it. */
static void
test_many(void)
{
	g_autoptr(arena_auto) arena = arena_new();
	g_autoptr(GString) value = g_string_new(NULL);
	struct from_list list;

	for (int i = 0; i < FROM_ADDRESSES_MAX; i++)
		g_string_append_printf(value, "a%d@b.c,", i);
	from_parse(&list, arena, span_from_string(value->str));
	g_assert_cmpint(list.status, ==, FROM_OK);
	g_assert_cmpuint(list.n, ==, FROM_ADDRESSES_MAX);
	g_string_append(value, "x@b.c");
	from_parse(&list, arena, span_from_string(value->str));
	g_assert_cmpint(list.status, ==, FROM_TOO_MANY);
	g_assert_cmpuint(list.n, ==, FROM_ADDRESSES_MAX);
}

/* A megabyte of each octet that could make a parser slow or deep. */
static void
test_huge(void)
{
	g_autoptr(arena_auto) arena = arena_new();
	g_autofree char *text = g_malloc(1 << 20);
	static const char octets[] = "(\"<,.:@;\\ a";

	for (const char *octet = octets; *octet != '\0'; octet++) {
		struct from_list list;
		memset(text, *octet, 1 << 20);
		from_parse(&list, arena,
		    (struct span){ (const uint8_t *)text, 1 << 20 });
		g_assert_cmpint(list.status, ==,
		    *octet == ',' || *octet == ' ' ? FROM_EMPTY
						   : FROM_UNPARSABLE);
		arena_reset(arena);
	}
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_set_nonfatal_assertions();
	g_test_add_func("/from/cases", test_cases);
	g_test_add_func("/from/shown", test_shown);
	g_test_add_func("/from/many", test_many);
	g_test_add_func("/from/huge", test_huge);
	return g_test_run();
}
