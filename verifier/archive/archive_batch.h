/*
 * archive_batch.h - filling a batch.
 *
 * Octets are read into the window's buffer and stay where they are: the
 * buffer becomes the batch's when that is full.  Since it may move while it
 * grows, spans into it are set at the end, by filler_finish().
 */
#ifndef VERIFIER_ARCHIVE_ARCHIVE_BATCH_H
#define VERIFIER_ARCHIVE_ARCHIVE_BATCH_H

#include "verifier/archive/archive.h"
#include "verifier/archive/window.h"

#define FILLER_NOTES 16 /* that one item may bring, at most */

struct filler {
	struct batch *batch;
	struct window *window;
	bool full; /* set by who finds that nothing more fits */
	size_t raw_at[ARCHIVE_BATCH_ITEMS];
};

/* Forget what "batch" holds and begin to fill it from "window". */
void filler_start(
    struct filler *filler, struct batch *batch, struct window *window);

/* No room for another item, file or note? */
bool filler_is_full(const struct filler *filler);

/* Would reading on only make the buffer larger?  Then what there is should be
 * handed over first. */
bool filler_is_heavy(const struct filler *filler);

/* Add a copy of "item"; its octets must lie in the window's buffer, and not
 * be let go before this. */
void filler_add(struct filler *filler, const struct item *item);

/* Add a copy of "file" or "note". */
void filler_add_file(struct filler *filler, const struct input_file *file);
void filler_add_note(struct filler *filler, const struct input_note *note);

/* The "n" octets at "at" of the buffer belong to a file that is hashed as a
 * whole; see struct stretch. */
void filler_add_stretch(struct filler *filler, const struct stretch *stretch);

/* Hand the buffer over and set the spans: the batch is ready. */
void filler_finish(struct filler *filler);

#endif
