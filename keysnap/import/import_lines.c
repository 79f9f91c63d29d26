/*
 * import_lines.c - the lines of a text file, with their numbers.
 */
#include "keysnap/import/import_lines.h"
#include "keysnap/import/importer.h"

#include <errno.h>
#include <string.h>

void
import_lines_init(struct import_lines *lines, FILE *stream)
{
	*lines = (struct import_lines){
		.stream = stream,
		.line = g_string_new(NULL),
		.buffer = g_malloc(IMPORT_LINES_BUFFER),
	};
}

void
import_lines_clear(struct import_lines *lines)
{
	g_string_free(lines->line, TRUE);
	g_free(lines->buffer);
}

static bool
fill(struct import_lines *lines)
{
	if (lines->at < lines->filled)
		return true;
	if (lines->at_end)
		return false;
	lines->at = 0;
	lines->filled =
	    fread(lines->buffer, 1, IMPORT_LINES_BUFFER, lines->stream);
	lines->at_end = lines->filled == 0;
	if (ferror(lines->stream))
		lines->failed = errno;
	return lines->filled > 0;
}

/* Keep "part" of the line, unless that makes it too long. */
static void
keep(struct import_lines *lines, struct span part)
{
	if (lines->too_long || part.n > IMPORT_LINE_MAX - lines->line->len) {
		lines->too_long = true;
		g_string_truncate(lines->line, 0);
		return;
	}
	g_string_append_len(lines->line, (const char *)part.p, (gssize)part.n);
}

/* The line that was kept, without CR and byte order mark. */
static struct span
finish(const struct import_lines *lines)
{
	struct span line = {
		(const uint8_t *)lines->line->str,
		lines->line->len,
	};

	if (lines->number == 1 && span_starts_with(line, SPAN("\xef\xbb\xbf")))
		line = span_from(line, 3);
	if (span_ends_with(line, SPAN("\r")))
		line.n--;
	return line;
}

bool
import_lines_next(struct import_lines *lines, struct span *line_out)
{
	bool ended = false, any = false;

	g_string_truncate(lines->line, 0);
	lines->too_long = false;
	while (!ended && fill(lines)) {
		struct span rest = { lines->buffer + lines->at,
			lines->filled - lines->at };
		size_t n = span_find(rest, '\n');

		any = true;
		ended = n < rest.n;
		lines->at += ended ? n + 1 : n;
		keep(lines, span_sub(rest, 0, n));
	}
	if (!any)
		return false;
	lines->number++;
	*line_out = finish(lines);
	return true;
}

void
import_set_read_error(GError **error, const char *path, int why)
{
	g_set_error(error, G_FILE_ERROR, (gint)g_file_error_from_errno(why),
	    "cannot read %s: %s", path, g_strerror(why));
}

bool
import_lines_failed(
    const struct import_lines *lines, const char *path, GError **error)
{
	if (lines->failed == 0)
		return false;
	import_set_read_error(error, path, lines->failed);
	return true;
}
