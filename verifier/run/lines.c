/*
 * lines.c - a file of lines, read back in bounded memory.
 */
#include "verifier/run/lines.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#define BLOCK 65536u

struct lines {
	char *path;
	int fd;
	size_t max;
	struct digest digest;
	GByteArray *buffer; /* read and not given yet, from "at" on */
	size_t at;
	bool ended, cut;
	uint64_t number;
};

static bool
failed(const struct lines *lines, const char *why, GError **error)
{
	g_set_error(error, G_FILE_ERROR, G_FILE_ERROR_INVAL, "%s: %s",
	    lines->path, why);
	return false;
}

struct lines *
lines_open(
    const char *path, size_t max, const struct crypto *crypto, GError **error)
{
	struct lines *lines = g_new0(struct lines, 1);
	struct stat now;

	lines->path = g_strdup(path);
	lines->max = max;
	lines->buffer = g_byte_array_new();
	digest_init(&lines->digest, crypto, DIGEST_SHA256);
	/* Not to wait for somebody to write into a pipe. */
	lines->fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	if (lines->fd < 0)
		failed(lines, g_strerror(errno), error);
	else if (fstat(lines->fd, &now) != 0 || !S_ISREG(now.st_mode))
		failed(lines, "is no regular file", error);
	else
		return lines;
	lines_close(lines);
	return NULL;
}

void
lines_close(struct lines *lines)
{
	if (lines == NULL)
		return;
	if (lines->fd >= 0)
		close(lines->fd);
	digest_clear(&lines->digest);
	g_byte_array_unref(lines->buffer);
	g_free(lines->path);
	g_free(lines);
}

/* One block more behind what is there. */
static bool
fill(struct lines *lines, GError **error)
{
	guint n = lines->buffer->len;
	ssize_t got;

	g_byte_array_set_size(lines->buffer, n + BLOCK);
	do
		got = read(lines->fd, lines->buffer->data + n, BLOCK);
	while (got < 0 && errno == EINTR);
	g_byte_array_set_size(lines->buffer, n + (guint)MAX(got, 0));
	if (got < 0)
		return failed(lines, g_strerror(errno), error);
	lines->ended = got == 0;
	digest_add(&lines->digest,
	    (struct span){ lines->buffer->data + n, (size_t)got });
	return true;
}

static struct span
rest_of(const struct lines *lines)
{
	struct span all = { lines->buffer->data, lines->buffer->len };

	return span_from(all, lines->at);
}

int
lines_next(struct lines *lines, struct span *line_out, GError **error)
{
	struct span rest = rest_of(lines);
	size_t n = span_find(rest, '\n');

	while (n == rest.n && !lines->ended) {
		if (rest.n > lines->max)
			break;
		if (lines->at > 0)
			g_byte_array_remove_range(
			    lines->buffer, 0, (guint)lines->at);
		lines->at = 0;
		if (!fill(lines, error))
			return -1;
		/* What was there has none. */
		rest = rest_of(lines);
		n += span_find(span_from(rest, n), '\n');
	}
	if (rest.n == 0)
		return 0;
	lines->number++;
	if (n > lines->max) {
		g_autofree char *why = g_strdup_printf(
		    "line %" G_GUINT64_FORMAT " is too long", lines->number);

		failed(lines, why, error);
		return -1;
	}
	lines->cut = n == rest.n;
	lines->at += n + !lines->cut;
	*line_out = span_sub(rest, 0, n);
	return 1;
}

bool
lines_is_cut(const struct lines *lines)
{
	return lines->cut;
}

uint64_t
lines_number(const struct lines *lines)
{
	return lines->number;
}

bool
lines_finish(
    struct lines *lines, uint8_t sha256_out[DIGEST_SHA256_SIZE], GError **error)
{
	while (!lines->ended) {
		g_byte_array_set_size(lines->buffer, 0);
		lines->at = 0;
		if (!fill(lines, error))
			return false;
	}
	digest_peek(&lines->digest, sha256_out);
	return true;
}
