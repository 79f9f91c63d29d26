/*
 * update.c - see update.h.
 *
 * results.jsonl is hashed before anything else, and again while it is read
 * line by line later on.
 */
#include "verifier/run/update.h"

#include "verifier/run/input_line.h"
#include "verifier/run/journal.h"
#include "verifier/run/lines.h"
#include "verifier/run/run_file.h"
#include "verifier/run/run_json.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define HASH_BUFFER 65536u

struct update {
	struct update_options options;
	struct lines *results;
	uint8_t sha256[DIGEST_MAX_SIZE];
	struct run_list *inputs, *notes;
	struct key_cache_past past;
};

/* ---- what is wrong ------------------------------------------------------- */

static bool
refuse(const struct update *update, enum run_error code, const char *why,
    GError **error)
{
	g_set_error(
	    error, RUN_ERROR, (gint)code, "%s: %s", update->options.path, why);
	return false;
}

static bool
refuse_other(const struct update *update, const char *what, GError **error)
{
	g_set_error(error, RUN_ERROR, RUN_ERROR_EXISTS,
	    "%s: cannot be brought up to date: it was made with something "
	    "else for %s; run without --update",
	    update->options.path, what);
	return false;
}

static bool
altered(const struct update *update, const char *name, GError **error)
{
	g_set_error(error, RUN_ERROR, RUN_ERROR_DIFFERS,
	    "%s/%s: is not what the run wrote; the case was altered: run "
	    "without --update",
	    update->options.path, name);
	return false;
}

/* ---- the files ----------------------------------------------------------- */

/* False when the file cannot be read to its end. */
static bool
hash_file(const struct update *update, FILE *stream, uint8_t *sha256)
{
	g_autofree uint8_t *buffer = g_malloc(HASH_BUFFER);
	struct digest digest;
	size_t got;

	digest_init(&digest, update->options.crypto, DIGEST_SHA256);
	while ((got = fread(buffer, 1, HASH_BUFFER, stream)) > 0)
		digest_add(&digest, (struct span){ buffer, got });
	digest_finish(&digest, sha256);
	digest_clear(&digest);
	return !ferror(stream);
}

/* Does file "name" of the case have the SHA-256 of run.json? */
static bool
check_file(
    struct update *update, const char *name, struct span want, GError **error)
{
	g_autofree char *path =
	    g_build_filename(update->options.path, name, NULL);
	uint8_t sha256[DIGEST_MAX_SIZE], wanted[DIGEST_SHA256_SIZE];
	FILE *stream = fopen(path, "rbe");
	bool good;

	if (stream == NULL)
		return altered(update, name, error);
	good = hash_file(update, stream, sha256) &&
	    digest_from_hex(want, wanted) &&
	    memcmp(sha256, wanted, sizeof(wanted)) == 0;
	fclose(stream);
	if (strcmp(name, "results.jsonl") == 0)
		memcpy(update->sha256, sha256, sizeof(sha256));
	return good || altered(update, name, error);
}

static bool
check_outputs(struct update *update, const json_t *outputs, GError **error)
{
	g_autofree char *results =
	    g_build_filename(update->options.path, "results.jsonl", NULL);
	bool listed = false;

	for (size_t i = 0; i < json_array_size(outputs); i++) {
		const json_t *output = json_array_get(outputs, i);
		g_autofree char *name =
		    span_dup(record_get_string(output, "path"));

		if (name[0] == '\0' || strchr(name, '/') != NULL)
			return altered(update, "run.json", error);
		if (!check_file(update, name,
			record_get_string(output, "sha256"), error))
			return false;
		listed |= strcmp(name, "results.jsonl") == 0;
	}
	if (!listed)
		return altered(update, "run.json", error);
	update->results =
	    lines_open(results, RECORD_LINE_MAX, update->options.crypto, error);
	return update->results != NULL;
}

/* ---- the run ------------------------------------------------------------- */

/* Was the run like the one that is to be?  Its snapshot, and what depends on
 * it, is looked at elsewhere. */
static bool
check_basis(const struct update *update, const json_t *basis, GError **error)
{
	static const struct {
		const char *name, *words;
	} rows[] = {
		{ "schema", "the version of verifier" },
		{ "tool", "the version of verifier" },
		{ "min_grade", "--min-grade" },
		{ "max_gap_days", "--max-gap" },
		{ "repairs", "--repairs" },
		{ "equivalences_sha256", "--equivalences" },
		{ "public_suffix_list_sha256", "the public suffix list" },
		{ "limits", "the bounds on containers" },
		{ "arguments", "the archive arguments" },
	};
	g_autoptr(arena_auto) arena = arena_new();
	g_autoptr(GString) text = g_string_new(NULL);
	const char *why, *words = NULL;
	json_t *now;

	journal_write_run(text, update->options.run);
	now = json_parse_line(arena,
	    (struct span){ (const uint8_t *)text->str, text->len - 1 }, false,
	    &why);
	for (size_t i = 0; words == NULL && i < G_N_ELEMENTS(rows); i++) {
		if (!json_equal(json_object_get(basis, rows[i].name),
			json_object_get(
			    json_object_get(now, "run"), rows[i].name)))
			words = rows[i].words;
	}
	json_decref(now);
	return words == NULL || refuse_other(update, words, error);
}

/* Libraries decide what texts look like. */
static bool
check_versions(
    const struct update *update, const json_t *versions, GError **error)
{
	g_autoptr(arena_auto) arena = arena_new();
	g_autoptr(GString) text = g_string_new(NULL);
	struct json_writer writer;
	const char *why;
	json_t *now;
	bool same;

	json_writer_init(&writer, text);
	json_open_object(&writer, NULL);
	run_json_write_versions(&writer);
	json_close_object(&writer);
	now = json_parse_line(arena,
	    (struct span){ (const uint8_t *)text->str, text->len }, false,
	    &why);
	same = json_equal(versions, json_object_get(now, "versions"));
	json_decref(now);
	return same ||
	    refuse_other(update, "the versions of the libraries", error);
}

static bool
check_ended(const struct update *update, const json_t *complete,
    const json_t *interrupted, GError **error)
{
	return (json_is_true(complete) && json_is_false(interrupted)) ||
	    refuse(update, RUN_ERROR_EXISTS,
		"its run did not come to its end: run without --update", error);
}

/* Does the log of the snapshot begin with that of the case? */
static bool
check_log(struct update *update, const json_t *then, GError **error)
{
	uint8_t root[DIGEST_SHA256_SIZE], now[DIGEST_SHA256_SIZE];
	const json_t *entries = json_object_get(then, "entries");

	if (!json_is_integer(entries) || json_integer_value(entries) < 0 ||
	    !digest_from_hex(record_get_string(then, "root"), root))
		return altered(update, "run.json", error);
	update->past.entries = (uint64_t)json_integer_value(entries);
	update->past.vouched =
	    !span_equal(record_get_string(then, "vouched"), SPAN("nobody"));
	return (snapshot_root_past(
		    update->options.snapshot, update->past.entries, now) &&
		   memcmp(root, now, sizeof(root)) == 0) ||
	    refuse(update, RUN_ERROR_EXISTS,
		"was made with a snapshot that this one does not go on from: "
		"run without --update",
		error);
}

/* ---- the first record ---------------------------------------------------- */

/* The next line, without its line feed: 1; 0 at the end; -1. */
static int
read_line(struct update *update, struct span *line_out, GError **error)
{
	int got = lines_next(update->results, line_out, error);

	if (got == 1 && lines_is_cut(update->results)) {
		altered(update, "results.jsonl", error);
		return -1;
	}
	return got;
}

static json_t *
header_without_log(struct arena *arena, struct span line)
{
	static const char *const of_log[] = { "entries", "root", "vouched" };
	const char *why;
	json_t *header = json_parse_line(arena, line, false, &why);

	for (size_t i = 0; header != NULL && i < G_N_ELEMENTS(of_log); i++)
		json_object_del(header, of_log[i]);
	return header;
}

/* But for the log it is what the run that is to be writes: so the proofs of
 * --anchor are the same, and come to the same. */
static bool
check_header(struct update *update, GError **error)
{
	g_autoptr(arena_auto) arena = arena_new();
	g_autoptr(GString) text = g_string_new(NULL);
	json_t *then, *now;
	struct span line;
	bool same;

	switch (read_line(update, &line, error)) {
	case 0:
		return altered(update, "results.jsonl", error);
	case -1:
		return false;
	}
	record_write_header(text, update->options.run->header);
	then = header_without_log(arena, line);
	now = header_without_log(
	    arena, (struct span){ (const uint8_t *)text->str, text->len - 1 });
	same = json_equal(then, now);
	json_decref(then);
	json_decref(now);
	return same ||
	    refuse_other(update, "--anchor, or what goes with it", error);
}

/* ---- opening ------------------------------------------------------------- */

/* All checks that "file" is needed for, in their order. */
static bool
check_run(struct update *update, struct run_file *file, GError **error)
{
	static const char *const names[] = { "complete", "interrupted", "basis",
		"versions", "snapshot", "outputs" };
	json_t *values[G_N_ELEMENTS(names)];
	bool good;

	for (size_t i = 0; i < G_N_ELEMENTS(names); i++)
		values[i] = run_file_get(file, names[i]);
	good = check_ended(update, values[0], values[1], error) &&
	    check_basis(update, values[2], error) &&
	    check_versions(update, values[3], error) &&
	    check_log(update, values[4], error) &&
	    check_outputs(update, values[5], error);
	for (size_t i = 0; i < G_N_ELEMENTS(names); i++)
		json_decref(values[i]);
	if (!good)
		return false;
	update->inputs = run_list_open(file, "inputs", error);
	if (update->inputs == NULL)
		return false;
	update->notes = run_list_open(file, "notes", error);
	return update->notes != NULL;
}

static bool
open_all(struct update *update, GError **error)
{
	g_autofree char *path =
	    g_build_filename(update->options.path, "run.json", NULL);
	struct run_file *file = run_file_open(path, error);
	bool good = file != NULL && check_run(update, file, error) &&
	    check_header(update, error);

	run_file_close(file);
	return good;
}

struct update *
update_open(const struct update_options *options, GError **error)
{
	struct update *update = g_new0(struct update, 1);

	update->options = *options;
	if (open_all(update, error))
		return update;
	update_close(update);
	return NULL;
}

void
update_close(struct update *update)
{
	if (update == NULL)
		return;
	run_list_close(update->inputs);
	run_list_close(update->notes);
	lines_close(update->results);
	g_free(update);
}

const struct key_cache_past *
update_past(const struct update *update)
{
	return &update->past;
}

const uint8_t *
update_results_sha256(const struct update *update)
{
	return update->sha256;
}

/* ---- while the archive is read ------------------------------------------- */

bool
update_records(
    struct update *update, size_t n, GString *lines_out, GError **error)
{
	struct span line;

	for (size_t i = 0; i < n; i++) {
		int got = read_line(update, &line, error);

		if (got == 0)
			return refuse(update, RUN_ERROR_DIFFERS,
			    "the archive holds more messages than the case has "
			    "records: run without --update",
			    error);
		if (got < 0)
			return false;
		g_string_append_len(
		    lines_out, (const char *)line.p, (gssize)line.n);
		g_string_append_c(lines_out, '\n');
	}
	return true;
}

static bool
line_differs(struct span line, GError **error)
{
	g_autofree char *path = input_line_path(line);

	g_set_error(error, RUN_ERROR, RUN_ERROR_DIFFERS,
	    "%s: the archive is not the one that was read for the case: run "
	    "without --update",
	    path);
	return false;
}

bool
update_lines(struct update *update, enum run_lines kind, struct span lines,
    GError **error)
{
	struct run_list *list =
	    kind == RUN_INPUTS ? update->inputs : update->notes;

	while (lines.n > 0) {
		size_t n = span_find(lines, '\n');
		struct span line = span_sub(lines, 0, n), then;

		if (!run_list_get(list, &then) || !span_equal(line, then))
			return line_differs(line, error);
		run_list_next(list);
		lines = span_from(lines, n + 1);
	}
	return true;
}

bool
update_is_through(struct update *update, GError **error)
{
	uint8_t sha256[DIGEST_MAX_SIZE];
	struct span left;

	if (run_list_get(update->inputs, &left) ||
	    run_list_get(update->notes, &left))
		return line_differs(left, error);
	switch (read_line(update, &left, error)) {
	case 1:
		return refuse(update, RUN_ERROR_DIFFERS,
		    "has more records than the archive has messages: run "
		    "without --update",
		    error);
	case -1:
		return false;
	}
	if (!lines_finish(update->results, sha256, error))
		return false;
	return memcmp(sha256, update->sha256, DIGEST_SHA256_SIZE) == 0 ||
	    altered(update, "results.jsonl", error);
}
