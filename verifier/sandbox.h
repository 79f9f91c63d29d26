/*
 * sandbox.h - what the process may still do once it is set up.
 */
#ifndef VERIFIER_SANDBOX_H
#define VERIFIER_SANDBOX_H

#include <glib.h>
#include <stdbool.h>

/*
 * Deny, for good and for all threads, every system call that could reach a
 * network, start a program or look into another process; the process is
 * killed (SIGSYS) when it tries.  No code can be loaded or made any more:
 * such calls fail.  Called in main before any input is read.
 * False with "error" when the kernel does not let us: the program must then
 * not go on.
 */
bool sandbox_deny_network(GError **error);

/*
 * Landlock: from now on only what lies under "readable" can be opened for
 * reading, and only what lies under "writable" (NULL: nothing) for writing.
 * What is open stays open.  True when it is in force; false when this kernel
 * has no Landlock, which is no error but is recorded with the run.
 */
bool sandbox_limit_files(char *const *readable, const char *writable);

#endif
