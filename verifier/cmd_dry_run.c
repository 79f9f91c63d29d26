/*
 * cmd_dry_run.c - verifier verify --dry-run: what would be read.
 */
#include "verifier/cmd_dry_run.h"

#include "keysnap/base/text.h"

struct totals {
	uint64_t messages, unreadable;
};

static void
append_name(
    GString *out, struct span path, const struct chain_link *chain, size_t n)
{
	text_append_terminal(out, path);
	for (size_t i = 0; i < n; i++) {
		g_string_append_c(out, '!');
		text_append_terminal(out, chain[i].name);
	}
	g_string_append_c(out, '\n');
}

static void
append_row(GString *out, const char *what, uint64_t messages, uint64_t octets)
{
	g_string_append_printf(out,
	    "%-24s %9" G_GUINT64_FORMAT " %14" G_GUINT64_FORMAT "  ", what,
	    messages, octets);
}

static void
append_item(GString *out, const struct item *item, struct totals *totals)
{
	totals->messages++;
	if (item->status != ITEM_OK) {
		const struct reason_row *row =
		    reason_row(judge_item_reason(item->status));

		totals->unreadable++;
		append_row(out, row->code, 1, item->length);
	} else if (item->whole_file) {
		append_row(out, "message", 1, item->length);
	} else {
		return; /* its file has a line */
	}
	append_name(out, item->path, item->chain, item->n_chain);
}

static void
append_file(GString *out, const struct input_file *file)
{
	append_row(out, file->format, file->messages, file->size);
	append_name(out, file->path, file->chain, file->n_chain);
}

static void
append_batch(GString *out, const struct batch *batch, struct totals *totals)
{
	size_t file = 0;

	for (size_t i = 0; i < batch->n_items; i++) {
		while (file < batch->n_files &&
		    batch->files[file].after_items <= i)
			append_file(out, &batch->files[file++]);
		append_item(out, &batch->items[i], totals);
	}
	while (file < batch->n_files)
		append_file(out, &batch->files[file++]);
	for (size_t i = 0; i < batch->n_notes; i++) {
		const struct input_note *note = &batch->notes[i];

		g_string_append_printf(out, "note: %-43s", note->code);
		append_name(out, note->path, note->chain, note->n_chain);
	}
}

enum exit_code
dry_run(struct archive *archive)
{
	struct batch *batch = batch_new();
	g_autoptr(GString) out = g_string_new(NULL);
	struct totals totals = { .messages = 0 };
	GError *error = NULL;
	int got;

	g_string_append_printf(out, "%-24s %9s %14s  %s\n", "format",
	    "messages", "octets", "name");
	do {
		got = archive_next(archive, batch, &error);
		append_batch(out, batch, &totals);
		command_print(out);
	} while (got == 1);
	batch_free(batch);
	if (error != NULL)
		return command_error(error, EXIT_INPUT);
	command_say("%" G_GUINT64_FORMAT " messages, %" G_GUINT64_FORMAT
		    " of them unreadable; nothing was checked or written",
	    totals.messages, totals.unreadable);
	return totals.unreadable > 0 ? EXIT_INPUT : EXIT_DONE;
}
