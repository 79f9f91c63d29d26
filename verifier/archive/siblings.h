/*
 * siblings.h - the arguments that are files, by the folders that they lie in.
 *
 * What lies beside files is looked at once for all of a folder: there may be
 * many of them, and many lists of digests beside them.
 */
#ifndef VERIFIER_ARCHIVE_SIBLINGS_H
#define VERIFIER_ARCHIVE_SIBLINGS_H

#include "verifier/archive/archive.h"

struct siblings {
	char *folder;
	GHashTable *names; /* in the folder -> labels, borrowed from the
			      archive; of a file given twice the last */
};

/* An array of struct siblings, in the order in which their folders are met;
 * yours.  "archive" must outlive it. */
GPtrArray *siblings_gather(const struct archive *archive);

#endif
