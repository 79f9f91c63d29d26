/* test_txt_dialect.c - a TXT record as text, in the ways that tools have. */
#include "keysnap/import/import_record.h"
#include "keysnap/import/txt_dialect.h"
#include "keysnap/base/text.h"

#include <string.h>

static const struct {
	const char *name, *text, *want;
} cases[] = {
	{ "one string", "\"v=DKIM1; p=\"", "[v=DKIM1; p=] exact" },
	{ "two", "\"v=DKIM1; \" \"p=\"", "[v=DKIM1; |p=] exact" },
	{ "no space between", "\"v=DKIM1; \"\"p=\"", "[v=DKIM1; |p=] exact" },
	{ "white space around", " \t\"a\"\t \"b\" ", "[a|b] exact" },
	{ "empty string", "\"\"", "[] exact" },
	{ "empty strings", "\"\" \"a\" \"\"", "[|a|] exact" },
	{ "unquoted", "v=DKIM1; p=MIIB", "[v=DKIM1; p=MIIB] source" },
	{ "\\; in quotes", "\"t=y\\; k=rsa\\; p=MIGf\"",
	    "[t=y; k=rsa; p=MIGf] exact" },
	{ "\\; unquoted", "t=y\\; p=MIGf", "[t=y; p=MIGf] source escapes" },
	{ "\\DDD", "\"a\\000\\255\\092\\\"b\\\\\"",
	    "[a\\u{00}\\x{ff}\\\"b\\] exact" },
	{ "p= split", "v=DKIM1; p=zI3SD0\" \"7y2+07",
	    "[v=DKIM1; p=zI3SD0|7y2+07] ambiguous" },
	{ "p= split, no space", "v=DKIM1; p=zI3SD0\"\"7y2+07",
	    "[v=DKIM1; p=zI3SD0|7y2+07] ambiguous" },
	{ "split at a tag", "v=DKIM1; \" \"p=7y2",
	    "[v=DKIM1; |p=7y2] ambiguous" },
	{ "quotes that are meant", "n=\"\"; p=\"x\"",
	    "[n=\"\"; p=\"x\"] source" },
	{ "escaped quotes are no join", "a\\\" \\\"b",
	    "[a\" \"b] source escapes" },
	{ "cut off", "\"v=DKIM1; p=MI", "[v=DKIM1; p=MI] ambiguous truncated" },
	{ "cut off in the second", "\"v=DKIM1; \" \"p=MI",
	    "[v=DKIM1; |p=MI] ambiguous truncated" },
	{ "escaped last quote", "\"a\\\"", "[a\"] ambiguous truncated" },
	{ "UTF-8", "\"n=\xc3\xbc\"", "[n=\xc3\xbc] exact" },
	{ "empty", "", "bad: the text of the record is empty" },
	{ "blank", " \t", "bad: the text of the record is empty" },
	{ "outside", "\"a\" b", "bad: text outside of quotes" },
	{ "outside, no space", "\"a\"b", "bad: text outside of quotes" },
	{ "\\256", "\"\\256\"", "bad: a bad escape in the text of the record" },
	{ "\\12", "\"\\12\"", "bad: a bad escape in the text of the record" },
	{ "\\12x", "\\12x", "bad: a bad escape in the text of the record" },
	{ "backslash at the end", "a\\",
	    "bad: a bad escape in the text of the record" },
	{ "RFC 3597", "\\# 3 026162",
	    "bad: RDATA in the notation of RFC 3597 is not read" },
};

static char *
run(struct span text)
{
	static const char *const joined[] = { "exact", "source", "ambiguous" };
	g_autoptr(arena_auto) arena = arena_new();
	GString *out = g_string_new(NULL);
	struct txt_dialect record;
	struct entry_texts words;
	const char *fault = txt_dialect_read(arena, text, &record);

	if (fault != NULL) {
		g_string_append_printf(out, "bad: %s", fault);
		return g_string_free(out, FALSE);
	}
	for (size_t i = 0; i < record.n; i++) {
		g_string_append_c(out, i == 0 ? '[' : '|');
		text_append_terminal(out, record.strings[i]);
	}
	g_string_append_printf(out, "] %s", joined[record.joined]);
	words = import_warning_words(arena, record.warnings);
	for (size_t i = 0; i < words.n; i++)
		g_string_append_printf(out, " %.*s", (int)words.items[i].n,
		    (const char *)words.items[i].p);
	return g_string_free(out, FALSE);
}

static void
test_cases(void)
{
	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autofree char *got = run(span_from_string(cases[i].text));

		if (strcmp(got, cases[i].want) != 0)
			g_test_message("in case \"%s\"", cases[i].name);
		g_assert_cmpstr(got, ==, cases[i].want);
	}
}

/* What lengths make of "before", "n" times "fill", "after": the number of
 * strings and their join; 0 when it is bad. */
static void
test_lengths(void)
{
	static const struct {
		const char *before, *fill, *after;
		size_t n, want;
		enum observation_join joined;
	} lengths[] = {
		{ "\"", "x", "\"", 255, 1, JOIN_EXACT },
		{ "\"", "x", "\"", 256, 1, JOIN_SOURCE },
		{ "\"", "x", "\" \"y\"", 255, 2, JOIN_EXACT },
		{ "\"", "x", "\" \"y\"", 256, 1, JOIN_AMBIGUOUS },
		{ "", "x", "\" \"y", 255, 2, JOIN_AMBIGUOUS },
		{ "", "x", "\" \"y", 256, 1, JOIN_AMBIGUOUS },
		{ "", "x", "", ENTRY_TXT_MAX - 1, 1, JOIN_SOURCE },
		{ "", "x", "", ENTRY_TXT_MAX, 0, JOIN_SOURCE },
		{ "", "\"a\"", "", ENTRY_STRINGS_MAX, ENTRY_STRINGS_MAX,
		    JOIN_EXACT },
		{ "", "\"a\"", "", ENTRY_STRINGS_MAX + 1, 0, JOIN_EXACT },
	};

	for (size_t i = 0; i < G_N_ELEMENTS(lengths); i++) {
		g_autoptr(arena_auto) arena = arena_new();
		g_autoptr(GString) text = g_string_new(lengths[i].before);
		struct txt_dialect record;
		const char *fault;

		for (size_t k = 0; k < lengths[i].n; k++)
			g_string_append(text, lengths[i].fill);
		g_string_append(text, lengths[i].after);
		fault = txt_dialect_read(
		    arena, span_from_string(text->str), &record);
		g_test_message("row %d", (int)i);
		g_assert_true((fault != NULL) == (lengths[i].want == 0));
		if (fault != NULL)
			continue;
		g_assert_cmpuint(record.n, ==, lengths[i].want);
		g_assert_cmpint((int)record.joined, ==, (int)lengths[i].joined);
	}
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_set_nonfatal_assertions();
	g_test_add_func("/txt_dialect/cases", test_cases);
	g_test_add_func("/txt_dialect/lengths", test_lengths);
	return g_test_run();
}
