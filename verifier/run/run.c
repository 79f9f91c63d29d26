/*
 * run.c - the pipeline: one reader, workers, and the caller as the writer.
 *
 * Batches go round in a ring of slots.  The reader fills slots in order,
 * workers take filled slots in order and judge them, the writer empties them
 * in order.  One lock guards the states of the slots; the work itself is done
 * outside it.  The first error in archive order ends the run: everything
 * before it is written, nothing after it.
 */
#include "verifier/run/run.h"

/* Octets of mail that may wait or be worked on before the reader stops to
 * read ahead: one message of the largest size still goes through. */
#define RUN_OCTETS_AHEAD (256u << 20)

/* A buffer larger than this was made for one huge message; it is given back
 * instead of being kept for the next batch. */
#define RUN_BUFFER_KEPT  (8u << 20)

enum slot_state { SLOT_FREE, SLOT_FILLED, SLOT_TAKEN, SLOT_DONE };

struct slot {
	enum slot_state state;
	struct batch *batch;
	uint64_t first_seq;
	GString *lines, *inputs;
	struct tally tally;
	GError *error; /* the batch holds what came before it */
	bool last;
	uint64_t done, total; /* octets, for progress */
	uint64_t held;        /* octets of the batch's buffer */
};

struct pipeline {
	const struct run_options *options;
	GMutex lock;
	GCond changed;
	struct slot *slots;
	size_t n_slots;
	uint64_t next_take; /* number of the next slot a worker takes */
	bool stop;
	bool interrupted;
	uint64_t held;   /* octets of all batches that are not drained */
	uint64_t items;  /* that the reader gave out */
	bool ended;      /* the reader is through */
	uint64_t filled; /* slots filled so far */
};

GQuark
run_error_quark(void)
{
	return g_quark_from_static_string("verifier-run-error");
}

static void
slot_init(struct slot *slot)
{
	slot->batch = batch_new();
	slot->lines = g_string_new(NULL);
	slot->inputs = g_string_new(NULL);
	tally_init(&slot->tally);
}

static void
slot_clear(struct slot *slot)
{
	batch_free(slot->batch);
	g_string_free(slot->lines, TRUE);
	g_string_free(slot->inputs, TRUE);
	tally_clear(&slot->tally);
	g_clear_error(&slot->error);
}

/* Wait until slot "number" has "state"; false when the run stops. */
static bool
wait_for(struct pipeline *pipeline, uint64_t number, enum slot_state state)
{
	const struct slot *slot = &pipeline->slots[number % pipeline->n_slots];

	while (!pipeline->stop && slot->state != state)
		g_cond_wait(&pipeline->changed, &pipeline->lock);
	return !pipeline->stop;
}

/* Wait until little enough is held; false when the run stops. */
static bool
wait_for_room(struct pipeline *pipeline)
{
	while (!pipeline->stop && pipeline->held > RUN_OCTETS_AHEAD)
		g_cond_wait(&pipeline->changed, &pipeline->lock);
	return !pipeline->stop;
}

static void
set_state(struct pipeline *pipeline, struct slot *slot, enum slot_state state)
{
	g_mutex_lock(&pipeline->lock);
	slot->state = state;
	g_cond_broadcast(&pipeline->changed);
	g_mutex_unlock(&pipeline->lock);
}

/* ---- the reader ---- */

/* Fill one slot; true when it is the last. */
static bool
fill(struct pipeline *pipeline, struct slot *slot, uint64_t *seq)
{
	const struct run_options *options = pipeline->options;
	int got;

	slot->last = false;
	slot->first_seq = *seq;
	if (options->interrupted != NULL && options->interrupted()) {
		pipeline->interrupted = true;
		slot->batch->n_items = slot->batch->n_files = 0;
		slot->last = true;
		return true;
	}
	got = archive_next(options->archive, slot->batch, &slot->error);
	archive_position(options->archive, &slot->done, &slot->total);
	*seq += slot->batch->n_items;
	slot->last = got <= 0;
	return slot->last;
}

static gpointer
reader_main(gpointer user)
{
	struct pipeline *pipeline = user;
	uint64_t seq = 1;
	bool last = false;

	for (uint64_t number = 0; !last; number++) {
		struct slot *slot =
		    &pipeline->slots[number % pipeline->n_slots];
		bool wanted;

		g_mutex_lock(&pipeline->lock);
		wanted = wait_for(pipeline, number, SLOT_FREE) &&
		    wait_for_room(pipeline);
		g_mutex_unlock(&pipeline->lock);
		if (!wanted)
			break;
		last = fill(pipeline, slot, &seq);
		g_mutex_lock(&pipeline->lock);
		slot->state = SLOT_FILLED;
		slot->held = slot->batch->buffer_size;
		pipeline->held += slot->held;
		pipeline->filled = number + 1;
		pipeline->items = seq - 1;
		pipeline->ended = last;
		g_cond_broadcast(&pipeline->changed);
		g_mutex_unlock(&pipeline->lock);
	}
	return NULL;
}

/* ---- the workers ---- */

static void
write_input(GString *out, struct span path, uint64_t size,
    const uint8_t sha256[DIGEST_SHA256_SIZE], const char *format,
    uint64_t messages)
{
	struct json_writer writer;

	json_writer_init(&writer, out);
	json_open_object(&writer, NULL);
	json_write_string(&writer, "format", format);
	json_write_integer(&writer, "messages", (int64_t)messages);
	json_write_text(&writer, "path", "path_b64", path);
	json_write_hex(
	    &writer, "sha256", (struct span){ sha256, DIGEST_SHA256_SIZE });
	json_write_integer(&writer, "size", (int64_t)size);
	json_close_object(&writer);
	g_string_append_c(out, '\n');
}

static void
keep(struct slot *slot, const struct item *item,
    const struct judgement *judgement)
{
	g_string_append_len(slot->lines, (const char *)judgement->line.p,
	    (gssize)judgement->line.n);
	tally_add(&slot->tally, judgement);
	if (judgement->file_sha256 == NULL)
		return;
	slot->tally.counts.files++;
	slot->tally.counts.octets += item->raw.n;
	write_input(slot->inputs, item->path, item->raw.n,
	    judgement->file_sha256, "message", 1);
}

static void
judge_slot(struct judge *judge, struct slot *slot)
{
	for (size_t i = 0; i < slot->batch->n_items; i++) {
		const struct item *item = &slot->batch->items[i];
		struct judgement judgement;
		GError *error = NULL;

		if (!judge_item(
			judge, item, slot->first_seq + i, &judgement, &error)) {
			/* It comes before what the reader may have found. */
			g_clear_error(&slot->error);
			slot->error = error;
			return;
		}
		keep(slot, item, &judgement);
	}
	for (size_t i = 0; i < slot->batch->n_files; i++) {
		const struct input_file *file = &slot->batch->files[i];

		slot->tally.counts.files++;
		slot->tally.counts.octets += file->size;
		write_input(slot->inputs, file->path, file->size, file->sha256,
		    file->format, file->messages);
	}
}

/* The next filled slot, now taken; NULL when there will be none. */
static struct slot *
take(struct pipeline *pipeline)
{
	struct slot *slot = NULL;

	g_mutex_lock(&pipeline->lock);
	while (!pipeline->stop && !pipeline->ended &&
	    pipeline->next_take == pipeline->filled)
		g_cond_wait(&pipeline->changed, &pipeline->lock);
	if (!pipeline->stop && pipeline->next_take < pipeline->filled) {
		slot =
		    &pipeline->slots[pipeline->next_take % pipeline->n_slots];
		pipeline->next_take++;
		slot->state = SLOT_TAKEN;
	}
	g_mutex_unlock(&pipeline->lock);
	return slot;
}

static gpointer
worker_main(gpointer user)
{
	struct pipeline *pipeline = user;
	struct judge *judge = judge_new(&pipeline->options->judge);
	struct slot *slot;

	while ((slot = take(pipeline)) != NULL) {
		judge_slot(judge, slot);
		set_state(pipeline, slot, SLOT_DONE);
	}
	judge_free(judge);
	return NULL;
}

/* ---- the writer ---- */

static struct span
span_of(const GString *string)
{
	return (struct span){ (const uint8_t *)string->str, string->len };
}

/* Write out and empty one slot; false with "error" to end the run. */
static bool
drain(struct pipeline *pipeline, struct slot *slot, struct tally *tally,
    GError **error)
{
	const struct run_options *options = pipeline->options;
	bool good;

	good = options->write(options->user, span_of(slot->lines), error) &&
	    (options->write_inputs == NULL ||
		options->write_inputs(
		    options->user, span_of(slot->inputs), error));
	g_string_truncate(slot->lines, 0);
	g_string_truncate(slot->inputs, 0);
	tally_merge(tally, &slot->tally);
	if (!good)
		return false;
	if (slot->error != NULL) {
		g_propagate_error(error, g_steal_pointer(&slot->error));
		return false;
	}
	if (options->progress != NULL)
		options->progress(options->user, tally->counts.messages,
		    slot->done, slot->total);
	return true;
}

/* What a drained slot held is free for reading ahead again. */
static void
give_back(struct pipeline *pipeline, struct slot *slot)
{
	if (slot->batch->buffer_size > RUN_BUFFER_KEPT) {
		batch_free(slot->batch);
		slot->batch = batch_new();
	}
	g_mutex_lock(&pipeline->lock);
	pipeline->held -= slot->held;
	slot->held = 0;
	g_mutex_unlock(&pipeline->lock);
}

static bool
write_all(struct pipeline *pipeline, struct tally *tally, GError **error)
{
	for (uint64_t number = 0;; number++) {
		struct slot *slot =
		    &pipeline->slots[number % pipeline->n_slots];
		bool last;

		g_mutex_lock(&pipeline->lock);
		wait_for(pipeline, number, SLOT_DONE);
		g_mutex_unlock(&pipeline->lock);
		last = slot->last;
		if (!drain(pipeline, slot, tally, error))
			return false;
		if (last)
			return true;
		give_back(pipeline, slot);
		set_state(pipeline, slot, SLOT_FREE);
	}
}

bool
run_archive(
    const struct run_options *options, struct tally *tally, GError **error)
{
	struct pipeline pipeline = { .options = options };
	g_autofree GThread **threads = NULL;
	unsigned jobs = CLAMP(options->jobs, 1, RUN_JOBS_MAX);
	bool good;

	g_mutex_init(&pipeline.lock);
	g_cond_init(&pipeline.changed);
	pipeline.n_slots = 2 * (size_t)jobs + 2;
	pipeline.slots = g_new0(struct slot, pipeline.n_slots);
	for (size_t i = 0; i < pipeline.n_slots; i++)
		slot_init(&pipeline.slots[i]);
	threads = g_new0(GThread *, jobs + 1);
	threads[0] = g_thread_new("reader", reader_main, &pipeline);
	for (unsigned i = 1; i <= jobs; i++)
		threads[i] = g_thread_new("worker", worker_main, &pipeline);

	good = write_all(&pipeline, tally, error);

	g_mutex_lock(&pipeline.lock);
	pipeline.stop = true;
	g_cond_broadcast(&pipeline.changed);
	g_mutex_unlock(&pipeline.lock);
	for (unsigned i = 0; i <= jobs; i++)
		g_thread_join(threads[i]);
	tally->counts.interrupted = pipeline.interrupted;
	tally->counts.items = pipeline.items;
	tally_finish(tally);
	for (size_t i = 0; i < pipeline.n_slots; i++)
		slot_clear(&pipeline.slots[i]);
	g_free(pipeline.slots);
	g_mutex_clear(&pipeline.lock);
	g_cond_clear(&pipeline.changed);
	return good;
}
