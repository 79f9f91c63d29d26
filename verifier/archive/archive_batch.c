/*
 * archive_batch.c - batches and how they are filled.
 *
 * One copy per message, into memory that goes to a worker as a whole.
 */
#include "verifier/archive/archive_batch.h"

#include <string.h>

/* A buffer that one huge message made larger than this is given back. */
#define BUFFER_KEEP (4 * (size_t)ARCHIVE_BATCH_OCTETS)

struct batch *
batch_new(void)
{
	struct batch *batch = g_new0(struct batch, 1);

	batch->memory = arena_new();
	return batch;
}

void
batch_free(struct batch *batch)
{
	if (batch == NULL)
		return;
	arena_free(batch->memory);
	g_free(batch->buffer);
	g_free(batch);
}

void
filler_start(struct filler *filler, struct batch *batch)
{
	filler->batch = batch;
	filler->used = 0;
	batch->n_items = batch->n_files = 0;
	arena_reset(batch->memory);
	if (batch->buffer_size <= BUFFER_KEEP)
		return;
	g_free(batch->buffer);
	batch->buffer = NULL;
	batch->buffer_size = 0;
}

bool
filler_is_full(const struct filler *filler)
{
	return filler->batch->n_items == ARCHIVE_BATCH_ITEMS ||
	    filler->batch->n_files == ARCHIVE_BATCH_ITEMS ||
	    filler->used >= ARCHIVE_BATCH_OCTETS;
}

/* Room for "n" more octets.  ARCHIVE_MESSAGE_MAX bounds n, so nothing
 * overflows. */
static void
make_room(struct filler *filler, size_t n)
{
	struct batch *batch = filler->batch;

	if (batch->buffer_size - filler->used >= n)
		return;
	batch->buffer_size = MAX(filler->used + n,
	    (size_t)ARCHIVE_BATCH_OCTETS + ARCHIVE_BATCH_OCTETS / 4);
	batch->buffer = g_realloc(batch->buffer, batch->buffer_size);
}

void
filler_add(struct filler *filler, const struct item *item)
{
	struct batch *batch = filler->batch;
	struct item *copy = &batch->items[batch->n_items];

	g_assert(!filler_is_full(filler));
	make_room(filler, item->raw.n);
	if (item->raw.n > 0)
		memcpy(batch->buffer + filler->used, item->raw.p, item->raw.n);
	*copy = *item;
	copy->path = arena_copy(batch->memory, item->path);
	copy->envelope = arena_copy(batch->memory, item->envelope);
	copy->detail = arena_copy(batch->memory, item->detail);
	filler->raw_at[batch->n_items++] = filler->used;
	filler->used += item->raw.n;
}

void
filler_add_file(struct filler *filler, const struct input_file *file)
{
	struct batch *batch = filler->batch;
	struct input_file *copy = &batch->files[batch->n_files++];

	*copy = *file;
	copy->path = arena_copy(batch->memory, file->path);
}

void
filler_finish(struct filler *filler)
{
	struct batch *batch = filler->batch;

	for (size_t i = 0; i < batch->n_items; i++) {
		struct item *item = &batch->items[i];
		item->raw.p =
		    item->raw.n > 0 ? batch->buffer + filler->raw_at[i] : NULL;
	}
}
