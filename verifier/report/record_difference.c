/* record_difference.c - see record_difference.h. */
#include "verifier/report/record_difference.h"

#include "keysnap/base/json_order.h"
#include "keysnap/base/text.h"

#include <stdlib.h>
#include <string.h>

static gint
order_names(gconstpointer a, gconstpointer b)
{
	return json_order(*(const char *const *)a, *(const char *const *)b);
}

/* The names of both, in order, each once or twice. */
static GPtrArray *
names_of(const json_t *old, const json_t *new)
{
	GPtrArray *names = g_ptr_array_new();
	const char *name;
	json_t *value;

	json_object_foreach((json_t *)old, name, value)
	    g_ptr_array_add(names, (char *)(uintptr_t)name);
	json_object_foreach((json_t *)new, name, value)
	    g_ptr_array_add(names, (char *)(uintptr_t)name);
	g_ptr_array_sort(names, order_names);
	return names;
}

static bool
is_named(const char *const *list, const char *name)
{
	for (; list != NULL && *list != NULL; list++) {
		if (strcmp(*list, name) == 0)
			return true;
	}
	return false;
}

/* In objects; the place is added to "path" where they differ. */
static bool
in_objects(const json_t *old, const json_t *new, const char *const *passed_over,
    GString *path, const json_t **old_out, const json_t **new_out)
{
	g_autoptr(GPtrArray) names = names_of(old, new);
	size_t n = path->len;

	for (guint i = 0; i < names->len; i++) {
		const char *name = names->pdata[i];

		if (is_named(passed_over, name))
			continue;
		if (n > 0)
			g_string_append_c(path, '.');
		text_append_terminal(path, span_from_string(name));
		if (record_difference(json_object_get(old, name),
			json_object_get(new, name), NULL, path, old_out,
			new_out))
			return true;
		g_string_truncate(path, n);
	}
	return false;
}

static bool
in_arrays(const json_t *old, const json_t *new, GString *path,
    const json_t **old_out, const json_t **new_out)
{
	size_t n_old = json_array_size(old), n_new = json_array_size(new);
	size_t n = path->len;

	for (size_t i = 0; i < MAX(n_old, n_new); i++) {
		g_string_append_printf(path, "[%zu]", i);
		if (record_difference(json_array_get(old, i),
			json_array_get(new, i), NULL, path, old_out, new_out))
			return true;
		g_string_truncate(path, n);
	}
	return false;
}

bool
record_difference(const json_t *old, const json_t *new,
    const char *const *passed_over, GString *path, const json_t **old_out,
    const json_t **new_out)
{
	if (json_is_object(old) && json_is_object(new))
		return in_objects(
		    old, new, passed_over, path, old_out, new_out);
	if (json_is_array(old) && json_is_array(new))
		return in_arrays(old, new, path, old_out, new_out);
	*old_out = old;
	*new_out = new;
	return old != new &&
	    (old == NULL || new == NULL || !json_equal(old, new));
}

void
record_value_append(GString *out, const json_t *value, size_t most)
{
	char *text;
	struct span span;

	if (value == NULL) {
		g_string_append(out, "(absent)");
		return;
	}
	text =
	    json_dumps(value, JSON_COMPACT | JSON_ENCODE_ANY | JSON_SORT_KEYS);
	if (text == NULL) {
		g_string_append(out, "(unreadable)");
		return;
	}
	span = span_from_string(text);
	text_append_terminal(out, span_sub(span, 0, most));
	if (span.n > most)
		g_string_append(out, "...");
	free(text);
}
