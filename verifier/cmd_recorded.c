/*
 * cmd_recorded.c - the command line of a finished run, taken back.
 *
 * The arguments are those of run.json, read by the parser that read them then;
 * what run.json states by itself (the policy, the time of the proofs, the root
 * of the snapshot) has the last word.  The snapshot is pinned to that root
 * unless another way is given.
 */
#include "verifier/cmd_recorded.h"

#include "verifier/case/case_run.h"

#include "keysnap/base/timestamp.h"

#include <string.h>

/* The options of "verify" that have no part in the results. */
struct passed_over {
	char *output, *clock, *update;
	int jobs;
	gboolean flag;
};

static enum exit_code
refuse(const struct command_line *line, const char *why)
{
	command_say("%s/run.json: %s", line->arguments[0], why);
	return EXIT_INPUT;
}

/* "environment.arguments" as a vector; false when it is none of "verify". */
static bool
take_arguments(struct recorded *recorded, const struct replay *replay)
{
	const json_t *list = json_object_get(
	    json_object_get(replay_run(replay), "environment"), "arguments");
	size_t n = json_array_size(list);

	recorded->argv = g_new0(char *, n + 1);
	for (size_t i = 0; i < n; i++) {
		const char *text = json_string_value(json_array_get(list, i));

		if (text == NULL)
			return false;
		recorded->argv[i] = g_strdup(text);
	}
	return n > 0 && strcmp(recorded->argv[0], "verify") == 0;
}

static const struct command command_recorded = {
	.name = "verify",
	.arguments = "",
	.summary = "",
	.examples = "",
	.judges = true,
	.anchors = true,
	.reads = true,
	.max_arguments = UINT_MAX,
};

static bool
parse_arguments(struct recorded *recorded, enum exit_code *code_out)
{
	struct passed_over over = { .flag = FALSE };
	const GOptionEntry options[] = {
		{ "output", 'o', 0, G_OPTION_ARG_FILENAME, &over.output, NULL,
		    NULL },
		{ "jobs", 'j', 0, G_OPTION_ARG_INT, &over.jobs, NULL, NULL },
		{ "clock", 0, 0, G_OPTION_ARG_STRING, &over.clock, NULL, NULL },
		{ "dry-run", 'n', 0, G_OPTION_ARG_NONE, &over.flag, NULL,
		    NULL },
		{ "resume", 0, 0, G_OPTION_ARG_NONE, &over.flag, NULL, NULL },
		{ "update", 0, 0, G_OPTION_ARG_FILENAME, &over.update, NULL,
		    NULL },
		{ "quiet", 'q', 0, G_OPTION_ARG_NONE, &over.flag, NULL, NULL },
		G_OPTION_ENTRY_NULL,
	};
	bool good = command_parse(&recorded->line, options, code_out);

	g_free(over.output);
	g_free(over.clock);
	g_free(over.update);
	return good;
}

/* What run.json states by itself. */
static bool
take_stated(struct recorded *recorded, const struct replay *replay)
{
	const json_t *options = json_object_get(replay_run(replay), "options");
	const char *grade =
	    json_string_value(json_object_get(options, "min_grade"));
	const char *repairs =
	    json_string_value(json_object_get(options, "repairs"));
	const json_t *gap = json_object_get(options, "max_gap_days");
	const char *as_of = json_string_value(
	    json_object_get(json_object_get(replay_run(replay), "environment"),
		"anchors_as_of"));
	struct command_line *line = &recorded->line;

	if (grade == NULL || repairs == NULL || !json_is_integer(gap) ||
	    json_integer_value(gap) < 0 || json_integer_value(gap) > INT_MAX)
		return false;
	g_free(line->min_grade);
	line->min_grade = g_strdup(grade);
	g_free(line->repairs);
	line->repairs = g_strdup(repairs);
	line->max_gap = (int)json_integer_value(gap);
	return as_of == NULL ||
	    timestamp_parse(
		span_from_string(as_of), &recorded->anchor_choice.clock);
}

static void
replace(char **string, const char *by)
{
	if (by == NULL)
		return;
	g_free(*string);
	*string = g_strdup(by);
}

/* The snapshot of then, by its root, or by a key that is given now.  One that
 * nobody vouched for gives other grades than one that is pinned: it is not
 * pinned, and the comparison of the header finds another root. */
static void
pin_snapshot(struct recorded *recorded, const struct replay *replay,
    const struct recorded_places *places)
{
	struct command_line *line = &recorded->line;
	const json_t *header = replay_header(replay);
	const char *root = json_string_value(json_object_get(header, "root"));
	const char *vouched =
	    json_string_value(json_object_get(header, "vouched"));

	replace(&line->snapshot, places->snapshot);
	g_clear_pointer(&line->public_key, g_free);
	g_clear_pointer(&line->root, g_free);
	line->public_key = g_strdup(places->public_key);
	if (places->root != NULL)
		line->root = g_strdup(places->root);
	else if (places->public_key == NULL &&
	    g_strcmp0(vouched, "nobody") != 0)
		line->root = g_strdup(root);
}

/* ---- where the archive lies ---------------------------------------------- */

static char *
under(const char *folder, const char *name, bool whole)
{
	g_autofree char *base = whole ? NULL : g_path_get_basename(name);

	return g_build_filename(folder, whole ? name : base, NULL);
}

/* One argument, and one place that is a folder: it may stand for the argument,
 * or hold the file that was it. */
static char *
place_single(const char *place, const char *name, const struct replay *replay)
{
	g_autofree char *base = g_path_get_basename(name);
	g_autofree char *file = g_build_filename(place, base, NULL);
	bool was_file =
	    span_equal(replay_first_path(replay), span_from_string(base));

	return g_strdup(was_file && g_file_test(file, G_FILE_TEST_IS_REGULAR)
		? file
		: place);
}

static bool
place_archives(struct recorded *recorded, const struct replay *replay,
    char **places, const struct command_line *line, enum exit_code *code_out)
{
	char **arguments = recorded->line.arguments;
	size_t n = recorded->line.n_arguments;
	size_t n_places = places != NULL ? g_strv_length(places) : 0;
	g_auto(GStrv) known = NULL;

	/* Absolute and exact, where run.json says that. */
	known = case_run_archive(line->arguments[0], NULL);
	recorded->names = known != NULL && g_strv_length(known) == n
	    ? g_steal_pointer(&known)
	    : g_strdupv(arguments);
	for (size_t i = 0; i < n && n_places == 0; i++) {
		g_free(arguments[i]);
		arguments[i] = g_strdup(recorded->names[i]);
	}
	for (size_t i = 0; i < n && n_places > 0; i++) {
		char *place;

		if (n_places != 1 && n_places != n) {
			*code_out = command_usage(line,
			    "the run had %zu arguments: give --archive once, "
			    "or for each of them",
			    n);
			return false;
		}
		if (n == 1)
			place =
			    place_single(places[0], recorded->names[0], replay);
		else if (n_places == n)
			place = g_strdup(places[i]);
		else
			place = under(places[0], recorded->names[i],
			    recorded->archive.full_labels);
		g_free(arguments[i]);
		arguments[i] = place;
	}
	for (size_t i = 0; i < n; i++) {
		if (strcmp(arguments[i], "-") != 0)
			continue;
		*code_out = command_usage(line,
		    "the run read standard input: --archive says where that "
		    "lies");
		return false;
	}
	return true;
}

/* ---- public -------------------------------------------------------------- */

void
recorded_places_clear(struct recorded_places *places)
{
	g_strfreev(places->archives);
	g_free(places->snapshot);
	g_free(places->public_key);
	g_free(places->root);
	g_free(places->files_from);
}

bool
recorded_read(struct recorded *recorded, const struct command_line *line,
    const struct replay *replay, const struct recorded_places *places,
    enum exit_code *code_out)
{
	*recorded = (struct recorded){
		.line = { .crypto = line->crypto,
		    .command = &command_recorded,
		    .max_gap = -1 },
	};
	recorded->line.archive = &recorded->archive_choice;
	recorded->line.anchors = &recorded->anchor_choice;
	if (!take_arguments(recorded, replay)) {
		*code_out = refuse(line, "has no command line of a run");
		return false;
	}
	recorded->line.argv = recorded->argv;
	recorded->line.argc = (int)g_strv_length(recorded->argv);
	if (!parse_arguments(recorded, code_out) ||
	    !take_stated(recorded, replay)) {
		*code_out =
		    refuse(line, "its options are none of this version");
		return false;
	}
	replace(&recorded->archive_choice.files_from, places->files_from);
	if (recorded->archive_choice.files_from != NULL &&
	    strcmp(recorded->archive_choice.files_from, "-") == 0) {
		*code_out = command_usage(line,
		    "the run read a list of files from standard input: "
		    "--files-from says where that lies");
		return false;
	}
	/* What run.json names may be anything; a pipe would be waited for. */
	if (recorded->archive_choice.files_from != NULL &&
	    places->files_from == NULL &&
	    !g_file_test(
		recorded->archive_choice.files_from, G_FILE_TEST_IS_REGULAR)) {
		command_say("%s, the list of files of the run, is no regular "
			    "file: --files-from says where it lies",
		    recorded->archive_choice.files_from);
		*code_out = EXIT_INPUT;
		return false;
	}
	pin_snapshot(recorded, replay, places);
	if (!archive_choose(&recorded->line, &recorded->archive, code_out) ||
	    !place_archives(recorded, replay, places->archives, line, code_out))
		return false;
	recorded->archive.paths = recorded->line.arguments;
	recorded->archive.names = recorded->names;
	return true;
}

void
recorded_clear(struct recorded *recorded)
{
	if (recorded->line.archive == NULL)
		return;
	command_line_clear(&recorded->line);
	g_strfreev(recorded->argv);
	g_strfreev(recorded->names);
}
