/*
 * archive_item.c - items, files and notes under the name of the file that is
 * read.
 */
#include "verifier/archive/archive_file.h"

struct span
file_reader_path(const struct file_reader *reader)
{
	return (struct span){ (const uint8_t *)reader->path->str,
		reader->path->len };
}

struct span
file_reader_name(const struct file_reader *reader)
{
	for (size_t i = reader->n_chain; i > 0; i--)
		if (reader->chain[i - 1].name.p != NULL)
			return reader->chain[i - 1].name;
	return file_reader_path(reader);
}

struct item
file_reader_item(const struct file_reader *reader, enum item_status status)
{
	struct item item = {
		.status = status,
		.container =
		    reader->maildir ? CONTAINER_MAILDIR : CONTAINER_FILE,
		.path = file_reader_path(reader),
		.n_chain = reader->n_chain,
	};

	memcpy(item.chain, reader->chain, sizeof(item.chain));
	return item;
}

void
file_reader_add_trouble(struct file_reader *reader, struct filler *filler,
    enum item_status status, struct span detail)
{
	struct item item = file_reader_item(reader, status);

	item.detail = detail;
	filler_add(filler, &item);
}

void
file_reader_add_file(struct file_reader *reader, struct filler *filler,
    const struct input_file *file)
{
	struct input_file named = *file;

	named.path = file_reader_path(reader);
	memcpy(named.chain, reader->chain, sizeof(named.chain));
	named.n_chain = reader->n_chain;
	filler_add_file(filler, &named);
}

void
file_reader_note(struct file_reader *reader, struct filler *filler,
    const char *code, struct span detail)
{
	struct input_note note = {
		.path = file_reader_path(reader),
		.n_chain = reader->n_chain,
		.code = code,
		.detail = detail,
	};

	memcpy(note.chain, reader->chain, sizeof(note.chain));
	filler_add_note(filler, &note);
}

static enum item_status
status_of(const GError *problem)
{
	if (problem->domain != ARCHIVE_ERROR)
		return ITEM_NO_ACCESS;
	switch ((enum archive_error)problem->code) {
	case ARCHIVE_ERROR_CONTAINER:
		return ITEM_DAMAGED;
	case ARCHIVE_ERROR_LIMIT:
		return ITEM_LIMIT;
	case ARCHIVE_ERROR_ENCRYPTED:
		return ITEM_ENCRYPTED;
	case ARCHIVE_ERROR_UNSUPPORTED:
		return ITEM_UNSUPPORTED;
	case ARCHIVE_ERROR_CHANGED:
	case ARCHIVE_ERROR_USAGE:
	case ARCHIVE_ERROR_SYSTEM:
		break;
	}
	return ITEM_NO_ACCESS;
}

bool
file_reader_trouble(struct file_reader *reader, struct filler *filler,
    GError *problem, GError **error)
{
	if (g_error_matches(problem, ARCHIVE_ERROR, ARCHIVE_ERROR_CHANGED)) {
		g_propagate_error(error, problem);
		return false;
	}
	struct item item = file_reader_item(reader, status_of(problem));
	if (reader->open)
		item.offset = window_end(&reader->window);
	item.detail = span_from_string(problem->message);
	filler_add(filler, &item);
	g_error_free(problem);
	return true;
}
