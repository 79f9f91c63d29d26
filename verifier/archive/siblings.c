/*
 * siblings.c - files of one folder, found by a table of folders.
 */
#include "verifier/archive/siblings.h"

#include "keysnap/base/span_key.h"

static void
free_siblings(gpointer data)
{
	struct siblings *siblings = data;

	g_hash_table_unref(siblings->names);
	g_free(siblings->folder);
	g_free(siblings);
}

GPtrArray *
siblings_gather(const struct archive *archive)
{
	GPtrArray *all = g_ptr_array_new_with_free_func(free_siblings);
	g_autoptr(GHashTable) known =
	    g_hash_table_new(string_key_hash, g_str_equal);

	for (size_t i = 0; i < archive_arguments(archive); i++) {
		const struct archive_argument argument =
		    archive_argument(archive, i);
		if (argument.path == NULL || argument.folder)
			continue;
		g_autofree char *folder = g_path_get_dirname(argument.path);
		char *name = g_path_get_basename(argument.path);
		struct siblings *siblings = g_hash_table_lookup(known, folder);

		if (siblings == NULL) {
			siblings = g_new0(struct siblings, 1);
			siblings->folder = g_strdup(folder);
			siblings->names = g_hash_table_new_full(
			    string_key_hash, g_str_equal, g_free, NULL);
			g_ptr_array_add(all, siblings);
			g_hash_table_insert(known, siblings->folder, siblings);
		}
		g_hash_table_replace(
		    siblings->names, name, (gpointer)(uintptr_t)argument.label);
	}
	return all;
}
