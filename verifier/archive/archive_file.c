/*
 * archive_file.c - the messages of one file.
 *
 * Memory is bounded by ARCHIVE_MESSAGE_MAX and what one read brings.
 */
#include "verifier/archive/archive_file.h"

#include "verifier/archive/companion.h"
#include "verifier/archive/emlx.h"
#include "verifier/archive/source_prefix.h"

/* One way to read a file, chosen by its start. */
struct file_format {
	const char *name; /* in run.json */
	bool (*next)(
	    struct file_reader *reader, struct filler *filler, GError **error);
};

/* ---- what a file is ------------------------------------------------------ */

static struct span
after_line(struct span rest)
{
	return span_from(rest, span_find(rest, '\n') + 1);
}

/* Where a mailbox is one message ("check"), its From_ line stands before it. */
static bool
is_mail(struct span start)
{
	if (span_starts_with(start, SPAN("\xef\xbb\xbf")))
		start = span_from(start, 3);
	if (span_starts_with(start, SPAN("From ")) ||
	    span_starts_with(start, SPAN(">From ")))
		start = after_line(start);
	return from_line_is_field(start);
}

/* ---- items and files ----------------------------------------------------- */

/* From its first octet on the file is hashed as a whole. */
static void
begin_chain(struct file_reader *reader)
{
	g_assert(reader->window.base == 0);
	reader->chained = true;
	reader->chain_at = 0;
}

/* What the buffer holds of a file that is hashed as a whole, and that no batch
 * before had. */
static struct stretch
stretch_of(const struct file_reader *reader)
{
	const struct window *window = &reader->window;

	return (struct stretch){
		.at = window_place(window, reader->chain_at),
		.n = (size_t)(window_end(window) - reader->chain_at),
		.begins = reader->chain_at == 0,
		.path = file_reader_path(reader),
	};
}

static void
close_file(struct file_reader *reader)
{
	if (reader->n_chain == 0)
		reader->done += window_end(&reader->window);
	window_close(&reader->window);
	reader->open = false;
}

/* The file was read to its end and hashed as a whole. */
static void
end_chain(struct file_reader *reader, struct filler *filler, uint64_t messages)
{
	const struct input_file file = {
		.size = window_end(&reader->window),
		.messages = messages,
		.format = reader->format->name,
	};
	struct stretch stretch = stretch_of(reader);

	stretch.ends = true;
	stretch.file = filler->batch->n_files;
	file_reader_add_file(reader, filler, &file);
	filler_add_stretch(filler, &stretch);
	close_file(reader);
}

/* Reading failed.  A file that changed ends the run; any other trouble is an
 * item in place of the message that was being read, and ends the file. */
static bool
give_up(struct file_reader *reader, struct filler *filler, GError *problem,
    GError **error)
{
	bool good = file_reader_trouble(reader, filler, problem, error);

	reader->gave_up = true;
	close_file(reader);
	return good;
}

/* ---- a file that is passed over ------------------------------------------ */

/* Let go of the lines in view.  The last one stays until as much of it is there
 * as is looked at. */
static void
look_at_lines(struct file_reader *reader)
{
	struct window *window = &reader->window;
	struct span rest = window_span(window);

	while (rest.n > 0) {
		size_t n = span_find(rest, '\n');
		if (n == rest.n && !reader->in_line && n < COMPANION_START &&
		    !window->at_end)
			break;
		if (!reader->in_line && from_line_is_mail_field(rest))
			reader->holds_field = true;
		reader->in_line = n == rest.n;
		rest = span_from(rest, n + 1);
	}
	window_drop(window, window_end(window) - rest.n);
}

static void
let_go(struct file_reader *reader)
{
	if (reader->watched)
		look_at_lines(reader);
	else
		window_drop(&reader->window, window_end(&reader->window));
}

/* No mail, or too large: nothing is kept of it but its sum. */
static bool
next_other(struct file_reader *reader, struct filler *filler, GError **error)
{
	struct window *window = &reader->window;
	GError *problem = NULL;

	for (let_go(reader); !window->at_end; let_go(reader)) {
		if (filler_is_heavy(filler)) {
			filler->full = true;
			return true;
		}
		if (!window_fill(window, &problem))
			return give_up(reader, filler, problem, error);
	}
	if (reader->companion != NULL && !reader->holds_field) {
		file_reader_note(reader, filler, reader->companion,
		    (struct span){ NULL, 0 });
	} else {
		struct item item = file_reader_item(reader, reader->status);
		item.length = window_end(window);
		filler_add(filler, &item);
	}
	end_chain(reader, filler, reader->status == ITEM_TOO_LARGE ? 1 : 0);
	return true;
}

static const struct file_format format_other = { "other", next_other };
static const struct file_format format_large = { "message", next_other };

/* ---- one message --------------------------------------------------------- */

static bool
is_too_large(const struct window *window)
{
	return window->source->size > ARCHIVE_MESSAGE_MAX ||
	    window_end(window) > ARCHIVE_MESSAGE_MAX;
}

/* The file goes on as one that is passed over. */
static bool
pass_over(struct file_reader *reader, enum item_status status,
    const struct file_format *format, struct filler *filler, GError **error)
{
	reader->status = status;
	reader->format = format;
	begin_chain(reader);
	return next_other(reader, filler, error);
}

static bool
next_single(struct file_reader *reader, struct filler *filler, GError **error)
{
	struct window *window = &reader->window;
	GError *problem = NULL;

	while (!is_too_large(window) && !window->at_end) {
		if (!window_fill(window, &problem))
			return give_up(reader, filler, problem, error);
	}
	if (is_too_large(window))
		return pass_over(
		    reader, ITEM_TOO_LARGE, &format_large, filler, error);
	struct item item = file_reader_item(reader, ITEM_OK);
	item.whole_file = true;
	item.raw = window_span(window);
	item.length = item.raw.n;
	if (item.raw.n == 0)
		item.status = ITEM_EMPTY;
	else if (mbox_is_inside(item.raw))
		file_reader_note(reader, filler, "message-holds-mailbox",
		    (struct span){ NULL, 0 });
	filler_add(filler, &item);
	close_file(reader);
	return true;
}

static const struct file_format format_single = { "message", next_single };

/* ---- an .emlx ------------------------------------------------------------ */

static void
add_emlx(struct file_reader *reader, struct filler *filler,
    const struct emlx *emlx, struct span message)
{
	const char *defect = emlx_defect_code(emlx->defect);
	struct item item = file_reader_item(reader,
	    emlx->defect == EMLX_CUT ? ITEM_DAMAGED
		: message.n == 0     ? ITEM_EMPTY
				     : ITEM_OK);

	item.container = emlx_is_partial(file_reader_name(reader))
	    ? CONTAINER_EMLX_PARTIAL
	    : CONTAINER_EMLX;
	item.offset = emlx->offset;
	item.length = message.n;
	/* Only what is there whole, and borders that hold, are evidence. */
	if (item.status == ITEM_OK)
		item.raw = message;
	if (emlx->defect != EMLX_WHOLE) {
		item.split = SPLIT_HEURISTIC;
		file_reader_note(
		    reader, filler, defect, (struct span){ NULL, 0 });
	}
	filler_add(filler, &item);
}

static bool
next_emlx(struct file_reader *reader, struct filler *filler, GError **error)
{
	struct window *window = &reader->window;
	GError *problem = NULL;
	struct emlx emlx;

	while (!is_too_large(window) && !window->at_end) {
		if (!window_fill(window, &problem))
			return give_up(reader, filler, problem, error);
	}
	if (is_too_large(window))
		return pass_over(
		    reader, ITEM_TOO_LARGE, &format_large, filler, error);
	struct span file = window_span(window);
	if (!emlx_parse(file, &emlx))
		return pass_over(
		    reader, ITEM_NOT_MAIL, &format_other, filler, error);
	add_emlx(
	    reader, filler, &emlx, span_sub(file, emlx.offset, emlx.length));
	end_chain(reader, filler, 1);
	return true;
}

static const struct file_format format_emlx = { "emlx", next_emlx };

/* ---- an mbox ------------------------------------------------------------- */

static void
add_message(struct file_reader *reader, struct filler *filler,
    const struct mbox_message *message)
{
	struct item item = file_reader_item(reader, ITEM_OK);
	const struct window *window = &reader->window;

	item.container = CONTAINER_MBOX;
	item.split = message->split;
	item.offset = message->offset;
	item.length = message->length;
	item.envelope = message->envelope;
	if (message->too_large)
		item.status = ITEM_TOO_LARGE;
	else if (message->length == 0)
		item.status = ITEM_EMPTY;
	else
		item.raw = span_sub(window_span(window),
		    (size_t)(message->offset - window->base),
		    (size_t)message->length);
	filler_add(filler, &item);
	reader->messages++;
}

static bool
next_message(struct file_reader *reader, struct filler *filler, GError **error)
{
	struct window *window = &reader->window;
	GError *problem = NULL;

	for (;;) {
		struct mbox_view view = { window_span(window), window->base,
			window->at_end };
		struct mbox_message message;
		switch (mbox_next(&reader->mbox, &view, &message)) {
		case MBOX_MESSAGE:
			add_message(reader, filler, &message);
			window_drop(window, mbox_keep(&reader->mbox));
			return true;
		case MBOX_END:
			end_chain(reader, filler, reader->messages);
			return true;
		case MBOX_MORE:
			break;
		}
		window_drop(window, mbox_keep(&reader->mbox));
		if (filler_is_heavy(filler)) {
			filler->full = true;
			return true;
		}
		if (!window_fill(window, &problem))
			return give_up(reader, filler, problem, error);
	}
}

static const struct file_format format_mbox = { "mbox", next_message };

/* ---- public -------------------------------------------------------------- */

void
file_reader_init(struct file_reader *reader)
{
	*reader = (struct file_reader){ .path = g_string_new(NULL) };
	window_init(&reader->window);
}

void
file_reader_clear(struct file_reader *reader)
{
	window_clear(&reader->window);
	g_string_free(reader->path, TRUE);
}

void
file_reader_begin(
    struct file_reader *reader, struct source *source, bool maildir)
{
	window_open(&reader->window, source);
	reader->open = true;
	reader->format = NULL;
	reader->container = CONTAINER_NONE;
	reader->companion = NULL;
	reader->watched = reader->in_line = reader->holds_field = false;
	reader->maildir = maildir;
	reader->chained = reader->gave_up = false;
	reader->messages = 0;
}

void
file_reader_open(
    struct file_reader *reader, struct source *source, const char *path)
{
	g_string_assign(reader->path, path);
	reader->n_chain = 0;
	file_reader_begin(reader, source, false);
}

struct source *
file_reader_release(struct file_reader *reader)
{
	struct window *window = &reader->window;
	struct source *source =
	    source_prefix_new(window_span(window), window->source);

	window->source = NULL;
	window_close(window);
	reader->open = false;
	return source;
}

/* A file that is hashed as a whole while it is read. */
static void
read_as(struct file_reader *reader, const struct file_format *format)
{
	reader->format = format;
	begin_chain(reader);
}

/* A file that is one message, or none. */
static void
choose_plain(struct file_reader *reader, struct span start)
{
	bool text;
	const char *companion = reader->maildir || reader->files_only
	    ? NULL
	    : companion_of(file_reader_name(reader), start, &text);

	reader->format = &format_single;
	if (companion == NULL && (start.n == 0 || is_mail(start)))
		return;
	read_as(reader, &format_other);
	reader->status = ITEM_NOT_MAIL;
	reader->companion = companion;
	reader->watched = companion != NULL && text;
}

/* Look at the start of the file and choose how it is read. */
static bool
look_at_start(struct file_reader *reader, GError **error)
{
	struct window *window = &reader->window;

	while (!window->at_end && window_end(window) < MBOX_LOOKAHEAD) {
		if (!window_fill(window, error))
			return false;
	}
	struct span start = window_span(window);
	if (!reader->files_only)
		reader->container = container_format_of(start);
	if (reader->container != CONTAINER_NONE)
		return true;
	if (!reader->maildir && emlx_is_emlx(start)) {
		read_as(reader, &format_emlx);
	} else if (!reader->files_only &&
	    mbox_open(&reader->mbox, ARCHIVE_MESSAGE_MAX, start)) {
		read_as(reader, &format_mbox);
	} else {
		choose_plain(reader, start);
	}
	return true;
}

/* Does the file go better into a buffer of its own? */
static bool
is_for_next(const struct file_reader *reader, const struct filler *filler)
{
	const struct window *window = &reader->window;

	return filler->batch->n_items > 0 && window->source->size_known &&
	    window->source->size > WINDOW_AIM - MIN(window->end, WINDOW_AIM);
}

bool
file_reader_next(
    struct file_reader *reader, struct filler *filler, GError **error)
{
	GError *problem = NULL;

	if (reader->format == NULL) {
		filler->full = is_for_next(reader, filler);
		if (filler->full)
			return true;
		if (!look_at_start(reader, &problem))
			return give_up(reader, filler, problem, error);
	}
	if (reader->container != CONTAINER_NONE)
		return true;
	return reader->format->next(reader, filler, error);
}

void
file_reader_pause(struct file_reader *reader, struct filler *filler)
{
	if (!reader->open || !reader->chained)
		return;
	const struct stretch stretch = stretch_of(reader);
	filler_add_stretch(filler, &stretch);
	reader->chain_at = window_end(&reader->window);
}
