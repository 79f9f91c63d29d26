/*
 * installed.h - what is installed with the program, found from where the
 * program lies, so that a whole installation can be moved.
 */
#ifndef KEYSNAP_BASE_INSTALLED_H
#define KEYSNAP_BASE_INSTALLED_H

/* The path of "name" in the folder that holds the program's own (as /usr
 * holds /usr/bin); NULL when there is no such file.  g_free() it. */
char *installed_path(const char *name);

/* The path of a table of ours, as installed or as it lies in the source. */
char *installed_data(const char *name);

#endif
