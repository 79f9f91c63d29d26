/*
 * companion.h - files that lie beside mail and are none.
 *
 * Mail programs and exporters leave indexes, lists and reports in the folders
 * of their mail.  A run names them, one line each, instead of calling them
 * unreadable mail.  The name only suggests it: what begins like mail is mail,
 * whatever it is called, and a text in which a line could be a field of mail
 * is no companion, so nobody hides a message under such a name.  (What is a
 * container, by its content, is the caller's to find out before.)
 *
 * Not here, because they are mail: what MH has marked as deleted (",12",
 * "#12"), Cyrus' numbered files ("12."), and drafts.
 */
#ifndef VERIFIER_ARCHIVE_COMPANION_H
#define VERIFIER_ARCHIVE_COMPANION_H

#include "keysnap/base/span.h"

#define COMPANION_START 4096 /* octets of a file that are looked at */

/* Whose companion the file "name" (a path will do) is by its name, e.g.
 * "companion-dovecot"; static, NULL when it is nobody's. */
const char *companion_code(struct span name);

/* The same, when the file that begins with "start" (COMPANION_START octets or
 * all) is not mail by these; else NULL.  With *text_out no later line
 * of the file may be a field of mail (from_line.h) either; without, it is a
 * binary index, which keeps copies of the fields of its mail. */
const char *companion_of(struct span name, struct span start, bool *text_out);

#endif
