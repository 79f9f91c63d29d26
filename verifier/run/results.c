/*
 * results.c - reading results.jsonl of a case back.
 *
 * Lines are bounded by RECORD_LINE_MAX, which the writer keeps.
 */
#include "verifier/run/results.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

struct results {
	FILE *stream;
	char *path;
	char *line;
	size_t size;
	uint64_t number; /* of the line read last, from 1 */
	struct arena *arena;
	struct record_view header, current;
};

static int
failed(const struct results *results, const char *why, GError **error)
{
	g_set_error(error, G_FILE_ERROR, G_FILE_ERROR_INVAL,
	    "%s: line %" G_GUINT64_FORMAT ": %s", results->path,
	    results->number, why);
	return -1;
}

/* One line without its line feed: 1, 0 at the end, -1. */
static int
read_line(struct results *results, struct span *line_out, GError **error)
{
	ssize_t n;

	errno = 0;
	n = getline(&results->line, &results->size, results->stream);
	results->number++;
	if (n < 0 && errno != 0)
		return failed(results, g_strerror(errno), error);
	if (n < 0)
		return 0;
	if (results->line[n - 1] != '\n')
		return failed(results,
		    "the line is cut short; the run was not finished", error);
	if ((size_t)n > RECORD_LINE_MAX)
		return failed(results, "the line is too long", error);
	*line_out =
	    (struct span){ (const uint8_t *)results->line, (size_t)n - 1 };
	return 1;
}

static int
read_record(struct results *results, struct record_view *view,
    enum record_kind wanted, struct span *line_out, GError **error)
{
	enum record_kind kind;
	const char *why;
	int got = read_line(results, line_out, error);

	if (got <= 0)
		return got;
	if (!record_read(view, &kind, results->arena, *line_out, &why))
		return failed(results, why, error);
	if (kind == wanted)
		return 1;
	record_view_clear(view);
	return failed(results,
	    wanted == RECORD_HEADER ? "the header is missing"
				    : "a second header",
	    error);
}

struct results *
results_open(const char *folder, GError **error)
{
	struct results *results = g_new0(struct results, 1);
	struct span line;
	int got;

	results->path = g_build_filename(folder, "results.jsonl", NULL);
	results->arena = arena_new();
	results->stream = fopen(results->path, "rbe");
	if (results->stream == NULL) {
		g_set_error(error, G_FILE_ERROR,
		    (gint)g_file_error_from_errno(errno), "%s: %s",
		    results->path, g_strerror(errno));
		results_close(results);
		return NULL;
	}
	got =
	    read_record(results, &results->header, RECORD_HEADER, &line, error);
	if (got == 0)
		failed(results, "the file is empty", error);
	if (got == 1)
		return results;
	results_close(results);
	return NULL;
}

void
results_close(struct results *results)
{
	if (results == NULL)
		return;
	record_view_clear(&results->header);
	record_view_clear(&results->current);
	arena_free(results->arena);
	if (results->stream != NULL)
		fclose(results->stream);
	free(results->line);
	g_free(results->path);
	g_free(results);
}

const json_t *
results_header(const struct results *results)
{
	return results->header.json;
}

int
results_next(struct results *results, struct record_view *view_out,
    struct span *line_out, GError **error)
{
	int got;

	record_view_clear(&results->current);
	arena_reset(results->arena);
	got = read_record(
	    results, &results->current, RECORD_MESSAGE, line_out, error);
	if (got == 1)
		*view_out = results->current;
	return got;
}
