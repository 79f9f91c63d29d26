/*
 * cmd_list.c - keysnap list: the keys of a store or snapshot, one per line.
 */
#include "keysnap/cmd_entry.h"
#include "keysnap/cmd_keys.h"

#define NAME_WIDTH_MAX 60 /* columns; longer names push the rest right */

static void
print_key(const struct view_keys *keys, const struct known_key *key, int width)
{
	g_autoptr(GString) out = g_string_new(NULL);
	g_autoptr(GString) type = g_string_new(NULL);

	keys_append_type(type, key);
	g_string_append_printf(out, "%-*.*s  %-9s  %-2s  ", width,
	    (int)keys->known.name.n, (const char *)keys->known.name.p,
	    type->str, grade_name(key->grade));
	keys_append_window(out, key);
	keys_append_flags(out, key);
	keys_append_owners(out, key, ", CNAME to ");
	entry_append_counts(out, keys);
	g_string_append_c(out, '\n');
	command_print(out);
}

static void
print_keyless(const struct view_keys *keys, int width)
{
	g_autoptr(GString) out = g_string_new(NULL);

	g_string_append_printf(out, "%-*.*s  %-9s", width,
	    (int)keys->known.name.n, (const char *)keys->known.name.p,
	    keys->known.absent_seen ? "absent" : "no record");
	entry_append_counts(out, keys);
	g_string_append_c(out, '\n');
	command_print(out);
}

static bool
list_name(struct view *view, const struct view_name *name, bool json, int width,
    GError **error)
{
	g_autoptr(arena_auto) arena = arena_new();
	g_autoptr(GString) out = g_string_new(NULL);
	struct view_keys keys;

	if (!view_derive(view, arena, name, &keys, error))
		return false;
	for (size_t i = 0; i < keys.known.n_keys; i++) {
		if (json) {
			keys_append_json(out, &keys, &keys.known.keys[i], NULL);
			command_print(out);
		} else {
			print_key(&keys, &keys.known.keys[i], width);
		}
	}
	if (keys.known.n_left_out > 0)
		command_say("%.*s: %zu more keys are not shown",
		    (int)name->name.n, (const char *)name->name.p,
		    keys.known.n_left_out);
	if (keys.known.n_keys == 0 && keys.n > 0 && !json)
		print_keyless(&keys, width);
	return true;
}

static enum exit_code
list_view(struct view *view, bool json)
{
	g_autoptr(GString) out = g_string_new(NULL);
	GError *error = NULL;
	g_autoptr(GPtrArray) names =
	    view_names(view, (struct span){ NULL, 0 }, &error);
	size_t width = 0;

	if (names == NULL)
		return command_error(error, false);
	if (json) {
		view_write_header(view, out, "keysnap-list 1");
		command_print(out);
	}
	for (guint i = 0; i < names->len; i++) {
		const struct view_name *name = names->pdata[i];

		width = MAX(width, MIN(name->name.n, NAME_WIDTH_MAX));
	}
	for (guint i = 0; i < names->len; i++) {
		if (!list_name(view, names->pdata[i], json, (int)width, &error))
			return command_error(error, false);
	}
	return EXIT_DONE;
}

static enum exit_code
run_list(struct command_line *line)
{
	gboolean json = FALSE;
	const GOptionEntry options[] = {
		{ "json", 0, 0, G_OPTION_ARG_NONE, &json,
		    "JSON lines, see keysnap(5)", NULL },
		G_OPTION_ENTRY_NULL,
	};
	enum exit_code code;
	struct view *view;

	if (!command_parse(line, options))
		return line->code;
	view = view_open(line, &code);
	if (view == NULL)
		return code;
	code = list_view(view, json);
	view_close(view);
	return code;
}

const struct command command_list = {
	.name = "list",
	.arguments = "STORE|SNAPSHOT",
	.summary = "list the keys, one per line",
	.examples = "  keysnap list keys.store\n"
		    "  keysnap list keys.snap --public-key signing.key.pub",
	.trusts = true,
	.min_arguments = 1,
	.max_arguments = 1,
	.run = run_list,
};
