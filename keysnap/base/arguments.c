/*
 * arguments.c - command lines as GNU programs take them.
 */
#include "keysnap/base/arguments.h"

#include <stdbool.h>
#include <string.h>

static bool
is_glued(const char *argument, const char *letters)
{
	return argument[0] == '-' && argument[1] != '\0' &&
	    argument[1] != '-' && argument[2] != '\0' &&
	    strchr(letters, argument[1]) != NULL;
}

char **
arguments_cut(int argc, char **argv, const char *letters)
{
	GPtrArray *cut = g_ptr_array_new();
	bool ended = false;

	for (int i = 0; i < argc; i++) {
		const char *argument = argv[i];

		ended |= strcmp(argument, "--") == 0;
		if (!ended && is_glued(argument, letters)) {
			g_ptr_array_add(cut, g_strndup(argument, 2));
			argument += 2;
		}
		g_ptr_array_add(cut, g_strdup(argument));
	}
	g_ptr_array_add(cut, NULL);
	return (char **)g_ptr_array_free(cut, FALSE);
}

char *
arguments_letters(const GOptionEntry *entries, const char *more)
{
	GString *letters = g_string_new(more);

	for (; entries != NULL && entries->long_name != NULL; entries++) {
		if (entries->short_name != 0 &&
		    entries->arg != G_OPTION_ARG_NONE)
			g_string_append_c(letters, entries->short_name);
	}
	return g_string_free(letters, FALSE);
}
