/*
 * recognise.c - what importers use to know a file by its first octets.
 */
#include "keysnap/import/recognise.h"
#include "keysnap/base/json_tree.h"

bool
recognise_line(struct span *rest, struct span *line_out)
{
	while (rest->n > 0) {
		size_t n = span_find(*rest, '\n');

		*line_out = span_trim_fws(span_sub(*rest, 0, n));
		*rest = span_from(*rest, n + 1);
		if (line_out->n > 0)
			return true;
	}
	return false;
}

bool
recognise_members(struct span start, const char *const *names)
{
	g_autoptr(arena_auto) arena = arena_new();
	const struct json_node *object;
	const char *why;
	struct span line;

	if (!recognise_line(&start, &line))
		return false;
	object = json_tree_parse_object(arena, line, &why);
	if (object == NULL)
		return false;
	for (; *names != NULL; names++) {
		if (json_tree_get(object, *names) == NULL)
			return false;
	}
	return true;
}
