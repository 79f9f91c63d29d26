/*
 * fuzz_record.c - a line of results.jsonl from anybody: what is taken is
 * written again octet for octet, and what people see of it has no control
 * characters but line feeds.
 */
#include "verifier/report/person.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
check_fixed_point(const struct record_view *view, struct span line)
{
	g_autoptr(GString) again = g_string_new(NULL);
	struct json_writer writer;

	json_writer_init(&writer, again);
	if (!json_write_value(&writer, NULL, view->json))
		g_error("a record that was read cannot be written");
	if (!span_equal(
		line, (struct span){ (const uint8_t *)again->str, again->len }))
		g_error("a record that was read is written differently");
}

static void
check_person(const struct record_view *view)
{
	g_autoptr(GString) shown = g_string_new(NULL);

	person_write(shown, view, false, true);
	for (size_t i = 0; i < shown->len; i++) {
		if ((uint8_t)shown->str[i] < 0x20 && shown->str[i] != '\n')
			g_error("a control character reaches the terminal");
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	g_autoptr(arena_auto) arena = arena_new();
	struct span line = { data, size };
	struct record_view view;
	enum record_kind kind;
	const char *why = NULL;

	if (record_read(&view, &kind, arena, line, &why)) {
		check_fixed_point(&view, line);
		if (kind == RECORD_MESSAGE)
			check_person(&view);
	} else if (why == NULL) {
		g_error("refused without a reason");
	}
	record_view_clear(&view);
	return 0;
}
