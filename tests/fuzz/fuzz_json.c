/* fuzz_json.c - a line that parses is rewritten to a fixed point. */
#include "keysnap/base/json.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static GString *
rewrite(const json_t *value)
{
	GString *out = g_string_new(NULL);
	struct json_writer writer;

	json_writer_init(&writer, out);
	if (json_write_value(&writer, NULL, value))
		return out;
	g_assert(out->len == 0);
	g_string_free(out, TRUE);
	return NULL;
}

static void
check_line(struct arena *arena, struct span line)
{
	const char *why = NULL;
	json_t *value = json_parse_line(arena, line, false, &why), *again;
	GString *canonical;
	struct span text;

	g_assert((value == NULL) == (why != NULL));
	if (value == NULL)
		return;
	canonical = rewrite(value);
	if (canonical != NULL) {
		text = (struct span){ (const uint8_t *)canonical->str,
			canonical->len };
		again = json_parse_line(arena, text, true, &why);
		g_assert(again != NULL && json_equal(value, again));
		json_decref(again);
		g_string_free(canonical, TRUE);
	}
	json_decref(value);
}

/* Any octets come back from their one spelling; any text is one string. */
static void
check_octets(struct arena *arena, struct span octets)
{
	GString *out = g_string_new(NULL);
	struct json_writer writer;
	const char *why;
	json_t *line, *member;
	struct span back;

	json_writer_init(&writer, out);
	json_open_object(&writer, NULL);
	json_write_octets(&writer, "o", octets);
	json_write_text(&writer, "t", "t_b64", octets);
	json_close_object(&writer);
	line = json_parse_line(arena,
	    (struct span){ (const uint8_t *)out->str, out->len }, true, &why);
	g_assert(line != NULL);
	member = json_object_get(line, "o");
	back = (struct span){ (const uint8_t *)json_string_value(member),
		json_string_length(member) };
	g_assert(json_read_octets(arena, back, &back));
	g_assert(span_equal(back, octets));
	json_decref(line);
	g_string_free(out, TRUE);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena *arena = arena_new();
	struct span text = { data, size };
	struct span octets;

	check_line(arena, text);
	check_octets(arena, text);
	if (json_read_octets(arena, text, &octets))
		g_assert(octets.n <= size);
	arena_free(arena);
	return 0;
}
