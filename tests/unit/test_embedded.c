/* test_embedded.c - messages attached to a message: RFC 2046 5.1, 5.2.1. */
#include "verifier/message/embedded.h"

#include <glib.h>
#include <string.h>

#define MIXED "Content-Type: multipart/mixed; boundary=b\n\n"
#define PART  "--b\nContent-Type: message/rfc822\n\n"

static const struct {
	const char *name, *text;
	const char *want; /* each slice, "|" behind it; "*" before: encoded */
} cases[] = {
	{ "no MIME", "From: a\n\nContent-Type: message/rfc822\n\nFrom: b\n",
	    "" },
	{ "empty body", MIXED, "" },
	{ "the message itself",
	    "Content-Type: message/rfc822\n\nFrom: b\n\nx\n",
	    "From: b\n\nx\n|" },
	{ "one", MIXED PART "From: b\n\nx\n--b--\n", "From: b\n\nx|" },
	{ "two", MIXED PART "A: 1\n" PART "B: 2\n\n--b--\n", "A: 1|B: 2\n|" },
	{ "preamble and epilogue",
	    MIXED "pre\n--b\n\ntext\n" PART "A: 1\n--b--\n" PART "B: 2\n",
	    "A: 1|" },
	{ "no end", MIXED PART "A: 1\n", "A: 1\n|" },
	{ "CRLF",
	    "Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n"
	    "Content-Type: message/rfc822\r\n\r\nA: 1\r\n\r\n--b--\r\n",
	    "A: 1\r\n|" },
	{ "other case",
	    "CONTENT-TYPE: MULTIPART/MIXED; BOUNDARY=\"b\"\n\n--b \t\n"
	    "content-type:\n Message/RFC822; x=y\n\nA: 1\n--b--\n",
	    "A: 1|" },
	{ "message/global",
	    MIXED "--b\nContent-Type: message/global\n\nA: 1\n"
		  "--b--\n",
	    "A: 1|" },
	{ "message/delivery-status",
	    MIXED "--b\nContent-Type: message/delivery-status\n\nA: 1\n--b--\n",
	    "" },
	{ "7bit",
	    MIXED "--b\nContent-Type: message/rfc822\n"
		  "Content-Transfer-Encoding: 7bit\n\nA: 1\n--b--\n",
	    "A: 1|" },
	{ "base64",
	    MIXED "--b\nContent-Type: message/rfc822\n"
		  "Content-Transfer-Encoding: base64\n\nQTogMQ==\n--b--\n",
	    "*QTogMQ==|" },
	{ "unknown encoding",
	    MIXED "--b\nContent-Type: message/rfc822\n"
		  "Content-Transfer-Encoding: x\n\nA: 1\n--b--\n",
	    "*A: 1|" },
	{ "boundary that goes on", MIXED PART "A: 1\n--bb\n\n--b--\n",
	    "A: 1\n--bb\n|" },
	{ "boundary within a line", MIXED PART "A: 1\nx--b\n--b--\n",
	    "A: 1\nx--b|" },
	{ "not in a part's body",
	    MIXED "--b\n\nContent-Type: message/rfc822\n\nA: 1\n--b--\n", "" },
	{ "nested",
	    MIXED "--b\nContent-Type: multipart/mixed; boundary=c\n\n--c\n"
		  "Content-Type: message/rfc822\n\nA: 1\n--c--\n" PART
		  "B: 2\n--b--\n",
	    "A: 1|B: 2|" },
	{ "not those within",
	    MIXED PART "Content-Type: multipart/mixed; boundary=c\n\n--c\n"
		       "Content-Type: message/rfc822\n\nA: 1\n--c--\n--b--\n",
	    "Content-Type: multipart/mixed; boundary=c\n\n--c\n"
	    "Content-Type: message/rfc822\n\nA: 1\n--c--|" },
	{ "digest",
	    "Content-Type: multipart/digest; boundary=b\n\n--b\n\nA: 1\n"
	    "--b\nContent-Type: text/plain\n\nx\n--b--\n",
	    "A: 1|" },
	{ "no boundary", "Content-Type: multipart/mixed\n\n" PART "A: 1\n",
	    "" },
	{ "empty boundary",
	    "Content-Type: multipart/mixed; boundary=\"\"\n\n--\n"
	    "Content-Type: message/rfc822\n\nA: 1\n",
	    "" },
	{ "boundary too long",
	    "Content-Type: multipart/mixed; "
	    "boundary=01234567890123456789012345678901234567890123456789"
	    "012345678901234567890\n\n"
	    "Content-Type: message/rfc822\n",
	    "" },
	{ "empty part", MIXED PART "--b--\n", "|" },
	{ "8-bit", MIXED PART "A: \xff\n--b--\n", "A: \xff|" },
};

static void
find(struct embedded_list *list, struct arena *arena, struct span raw)
{
	static const struct reading wire = { .line_ends = LINE_ENDS_CRLF };
	static uint8_t buffer[READING_BUFFER];
	struct message message;

	message_open(&message, arena, buffer, raw, &wire);
	g_assert_cmpint(message.status, ==, HEADER_OK);
	embedded_find(list, arena, &message);
	for (size_t i = 0; i < list->n; i++) {
		struct span part = list->parts[i].raw;
		g_assert_true(part.n == 0 ||
		    (part.p >= raw.p && part.p + part.n <= raw.p + raw.n));
	}
}

static void
test_cases(void)
{
	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autoptr(arena_auto) arena = arena_new();
		g_autoptr(GString) got = g_string_new(NULL);
		struct embedded_list list;

		find(&list, arena, span_from_string(cases[i].text));
		for (size_t k = 0; k < list.n; k++) {
			struct span raw = list.parts[k].raw;
			g_string_append(got, list.parts[k].encoded ? "*" : "");
			g_string_append_len(
			    got, (const char *)raw.p, (gssize)raw.n);
			g_string_append_c(got, '|');
		}
		g_test_message("%s", cases[i].name);
		g_assert_cmpstr(got->str, ==, cases[i].want);
		g_assert_false(list.cut);
		g_assert_cmpuint(list.left_out, ==, 0);
	}
}

static void
test_bounds(void)
{
	g_autoptr(arena_auto) arena = arena_new();
	g_autoptr(GString) text = g_string_new(MIXED);
	struct embedded_list list;

	for (int i = 0; i < EMBEDDED_MAX + 3; i++)
		g_string_append(text, PART "A: 1\n");
	find(&list, arena, span_from_string(text->str));
	g_assert_cmpuint(list.n, ==, EMBEDDED_MAX);
	g_assert_cmpuint(list.left_out, ==, 3);
	g_assert_false(list.cut);

	g_string_assign(text, MIXED);
	for (int i = 0; i < MIME_PARTS_MAX; i++)
		g_string_append(text, "--b\n\nx\n");
	g_string_append(text, PART "A: 1\n");
	find(&list, arena, span_from_string(text->str));
	g_assert_cmpuint(list.n, ==, 0);
	g_assert_true(list.cut);

	g_string_assign(text, MIXED "--b\n");
	for (int i = 0; i < MIME_PART_HEADER_MAX; i++)
		g_string_append(text, "x:\n");
	g_string_append(text, "Content-Type: message/rfc822\n\nA: 1\n");
	find(&list, arena, span_from_string(text->str));
	g_assert_cmpuint(list.n, ==, 0);
	g_assert_true(list.cut);
}

/* Multiparts in multiparts, ten thousand deep. */
static void
test_nesting(void)
{
	g_autoptr(arena_auto) arena = arena_new();
	g_autoptr(GString) text = g_string_new(NULL);
	struct embedded_list list;

	for (int i = 0; i < 10000; i++)
		g_string_append_printf(text,
		    "Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n", i,
		    i);
	g_string_append(text, "Content-Type: message/rfc822\n\nA: 1\n");
	find(&list, arena, span_from_string(text->str));
	g_assert_cmpuint(list.n, ==, 0);
	g_assert_true(list.cut);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_set_nonfatal_assertions();
	g_test_add_func("/embedded/cases", test_cases);
	g_test_add_func("/embedded/bounds", test_bounds);
	g_test_add_func("/embedded/nesting", test_nesting);
	return g_test_run();
}
