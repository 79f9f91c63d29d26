/* test_mime_parts.c - parts of a message: RFC 2046 5.1. */
#include "verifier/message/mime_parts.h"

#include <glib.h>

#define MIXED "Content-Type: multipart/mixed; boundary=b\n\n"

static const struct {
	const char *name, *text;
	const char *want; /* media type, "=", body and "|" for each */
} cases[] = {
	{ "no MIME", "From: a\n\nx\n", "=x\n|" },
	{ "empty body", "From: a\n\n", "=|" },
	{ "two",
	    MIXED "pre\n--b\n\nx\n--b\nContent-Type: a/b; c=d\n\ny\n--b--\nz",
	    "=x|a/b=y|" },
	{ "no boundary", "Content-Type: multipart/mixed\n\n--b\n\nx\n",
	    "multipart/mixed=--b\n\nx\n|" },
	{ "boundary not in the body", MIXED "--c\n\nx\n",
	    "multipart/mixed=--c\n\nx\n|" },
	{ "nested",
	    MIXED "--b\nContent-Type: multipart/x; boundary=c\n\n--c\n\nx\n"
		  "--c--\n--b\n\ny\n--b--\n",
	    "=x|=y|" },
	{ "inner one without end",
	    MIXED "--b\nContent-Type: multipart/x; boundary=c\n\n--c\n\nx\n"
		  "--b\n\ny\n--b--\n",
	    "=x|=y|" },
	{ "not into messages",
	    MIXED "--b\nContent-Type: message/rfc822\n\nA: 1\n\nx\n--b--\n",
	    "message/rfc822=A: 1\n\nx|" },
};

static void
append(GString *out, struct span text)
{
	g_string_append_len(out, (const char *)text.p, (gssize)text.n);
}

static char *
walk(const char *text, struct mime_parts *parts)
{
	static const struct reading wire = { .line_ends = LINE_ENDS_CRLF };
	static uint8_t buffer[READING_BUFFER];
	g_autoptr(arena_auto) arena = arena_new();
	GString *out = g_string_new(NULL);
	struct message message;
	struct mime_part part;

	message_open(&message, arena, buffer, span_from_string(text), &wire);
	mime_parts_start(parts, arena, &message);
	while (mime_parts_next(parts, &part)) {
		append(out, part.media);
		g_string_append_c(out, '=');
		append(out, part.body);
		g_string_append_c(out, '|');
	}
	return g_string_free(out, FALSE);
}

static void
test_cases(void)
{
	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		struct mime_parts parts;
		g_autofree char *found = walk(cases[i].text, &parts);

		g_test_message("%s", cases[i].name);
		g_assert_cmpstr(found, ==, cases[i].want);
		g_assert_false(parts.cut);
		g_assert_cmpuint(parts.left_out, ==, 0);
	}
}

static void
test_too_many(void)
{
	g_autoptr(GString) text = g_string_new(MIXED);
	struct mime_parts parts;

	for (int i = 0; i < MIME_PARTS_MAX + 7; i++)
		g_string_append(text, "--b\n\nx\n");
	g_string_append(text, "--b--\n");
	g_free(walk(text->str, &parts));
	g_assert_true(parts.cut);
	g_assert_cmpuint(parts.left_out, ==, 7);
}

static void
test_too_deep(void)
{
	g_autoptr(GString) text = g_string_new("");
	struct mime_parts parts;

	for (int i = 0; i < MIME_NESTING_MAX + 2; i++)
		g_string_append_printf(text,
		    "Content-Type: multipart/mixed; boundary=b%d.\n\n--b%d.\n",
		    i, i);
	g_string_append(text, "\nx\n");
	g_free(walk(text->str, &parts));
	g_assert_true(parts.cut);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_set_nonfatal_assertions();
	g_test_add_func("/mime-parts/cases", test_cases);
	g_test_add_func("/mime-parts/too-many", test_too_many);
	g_test_add_func("/mime-parts/too-deep", test_too_deep);
	return g_test_run();
}
