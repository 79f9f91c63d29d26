/*
 * log_lines.c - the lines of log.jsonl.  Memory: a window of two lines of the
 * longest kind.
 */
#include "keysnap/store/log_lines.h"

#include "keysnap/store/entry.h"
#include "keysnap/store/store.h"

#include <errno.h>
#include <unistd.h>

#define WINDOW (2 * (ENTRY_LINE_MAX + 1))

void
log_lines_init(
    struct log_lines *lines, int fd, const char *path, int64_t offset)
{
	*lines = (struct log_lines){ .fd = fd, .path = path, .read = offset };
	lines->window = g_malloc(WINDOW);
}

void
log_lines_clear(struct log_lines *lines)
{
	g_clear_pointer(&lines->window, g_free);
}

bool
log_lines_fail(const struct log_lines *lines, const char *why, GError **error)
{
	g_set_error(error, STORE_ERROR, STORE_ERROR_INTEGRITY,
	    "%s, line %" G_GUINT64_FORMAT ": %s", lines->path, lines->number,
	    why);
	return false;
}

/* Get more of the file behind what is left; 0 at its end, -1 on error. */
static ssize_t
fill(struct log_lines *lines, GError **error)
{
	ssize_t got;

	memmove(lines->window, lines->window + lines->start,
	    lines->end - lines->start);
	lines->end -= lines->start;
	lines->start = 0;
	do {
		got = pread(lines->fd, lines->window + lines->end,
		    WINDOW - lines->end, lines->read);
	} while (got < 0 && errno == EINTR);
	if (got < 0) {
		g_set_error(error, STORE_ERROR, STORE_ERROR_SYSTEM,
		    "cannot read %s: %s", lines->path, g_strerror(errno));
		return -1;
	}
	if (lines->digest != NULL)
		digest_add(lines->digest,
		    (struct span){ lines->window + lines->end, (size_t)got });
	lines->end += (size_t)got;
	lines->read += got;
	return got;
}

/* What is wrong with a line that has its line feed, or NULL. */
static const char *
find_fault(struct span line)
{
	if (line.n == 0)
		return "empty";
	if (line.n > ENTRY_LINE_MAX)
		return "longer than an entry may be";
	return span_find(line, '\r') < line.n ? "holds a carriage return"
					      : NULL;
}

/* Read on until the window holds a whole line: as log_lines_next(). */
static int
find_line(struct log_lines *lines, struct span *line_out, GError **error)
{
	size_t seen = 0;

	for (;;) {
		struct span rest = { lines->window + lines->start,
			lines->end - lines->start };
		size_t n = seen + span_find(span_from(rest, seen), '\n');
		ssize_t got;

		*line_out = span_sub(rest, 0, n);
		if (n < rest.n)
			return 1;
		seen = rest.n;
		if (rest.n > ENTRY_LINE_MAX)
			return 1;
		got = fill(lines, error);
		if (got < 0)
			return -1;
		if (got == 0 && rest.n == 0)
			return 0;
		if (got == 0) {
			log_lines_fail(
			    lines, "ends without a line feed", error);
			return -1;
		}
	}
}

int
log_lines_next(struct log_lines *lines, struct span *line_out, GError **error)
{
	const char *why;
	int got;

	lines->number++;
	got = find_line(lines, line_out, error);
	if (got <= 0) {
		lines->number -= got == 0 ? 1 : 0;
		return got;
	}
	why = find_fault(*line_out);
	if (why != NULL) {
		log_lines_fail(lines, why, error);
		return -1;
	}
	lines->offset = lines->read - (int64_t)(lines->end - lines->start);
	lines->start += line_out->n + 1;
	return 1;
}
