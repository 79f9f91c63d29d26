/*
 * json_lines.c - a stream of JSON objects, one per line.
 */
#include "keysnap/import/json_lines.h"
#include "keysnap/import/import_lines.h"

static bool
take_line(struct arena *arena, struct span text, uint64_t number,
    const struct json_lines *lines, const struct import_output *output,
    GError **error)
{
	const char *why;
	const struct json_node *object;

	if (span_trim_wsp(text).n == 0)
		return true;
	object = json_tree_parse_object(arena, text, &why);
	if (object != NULL)
		return lines->take(lines->user, arena, object, number, error);
	output->bad(output->user, number, why);
	return true;
}

bool
json_lines_read(FILE *stream, const char *path, const struct json_lines *lines,
    const struct import_output *output, GError **error)
{
	g_autoptr(arena_auto) arena = arena_new();
	struct import_lines text_lines;
	struct span text;
	bool ok = true;

	import_lines_init(&text_lines, stream);
	while (ok && import_lines_next(&text_lines, &text)) {
		if (text_lines.too_long)
			output->bad(
			    output->user, text_lines.number, "line too long");
		else
			ok = take_line(arena, text, text_lines.number, lines,
			    output, error);
		arena_reset(arena);
	}
	if (ok && import_lines_failed(&text_lines, path, error))
		ok = false;
	import_lines_clear(&text_lines);
	return ok;
}
