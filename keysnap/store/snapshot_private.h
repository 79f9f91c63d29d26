/*
 * snapshot_private.h - an open snapshot.  Inside of snapshot*.c.
 */
#ifndef KEYSNAP_STORE_SNAPSHOT_PRIVATE_H
#define KEYSNAP_STORE_SNAPSHOT_PRIVATE_H

#include "keysnap/store/excerpt.h"
#include "keysnap/store/index.h"
#include "keysnap/store/snapshot.h"
#include "keysnap/store/snapshot_folder.h"

struct snapshot {
	struct snapshot_folder folder;
	const struct crypto *crypto;
	enum snapshot_vouched vouched;
	char *log_path;
	int log_fd;
	struct index *index; /* keys.mdb, or one built from the log */
	struct excerpt *excerpt; /* instead of these; NULL: a whole snapshot */
};

#endif
