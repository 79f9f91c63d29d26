/*
 * archive_batch.h - filling a batch.
 *
 * The batch's buffer may move while it is filled, so spans into it are set
 * at the end, by filler_finish().
 */
#ifndef VERIFIER_ARCHIVE_ARCHIVE_BATCH_H
#define VERIFIER_ARCHIVE_ARCHIVE_BATCH_H

#include "verifier/archive/archive.h"

struct filler {
	struct batch *batch;
	size_t used; /* octets of the buffer */
	size_t raw_at[ARCHIVE_BATCH_ITEMS];
};

/* Forget what "batch" holds and begin to fill it. */
void filler_start(struct filler *filler, struct batch *batch);

/* No room for another item or file? */
bool filler_is_full(const struct filler *filler);

/* Add a copy of "item": octets, path, envelope and detail. */
void filler_add(struct filler *filler, const struct item *item);

/* Add a copy of "file". */
void filler_add_file(struct filler *filler, const struct input_file *file);

/* Set the spans: the batch is ready. */
void filler_finish(struct filler *filler);

#endif
