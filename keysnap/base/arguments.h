/*
 * arguments.h - command lines as GNU programs take them.
 */
#ifndef KEYSNAP_BASE_ARGUMENTS_H
#define KEYSNAP_BASE_ARGUMENTS_H

#include <glib.h>

/*
 * A copy of "argv" in which "-j4" is cut into "-j" and "4", which GLib's
 * parser does not do.  Cut are the short options in "letters", those that
 * take a value; nothing behind "--" is touched.  g_strfreev().
 */
char **arguments_cut(int argc, char **argv, const char *letters);

/* The letters of the short options of "entries" (NULL-ended, or NULL) that
 * take a value, after "more".  g_free(). */
char *arguments_letters(const GOptionEntry *entries, const char *more);

#endif
