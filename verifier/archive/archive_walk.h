/*
 * archive_walk.h - the files of a folder tree, in the fixed order of
 * archive.h.
 *
 * A folder with subfolders "cur" and "new" is a Maildir: their files are
 * messages, in the order of their names without the flags (":2,S").  Its
 * other subfolders (Maildir++) are walked like any.  What was never delivered
 * is known by its name, as it is in a container (member_name.h).
 */
#ifndef VERIFIER_ARCHIVE_ARCHIVE_WALK_H
#define VERIFIER_ARCHIVE_ARCHIVE_WALK_H

#include "verifier/archive/archive.h"

/* One file, or something that is reported instead. */
struct walk_entry {
	enum item_status status; /* ITEM_OK: a regular file to open */
	int folder_fd;
	const char *name;   /* in that folder */
	const char *path;   /* below the root of the walk */
	const char *detail; /* of ITEM_NO_ACCESS, else NULL */
	bool maildir;	    /* a message of a Maildir */
	bool undelivered;   /* MEMBER_IN_TMP: not to be read */
};

struct walk;

/* Walk the folder "root".  NULL with "error" when it cannot be read. */
struct walk *walk_open(const char *root, GError **error);
void walk_close(struct walk *walk);

/* The next entry, valid until the next call; false at the end. */
bool walk_next(struct walk *walk, struct walk_entry *entry_out);

#endif
