/*
 * results.c - reading results.jsonl of a case back.
 *
 * Lines are bounded by RECORD_LINE_MAX, which the writer keeps.
 */
#include "verifier/run/results.h"

#include "verifier/run/lines.h"
#include "verifier/run/run_file.h"

#include "keysnap/base/file.h"

struct results {
	struct lines *lines;
	char *path;
	json_t *outputs;   /* of run.json; NULL: there is none */
	GError *run_error; /* why it could not be read */
	struct arena *arena;
	struct record_view header, current;
};

static int
failed(const struct results *results, const char *why, GError **error)
{
	g_set_error(error, G_FILE_ERROR, G_FILE_ERROR_INVAL,
	    "%s: line %" G_GUINT64_FORMAT ": %s", results->path,
	    lines_number(results->lines), why);
	return -1;
}

/* One line without its line feed: 1, 0 at the end, -1. */
static int
read_line(struct results *results, struct span *line_out, GError **error)
{
	int got = lines_next(results->lines, line_out, error);

	if (got == 1 && lines_is_cut(results->lines))
		return failed(results,
		    "the line is cut short; the run was not finished", error);
	return got;
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

/* At once: later the file may be out of reach. */
static void
read_outputs(struct results *results, const char *folder)
{
	g_autofree char *path = g_build_filename(folder, "run.json", NULL);
	struct run_file *file =
	    file_exists(path) ? run_file_open(path, &results->run_error) : NULL;

	if (file == NULL)
		return;
	results->outputs = run_file_get(file, "outputs");
	if (results->outputs == NULL)
		results->outputs = json_array();
	run_file_close(file);
}

struct results *
results_open(const char *folder, const struct crypto *crypto, GError **error)
{
	struct results *results = g_new0(struct results, 1);
	struct span line;
	int got = -1;

	read_outputs(results, folder);
	results->path = g_build_filename(folder, "results.jsonl", NULL);
	results->arena = arena_new();
	results->lines =
	    lines_open(results->path, RECORD_LINE_MAX, crypto, error);
	if (results->lines != NULL)
		got = read_record(
		    results, &results->header, RECORD_HEADER, &line, error);
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
	lines_close(results->lines);
	g_clear_error(&results->run_error);
	json_decref(results->outputs);
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

int
results_check(struct results *results, GError **error)
{
	uint8_t sha256[DIGEST_SHA256_SIZE];

	if (results->run_error != NULL) {
		g_propagate_error(error, g_steal_pointer(&results->run_error));
		return -1;
	}
	if (results->outputs == NULL)
		return 1;
	if (!lines_finish(results->lines, sha256, error))
		return -1;
	return run_outputs_have(results->outputs, "results.jsonl", sha256);
}
