/*
 * archive_file.c - the messages of one file.
 *
 * Memory is bounded by ARCHIVE_MESSAGE_MAX and what one read brings.
 */
#include "verifier/archive/archive_file.h"

/* ---- what a file is ------------------------------------------------------ */

static struct span
after_line(struct span rest)
{
	return span_from(rest, span_find(rest, '\n') + 1);
}

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

/* ---- items --------------------------------------------------------------- */

static struct item
item_of(const struct file_reader *reader, enum item_status status)
{
	return (struct item){
		.status = status,
		.container =
		    reader->maildir ? CONTAINER_MAILDIR : CONTAINER_FILE,
		.path = { (const uint8_t *)reader->path->str,
		    reader->path->len },
	};
}

static void
close_file(struct file_reader *reader)
{
	reader->done += window_end(&reader->window);
	window_close(&reader->window);
	reader->window.base = 0;
	reader->open = false;
}

/* Reading failed.  A file that changed ends the run; any other trouble is an
 * item and ends the file. */
static bool
give_up(struct file_reader *reader, struct filler *filler, GError *problem,
    GError **error)
{
	if (g_error_matches(problem, ARCHIVE_ERROR, ARCHIVE_ERROR_CHANGED)) {
		g_propagate_error(error, problem);
		close_file(reader);
		return false;
	}
	struct item item = item_of(reader, ITEM_NO_ACCESS);
	item.offset = window_end(&reader->window);
	item.detail = span_from_string(problem->message);
	filler_add(filler, &item);
	g_error_free(problem);
	close_file(reader);
	return true;
}

/* ---- one message --------------------------------------------------------- */

/* Count what is too much to keep, up to the end.  A file says its size. */
static bool
count_rest(struct file_reader *reader, uint64_t *size_out, GError **error)
{
	struct window *window = &reader->window;

	while (!window->source->size_known && !window->at_end) {
		window_drop(window, window_end(window));
		if (!window_fill(window, error))
			return false;
	}
	*size_out = window->source->size_known ? window->source->size
					       : window_end(window);
	return true;
}

static bool
is_too_large(const struct window *window)
{
	return window->source->size > ARCHIVE_MESSAGE_MAX ||
	    window_end(window) > ARCHIVE_MESSAGE_MAX;
}

/* Read the file whole; *item gets the status and, if it fits, the octets. */
static bool
read_single(struct file_reader *reader, struct item *item, GError **error)
{
	struct window *window = &reader->window;
	bool mail = is_mail(window_span(window));

	while (!is_too_large(window) && !window->at_end) {
		if (!window_fill(window, error))
			return false;
	}
	*item = item_of(reader, mail ? ITEM_OK : ITEM_NOT_MAIL);
	item->whole_file = true;
	if (is_too_large(window)) {
		if (mail)
			item->status = ITEM_TOO_LARGE;
		return count_rest(reader, &item->length, error);
	}
	item->raw = window_span(window);
	item->length = item->raw.n;
	if (item->raw.n == 0)
		item->status = ITEM_EMPTY;
	return true;
}

static bool
next_single(struct file_reader *reader, struct filler *filler, GError **error)
{
	struct item item;
	GError *problem = NULL;

	if (!read_single(reader, &item, &problem))
		return give_up(reader, filler, problem, error);
	filler_add(filler, &item);
	close_file(reader);
	return true;
}

/* ---- an mbox ------------------------------------------------------------- */

static void
add_message(struct file_reader *reader, struct filler *filler,
    const struct mbox_message *message)
{
	struct item item = item_of(reader, ITEM_OK);
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

static void
end_mbox(struct file_reader *reader, struct filler *filler)
{
	struct input_file file = {
		.path = item_of(reader, ITEM_OK).path,
		.size = window_end(&reader->window),
		.messages = reader->messages,
		.format = "mbox",
	};

	digest_finish(&reader->digest, file.sha256);
	filler_add_file(filler, &file);
	close_file(reader);
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
			return true;
		case MBOX_END:
			end_mbox(reader, filler);
			return true;
		case MBOX_MORE:
			break;
		}
		window_drop(window, mbox_keep(&reader->mbox));
		if (!window_fill(window, &problem))
			return give_up(reader, filler, problem, error);
	}
}

/* ---- public -------------------------------------------------------------- */

void
file_reader_init(struct file_reader *reader, const struct crypto *crypto)
{
	*reader = (struct file_reader){ .path = g_string_new(NULL) };
	window_init(&reader->window);
	digest_init(&reader->digest, crypto, DIGEST_SHA256);
}

void
file_reader_clear(struct file_reader *reader)
{
	window_clear(&reader->window);
	digest_clear(&reader->digest);
	g_string_free(reader->path, TRUE);
}

void
file_reader_open(
    struct file_reader *reader, struct source *source, const char *path)
{
	window_open(&reader->window, source);
	g_string_assign(reader->path, path);
	reader->open = true;
	reader->single = reader->maildir = reader->started = false;
	reader->messages = 0;
}

/* Look at the start of the file: an mbox is hashed from its first octet. */
static bool
look_at_start(struct file_reader *reader, GError **error)
{
	struct window *window = &reader->window;

	while (!window->at_end && window_end(window) < MBOX_LOOKAHEAD) {
		if (!window_fill(window, error))
			return false;
	}
	reader->started = true;
	if (!mbox_is_mbox(window_span(window)))
		reader->single = true;
	if (reader->single)
		return true;
	mbox_init(&reader->mbox, ARCHIVE_MESSAGE_MAX);
	digest_reset(&reader->digest);
	digest_add(&reader->digest, window_span(window));
	window->digest = &reader->digest;
	return true;
}

bool
file_reader_next(
    struct file_reader *reader, struct filler *filler, GError **error)
{
	GError *problem = NULL;

	if (!reader->started && !look_at_start(reader, &problem))
		return give_up(reader, filler, problem, error);
	if (reader->single)
		return next_single(reader, filler, error);
	return next_message(reader, filler, error);
}
