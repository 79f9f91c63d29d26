/*
 * cmd_replay.c - verifier replay: a finished run made again and compared.
 */
#include "verifier/archive/premise.h"
#include "verifier/cmd_interrupt.h"
#include "verifier/cmd_recorded.h"
#include "verifier/report/record_difference.h"
#include "verifier/sandbox.h"

#include "keysnap/base/clock.h"
#include "keysnap/base/progress.h"
#include "keysnap/base/text.h"

#include <string.h>
#include <unistd.h>

#define VALUE_SHOWN 240 /* octets of a value that people see */

struct replaying {
	struct command_line *line;
	struct replay *replay;
	struct recorded recorded;
	struct recorded_places places;
	struct court court;
	struct archive *archive, *before;
	struct tally tally;
	struct premises premises;
	struct progress progress;
	GString *notes; /* what else is to be said, for people */
	int jobs;
	gboolean json, quiet;
};

static const char *const part_names[REPLAY_PARTS] = {
	[REPLAY_HEADER] = "header",
	[REPLAY_BASIS] = "basis",
	[REPLAY_RUN] = "run",
	[REPLAY_RECORD] = "record",
	[REPLAY_INPUT] = "input",
	[REPLAY_NOTE] = "note",
	[REPLAY_WANT] = "want",
};

/* ---- what came of it ----------------------------------------------------- */

static void
write_difference(
    GString *out, const struct replaying *replaying, enum replay_part part)
{
	const struct replay_difference *difference =
	    replay_difference(replaying->replay, part);

	if (difference->count == 0)
		return;
	g_string_append_printf(
	    out, "%s %" G_GUINT64_FORMAT, part_names[part], difference->number);
	if (difference->name != NULL) {
		g_string_append(out, "  ");
		text_append_terminal(out, span_from_string(difference->name));
	}
	g_string_append_printf(out, "\n  at   %s\n  then ",
	    difference->place[0] != '\0' ? difference->place : "(the line)");
	record_value_append(out, difference->old, VALUE_SHOWN);
	g_string_append(out, "\n  now  ");
	record_value_append(out, difference->now, VALUE_SHOWN);
	g_string_append_printf(out,
	    "\n  lines that differ: %" G_GUINT64_FORMAT " of %" G_GUINT64_FORMAT
	    "\n",
	    difference->count, difference->compared);
}

static void
write_text(GString *out, const struct replaying *replaying, bool interrupted)
{
	const struct replay *replay = replaying->replay;
	uint64_t records = replay_difference(replay, REPLAY_RECORD)->compared;
	bool identical = replay_is_identical(replay);
	const char *altered = replay_altered(replay);

	if (interrupted)
		g_string_append(out, "INTERRUPTED");
	else
		g_string_append(out, identical ? "IDENTICAL" : "DIFFERENT");
	g_string_append_printf(
	    out, "  %" G_GUINT64_FORMAT " records compared\n", records);
	for (int i = 0; i < REPLAY_PARTS; i++)
		write_difference(out, replaying, (enum replay_part)i);
	if (altered != NULL)
		g_string_append_printf(out,
		    "ALTERED  %s of the case is not the file that run.json "
		    "names\n",
		    altered);
	g_string_append(out, replaying->notes->str);
}

static void
write_value(struct json_writer *writer, const char *name, const json_t *value)
{
	if (value == NULL || !json_write_value(writer, name, value))
		json_write_null(writer, name);
}

static void
write_json(GString *out, const struct replaying *replaying, bool interrupted)
{
	const struct replay *replay = replaying->replay;
	struct json_writer writer;

	json_writer_init(&writer, out);
	json_open_object(&writer, NULL);
	if (replay_altered(replay) != NULL)
		json_write_string(&writer, "altered", replay_altered(replay));
	json_open_array(&writer, "differences");
	for (int i = 0; i < REPLAY_PARTS; i++) {
		const struct replay_difference *difference =
		    replay_difference(replay, (enum replay_part)i);

		if (difference->count == 0)
			continue;
		json_open_object(&writer, NULL);
		json_write_integer(
		    &writer, "count", (int64_t)difference->count);
		json_write_string(&writer, "member", difference->place);
		write_value(&writer, "now", difference->now);
		json_write_integer(
		    &writer, "number", (int64_t)difference->number);
		json_write_string(&writer, "part", part_names[i]);
		if (difference->name != NULL)
			json_write_string(&writer, "path", difference->name);
		write_value(&writer, "then", difference->old);
		json_close_object(&writer);
	}
	json_close_array(&writer);
	json_write_bool(
	    &writer, "identical", !interrupted && replay_is_identical(replay));
	json_write_bool(&writer, "interrupted", interrupted);
	json_write_integer(&writer, "records",
	    (int64_t)replay_difference(replay, REPLAY_RECORD)->compared);
	json_write_string(&writer, "schema", "verifier-replay/1");
	json_close_object(&writer);
	g_string_append_c(out, '\n');
}

static enum exit_code
conclude(struct replaying *replaying, bool interrupted)
{
	g_autoptr(GString) out = g_string_new(NULL);

	(replaying->json ? write_json : write_text)(
	    out, replaying, interrupted);
	command_print(out);
	if (replaying->json && replaying->notes->len > 0)
		command_say("%s", g_strchomp(replaying->notes->str));
	if (interrupted)
		return EXIT_INTERRUPTED;
	if (replay_altered(replaying->replay) != NULL)
		return EXIT_INTEGRITY;
	return replay_is_identical(replaying->replay) ? EXIT_DONE : EXIT_NO;
}

/* ---- the run ------------------------------------------------------------- */

static bool
compare_lines(
    void *user, enum run_lines kind, struct span lines, GError **error)
{
	struct replaying *replaying = user;

	return replay_compare(replaying->replay, kind, lines, error);
}

static void
show_progress(void *user, uint64_t messages, uint64_t done, uint64_t total)
{
	struct replaying *replaying = user;

	progress_update(
	    &replaying->progress, clock_monotonic(), messages, done, total);
}

static bool
compare_header(struct replaying *replaying)
{
	g_autoptr(GString) line = g_string_new(NULL);

	record_write_header(line, &replaying->court.header);
	replay_compare_header(replaying->replay,
	    (struct span){ (const uint8_t *)line->str, line->len - 1 });
	return replay_is_identical(replaying->replay);
}

static void
compare_basis(struct replaying *replaying)
{
	const struct court *court = &replaying->court;
	const struct alignment *alignment = court->context.alignment;
	uint8_t arguments[DIGEST_SHA256_SIZE], anchors[DIGEST_SHA256_SIZE];
	const struct crypto *crypto = replaying->line->crypto;
	const struct journal_run run = {
		.header = &court->header,
		.policy = &court->context.policy,
		.public_suffix_list = alignment_sha256(alignment),
		.equivalences = alignment_equivalences_sha256(alignment),
		.anchors = anchors_sha256(court, crypto, anchors),
		.limits = replaying->recorded.archive.limits,
		.arguments = archive_labels_sha256(
		    replaying->archive, crypto, arguments),
		.arguments_sha256 = arguments,
	};

	replay_compare_basis(replaying->replay, &run);
}

static void
compare_run(struct replaying *replaying)
{
	const struct run_whole run = {
		.header = &replaying->court.header,
		.counts = &replaying->tally.counts,
		.premises = &replaying->premises,
	};

	replay_compare_run(replaying->replay, &run);
}

static enum exit_code
run_again(struct replaying *replaying)
{
	struct run_options options = {
		.archive = replaying->archive,
		.jobs = (unsigned)replaying->jobs,
		.interrupted = interrupt_came,
		.write = compare_lines,
		.progress = show_progress,
		.user = replaying,
	};
	g_autoptr(GString) wants = g_string_new(NULL);
	GError *error = NULL;
	bool good;

	/* Of another snapshot or other proofs nothing would be the same. */
	if (!compare_header(replaying))
		return conclude(replaying, false);
	compare_basis(replaying);
	if (!premises_check(replaying->archive, replaying->line->crypto,
		&replaying->premises, &error) ||
	    !anchors_look_through(
		&replaying->court, replaying->before, interrupt_came, &error))
		return command_error(error, EXIT_INPUT);
	options.judge = replaying->court.context;
	progress_init(&replaying->progress, stderr, !replaying->quiet,
	    "messages", clock_monotonic());
	good = run_archive(&options, &replaying->tally, &error);
	progress_clear(&replaying->progress);
	if (good && replaying->tally.counts.interrupted)
		return conclude(replaying, true);
	compare_run(replaying);
	wants_write(wants, replaying->tally.wants);
	if (!good ||
	    !replay_finish(replaying->replay,
		(struct span){ (const uint8_t *)wants->str, wants->len },
		&error))
		return command_error(error, EXIT_INPUT);
	return conclude(replaying, false);
}

/* ---- before -------------------------------------------------------------- */

/* What run.json or the header says, which may be anything. */
static void
note_then(struct replaying *replaying, const char *text)
{
	struct span span = span_from_string(text != NULL ? text : "none");

	text_append_terminal(replaying->notes, span_sub(span, 0, VALUE_SHOWN));
}

/* A table of this installation that is another than the run's; said, as it may
 * be why something differs. */
static void
note_digest(struct replaying *replaying, const char *what, const json_t *then,
    const uint8_t *now)
{
	char hex[DIGEST_HEX_SIZE] = "none";
	const char *old = json_string_value(then);

	if (now != NULL)
		digest_to_hex((struct span){ now, DIGEST_SHA256_SIZE }, hex);
	if (g_strcmp0(old != NULL ? old : "none", hex) == 0)
		return;
	g_string_append_printf(
	    replaying->notes, "NOTE  another %s: then ", what);
	note_then(replaying, old);
	g_string_append_printf(replaying->notes, ", now %s\n", hex);
}

static void
note_circumstances(struct replaying *replaying)
{
	const json_t *run = replay_run(replaying->replay);
	const json_t *header = replay_header(replaying->replay);
	const struct alignment *alignment = replaying->court.context.alignment;
	const char *tool = json_string_value(json_object_get(header, "tool"));
	const char *vouched =
	    json_string_value(json_object_get(header, "vouched"));

	if (g_strcmp0(tool, replaying->court.header.tool) != 0) {
		g_string_append(replaying->notes, "NOTE  then by ");
		note_then(replaying, tool);
		g_string_append_printf(replaying->notes, ", now by %s\n",
		    replaying->court.header.tool);
	}
	if (g_strcmp0(vouched, replaying->court.header.vouched) != 0) {
		g_string_append(replaying->notes,
		    "NOTE  who vouches for the snapshot: then ");
		note_then(replaying, vouched);
		g_string_append_printf(replaying->notes, ", now %s\n",
		    replaying->court.header.vouched);
	}
	if (!json_is_true(json_object_get(run, "complete")))
		g_string_append(replaying->notes,
		    "NOTE  an error ended the run before its end\n");
	note_digest(replaying, "public suffix list",
	    json_object_get(run, "public_suffix_list_sha256"),
	    alignment_sha256(alignment));
	note_digest(replaying, "file of equivalences",
	    json_object_get(
		json_object_get(run, "options"), "equivalences_sha256"),
	    alignment_equivalences_sha256(alignment));
}

static enum exit_code
open_and_run(struct replaying *replaying)
{
	const struct crypto *crypto = replaying->line->crypto;
	const struct archive_options *options = &replaying->recorded.archive;
	GError *error = NULL;
	enum exit_code code;

	replaying->archive = archive_open(options, crypto, &error);
	if (replaying->archive != NULL && replaying->court.anchors != NULL)
		replaying->before = archive_open(options, crypto, &error);
	if (error != NULL) {
		code = command_error(error, EXIT_INPUT);
	} else {
		interrupt_catch();
		sandbox_limit_files(options->paths, NULL);
		tally_init(&replaying->tally);
		code = run_again(replaying);
		premises_clear(&replaying->premises);
		tally_clear(&replaying->tally);
	}
	archive_close(replaying->before);
	archive_close(replaying->archive);
	return code;
}

static enum exit_code
replay_case(struct replaying *replaying)
{
	enum exit_code code;
	GError *error = NULL;

	replaying->replay = replay_open(
	    replaying->line->arguments[0], replaying->line->crypto, &error);
	if (replaying->replay == NULL)
		return command_error(error, EXIT_INPUT);
	if (recorded_read(&replaying->recorded, replaying->line,
		replaying->replay, &replaying->places, &code) &&
	    court_open(
		&replaying->court, &replaying->recorded.line, true, &code)) {
		note_circumstances(replaying);
		code = open_and_run(replaying);
		court_close(&replaying->court);
	}
	recorded_clear(&replaying->recorded);
	replay_close(replaying->replay);
	return code;
}

static enum exit_code
run_replay(struct command_line *line)
{
	struct replaying replaying = { .line = line };
	struct recorded_places *places = &replaying.places;
	const GOptionEntry options[] = {
		RECORDED_PLACES_OPTIONS(places),
		RECORDED_PUBLIC_KEY_OPTION(places),
		RECORDED_ROOT_OPTION(places),
		{ "jobs", 'j', 0, G_OPTION_ARG_INT, &replaying.jobs,
		    "workers (as many as there are cores)", "N" },
		{ "json", 0, 0, G_OPTION_ARG_NONE, &replaying.json,
		    "print one JSON object", NULL },
		{ "quiet", 'q', 0, G_OPTION_ARG_NONE, &replaying.quiet,
		    "no progress", NULL },
		G_OPTION_ENTRY_NULL,
	};
	enum exit_code code;

	replaying.notes = g_string_new(NULL);
	if (command_parse(line, options, &code)) {
		if (replaying.jobs == 0)
			replaying.jobs =
			    (int)MIN(g_get_num_processors(), RUN_JOBS_MAX);
		code = replaying.jobs < 1 || replaying.jobs > RUN_JOBS_MAX
		    ? command_usage(line, "--jobs takes 1 to %d", RUN_JOBS_MAX)
		    : replay_case(&replaying);
	}
	g_string_free(replaying.notes, TRUE);
	recorded_places_clear(places);
	return code;
}

const struct command command_replay = {
	.name = "replay",
	.arguments = "CASE",
	.summary = "make a run again and compare",
	.examples = "  verifier replay case1\n"
		    "  verifier replay case1 --archive /media/mail "
		    "--snapshot /media/campaign.snap\n",
	.min_arguments = 1,
	.max_arguments = 1,
	.run = run_replay,
};
