/*
 * cmd_installed.c - what is installed with the program, found from where the
 * program lies, so that a whole installation can be moved.
 */
#include "verifier/cmd.h"

#include <unistd.h>

char *
command_installed(const char *name)
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
