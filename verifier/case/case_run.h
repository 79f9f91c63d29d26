/*
 * case_run.h - run.json of a case, read back.
 */
#ifndef VERIFIER_CASE_CASE_RUN_H
#define VERIFIER_CASE_CASE_RUN_H

#include <glib.h>

/*
 * The arguments that named the archive of the run of the case directory
 * "folder": absolute, in their order, NULL-ended; the caller frees them with
 * g_strfreev().  NULL with "error" when run.json cannot be read, or does not
 * say (its names came from a list, or standard input was one).
 */
char **case_run_archive(const char *folder, GError **error);

#endif
