/*
 * archive_batch.c - batches and how they are filled.
 */
#include "verifier/archive/archive_batch.h"

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
batch_clear(struct batch *batch)
{
	batch->n_items = batch->n_files = 0;
	batch->n_notes = batch->n_stretches = 0;
	arena_reset(batch->memory);
}

void
filler_start(struct filler *filler, struct batch *batch, struct window *window)
{
	filler->batch = batch;
	filler->window = window;
	filler->full = false;
	batch_clear(batch);
}

bool
filler_is_full(const struct filler *filler)
{
	const struct batch *batch = filler->batch;

	return filler->full || batch->n_items == ARCHIVE_BATCH_ITEMS ||
	    batch->n_files == ARCHIVE_BATCH_ITEMS ||
	    batch->n_notes + FILLER_NOTES > ARCHIVE_BATCH_ITEMS ||
	    filler->window->start >= WINDOW_AIM;
}

bool
filler_is_heavy(const struct filler *filler)
{
	const struct window *window = filler->window;

	return window->end >= WINDOW_AIM &&
	    (filler->batch->n_items > 0 || window->start >= WINDOW_AIM / 2);
}

/* Copies of the names in "chain". */
static void
keep_chain(struct batch *batch, struct chain_link *chain, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (chain[i].name.p != NULL)
			chain[i].name =
			    arena_copy(batch->memory, chain[i].name);
}

void
filler_add(struct filler *filler, const struct item *item)
{
	struct batch *batch = filler->batch;
	struct item *copy = &batch->items[batch->n_items];

	g_assert(batch->n_items < ARCHIVE_BATCH_ITEMS);
	*copy = *item;
	copy->path = arena_copy(batch->memory, item->path);
	copy->envelope = arena_copy(batch->memory, item->envelope);
	copy->detail = arena_copy(batch->memory, item->detail);
	keep_chain(batch, copy->chain, copy->n_chain);
	filler->raw_at[batch->n_items++] = item->raw.n > 0
	    ? (size_t)(item->raw.p - filler->window->buffer)
	    : 0;
}

void
filler_add_file(struct filler *filler, const struct input_file *file)
{
	struct batch *batch = filler->batch;
	struct input_file *copy = &batch->files[batch->n_files];

	g_assert(batch->n_files < ARCHIVE_BATCH_ITEMS);
	*copy = *file;
	copy->path = arena_copy(batch->memory, file->path);
	keep_chain(batch, copy->chain, copy->n_chain);
	copy->after_items = batch->n_items;
	batch->n_files++;
}

void
filler_add_note(struct filler *filler, const struct input_note *note)
{
	struct batch *batch = filler->batch;
	struct input_note *copy = &batch->notes[batch->n_notes++];

	g_assert(batch->n_notes <= ARCHIVE_BATCH_ITEMS);
	*copy = *note;
	copy->path = arena_copy(batch->memory, note->path);
	copy->detail = arena_copy(batch->memory, note->detail);
	keep_chain(batch, copy->chain, copy->n_chain);
}

void
filler_add_stretch(struct filler *filler, const struct stretch *stretch)
{
	struct batch *batch = filler->batch;

	g_assert(batch->n_stretches < G_N_ELEMENTS(batch->stretches));
	batch->stretches[batch->n_stretches] = *stretch;
	batch->stretches[batch->n_stretches++].path =
	    arena_copy(batch->memory, stretch->path);
}

void
filler_finish(struct filler *filler)
{
	struct batch *batch = filler->batch;

	window_hand_over(filler->window, &batch->buffer, &batch->buffer_size);
	for (size_t i = 0; i < batch->n_items; i++) {
		struct item *item = &batch->items[i];
		item->raw.p =
		    item->raw.n > 0 ? batch->buffer + filler->raw_at[i] : NULL;
	}
}
