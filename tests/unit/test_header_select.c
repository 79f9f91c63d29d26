/* test_header_select.c - which instances h= names, RFC 6376 5.4.2. */
#include "verifier/message/header_select.h"

#include <string.h>

#define NAMES_MAX 6

static const struct {
	const char *name, *header;
	const char *names[NAMES_MAX];
	int want[NAMES_MAX]; /* field selected by each name, -1: none */
	int skip;            /* field, -1: none */
} cases[] = {
	{ "no names", "A: 1\n", { NULL }, { -1 }, -1 },
	{ "bottom up", "A: 1\nB: 2\nA: 3\n", { "a", "A", "a" }, { 2, 0, -1 },
	    -1 },
	{ "over-signing", "A: 1\n", { "b", "a", "b" }, { -1, 0, -1 }, -1 },
	{ "the signature field", "S: 1\nS: 2\nS: 3\n", { "s", "s", "s" },
	    { 2, 0, -1 }, 1 },
	{ "empty name", "A: 1\n", { "", "a" }, { -1, 0 }, -1 },
	{ "other lengths", "Ab: 1\nA: 2\n", { "a", "ab", "abc" }, { 1, 0, -1 },
	    -1 },
};

static void
check_case(size_t i, struct arena *arena)
{
	static uint8_t buffer[READING_BUFFER];
	const struct reading reading = { QUOTING_KEPT, LINE_ENDS_CRLF, NULL, 0,
		false };
	struct header_index index;
	struct header_selection got;
	struct span names[NAMES_MAX];
	size_t body_at, n = 0, is_signed = 0, want_signed = 0;

	header_index_build(&index, arena, buffer,
	    span_from_string(cases[i].header), &reading, &body_at);
	while (n < NAMES_MAX && cases[i].names[n] != NULL) {
		names[n] = span_from_string(cases[i].names[n]);
		n++;
	}
	header_select(&got, arena, &index, names, n,
	    cases[i].skip < 0 ? NULL : &index.fields[cases[i].skip]);
	g_test_message("%s", cases[i].name);
	g_assert_cmpuint(got.n, ==, n);
	for (size_t k = 0; k < n; k++) {
		g_assert_true(got.fields[k] ==
		    (cases[i].want[k] < 0 ? NULL
					  : &index.fields[cases[i].want[k]]));
		want_signed += cases[i].want[k] >= 0;
	}
	for (size_t k = 0; k < index.n; k++)
		is_signed += got.signed_fields[k];
	g_assert_cmpuint(is_signed, ==, want_signed);
}

static void
test_cases(void)
{
	struct arena *arena = arena_new();

	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++)
		check_case(i, arena);
	arena_free(arena);
}

/* Every field of a long header is found, in reverse order. */
static void
test_many(void)
{
	static uint8_t buffer[READING_BUFFER];
	static struct span names[HEADER_FIELDS_MAX];
	const struct reading reading = { QUOTING_KEPT, LINE_ENDS_CRLF, NULL, 0,
		false };
	struct arena *arena = arena_new();
	struct header_index index;
	struct header_selection got;
	GString *text = g_string_new(NULL);
	size_t body_at;

	for (size_t i = 0; i < HEADER_FIELDS_MAX; i++) {
		g_string_append_printf(text, "X-%zu: x\n", i / 2);
		names[i] = SPAN("never");
	}
	struct span raw = { (uint8_t *)text->str, text->len };
	header_index_build(&index, arena, buffer, raw, &reading, &body_at);
	for (size_t i = 0; i < index.n; i++)
		names[i] = index.fields[index.n - 1 - i].name;
	header_select(&got, arena, &index, names, HEADER_FIELDS_MAX, NULL);
	for (size_t i = 0; i < HEADER_FIELDS_MAX; i++)
		g_assert_true(got.fields[i] == &index.fields[index.n - 1 - i]);
	g_string_free(text, TRUE);
	arena_free(arena);
}

/* Two names with one hash are two names. */
static void
test_same_hash(void)
{
	static uint8_t buffer[READING_BUFFER];
	const struct reading reading = { QUOTING_KEPT, LINE_ENDS_CRLF, NULL, 0,
		false };
	const struct span names[] = { SPAN("X-BOX-ID"), SPAN("x-fox-id"),
		SPAN("X-Fox-Id"), SPAN("x-box-id") };
	struct arena *arena = arena_new();
	struct header_index index;
	struct header_selection got;
	size_t body_at;

	g_assert_cmphex(
	    header_name_hash(names[0]), ==, header_name_hash(names[1]));
	header_index_build(&index, arena, buffer,
	    SPAN("x-fox-id: 1\nX-Box-Id: 2\nX-Fox-Id: 3\n"), &reading,
	    &body_at);
	header_select(&got, arena, &index, names, 4, NULL);
	g_assert_true(got.fields[0] == &index.fields[1]);
	g_assert_true(got.fields[1] == &index.fields[2]);
	g_assert_true(got.fields[2] == &index.fields[0]);
	g_assert_null(got.fields[3]);
	arena_free(arena);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_set_nonfatal_assertions();
	g_test_add_func("/header-select/cases", test_cases);
	g_test_add_func("/header-select/many", test_many);
	g_test_add_func("/header-select/same-hash", test_same_hash);
	return g_test_run();
}
