/*
 * run_slot.c - a batch on its way through the pipeline: its items judged in
 * their order, with the files and notes where they stand between them.
 */
#include "verifier/run/run_slot.h"

#include "verifier/run/input_line.h"
#include "verifier/run/trace.h"

#include <string.h>

void
slot_init(struct slot *slot)
{
	slot->batch = batch_new();
	slot->lines = g_string_new(NULL);
	slot->inputs = g_string_new(NULL);
	slot->notes = g_string_new(NULL);
	slot->traces = g_string_new(NULL);
	slot->earlier = g_string_new(NULL);
	tally_init(&slot->tally);
}

void
slot_clear(struct slot *slot)
{
	batch_free(slot->batch);
	g_string_free(slot->lines, TRUE);
	g_string_free(slot->inputs, TRUE);
	g_string_free(slot->notes, TRUE);
	g_string_free(slot->traces, TRUE);
	g_string_free(slot->earlier, TRUE);
	tally_clear(&slot->tally);
	g_clear_error(&slot->error);
}

static void
keep_file(struct slot *slot, const struct input_file *file)
{
	slot->tally.counts.files++;
	slot->tally.counts.octets += file->size;
	input_line_write(slot->inputs, file);
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
	if (judgement->line.n > 0) {
		g_string_append_len(slot->lines,
		    (const char *)judgement->line.p, (gssize)judgement->line.n);
		tally_add(&slot->tally, judgement);
	}
	if (judgement->file_sha256 != NULL)
		keep_whole_file(slot, item, judgement->file_sha256);
}

/* Judge one item; one that has its record is only hashed. */
static bool
take_item(const struct run_options *options, struct judge *judge,
    const struct item *item, uint64_t seq, struct span earlier,
    struct judgement *judgement, GError **error)
{
	if (seq > options->skip && options->earlier != NULL)
		return judge_update(
		    judge, item, seq, earlier, judgement, error);
	if (seq > options->skip)
		return judge_item(judge, item, seq, judgement, error);
	judge_hash(judge, item, judgement);
	return true;
}

/* Take the next record of the case before; empty where there is none. */
static struct span
next_line(struct span *lines)
{
	size_t n = span_find(*lines, '\n');
	struct span line = span_sub(*lines, 0, n);

	*lines = span_from(*lines, MIN(n + 1, lines->n));
	return line;
}

void
slot_judge(
    struct slot *slot, const struct run_options *options, struct judge *judge)
{
	const struct batch *batch = slot->batch;
	struct span earlier = { (const uint8_t *)slot->earlier->str,
		slot->earlier->len };
	size_t next_file = 0;

	for (size_t i = 0; i < batch->n_items; i++) {
		struct judgement judgement;
		GError *error = NULL;

		while (next_file < batch->n_files &&
		    batch->files[next_file].after_items <= i)
			keep_file(slot, &batch->files[next_file++]);
		if (!take_item(options, judge, &batch->items[i],
			slot->first_seq + i, next_line(&earlier), &judgement,
			&error)) {
			/* It comes before what the reader may have found. */
			g_clear_error(&slot->error);
			slot->error = error;
			return;
		}
		keep(slot, &batch->items[i], &judgement);
		if (options->point != NULL)
			trace_append(slot->traces, &batch->items[i]);
	}
	while (next_file < batch->n_files)
		keep_file(slot, &batch->files[next_file++]);
	for (size_t i = 0; i < batch->n_notes; i++)
		input_note_write(slot->notes, &batch->notes[i]);
	slot->tally.counts.notes += batch->n_notes;
}
