/*
 * corpus_read.c - the octets of a corpus, as cheaply as we know how: blocks
 * that fit the cache, each line copied once where CR has to be put back.
 */
#include "tests/bench/corpus.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#define BLOCK (256 * 1024) /* octets of one read() */
#define STAGE (64 * 1024)  /* octets with CRLF handed on at once */
#define LINE  1100         /* of STAGE kept free: lines have 998 at most */

struct reader {
	const struct corpus *corpus;
	const struct corpus_visitor *visitor;
	void *data;
	uint8_t *block;
	uint8_t *stage;
	size_t staged;
};

static void
flush(struct reader *reader)
{
	if (reader->staged > 0)
		reader->visitor->octets(
		    reader->data, reader->stage, reader->staged);
	reader->staged = 0;
}

/* mboxrd: one ">" less before ">*From ". */
static gboolean
is_quoted(const uint8_t *line, const uint8_t *end)
{
	while (line < end && *line == '>')
		line++;
	return end - line >= 5 && memcmp(line, "From ", 5) == 0;
}

/* Put whole lines into the stage, with CR before LF. */
static void
restore_lines(struct reader *reader, const uint8_t *p, size_t n)
{
	gboolean quoted = reader->corpus->form == CORPUS_MBOX;

	for (const uint8_t *end = p + n, *lf; p < end; p = lf + 1) {
		lf = memchr(p, '\n', (size_t)(end - p));
		g_assert(lf != NULL && lf - p < LINE - 2);
		if (quoted && *p == '>' && is_quoted(p, lf))
			p++;
		if (reader->staged > STAGE - LINE)
			flush(reader);
		uint8_t *out = reader->stage + reader->staged;
		size_t length = (size_t)(lf - p);
		memcpy(out, p, length);
		out[length] = '\r';
		out[length + 1] = '\n';
		reader->staged += length + 2;
	}
}

static void
give(struct reader *reader, const uint8_t *p, size_t n)
{
	if (reader->visitor->octets == NULL)
		return;
	if (reader->corpus->form == CORPUS_EML)
		reader->visitor->octets(reader->data, p, n);
	else
		restore_lines(reader, p, n);
}

static void
begin(struct reader *reader, const struct corpus_message *message)
{
	if (reader->visitor->begin != NULL)
		reader->visitor->begin(reader->data, message);
}

static void
end(struct reader *reader, const struct corpus_message *message)
{
	flush(reader);
	if (reader->visitor->end != NULL)
		reader->visitor->end(reader->data, message);
}

static int
open_file(int folder, const char *path)
{
	int file = openat(folder, path, O_RDONLY | O_CLOEXEC);

	if (file < 0)
		g_error("%s: %s", path, g_strerror(errno));
	return file;
}

/* Read what fits behind "have" octets; how many there are then. */
static size_t
read_more(struct reader *reader, int file, size_t have, size_t most)
{
	uint8_t *p = reader->block + have;
	ssize_t n = read(file, p, MIN(BLOCK - have, most));

	if (n <= 0)
		g_error("the corpus is not as its index says");
	if (reader->visitor->file != NULL)
		reader->visitor->file(reader->data, p, (size_t)n);
	return have + (size_t)n;
}

/* Octets of the block up to the end of its last line. */
static size_t
whole_lines(const struct reader *reader, size_t n)
{
	const uint8_t *lf = memrchr(reader->block, '\n', n);

	g_assert(lf != NULL);
	return (size_t)(lf + 1 - reader->block);
}

static void
read_file(struct reader *reader, int folder, const char *path,
    const struct corpus_message *message, size_t size)
{
	gboolean lines = reader->corpus->form != CORPUS_EML;
	int file = open_file(folder, path);
	size_t have = 0;

	begin(reader, message);
	for (size_t left = size; left > 0;) {
		size_t n = read_more(reader, file, have, left);
		left -= n - have;
		size_t ready = lines ? whole_lines(reader, n) : n;
		give(reader, reader->block, ready);
		have = n - ready;
		memmove(reader->block, reader->block + ready, have);
	}
	close(file);
	if (reader->visitor->file_end != NULL)
		reader->visitor->file_end(reader->data);
	end(reader, message);
}

/* Give the messages that the "n" octets of the mbox from "at" on belong to;
 * the first is message "next", perhaps begun.  Returns the next "next". */
static guint
give_messages(struct reader *reader, guint next, guint64 at, size_t n)
{
	const GArray *messages = reader->corpus->messages;
	guint64 stop = at + n;

	for (; next < messages->len; next++) {
		const struct corpus_message *message =
		    &g_array_index(messages, struct corpus_message, next);
		guint64 last = message->at + message->in_mbox;
		guint64 from = MAX(at, message->at);
		guint64 to = MIN(stop, last);
		if (message->at >= stop)
			break;
		if (from == message->at)
			begin(reader, message);
		give(reader, reader->block + (from - at), to - from);
		if (last > stop)
			break;
		end(reader, message);
	}
	return next;
}

static void
read_mbox(struct reader *reader, const char *path)
{
	const GArray *messages = reader->corpus->messages;
	const struct corpus_message *last =
	    &g_array_index(messages, struct corpus_message, messages->len - 1);
	guint64 size = last->at + last->in_mbox + 1, at = 0;
	int file = open_file(AT_FDCWD, path);
	size_t have = 0;
	guint next = 0;

	while (at + have < size) {
		size_t n =
		    read_more(reader, file, have, (size_t)(size - at - have));
		size_t ready = whole_lines(reader, n);
		next = give_messages(reader, next, at, ready);
		at += ready;
		have = n - ready;
		memmove(reader->block, reader->block + ready, have);
	}
	close(file);
	if (reader->visitor->file_end != NULL)
		reader->visitor->file_end(reader->data);
}

static void
read_folder(struct reader *reader, const char *path)
{
	const GArray *messages = reader->corpus->messages;
	gboolean eml = reader->corpus->form == CORPUS_EML;
	int folder = open_file(AT_FDCWD, path);

	for (guint i = 0; i < messages->len; i++) {
		const struct corpus_message *message =
		    &g_array_index(messages, struct corpus_message, i);
		read_file(reader, folder, eml ? message->eml : message->maildir,
		    message, eml ? message->crlf : message->lf);
	}
	close(folder);
}

void
corpus_read(const struct corpus *corpus, const char *path,
    const struct corpus_visitor *visitor, void *data)
{
	struct reader reader = { .corpus = corpus,
		.visitor = visitor,
		.data = data,
		.block = g_malloc(BLOCK),
		.stage = g_malloc(STAGE) };

	if (corpus->form == CORPUS_MBOX)
		read_mbox(&reader, path);
	else
		read_folder(&reader, path);
	g_free(reader.block);
	g_free(reader.stage);
}
