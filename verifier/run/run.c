/*
 * run.c - the pipeline: read, hash, judge, write.
 *
 * Batches go round in a ring of slots, through four steps.  Reading, hashing
 * of files as a whole (one chain of octets) and writing are done in archive
 * order, each by one thread at a time; judging by as many as there are.  All
 * workers are alike: whoever is free takes the most pressing step, so that N
 * workers are N threads, and the chain of a huge mbox runs ahead of the
 * judging.  One lock guards the states; the work itself is done outside it.
 * The first error in archive order ends the run: everything before it is
 * written, nothing after it.
 */
#include "verifier/run/run.h"

#include "verifier/report/chain.h"

/* Octets of mail that may wait or be worked on before the reader stops to
 * read ahead: one message of the largest size still goes through. */
#define RUN_OCTETS_AHEAD (256u << 20)

/* A buffer larger than this was made for one huge message; it is given back
 * instead of being kept for the next batch. */
#define RUN_BUFFER_KEPT  (8u << 20)

struct slot {
	struct batch *batch;
	bool judged;
	uint64_t first_seq;
	GString *lines, *inputs, *notes;
	struct tally tally;
	GError *error; /* the batch holds what came before it */
	bool last;
	uint64_t done, total; /* octets, for progress */
	uint64_t held;        /* octets of the batch's buffer */
};

/* What a worker can do next. */
enum step { STEP_READ, STEP_HASH, STEP_JUDGE, STEP_WRITE, STEP_NONE };

struct pipeline {
	const struct run_options *options;
	struct tally *tally;
	GMutex lock;
	GCond changed;
	struct slot *slots;
	size_t n_slots;
	unsigned jobs;
	/* Numbers of the next batch to take each step with. */
	uint64_t next[STEP_NONE];
	bool busy[STEP_NONE]; /* somebody is at it; judging is for many */
	bool stop;            /* nothing more is to be done */
	bool ended;           /* the reader is through */
	bool interrupted;
	uint64_t held; /* octets of all batches that are not written */
	uint64_t seq;  /* of the next item */
	GError *error; /* what ended the run */
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
	slot->notes = g_string_new(NULL);
	tally_init(&slot->tally);
}

static void
slot_clear(struct slot *slot)
{
	batch_free(slot->batch);
	g_string_free(slot->lines, TRUE);
	g_string_free(slot->inputs, TRUE);
	g_string_free(slot->notes, TRUE);
	tally_clear(&slot->tally);
	g_clear_error(&slot->error);
}

static struct slot *
slot_of(struct pipeline *pipeline, uint64_t number)
{
	return &pipeline->slots[number % pipeline->n_slots];
}

/* ---- reading ------------------------------------------------------------- */

static void
step_read(struct pipeline *pipeline, struct slot *slot)
{
	const struct run_options *options = pipeline->options;
	int got;

	slot->judged = slot->last = false;
	slot->first_seq = pipeline->seq;
	if (options->interrupted != NULL && options->interrupted()) {
		pipeline->interrupted = true;
		batch_clear(slot->batch);
		slot->last = true;
		return;
	}
	got = archive_next(options->archive, slot->batch, &slot->error);
	archive_position(options->archive, &slot->done, &slot->total);
	pipeline->seq += slot->batch->n_items;
	slot->held = slot->batch->buffer_size;
	slot->last = got <= 0;
}

/* ---- judging ------------------------------------------------------------- */

static void
write_input(GString *out, const struct input_file *file)
{
	struct json_writer writer;

	json_writer_init(&writer, out);
	json_open_object(&writer, NULL);
	chain_write(&writer, file->chain, file->n_chain);
	json_write_string(&writer, "format", file->format);
	chain_write_member(&writer, file->chain, file->n_chain);
	json_write_integer(&writer, "messages", (int64_t)file->messages);
	json_write_text(&writer, "path", "path_b64", file->path);
	json_write_hex(&writer, "sha256",
	    (struct span){ file->sha256, DIGEST_SHA256_SIZE });
	json_write_integer(&writer, "size", (int64_t)file->size);
	json_close_object(&writer);
	g_string_append_c(out, '\n');
}

static void
write_note(GString *out, const struct input_note *note)
{
	struct json_writer writer;

	json_writer_init(&writer, out);
	json_open_object(&writer, NULL);
	chain_write(&writer, note->chain, note->n_chain);
	json_write_string(&writer, "code", note->code);
	if (note->detail.n > 0)
		json_write_text(&writer, "detail", "detail_b64", note->detail);
	chain_write_member(&writer, note->chain, note->n_chain);
	json_write_text(&writer, "path", "path_b64", note->path);
	json_close_object(&writer);
	g_string_append_c(out, '\n');
}

static void
keep_file(struct slot *slot, const struct input_file *file)
{
	slot->tally.counts.files++;
	slot->tally.counts.octets += file->size;
	write_input(slot->inputs, file);
}

/* A file that is one message. */
static void
keep_whole_file(struct slot *slot, const struct item *item,
    const uint8_t sha256[DIGEST_SHA256_SIZE])
{
	struct input_file file = {
		.path = item->path,
		.n_chain = item->n_chain,
		.size = item->raw.n,
		.messages = 1,
		.format = "message",
	};

	memcpy(file.chain, item->chain, sizeof(file.chain));
	memcpy(file.sha256, sha256, DIGEST_SHA256_SIZE);
	keep_file(slot, &file);
}

static void
keep(struct slot *slot, const struct item *item,
    const struct judgement *judgement)
{
	g_string_append_len(slot->lines, (const char *)judgement->line.p,
	    (gssize)judgement->line.n);
	tally_add(&slot->tally, judgement);
	if (judgement->file_sha256 != NULL)
		keep_whole_file(slot, item, judgement->file_sha256);
}

static void
step_judge(struct judge *judge, struct slot *slot)
{
	const struct batch *batch = slot->batch;
	size_t next_file = 0;

	for (size_t i = 0; i < batch->n_items; i++) {
		struct judgement judgement;
		GError *error = NULL;

		while (next_file < batch->n_files &&
		    batch->files[next_file].after_items <= i)
			keep_file(slot, &batch->files[next_file++]);
		if (!judge_item(judge, &batch->items[i], slot->first_seq + i,
			&judgement, &error)) {
			/* It comes before what the reader may have found. */
			g_clear_error(&slot->error);
			slot->error = error;
			return;
		}
		keep(slot, &batch->items[i], &judgement);
	}
	while (next_file < batch->n_files)
		keep_file(slot, &batch->files[next_file++]);
	for (size_t i = 0; i < batch->n_notes; i++)
		write_note(slot->notes, &batch->notes[i]);
}

/* ---- writing ------------------------------------------------------------- */

static struct span
span_of(const GString *string)
{
	return (struct span){ (const uint8_t *)string->str, string->len };
}

static bool
write_out(struct pipeline *pipeline, enum run_lines kind, GString *lines,
    GError **error)
{
	const struct run_options *options = pipeline->options;
	bool good = lines->len == 0 ||
	    options->write(options->user, kind, span_of(lines), error);

	g_string_truncate(lines, 0);
	return good;
}

/* Write out and empty one slot; false with "error" to end the run. */
static bool
step_write(struct pipeline *pipeline, struct slot *slot, GError **error)
{
	const struct run_options *options = pipeline->options;
	struct tally *tally = pipeline->tally;
	bool good;

	good = write_out(pipeline, RUN_RECORDS, slot->lines, error) &&
	    write_out(pipeline, RUN_INPUTS, slot->inputs, error) &&
	    write_out(pipeline, RUN_NOTES, slot->notes, error);
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
	if (slot->batch->buffer_size > RUN_BUFFER_KEPT) {
		batch_free(slot->batch);
		slot->batch = batch_new();
	}
	return true;
}

/* ---- who does what ------------------------------------------------------- */

static bool
can_read(const struct pipeline *pipeline)
{
	return !pipeline->ended && !pipeline->busy[STEP_READ] &&
	    pipeline->next[STEP_READ] - pipeline->next[STEP_WRITE] <
	    pipeline->n_slots &&
	    pipeline->held <= RUN_OCTETS_AHEAD;
}

/* The step that is most pressing: what frees a slot, then what the others
 * will wait for. */
static enum step
choose(struct pipeline *pipeline)
{
	const uint64_t *next = pipeline->next;
	bool enough = next[STEP_READ] - next[STEP_JUDGE] >= pipeline->jobs;

	if (next[STEP_WRITE] < next[STEP_JUDGE] &&
	    !pipeline->busy[STEP_WRITE] &&
	    slot_of(pipeline, next[STEP_WRITE])->judged)
		return STEP_WRITE;
	if (next[STEP_HASH] < next[STEP_READ] && !pipeline->busy[STEP_HASH])
		return STEP_HASH;
	if (!enough && can_read(pipeline))
		return STEP_READ;
	if (next[STEP_JUDGE] < next[STEP_HASH])
		return STEP_JUDGE;
	return can_read(pipeline) ? STEP_READ : STEP_NONE;
}

static void
end_run(struct pipeline *pipeline, GError *error)
{
	pipeline->stop = true;
	pipeline->error = error;
}

/* The lock is held here, but not while the work is done. */
static void
take_step(struct pipeline *pipeline, struct judge *judge, enum step step)
{
	struct slot *slot = slot_of(pipeline, pipeline->next[step]);
	GError *error = NULL;
	bool good = true;

	pipeline->busy[step] = true;
	if (step == STEP_JUDGE)
		pipeline->next[step]++;
	g_mutex_unlock(&pipeline->lock);
	if (step == STEP_READ)
		step_read(pipeline, slot);
	else if (step == STEP_HASH)
		archive_hash(pipeline->options->archive, slot->batch);
	else if (step == STEP_JUDGE)
		step_judge(judge, slot);
	else
		good = step_write(pipeline, slot, &error);
	g_mutex_lock(&pipeline->lock);
	pipeline->busy[step] = false;
	if (step == STEP_JUDGE)
		slot->judged = true;
	else
		pipeline->next[step]++;
	if (step == STEP_READ) {
		pipeline->held += slot->held;
		pipeline->ended = slot->last;
	} else if (step == STEP_WRITE) {
		pipeline->held -= slot->held;
		slot->held = 0;
		if (!good || slot->last)
			end_run(pipeline, error);
	}
	g_cond_broadcast(&pipeline->changed);
}

static gpointer
worker_main(gpointer user)
{
	struct pipeline *pipeline = user;
	struct judge *judge = judge_new(&pipeline->options->judge);

	g_mutex_lock(&pipeline->lock);
	while (!pipeline->stop) {
		enum step step = choose(pipeline);

		if (step == STEP_NONE)
			g_cond_wait(&pipeline->changed, &pipeline->lock);
		else
			take_step(pipeline, judge, step);
	}
	g_mutex_unlock(&pipeline->lock);
	judge_free(judge);
	return NULL;
}

bool
run_archive(
    const struct run_options *options, struct tally *tally, GError **error)
{
	struct pipeline pipeline = { .options = options, .tally = tally };
	g_autofree GThread **threads = NULL;

	pipeline.jobs = CLAMP(options->jobs, 1, RUN_JOBS_MAX);
	pipeline.seq = 1;
	g_mutex_init(&pipeline.lock);
	g_cond_init(&pipeline.changed);
	pipeline.n_slots = 2 * (size_t)pipeline.jobs + 2;
	pipeline.slots = g_new0(struct slot, pipeline.n_slots);
	for (size_t i = 0; i < pipeline.n_slots; i++)
		slot_init(&pipeline.slots[i]);
	threads = g_new0(GThread *, pipeline.jobs);
	for (unsigned i = 1; i < pipeline.jobs; i++)
		threads[i] = g_thread_new("worker", worker_main, &pipeline);
	worker_main(&pipeline);
	for (unsigned i = 1; i < pipeline.jobs; i++)
		g_thread_join(threads[i]);

	tally->counts.interrupted = pipeline.interrupted;
	tally->counts.items = pipeline.seq - 1;
	tally_finish(tally);
	for (size_t i = 0; i < pipeline.n_slots; i++)
		slot_clear(&pipeline.slots[i]);
	g_free(pipeline.slots);
	g_mutex_clear(&pipeline.lock);
	g_cond_clear(&pipeline.changed);
	if (pipeline.error == NULL)
		return true;
	g_propagate_error(error, pipeline.error);
	return false;
}
