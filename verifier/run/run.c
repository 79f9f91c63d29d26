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

#include "verifier/run/run_slot.h"

/* Octets of mail that may wait or be worked on before the reader stops to
 * read ahead: one message of the largest size still goes through. */
#define RUN_OCTETS_AHEAD (256u << 20)

/* A buffer larger than this was made for one huge message; it is given back
 * instead of being kept for the next batch. */
#define RUN_BUFFER_KEPT  (4u << 20)

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
	/* Since the last point, for who writes: */
	struct tally pending;
	uint64_t unsynced; /* octets read and written */
	/* Of the last item, and of the last file that is hashed. */
	GString *path, *prefix_path;
};

GQuark
run_error_quark(void)
{
	return g_quark_from_static_string("verifier-run-error");
}

static struct slot *
slot_of(struct pipeline *pipeline, uint64_t number)
{
	return &pipeline->slots[number % pipeline->n_slots];
}

/* ---- reading ------------------------------------------------------------- */

/* What the case before has for the items; true when none is wanted. */
static bool
read_earlier(const struct run_options *options, struct slot *slot)
{
	GError *error = NULL;

	g_string_truncate(slot->earlier, 0);
	if (options->earlier == NULL ||
	    options->earlier(
		options->user, slot->batch->n_items, slot->earlier, &error))
		return true;
	/* Nothing of the batch can be judged, so this comes first. */
	batch_clear(slot->batch);
	g_clear_error(&slot->error);
	slot->error = error;
	return false;
}

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
	if (!read_earlier(options, slot))
		got = -1;
	slot->held = slot->batch->buffer_size;
	slot->last = got <= 0;
}

/* ---- hashing ------------------------------------------------------------- */

static void
step_hash(struct pipeline *pipeline, struct slot *slot)
{
	struct archive *archive = pipeline->options->archive;

	archive_hash(archive, slot->batch);
	if (slot->error == NULL)
		anchor_files_check(pipeline->options->judge.anchor_files,
		    slot->batch, slot->last && !pipeline->interrupted,
		    &slot->error);
	if (pipeline->options->point == NULL)
		return;
	archive_prefix_get(archive, &slot->prefix);
	slot->prefix_state = archive_prefix_state(archive);
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

/* The file in which the run was interrupted begins as it did then.  When the
 * archive ends before that place it is another one, too. */
static bool
check_prefix(
    const struct pipeline *pipeline, const struct slot *slot, GError **error)
{
	bool ended =
	    slot->last && slot->error == NULL && !pipeline->interrupted;
	g_autofree char *path = NULL;

	if (slot->prefix_state == ARCHIVE_PREFIX_SEEN ||
	    (slot->prefix_state == ARCHIVE_PREFIX_AHEAD && !ended))
		return true;
	path = span_dup(pipeline->options->prefix_path);
	g_set_error(error, RUN_ERROR, RUN_ERROR_DIFFERS,
	    "%s: does not begin as it did when the run was interrupted: the "
	    "input changed since",
	    path);
	return false;
}

static void
set_string(GString *string, struct span text)
{
	g_string_truncate(string, 0);
	g_string_append_len(string, (const char *)text.p, (gssize)text.n);
}

/* Everything of one slot, the records last. */
static bool
write_slot(struct pipeline *pipeline, struct slot *slot, GError **error)
{
	const struct batch *batch = slot->batch;

	if (batch->n_items > 0)
		set_string(
		    pipeline->path, batch->items[batch->n_items - 1].path);
	if (batch->n_stretches > 0)
		set_string(pipeline->prefix_path,
		    batch->stretches[batch->n_stretches - 1].path);
	pipeline->unsynced += slot->held + slot->lines->len +
	    slot->inputs->len + slot->notes->len;
	return check_prefix(pipeline, slot, error) &&
	    write_out(pipeline, RUN_INPUTS, slot->inputs, error) &&
	    write_out(pipeline, RUN_NOTES, slot->notes, error) &&
	    write_out(pipeline, RUN_ITEMS, slot->traces, error) &&
	    write_out(pipeline, RUN_RECORDS, slot->lines, error);
}

/* Is it time for a point?  Without a new record there is nothing that could
 * be lost; before the old ones were seen again there is none. */
static bool
is_point(const struct pipeline *pipeline, const struct slot *slot)
{
	uint64_t records = pipeline->pending.counts.messages;

	if (pipeline->options->point == NULL || records == 0 ||
	    slot->prefix_state != ARCHIVE_PREFIX_SEEN)
		return false;
	return records >= RUN_POINT_RECORDS ||
	    pipeline->unsynced >= RUN_POINT_OCTETS ||
	    (slot->last && pipeline->interrupted);
}

static bool
make_point(struct pipeline *pipeline, const struct slot *slot, GError **error)
{
	const struct run_options *options = pipeline->options;
	const struct run_point point = {
		.known = pipeline->tally,
		.more = &pipeline->pending,
		.path = span_of(pipeline->path),
		.prefix = &slot->prefix,
		.prefix_path = span_of(pipeline->prefix_path),
	};

	if (!options->point(options->user, &point, error))
		return false;
	tally_merge(pipeline->tally, &pipeline->pending);
	pipeline->unsynced = 0;
	return true;
}

/* Write out and empty one slot; false with "error" to end the run. */
static bool
step_write(struct pipeline *pipeline, struct slot *slot, GError **error)
{
	const struct run_options *options = pipeline->options;
	bool good = write_slot(pipeline, slot, error);

	tally_merge(&pipeline->pending, &slot->tally);
	if (!good)
		return false;
	if (is_point(pipeline, slot) && !make_point(pipeline, slot, error))
		return false;
	if (slot->error != NULL) {
		g_propagate_error(error, g_steal_pointer(&slot->error));
		return false;
	}
	if (options->progress != NULL)
		options->progress(options->user,
		    pipeline->tally->counts.messages +
			pipeline->pending.counts.messages,
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
		step_hash(pipeline, slot);
	else if (step == STEP_JUDGE)
		slot_judge(slot, pipeline->options, judge);
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
	pipeline.path = g_string_new(NULL);
	pipeline.prefix_path = g_string_new(NULL);
	tally_init(&pipeline.pending);
	archive_prefix_expect(options->archive, &options->prefix);
	g_mutex_init(&pipeline.lock);
	g_cond_init(&pipeline.changed);
	/* One worker alone has no use for more: they would leave the cache. */
	pipeline.n_slots =
	    pipeline.jobs == 1 ? 2 : 2 * (size_t)pipeline.jobs + 2;
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
	tally->counts.items = MAX(pipeline.seq - 1, options->skip);
	tally_merge(tally, &pipeline.pending);
	tally_finish(tally);
	tally_clear(&pipeline.pending);
	g_string_free(pipeline.path, TRUE);
	g_string_free(pipeline.prefix_path, TRUE);
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
