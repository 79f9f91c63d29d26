/* test_stored_at.c - where fields lie in the stored octets, under readings that
 * take octets away and put others in. */
#include "verifier/message/stored_at.h"
#include "tests/unit/span_assert.h"

#include <string.h>

#define MBOXRD QUOTING_MBOXRD
#define KEPT   QUOTING_KEPT

/* A name that is longer than its line was, and a line taken away. */
static const struct edit longer[] = {
	{ 0, 1, { (const uint8_t *)"From", 4 } },
	{ 5, 5, { NULL, 0 } },
};

static const struct {
	const char *name;
	struct reading reading;
	struct span raw;
	size_t at[4]; /* of its fields */
	size_t n;
} cases[] = {
	{ "as stored", { .quoting = KEPT },
	    SPAN("A: 1\r\nB: 2\r\n 3\r\nC: 4\r\n\r\nx"), { 0, 6, 16 }, 3 },
	{ "LF", { .quoting = KEPT, .line_ends = LINE_ENDS_CRLF },
	    SPAN("A: 1\nB: 2\n 3\nC: 4\n\nx"), { 0, 5, 13 }, 3 },
	{ "mixed", { .quoting = KEPT, .line_ends = LINE_ENDS_CRLF },
	    SPAN("A: 1\r\nB: 2\nC: 4\r\n\nx"), { 0, 6, 11 }, 3 },
	{ "a quoted line in the header",
	    { .quoting = MBOXRD, .line_ends = LINE_ENDS_CRLF },
	    SPAN("A: 1\n>From x: 2\n>>From y: 3\nB: 4\n\nx"), { 0, 28 }, 0 },
	{ "no body", { .quoting = KEPT, .line_ends = LINE_ENDS_CRLF },
	    SPAN("A: 1\nB: 2"), { 0, 5 }, 2 },
	{ "edits",
	    { .quoting = KEPT,
		.line_ends = LINE_ENDS_CRLF,
		.edits = longer,
		.n_edits = 2 },
	    SPAN("F: 1\nB: 2\nC: 3\n\nx"), { 0, 10 }, 2 },
};

static void
test_fields(void)
{
	g_autofree uint8_t *buffer = g_malloc(READING_BUFFER);

	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autoptr(arena_auto) arena = arena_new();
		struct message message;
		struct stored_at at;

		message_open(
		    &message, arena, buffer, cases[i].raw, &cases[i].reading);
		stored_at_get(&at, arena, &message);
		/* 0: only that each lies where its name stands. */
		if (cases[i].n > 0)
			g_assert_cmpuint(message.header.n, ==, cases[i].n);
		for (size_t j = 0; j < message.header.n; j++) {
			const struct header_field *field =
			    &message.header.fields[j];
			uint64_t got =
			    stored_at_line(&at, &message, field->whole);
			struct span there =
			    span_from(cases[i].raw, (size_t)got);

			if (j < cases[i].n)
				g_assert_cmpuint(got, ==, cases[i].at[j]);
			if (cases[i].reading.n_edits > 0)
				continue;
			while (there.n > 0 && there.p[0] == '>')
				there = span_from(there, 1);
			span_assert_equal(cases[i].name,
			    span_sub(there, 0, field->name.n), field->name);
		}
	}
}

/* Ten thousand lines: each is found, and not by going through all. */
static void
test_many(void)
{
	g_autofree uint8_t *buffer = g_malloc(READING_BUFFER);
	g_autoptr(arena_auto) arena = arena_new();
	g_autoptr(GString) raw = g_string_new(NULL);
	const struct reading reading = { .line_ends = LINE_ENDS_CRLF };
	struct message message;
	struct stored_at at;

	for (int i = 0; i < 1000; i++)
		g_string_append_printf(raw, "X-%d: %d\n y\n", i, i);
	g_string_append_c(raw, '\n');
	message_open(&message, arena, buffer,
	    (struct span){ (const uint8_t *)raw->str, raw->len }, &reading);
	stored_at_get(&at, arena, &message);
	g_assert_cmpuint(message.header.n, ==, 1000);
	for (size_t i = 0; i < message.header.n; i++) {
		g_autofree char *want = g_strdup_printf("X-%zu: ", i);
		uint64_t got = stored_at_line(
		    &at, &message, message.header.fields[i].whole);

		g_assert_true(g_str_has_prefix(raw->str + got, want));
	}
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_set_nonfatal_assertions();
	g_test_add_func("/stored_at/fields", test_fields);
	g_test_add_func("/stored_at/many", test_many);
	return g_test_run();
}
