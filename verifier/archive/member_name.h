/*
 * member_name.h - what the name of a member in a container gives away, or of
 * a file in a folder.
 */
#ifndef VERIFIER_ARCHIVE_MEMBER_NAME_H
#define VERIFIER_ARCHIVE_MEMBER_NAME_H

#include "keysnap/base/span.h"

/* The notes (enum member_note) that follow from "name" alone. */
unsigned member_name_notes(struct span name);

enum member_place {
	MEMBER_ANYWHERE,
	MEMBER_IN_MAILDIR, /* "cur" or "new" */
	MEMBER_IN_TMP	   /* "tmp" of a Maildir: never delivered */
};

/* A container has no folder to look into, so the name decides: the last
 * folder is "cur" or "new", and the file's name begins with a digit and has a
 * "." in it, as the time that begins names in a Maildir has.  What lies in
 * "tmp" is not read, so there the name must be the whole of a Maildir's: a time
 * of MEMBER_TIME_DIGITS at least, "." and a second ".".  On disk "cur" and
 * "new" are looked for, but "tmp" is judged by this rule too: what is read of
 * it does not depend on whether it was packed. */
#define MEMBER_TIME_DIGITS 9 /* since 1973 */
enum member_place member_name_place(struct span name);

#endif
