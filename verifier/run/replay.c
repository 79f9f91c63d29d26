/*
 * replay.c - a finished run, compared with the same run made again.
 */
#include "verifier/run/replay.h"

#include "verifier/report/record_difference.h"
#include "verifier/run/lines.h"
#include "verifier/run/run_file.h"

#include "keysnap/base/file.h"

#include <string.h>

/* One of the lists of run.json. */
struct listed {
	struct run_list *list;
	bool given; /* its present element */
};

#define BASIS_HEAD "{\"basis\":"

struct replay {
	char *folder;
	const struct crypto *crypto;
	struct lines *results, *wants;
	struct run_file *file; /* run.json */
	struct listed inputs, notes;
	json_t *run; /* of that, what is small */
	json_t *header;
	GString *first; /* the first record, not compared yet */
	bool has_first;
	char *first_path;
	struct arena *arena;
	struct replay_difference differences[REPLAY_PARTS];
	const char *altered;
};

/* How, not what: the program, by which list organisations were told apart, and
 * by whom the snapshot was vouched for. */
static const char *const header_passed_over[] = { "public_suffix_list", "tool",
	"vouched", NULL };
static const char *const basis_passed_over[] = { "anchors_sha256",
	"equivalences_sha256", "public_suffix_list_sha256", "tool",
	"update_sha256", NULL };

static bool
changed(const struct replay *replay, const char *name, const char *why,
    GError **error)
{
	g_set_error(error, RUN_ERROR, RUN_ERROR_DIFFERS,
	    "%s/%s: %s: the case is not what the run wrote", replay->folder,
	    name, why);
	return false;
}

/* ---- opening ------------------------------------------------------------- */

static struct lines *
open_lines(const struct replay *replay, const char *name, GError **error)
{
	g_autofree char *path = g_build_filename(replay->folder, name, NULL);

	return lines_open(path, RECORD_LINE_MAX, replay->crypto, error);
}

/* run.json: the lists are read later, the rest now. */
static bool
open_run(struct replay *replay, GError **error)
{
	static const char *const members[] = { "basis", "complete", "counts",
		"environment", "options", "outputs", "premises",
		"premises_left_out", "public_suffix_list_sha256", "snapshot" };
	g_autofree char *path =
	    g_build_filename(replay->folder, "run.json", NULL);

	if (!file_exists(path)) {
		g_set_error(error, RUN_ERROR, RUN_ERROR_EXISTS,
		    "%s is not there: this is no case with a finished run",
		    path);
		return false;
	}
	replay->file = run_file_open(path, error);
	if (replay->file == NULL)
		return false;
	replay->run = json_object();
	for (size_t i = 0; i < G_N_ELEMENTS(members); i++)
		json_object_set_new(replay->run, members[i],
		    run_file_get(replay->file, members[i]));
	replay->inputs.list = run_list_open(replay->file, "inputs", error);
	if (replay->inputs.list != NULL)
		replay->notes.list =
		    run_list_open(replay->file, "notes", error);
	return replay->notes.list != NULL;
}

/* The header and the first record. */
static bool
read_begin(struct replay *replay, GError **error)
{
	struct span line;
	const char *why = "is empty";
	int got = lines_next(replay->results, &line, error);

	if (got < 0)
		return false;
	if (got == 1)
		replay->header =
		    json_parse_line(replay->arena, line, false, &why);
	if (replay->header == NULL)
		return changed(replay, "results.jsonl", why, error);
	got = lines_next(replay->results, &line, error);
	replay->has_first = got == 1;
	if (got == 1)
		g_string_append_len(
		    replay->first, (const char *)line.p, (gssize)line.n);
	return got >= 0;
}

static void
keep_first_path(struct replay *replay)
{
	struct span line = { (const uint8_t *)replay->first->str,
		replay->first->len };
	const char *why;
	json_t *json = json_parse_line(replay->arena, line, false, &why);
	const char *path = json_string_value(
	    json_object_get(json_object_get(json, "source"), "path"));

	replay->first_path = g_strdup(path != NULL ? path : "");
	json_decref(json);
}

struct replay *
replay_open(const char *folder, const struct crypto *crypto, GError **error)
{
	struct replay *replay = g_new0(struct replay, 1);

	replay->folder = g_strdup(folder);
	replay->crypto = crypto;
	replay->arena = arena_new();
	replay->first = g_string_new(NULL);
	if (open_run(replay, error))
		replay->results = open_lines(replay, "results.jsonl", error);
	if (replay->results != NULL)
		replay->wants = open_lines(replay, "wants.tsv", error);
	if (replay->wants == NULL || !read_begin(replay, error)) {
		replay_close(replay);
		return NULL;
	}
	keep_first_path(replay);
	return replay;
}

void
replay_close(struct replay *replay)
{
	if (replay == NULL)
		return;
	for (size_t i = 0; i < REPLAY_PARTS; i++) {
		g_free(replay->differences[i].name);
		g_free(replay->differences[i].place);
		json_decref(replay->differences[i].old);
		json_decref(replay->differences[i].now);
	}
	lines_close(replay->results);
	lines_close(replay->wants);
	run_list_close(replay->inputs.list);
	run_list_close(replay->notes.list);
	run_file_close(replay->file);
	json_decref(replay->run);
	json_decref(replay->header);
	g_string_free(replay->first, TRUE);
	arena_free(replay->arena);
	g_free(replay->first_path);
	g_free(replay->folder);
	g_free(replay);
}

const json_t *
replay_header(const struct replay *replay)
{
	return replay->header;
}

const json_t *
replay_run(const struct replay *replay)
{
	return replay->run;
}

struct span
replay_first_path(const struct replay *replay)
{
	return span_from_string(replay->first_path);
}

/* ---- two lines ----------------------------------------------------------- */

static const char *
name_of(const json_t *old, const json_t *now)
{
	const json_t *line = old != NULL ? old : now;
	const json_t *source = json_object_get(line, "source");

	return json_string_value(
	    json_object_get(source != NULL ? source : line, "path"));
}

/* A value of its own: what is not JSON is kept as a string. */
static json_t *
value_of(struct replay *replay, struct span line)
{
	const char *why;
	json_t *json;
	g_autoptr(GString) text = g_string_new(NULL);

	if (line.p == NULL)
		return NULL;
	json = line.n > 0 && line.p[0] == '{'
	    ? json_parse_line(replay->arena, line, false, &why)
	    : NULL;
	arena_reset(replay->arena);
	if (json != NULL)
		return json;
	g_string_append_len(text, (const char *)line.p, (gssize)line.n);
	g_autofree char *valid =
	    g_utf8_make_valid(text->str, (gssize)text->len);
	return json_string(valid);
}

static void
tell_first(struct replay_difference *difference, const json_t *old,
    const json_t *now, const char *const *passed_over)
{
	g_autoptr(GString) place = g_string_new(NULL);
	const json_t *there = old, *here = now;

	if (json_is_object(old) && json_is_object(now) &&
	    !record_difference(old, now, passed_over, place, &there, &here))
		g_string_assign(place, "(spelling)");
	difference->name = g_strdup(name_of(old, now));
	difference->place = g_strdup(place->str);
	difference->old = json_deep_copy(there);
	difference->now = json_deep_copy(here);
}

/* Compare a line of the case with one made again; p NULL where there is
 * none. */
static void
compare_lines(struct replay *replay, enum replay_part part, struct span old,
    struct span now)
{
	struct replay_difference *difference = &replay->differences[part];
	json_t *there, *here;

	difference->compared++;
	if (old.p != NULL && now.p != NULL && span_equal(old, now))
		return;
	if (difference->count++ > 0)
		return;
	difference->number = difference->compared;
	there = value_of(replay, old);
	here = value_of(replay, now);
	tell_first(difference, there, here, NULL);
	json_decref(there);
	json_decref(here);
}

/* ---- parts --------------------------------------------------------------- */

/* A part that is one object. */
static void
compare_objects(struct replay *replay, enum replay_part part,
    const json_t *then, struct span line, const char *const *passed_over)
{
	struct replay_difference *difference = &replay->differences[part];
	g_autoptr(GString) place = g_string_new(NULL);
	const json_t *old, *now;
	json_t *here = value_of(replay, line);

	difference->compared = difference->number = 1;
	if (record_difference(then, here, passed_over, place, &old, &now)) {
		difference->count = 1;
		tell_first(difference, then, here, passed_over);
	}
	json_decref(here);
}

void
replay_compare_header(struct replay *replay, struct span line)
{
	compare_objects(
	    replay, REPLAY_HEADER, replay->header, line, header_passed_over);
}

/* By whom the snapshot was vouched for is how, not what: here it is only
 * asked whether run.json has it as the header of the results. */
static struct record_header
header_then(const struct replay *replay, const struct record_header *now)
{
	struct record_header header = *now;
	const char *vouched =
	    json_string_value(json_object_get(replay->header, "vouched"));

	if (vouched != NULL)
		header.vouched = vouched;
	return header;
}

void
replay_compare_basis(struct replay *replay, const struct journal_run *run)
{
	const json_t *then = json_object_get(replay->run, "basis");
	struct record_header header = header_then(replay, run->header);
	struct journal_run here = *run;
	g_autoptr(GString) now = g_string_new(NULL);
	struct json_writer writer;

	/* Older versions wrote none. */
	if (then == NULL)
		return;
	json_writer_init(&writer, now);
	json_open_object(&writer, NULL);
	here.header = &header;
	journal_write_basis(&writer, &here);
	json_close_object(&writer);
	/* {"basis":VALUE} */
	compare_objects(replay, REPLAY_BASIS, then,
	    (struct span){ (const uint8_t *)now->str + strlen(BASIS_HEAD),
		now->len - strlen(BASIS_HEAD) - 1 },
	    basis_passed_over);
}

void
replay_compare_run(struct replay *replay, const struct run_whole *run)
{
	static const char *const members[] = { "counts", "premises",
		"premises_left_out", "snapshot" };
	struct record_header header = header_then(replay, run->header);
	struct run_whole here = *run;
	g_autoptr(GString) now = g_string_new(NULL);
	json_t *then = json_object();

	for (size_t i = 0; i < G_N_ELEMENTS(members); i++)
		json_object_set(
		    then, members[i], json_object_get(replay->run, members[i]));
	here.header = &header;
	run_json_write_whole(now, &here);
	compare_objects(replay, REPLAY_RUN, then,
	    (struct span){ (const uint8_t *)now->str, now->len }, NULL);
	json_decref(then);
}

/* The element that was given last stays until the next is asked for. */
static int
next_listed(struct listed *listed, struct span *line_out)
{
	if (listed->given)
		run_list_next(listed->list);
	listed->given = run_list_get(listed->list, line_out);
	if (!listed->given)
		*line_out = (struct span){ NULL, 0 };
	return listed->given;
}

/* The next line of the case in "part": 1, 0, -1. */
static int
next_old(struct replay *replay, enum replay_part part, struct span *line_out,
    GError **error)
{
	int got;

	*line_out = (struct span){ NULL, 0 };
	if (part == REPLAY_INPUT)
		return next_listed(&replay->inputs, line_out);
	if (part == REPLAY_NOTE)
		return next_listed(&replay->notes, line_out);
	if (part == REPLAY_WANT)
		return lines_next(replay->wants, line_out, error);
	if (replay->has_first) {
		replay->has_first = false;
		*line_out = (struct span){
			(const uint8_t *)replay->first->str,
			replay->first->len,
		};
		return 1;
	}
	got = lines_next(replay->results, line_out, error);
	if (got == 1 && lines_is_cut(replay->results)) {
		changed(replay, "results.jsonl", "its last line is cut short",
		    error);
		return -1;
	}
	return got;
}

static bool
compare_part(struct replay *replay, enum replay_part part, struct span lines,
    GError **error)
{
	while (lines.n > 0) {
		size_t n = span_find(lines, '\n');
		struct span old;

		if (next_old(replay, part, &old, error) < 0)
			return false;
		compare_lines(replay, part, old, span_sub(lines, 0, n));
		lines = span_from(lines, n + 1);
	}
	return true;
}

bool
replay_compare(struct replay *replay, enum run_lines kind, struct span lines,
    GError **error)
{
	static const enum replay_part parts[] = {
		[RUN_RECORDS] = REPLAY_RECORD,
		[RUN_INPUTS] = REPLAY_INPUT,
		[RUN_NOTES] = REPLAY_NOTE,
	};

	return kind == RUN_ITEMS ||
	    compare_part(replay, parts[kind], lines, error);
}

/* ---- the end ------------------------------------------------------------- */

/* What the case has and was not made again. */
static bool
compare_rest(struct replay *replay, enum replay_part part, GError **error)
{
	const struct span none = { NULL, 0 };
	struct span old;
	int got;

	while ((got = next_old(replay, part, &old, error)) == 1)
		compare_lines(replay, part, old, none);
	return got == 0;
}

/* Is the file "name" what "outputs" of run.json says? */
static bool
check_output(struct replay *replay, struct lines *lines, const char *name,
    GError **error)
{
	uint8_t sha256[DIGEST_SHA256_SIZE];

	if (!lines_finish(lines, sha256, error))
		return false;
	if (!run_outputs_have(
		json_object_get(replay->run, "outputs"), name, sha256) &&
	    replay->altered == NULL)
		replay->altered = name;
	return true;
}

bool
replay_finish(struct replay *replay, struct span wants, GError **error)
{
	return compare_part(replay, REPLAY_WANT, wants, error) &&
	    compare_rest(replay, REPLAY_RECORD, error) &&
	    compare_rest(replay, REPLAY_INPUT, error) &&
	    compare_rest(replay, REPLAY_NOTE, error) &&
	    compare_rest(replay, REPLAY_WANT, error) &&
	    check_output(replay, replay->results, "results.jsonl", error) &&
	    check_output(replay, replay->wants, "wants.tsv", error);
}

const char *
replay_altered(const struct replay *replay)
{
	return replay->altered;
}

const struct replay_difference *
replay_difference(const struct replay *replay, enum replay_part part)
{
	return &replay->differences[part];
}

bool
replay_is_identical(const struct replay *replay)
{
	for (size_t i = 0; i < REPLAY_PARTS; i++) {
		if (replay->differences[i].count > 0)
			return false;
	}
	return true;
}
