/* test_auth_results.c - fields of results: those of the RFCs, those that are
 * seen, and those that were made to deceive. */
#include "tests/unit/auth_case.h"

#include <string.h>

#define S(text) SPAN(text)

static const struct {
	const char *name;
	bool arc;
	struct span value;
	const char *want;
} cases[] = {
	/* RFC 8601, appendix B */
	{ "B.2", false, S(" example.org 1; none"), "example.org/1|none" },
	{ "B.3", false,
	    S(" example.com;\r\n         spf=pass "
	      "smtp.mailfrom=example.net"),
	    "example.com|spf=pass{smtp.mailfrom=example.net}" },
	{ "B.4", false,
	    S(" example.com;\r\n auth=pass (cram-md5) "
	      "smtp.auth=sender@example.net;\r\n spf=pass "
	      "smtp.mailfrom=example.net"),
	    "example.com|auth=pass{smtp.auth=sender@example.net}"
	    "|spf=pass{smtp.mailfrom=example.net}" },
	{ "B.4, second field", false,
	    S(" example.com;\r\n iprev=pass policy.iprev=192.0.2.200"),
	    "example.com|iprev=pass{policy.iprev=192.0.2.200}" },
	{ "B.5", false,
	    S(" example.com;\r\n sender-id=fail header.from=example.com;\r\n"
	      " dkim=pass (good signature) header.d=example.com"),
	    "example.com|sender-id=fail{header.from=example.com}"
	    "|dkim=pass{header.d=example.com}" },
	{ "B.6", false,
	    S(" example.com;\r\n dkim=pass reason=\"good signature\"\r\n"
	      "   header.i=@mail-router.example.net;\r\n"
	      " dkim=fail reason=\"bad signature\"\r\n"
	      "   header.i=@newyork.example.com"),
	    "example.com"
	    "|dkim=pass(good signature){header.i=@mail-router.example.net}"
	    "|dkim=fail(bad signature){header.i=@newyork.example.com}" },
	{ "B.7", false,
	    S(" foo.example.net (foobar) 1 (baz);\r\n"
	      " dkim (Because I like it) / 1 (One yay) = (wait for it) fail\r\n"
	      "   policy (A dot can go here) . (like that) expired\r\n"
	      "   (this surprised me) = (as I wasn't expecting it) 1362471462"),
	    "foo.example.net/1|dkim/1=fail{policy.expired=1362471462}" },
	/* RFC 8617, appendix B */
	{ "ARC 1", true,
	    S(" i=1; lists.example.org;\r\n    spf=pass "
	      "smtp.mfrom=jqd@d1.example;\r\n    dkim=pass (1024-bit key)\r\n"
	      "      header.i=@d1.example;\r\n    dmarc=pass"),
	    "i=1;lists.example.org|spf=pass{smtp.mfrom=jqd@d1.example}"
	    "|dkim=pass{header.i=@d1.example}|dmarc=pass" },
	{ "ARC 3", true,
	    S(" i=3; clochette.example.org;\r\n    spf=fail "
	      "smtp.from=jqd@d1.example;\r\n    dkim=fail (512-bit key)\r\n"
	      "      header.i=@d1.example;\r\n    dmarc=fail;\r\n    arc=pass "
	      "(as.2.gmail.example=pass, as.1.lists.example.org=pass)"),
	    "i=3;clochette.example.org|spf=fail{smtp.from=jqd@d1.example}"
	    "|dkim=fail{header.i=@d1.example}|dmarc=fail|arc=pass" },
	{ "RFC 6008 5", false,
	    S(" mail-router.example.net;\r\n dkim=pass (good signature) "
	      "header.d=newyork.example.com\r\n    header.b=oINEO8hg;\r\n"
	      " dkim=fail (bad signature) header.d=newyork.example.com\r\n"
	      "    header.b=EToRSuvU"),
	    "mail-router.example.net"
	    "|dkim=pass{header.d=newyork.example.com,header.b=oINEO8hg}"
	    "|dkim=fail{header.d=newyork.example.com,header.b=EToRSuvU}" },
	/* as they are seen, 2009 and later */
	{ "a domain alone", false,
	    S(" mx.example; spf=pass (mx.example: domain of a@b.example "
	      "designates 192.0.2.1 as permitted sender) smtp.mail=a@b.example;"
	      " dkim=pass (test mode) header.i=@b.example"),
	    "mx.example|spf=pass{smtp.mail=a@b.example}"
	    "|dkim=pass{header.i=@b.example}" },
	{ "DomainKeys", false,
	    S("m.example  from=b.example; domainkeys=neutral (no sig);  "
	      "from=b.example; dkim=pass (ok)"),
	    "m.example|domainkeys=neutral|from=b.example|dkim=pass"
	    " [stray-word] [odd-name]" },
	{ "no server", false,
	    S(" spf=pass (sender IP is 192.0.2.1)\r\n smtp.mailfrom=b.example; "
	      "dkim=pass (signature was verified)\r\n header.d=b.example;"
	      "dmarc=bestguesspass action=none\r\n header.from=b.example;"
	      "compauth=pass reason=109"),
	    "|spf=pass{smtp.mailfrom=b.example}|dkim=pass{header.d=b.example}"
	    "|dmarc=bestguesspass{.action=none,header.from=b.example}"
	    "|compauth=pass(109) [no-server] [bare-property]" },
	{ "the server again", false,
	    S(" b.example; dkim=none (message not signed)\r\n header.d=none;"
	      "b.example; dmarc=none action=none header.from=c.example;"),
	    "b.example|dkim=none{header.d=none}"
	    "|dmarc=none{.action=none,header.from=c.example}"
	    " [stray-word] [empty-result] [bare-property]" },
	{ "base64 without quotes", false,
	    S(" a; dkim=pass header.i=@b.example header.s=x header.b=aB/+c=="),
	    "a|dkim=pass{header.i=@b.example,header.s=x,header.b=aB/+c==}"
	    " [odd-value]" },
	{ "late reason", false,
	    S(" a; dkim=fail header.d=b reason=\"c\\\"d\" header.i=@b"),
	    "a|dkim=fail(c\"d){header.d=b,header.i=@b} [late-reason]" },
	{ "reason twice", false, S("a; b=c reason=d reason=e"),
	    "a|b=c(d){.reason=e} [bare-property]" },
	{ "null sender", false, S(" a; spf=none smtp.mailfrom=<>"),
	    "a|spf=none{smtp.mailfrom=<>} [odd-value]" },
	{ "no sender", false, S(" a; spf=none smtp.mailfrom=; b=c"),
	    "a|spf=none{smtp.mailfrom=}|b=c [no-value]" },
	{ "no value", false, S(" a; dkim=pass header.d= header.b=\"q/r\""),
	    "a|dkim=pass{header.d=,header.b=q/r} [no-value]" },
	{ "IPv6", false, S("a; iprev=pass policy.iprev=2001:db8::1"),
	    "a|iprev=pass{policy.iprev=2001:db8::1} [odd-value]" },
	{ "underscore", false, S("a; x=y policy.is_org=yes"),
	    "a|x=y{policy.is_org=yes} [odd-name]" },
	{ "a property with dots", false, S("a; x=y policy.a.b-c=d"),
	    "a|x=y{policy.a.b-c=d}" },
	{ "comment in front", false, S(" (x) a (y) ; none (z) "), "a|none" },
	{ "comment for a result", false, S("a; (none)"),
	    "a [empty-result] [no-results]" },
	{ "none and a result", false, S("a; none; b=c"),
	    "a|b=c|none [none-beside]" },
	{ "no results", false, S("a"), "a [no-results]" },
	{ "only semicolons", false, S(";;"),
	    " [no-server] [empty-result] [no-results]" },
	{ "server quoted", false, S("\"a;b=c\"; none"), "a;b=c|none" },
	{ "equals by itself", false, S("dkim = pass header.d = b.example"),
	    "|dkim=pass{header.d=b.example} [no-server]" },
	{ "quoted local part", false,
	    S("a; b=c smtp.mailfrom=\"x y\"@b.example"),
	    "a|b=c{smtp.mailfrom=\"x y\"@b.example}" },
	{ "quoted local part, folded", false,
	    S("a; b=c smtp.mailfrom=\"x\r\n \\\"y\"@b.example"),
	    "a|b=c{smtp.mailfrom=\"x \\\"y\"@b.example}" },
	{ "fold in quotes", false, S("a; b=c reason=\"x\r\n\ty\""),
	    "a|b=c(x\ty)" },
	{ "8-bit", false, S("a; b=c d.e=\xff\xfe d.f=\"\xc3\xa4\""),
	    "a|b=c{d.e=\xff\xfe,d.f=\xc3\xa4} [odd-value]" },
	{ "bidi", false, S("a; b=c d.e=\xe2\x80\xae"),
	    "a|b=c{d.e=\xe2\x80\xae} [odd-value]" },
	{ "no instance in this field", false, S("i=1; a; b=c"),
	    "|i=1|b=c [no-server] [stray-word]" },
	/* made to deceive */
	{ "semicolon in quotes", false,
	    S("a; dkim=fail reason=\"; dkim=pass\" header.d=b"),
	    "a|dkim=fail(; dkim=pass){header.d=b}" },
	{ "semicolon in a comment", false,
	    S("a; dkim=fail (; dkim=pass (x) ) header.d=b"),
	    "a|dkim=fail{header.d=b}" },
	{ "quoted end of a comment", false,
	    S("a; dkim=fail (\\) ; dkim=pass) header.d=b"),
	    "a|dkim=fail{header.d=b}" },
	{ "quote in a comment", false, S("a; b=c (\") d.e=f (\")"),
	    "a|b=c{d.e=f}" },
	{ "comment in quotes", false, S("a; b=c reason=\"(\" d.e=f"),
	    "a|b=c((){d.e=f}" },
	{ "comment ends a value", false, S("a; b=c d.e=f(.evil.example)"),
	    "a|b=c{d.e=f}" },
	{ "quote in a value", false, S("a; b=c; d=e f.g=h\"; i=j\""),
	    "a|b=c !bad-quoted@17" },
	{ "open quote", false, S("a; b=c; d=e f.g=\"h; i=j"),
	    "a|b=c !bad-quoted@16" },
	{ "backslash at the end", false, S("a; b=c d.e=\"h\\"),
	    "a !bad-quoted@11" },
	{ "quoted NUL", false, S("a; b=c d.e=\"h\\\0\""), "a !bad-quoted@11" },
	{ "NUL in quotes", false, S("a; b=c d.e=\"\0\""), "a !bad-quoted@11" },
	{ "NUL", false, S("a; b=c\0; d=e"), "a !bad-octet@6" },
	{ "NUL in a comment", false, S("a (\0); d=e"), "a !bad-comment@2" },
	{ "escape", false, S("a; b=c d.e=f\x1b[2J"), "a !bad-octet@12" },
	{ "open comment", false, S("a; b=c; d=e (f; g=h"),
	    "a|b=c !bad-comment@12" },
	{ "16 comments deep", false,
	    S("a((((((((((((((((x)))))))))))))))); none"), "a|none" },
	{ "17 comments deep", false,
	    S("a(((((((((((((((((x))))))))))))))))); none"),
	    "a !deep-comment@1" },
	{ "bare LF", false, S("a; b=c;\n d=e"), "a|b=c !bad-octet@7" },
	{ "bare CR", false, S("a; b=c;\r d=e"), "a|b=c !bad-octet@7" },
	{ "CRLF without WSP", false, S("a;\r\nb=c"), "a !bad-octet@2" },
	{ "two strays", false, S("a; b c d=e"), "a !no-equals@5" },
	{ "two words behind the server", false, S("a b c; d=e"),
	    "a !no-equals@4" },
	{ "a property without value", false, S("a; b=c; d=e f.g h.i=j"),
	    "a|b=c !no-equals@16" },
	{ "a property without name", false, S("a; b=c; d=e f.=g"),
	    "a|b=c !no-name@14" },
	{ "no version behind a slash", false, S("a; b/x=c"), "a !no-name@5" },
	{ "comma", false, S("a; b=c; ,"), "a|b=c !no-name@8" },
	{ "empty", false, S(""), " !empty@0" },
	{ "white space", false, S(" \r\n\t (x)"), " !empty@8" },
	{ "ARC without instance", true, S(" a; b=c"), " !bad-instance@1" },
	{ "ARC, instance 0", true, S("i=0; a; b=c"), " !bad-instance@3" },
	{ "ARC, instance 100", true, S("i=100; a; b=c"), " !bad-instance@2" },
	{ "ARC, instance in comments", true, S("(x)i(x)=(x)01(x); a; none"),
	    "i=1;a|none" },
};

static void
test_cases(void)
{
	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autoptr(arena_auto) arena = arena_new();
		g_autofree char *got = NULL;
		struct auth_results results;

		auth_results_parse(
		    &results, arena, cases[i].value, cases[i].arc);
		got = auth_case_text(&results);
		g_test_message("%s", cases[i].name);
		g_assert_cmpstr(got, ==, cases[i].want);
	}
}

/* What is read without liberties reads the same when it is written with
 * quotes, folds and comments wherever the grammar has them. */
static void
test_written_anew(void)
{
	size_t n = 0;

	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autoptr(arena_auto) arena = arena_new();
		g_autofree char *field = NULL, *got = NULL, *want = NULL;
		struct auth_results results;

		auth_results_parse(
		    &results, arena, cases[i].value, cases[i].arc);
		if (results.defect != AUTH_NO_DEFECT ||
		    (results.liberties & ~(unsigned)AUTH_ODD_VALUE) != 0 ||
		    strstr(cases[i].want, "\"@") != NULL)
			continue;
		results.liberties = 0;
		want = auth_case_text(&results);
		field = auth_case_field(&results);
		auth_results_parse(
		    &results, arena, span_from_string(field), cases[i].arc);
		got = auth_case_text(&results);
		g_assert_cmpstr(got, ==, want);
		n++;
	}
	g_assert_cmpuint(n, >, 20);
}

/* Every prefix of every field: nothing is read behind its end. */
static void
test_prefixes(void)
{
	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autoptr(arena_auto) arena = arena_new();
		struct span value = cases[i].value;

		for (size_t n = 0; n <= value.n; n++) {
			/* A copy of its own, for AddressSanitizer. */
			g_autofree uint8_t *copy = g_malloc(n + 1);
			struct auth_results results;

			memcpy(copy, value.p, n);
			copy = g_realloc(copy, MAX(n, 1));
			auth_results_parse(&results, arena,
			    (struct span){ copy, n }, cases[i].arc);
			g_assert_cmpuint(results.bad_at, <=, n);
			for (size_t k = 0; k < results.n; k++)
				g_assert_true(results.results[k].method.p +
					results.results[k].method.n <=
				    copy + n);
		}
	}
}

static GString *
repeat(const char *head, const char *text, size_t n)
{
	GString *out = g_string_new(head);

	while (n-- > 0)
		g_string_append(out, text);
	return out;
}

static void
assert_parsed(GString *value, const char *want)
{
	g_autoptr(arena_auto) arena = arena_new();
	g_autofree char *got = NULL;
	struct auth_results results;

	auth_results_parse(&results, arena,
	    (struct span){ (const uint8_t *)value->str, value->len }, false);
	got = auth_case_text(&results);
	g_assert_true(g_str_has_suffix(got, want));
	g_test_message("%.60s", got);
	g_string_free(value, TRUE);
}

static void
test_bounds(void)
{
	assert_parsed(repeat("a", "; b=c", 64), "|b=c");
	assert_parsed(repeat("a", "; b=c", 65), "|b=c|+1");
	assert_parsed(
	    repeat("a", "; b=c d.e=f g.h=i", 100000), "{d.e=f,g.h=i}|+99936");
	assert_parsed(repeat("a; b=c", " d.e=f", 32), ",d.e=f}");
	assert_parsed(repeat("a; b=c", " d.e=f", 33), ",d.e=f}+1");
	assert_parsed(repeat("a; b=c; d=", "e", 1000), "e");
	assert_parsed(repeat("a; b=c; d=", "e", 1001), "a|b=c !long-word@10");
	assert_parsed(repeat("a", "(", 100000), "a !deep-comment@1");
	assert_parsed(
	    repeat("a; b=c d.e=\"", "\\\"", 100000), "a !bad-quoted@11");
	assert_parsed(repeat("a", "(x)", 100000), "a [no-results]");
	assert_parsed(
	    repeat("a", ";", 100000), "a [empty-result] [no-results]");
	assert_parsed(repeat("a; b", "=", 100000), "a !long-word@5");
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_set_nonfatal_assertions();
	g_test_add_func("/auth_results/cases", test_cases);
	g_test_add_func("/auth_results/written_anew", test_written_anew);
	g_test_add_func("/auth_results/prefixes", test_prefixes);
	g_test_add_func("/auth_results/bounds", test_bounds);
	return g_test_run();
}
