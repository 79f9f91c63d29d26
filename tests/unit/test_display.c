/* test_display.c - header text for people. */
#include "verifier/message/display.h"

#include <locale.h>

#define TEXT(literal)                                           \
	{                                                       \
		(const uint8_t *)(literal), sizeof(literal) - 1 \
	}

static const struct {
	const char *name;
	struct span in, out;
} cases[] = {
	{ "empty", TEXT(""), TEXT("") },
	{ "plain", TEXT(" Hello, world "), TEXT("Hello, world") },
	{ "folded", TEXT(" Hello,\r\n world"), TEXT("Hello, world") },
	{ "UTF-8", TEXT(" gr\xc3\xbc\xc3\x9f"), TEXT("gr\xc3\xbc\xc3\x9f") },
	{ "Windows-1252", TEXT(" \x80 gr\xfc\xdf \x81"),
	    TEXT("\xe2\x82\xac gr\xc3\xbc\xc3\x9f \xef\xbf\xbd") },
	{ "Q", TEXT("=?ISO-8859-1?Q?gr=FC=DF?= x"),
	    TEXT("gr\xc3\xbc\xc3\x9f x") },
	{ "B, two words joined",
	    TEXT("=?utf-8?B?Z3LDvA==?=\r\n =?utf-8?B?w58=?="),
	    TEXT("gr\xc3\xbc\xc3\x9f") },
	{ "koi8-r", TEXT("=?koi8-r?B?8NLJ18XU?="),
	    TEXT("\xd0\x9f\xd1\x80\xd0\xb8\xd0\xb2\xd0\xb5\xd1\x82") },
	{ "an encoded word beside 8-bit", TEXT("\xfc =?utf-8?Q?=C3=BC?="),
	    TEXT("\xc3\xbc \xc3\xbc") },
	{ "not closed", TEXT("=?utf-8?Q?abc"), TEXT("=?utf-8?Q?abc") },
	{ "NUL", TEXT("a\0b =?utf-8?Q?c?="),
	    TEXT("a\xef\xbf\xbd"
		 "b c") },
	{ "unknown charset, octets of UTF-8", TEXT("=?x-nonesuch?Q?gr=C3=BC?="),
	    TEXT("gr\xc3\xbc") },
};

static void
check_all(void)
{
	struct arena *arena = arena_new();

	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		struct span got = display_text(arena, cases[i].in);
		if (span_equal(got, cases[i].out))
			continue;
		g_test_message("wrong: %s: %.*s", cases[i].name, (int)got.n,
		    (const char *)got.p);
		g_test_fail();
	}
	arena_free(arena);
}

static void
test_cases(void)
{
	check_all();
}

/* The same under another locale, where the system has it. */
static void
test_locale(void)
{
	if (setlocale(LC_ALL, "C.UTF-8") == NULL) {
		g_test_skip("no locale C.UTF-8");
		return;
	}
	check_all();
	setlocale(LC_ALL, "C");
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_set_nonfatal_assertions();
	g_assert_null(display_init());
	g_test_add_func("/display/cases", test_cases);
	g_test_add_func("/display/locale", test_locale);
	return g_test_run();
}
