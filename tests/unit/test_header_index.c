/* test_header_index.c - the header section, cut into fields. */
#include "verifier/message/message.h"

#include <string.h>

#define CRLF_READING                                         \
	{                                                    \
		QUOTING_KEPT, LINE_ENDS_CRLF, NULL, 0, false \
	}
#define KEPT_READING                                         \
	{                                                    \
		QUOTING_KEPT, LINE_ENDS_KEPT, NULL, 0, false \
	}
#define TEXT(literal)                                           \
	{                                                       \
		(const uint8_t *)(literal), sizeof(literal) - 1 \
	}

static const struct {
	const char *name;
	struct reading reading;
	struct span raw;
	enum header_status status;
	size_t n, no_field, body_at;
	const char *section;
	const char *first, *value; /* name and value of the first field */
} cases[] = {
	{ "empty", CRLF_READING, TEXT(""), HEADER_EMPTY, 0, 0, 0, "", NULL,
	    NULL },
	{ "empty line only", CRLF_READING, TEXT("\nbody"), HEADER_EMPTY, 0, 0,
	    1, "", NULL, NULL },
	{ "CRLF", CRLF_READING, TEXT("A: 1\r\nB: 2\r\n\r\nbody"), HEADER_OK, 2,
	    0, 14, "A: 1\r\nB: 2\r\n", "A", " 1" },
	{ "LF", CRLF_READING, TEXT("A: 1\nB: 2\n\nbody"), HEADER_OK, 2, 0, 11,
	    "A: 1\r\nB: 2\r\n", "A", " 1" },
	{ "no body, no line end", CRLF_READING, TEXT("A:1"), HEADER_OK, 1, 0, 3,
	    "A:1\r\n", "A", "1" },
	{ "folded", CRLF_READING, TEXT("A: 1\n\t2\n 3\nB:\n\n"), HEADER_OK, 2,
	    0, 15, "A: 1\r\n\t2\r\n 3\r\nB:\r\n", "A", " 1\r\n\t2\r\n 3" },
	{ "WSP before the colon", CRLF_READING, TEXT("A \t: 1\n\n"), HEADER_OK,
	    1, 0, 8, "A \t: 1\r\n", "A", " 1" },
	{ "From_ line on top", CRLF_READING, TEXT("From x\nA: 1\n\n"),
	    HEADER_OK, 1, 0, 13, "From x\r\nA: 1\r\n", "A", " 1" },
	{ "From_ line later", CRLF_READING, TEXT("A: 1\n>From x\nB: 2\n\n"),
	    HEADER_OK, 2, 1, 19, "A: 1\r\n>From x\r\nB: 2\r\n", "A", " 1" },
	{ "lines that are none", CRLF_READING,
	    TEXT(" lost\nno colon\n more\n: x\nA: 1\n\n"), HEADER_OK, 1, 4, 31,
	    " lost\r\nno colon\r\n more\r\n: x\r\nA: 1\r\n", "A", " 1" },
	{ "BOM", CRLF_READING,
	    TEXT("\xef\xbb\xbf"
		 "A: 1\nB: 2\n\n"),
	    HEADER_OK, 1, 1, 14,
	    "\xef\xbb\xbf"
	    "A: 1\r\nB: 2\r\n",
	    "B", " 2" },
	{ "bare CR and 8-bit", CRLF_READING, TEXT("A: \r\xff\n\nb"), HEADER_OK,
	    1, 0, 7, "A: \r\xff\r\n", "A", " \r\xff" },
	{ "bare LF kept", KEPT_READING, TEXT("A: 1\nB: 2\n\n\r\n\r\nb"),
	    HEADER_OK, 1, 0, 15, "A: 1\nB: 2\n\n\r\n", "A", " 1\nB: 2\n\n" },
};

static void
check_case(size_t i, struct arena *arena)
{
	static uint8_t buffer[READING_BUFFER];
	struct header_index index;
	size_t body_at;
	enum header_status status = header_index_build(
	    &index, arena, buffer, cases[i].raw, &cases[i].reading, &body_at);

	g_test_message("%s", cases[i].name);
	g_assert_cmpint(status, ==, cases[i].status);
	g_assert_cmpuint(index.n, ==, cases[i].n);
	g_assert_cmpuint(index.no_field_lines, ==, cases[i].no_field);
	g_assert_cmpuint(body_at, ==, cases[i].body_at);
	g_assert_true(
	    span_equal(index.section, span_from_string(cases[i].section)));
	g_assert_cmpint(index.leading_bom, ==,
	    cases[i].raw.n > 0 && cases[i].raw.p[0] == 0xef);
	if (index.n == 0)
		return;
	g_assert_true(
	    span_equal(index.fields[0].name, span_from_string(cases[i].first)));
	g_assert_true(span_equal(
	    index.fields[0].value, span_from_string(cases[i].value)));
}

static void
test_cases(void)
{
	struct arena *arena = arena_new();

	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++)
		check_case(i, arena);
	arena_free(arena);
}

/* One field and one octet past the limits. */
static void
test_limits(void)
{
	static uint8_t buffer[READING_BUFFER];
	const struct reading reading = CRLF_READING;
	struct arena *arena = arena_new();
	struct header_index index;
	GString *text = g_string_new(NULL);
	size_t body_at;

	for (int i = 0; i < HEADER_FIELDS_MAX; i++)
		g_string_append(text, "A:\n");
	struct span raw = { (uint8_t *)text->str, text->len };
	g_assert_cmpint(
	    header_index_build(&index, arena, buffer, raw, &reading, &body_at),
	    ==, HEADER_OK);
	g_string_append(text, "A:\n");
	raw = (struct span){ (uint8_t *)text->str, text->len };
	g_assert_cmpint(
	    header_index_build(&index, arena, buffer, raw, &reading, &body_at),
	    ==, HEADER_TOO_MANY);
	g_assert_cmpuint(index.n, ==, 0);
	g_string_set_size(text, HEADER_SECTION_MAX + 1);
	raw = (struct span){ (uint8_t *)text->str, text->len };
	g_assert_cmpint(
	    header_index_build(&index, arena, buffer, raw, &reading, &body_at),
	    ==, HEADER_TOO_LARGE);
	g_string_free(text, TRUE);
	arena_free(arena);
}

/* Where programs may see a line end that is none, or the end of the text. */
static void
test_stray_octets(void)
{
	static const struct {
		struct reading reading;
		struct span raw;
		size_t stray;
	} rows[] = {
		{ CRLF_READING, TEXT("A: 1\r\nB: 2\n\n\r\0"), 0 },
		{ CRLF_READING, TEXT("A: 1\rB: 2\r\n\r\n"), 1 },
		{ CRLF_READING, TEXT("A: 1\r\r\nB: 2\r\n\r\n"), 1 },
		{ CRLF_READING, TEXT("\rA: 1\r"), 2 },
		{ CRLF_READING, TEXT("A: 1\0\nB: \0\n\n"), 2 },
		{ KEPT_READING, TEXT("A: 1\nB: 2\n\n\r\n\r\nb\n"), 3 },
	};
	static uint8_t buffer[READING_BUFFER];
	struct arena *arena = arena_new();
	struct header_index index;
	size_t body_at;

	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		header_index_build(&index, arena, buffer, rows[i].raw,
		    &rows[i].reading, &body_at);
		g_test_message("row %zu", i);
		g_assert_cmpuint(index.stray_octets, ==, rows[i].stray);
	}
	/* In every place, as they are looked for in blocks. */
	for (size_t at = 2; at < 60; at++) {
		for (size_t kind = 0; kind < 4; kind++) {
			const struct reading kept = KEPT_READING;
			g_autofree char *text = g_strnfill(60, 'x');
			text[1] = ':';
			text[at] = "\r\n\0\r"[kind];
			if (kind == 3)
				text[at + 1] = '\n';
			header_index_build(&index, arena, buffer,
			    (struct span){ (uint8_t *)text, 60 }, &kept,
			    &body_at);
			g_assert_cmpuint(index.stray_octets, ==,
			    kind == 3 && at < 59 ? 0 : 1);
		}
	}
	arena_free(arena);
}

static void
test_get(void)
{
	static uint8_t buffer[READING_BUFFER];
	const struct reading reading = CRLF_READING;
	struct arena *arena = arena_new();
	struct header_index index;
	size_t body_at;

	header_index_build(&index, arena, buffer, SPAN("To: 1\ntO: 2\nX: 3\n"),
	    &reading, &body_at);
	g_assert_cmpuint(header_count(&index, SPAN("TO")), ==, 2);
	g_assert_true(header_get(&index, SPAN("to"), 1) == &index.fields[1]);
	g_assert_null(header_get(&index, SPAN("to"), 2));
	g_assert_null(header_get(&index, SPAN("t"), 0));
	arena_free(arena);
}

/* An edit in the header, one that takes the empty line, one in the body. */
static void
test_edits(void)
{
	static uint8_t buffer[READING_BUFFER];
	static const struct edit edits[] = {
		{ 3, 1, TEXT("9\nB: 8") },
		{ 5, 1, TEXT("") },
		{ 14, 1, TEXT("Y") },
	};
	const struct reading reading = { QUOTING_KEPT, LINE_ENDS_CRLF, edits, 3,
		false };
	struct arena *arena = arena_new();
	struct message message;

	message_open(
	    &message, arena, buffer, SPAN("A: 1\n\nC: 3\n\nbxy"), &reading);
	g_assert_cmpint(message.status, ==, HEADER_OK);
	g_assert_true(span_equal(
	    message.header.section, SPAN("A: 9\r\nB: 8\r\nC: 3\r\n")));
	g_assert_cmpuint(message.header.n, ==, 3);
	g_assert_cmpuint(message.body_at, ==, 12);
	arena_free(arena);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_set_nonfatal_assertions();
	g_test_add_func("/header-index/cases", test_cases);
	g_test_add_func("/header-index/limits", test_limits);
	g_test_add_func("/header-index/stray-octets", test_stray_octets);
	g_test_add_func("/header-index/get", test_get);
	g_test_add_func("/header-index/edits", test_edits);
	return g_test_run();
}
