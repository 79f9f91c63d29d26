/*
 * installed.c - what is installed with the program.
 */
#include "keysnap/base/installed.h"

#include <glib.h>
#include <unistd.h>

char *
installed_path(const char *name)
{
	/* In a bundle this is the loader: lib/ld-linux-x86-64.so.2, as far
	 * below the top as bin/verifier is. */
	g_autofree char *program = g_file_read_link("/proc/self/exe", NULL);
	g_autofree char *path = NULL;

	if (program != NULL) {
		g_autofree char *bin = g_path_get_dirname(program);
		g_autofree char *top = g_path_get_dirname(bin);

		path = g_build_filename(top, name, NULL);
	}
	if (path == NULL || access(path, R_OK) != 0)
		return NULL;
	return g_steal_pointer(&path);
}

char *
installed_data(const char *name)
{
	static const char *const folders[] = { "share/verifier", "../data" };

	for (size_t i = 0; i < G_N_ELEMENTS(folders); i++) {
		g_autofree char *below =
		    g_build_filename(folders[i], name, NULL);
		char *path = installed_path(below);

		if (path != NULL)
			return path;
	}
	return g_build_filename(DATA_FOLDER, name, NULL);
}
