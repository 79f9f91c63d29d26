/*
 * archive_level.h - the containers that are being read, one inside the other.
 *
 * The file reader finds that a file is a container and lets go of its source;
 * that opens a level.  The members of the innermost level go to the file
 * reader one by one.  A container is hashed as a whole, as any file is.
 */
#ifndef VERIFIER_ARCHIVE_ARCHIVE_LEVEL_H
#define VERIFIER_ARCHIVE_ARCHIVE_LEVEL_H

#include "verifier/archive/archive_file.h"
#include "verifier/archive/source_digest.h"

struct level {
	struct container *container;
	struct source_sum sum; /* of the container as a file */
	bool summed;	       /* ... which is known already */
	uint64_t members;
	GString *name; /* of the member that is being read */
};

struct levels {
	struct level stack[ARCHIVE_CHAIN_MAX];
	size_t n;
	struct container_limits limits;
};

void levels_init(struct levels *levels, const struct container_limits *limits,
    const struct crypto *crypto);
void levels_clear(struct levels *levels);

/* Open the container that "reader" has found.  What cannot be opened becomes
 * an item.  False with "error" when the input changed. */
bool levels_enter(struct levels *levels, struct file_reader *reader,
    struct filler *filler, GError **error);

/* Go on with the innermost container: open its next member in "reader", or
 * leave it.  False with "error" when the input changed. */
bool levels_next(struct levels *levels, struct file_reader *reader,
    struct filler *filler, GError **error);

#endif
