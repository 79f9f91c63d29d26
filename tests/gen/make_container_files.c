/* make_container_files.c - see make_container_files.h. */
#include "tests/gen/make_container_files.h"

#include <string.h>

#include "tests/gen/write.h"

static void
free_file(gpointer data)
{
	struct packed_file *file = data;

	g_free(file->name);
	if (file->text != NULL)
		g_string_free(file->text, TRUE);
	g_free(file);
}

GPtrArray *
files_new(void)
{
	return g_ptr_array_new_with_free_func(free_file);
}

void
files_add(GPtrArray *files, const char *name, GString *text)
{
	struct packed_file *file = g_new0(struct packed_file, 1);

	file->name = g_strdup(name);
	file->text = text;
	g_ptr_array_add(files, file);
}

static GString *
load(const char *path)
{
	g_autoptr(GError) error = NULL;
	g_autofree char *text = NULL;
	gsize n;

	if (!g_file_get_contents(path, &text, &n, &error))
		g_error("%s", error->message);
	return g_string_new_len(text, (gssize)n);
}

static gint
compare_names(gconstpointer a, gconstpointer b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static GPtrArray *
names_in(const char *folder)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(GDir) dir = g_dir_open(folder, 0, &error);
	GPtrArray *names = g_ptr_array_new_with_free_func(g_free);
	const char *name;

	if (dir == NULL)
		g_error("%s", error->message);
	while ((name = g_dir_read_name(dir)) != NULL)
		g_ptr_array_add(names, g_strdup(name));
	g_ptr_array_sort(names, compare_names);
	return names;
}

static void
load_below(GPtrArray *files, const char *folder, const char *prefix)
{
	g_autoptr(GPtrArray) names = names_in(folder);

	for (guint i = 0; i < names->len; i++) {
		const char *base = g_ptr_array_index(names, i);
		g_autofree char *name = g_strconcat(prefix, base, NULL);
		g_autofree char *path = g_build_filename(folder, base, NULL);
		if (!g_file_test(path, G_FILE_TEST_IS_DIR)) {
			files_add(files, name, load(path));
			continue;
		}
		g_autofree char *below = g_strconcat(name, "/", NULL);
		files_add(files, below, NULL);
		load_below(files, path, below);
	}
}

void
files_load(GPtrArray *files, const char *path)
{
	g_autofree char *base = g_path_get_basename(path);

	if (g_file_test(path, G_FILE_TEST_IS_DIR))
		load_below(files, path, "");
	else
		files_add(files, base, load(path));
}

void
files_write(const GPtrArray *files, const char *folder)
{
	for (guint i = 0; i < files->len; i++) {
		const struct packed_file *file = g_ptr_array_index(files, i);
		g_autofree char *path =
		    g_build_filename(folder, file->name, NULL);
		if (file->text != NULL)
			write_file(path, file->text);
		else if (g_mkdir_with_parents(path, 0777) != 0)
			g_error("%s: cannot be made", path);
	}
}
