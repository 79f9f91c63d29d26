/*
 * cmd_verify.c - verifier verify: whole archives into a case directory.
 */
#include "verifier/cmd_anchors.h"
#include "verifier/cmd_archive.h"
#include "verifier/cmd_dry_run.h"
#include "verifier/cmd_interrupt.h"
#include "verifier/cmd_summary.h"
#include "verifier/cmd_verify_before.h"
#include "verifier/archive/measure.h"
#include "verifier/run/case_folder.h"
#include "verifier/run/journal.h"
#include "verifier/run/update.h"
#include "verifier/sandbox.h"

#include "keysnap/base/clock.h"
#include "keysnap/base/progress.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct verify {
	struct command_line *line;
	struct court court;
	struct archive *archive;
	struct archive *before; /* the same, for the files that proofs cover */
	struct premises premises;
	struct case_folder *folder;
	struct update *update; /* the case that --update names, or NULL */
	struct tally tally;
	struct progress progress;
	char *output, *clock, *earlier;
	int jobs;
	gboolean json, quiet, dry_run, resume;
	bool repeatable; /* nothing is read from standard input */
	bool ended;      /* with run.json, or as good as that */
	const struct container_limits *limits; /* NULL: the defaults */
	uint64_t total;      /* octets to read, where progress is shown */
	int64_t fixed_clock; /* --clock, or TIMESTAMP_NONE */
	struct run_environment environment;
	struct journal_run basis;
	uint8_t arguments_sha256[DIGEST_SHA256_SIZE];
	uint8_t anchors_sha256[DIGEST_SHA256_SIZE];
};

static int64_t
read_clock(const struct verify *verify)
{
	return verify->fixed_clock != TIMESTAMP_NONE ? verify->fixed_clock
						     : clock_now();
}

static bool
write_lines(void *user, enum run_lines kind, struct span lines, GError **error)
{
	struct verify *verify = user;

	if (verify->update != NULL &&
	    (kind == RUN_INPUTS || kind == RUN_NOTES) &&
	    !update_lines(verify->update, kind, lines, error))
		return false;
	return case_folder_write(verify->folder, kind, lines, error);
}

static bool
read_earlier(void *user, size_t n, GString *lines_out, GError **error)
{
	struct verify *verify = user;

	return update_records(verify->update, n, lines_out, error);
}

static bool
make_point(void *user, const struct run_point *point, GError **error)
{
	struct verify *verify = user;

	return case_folder_point(verify->folder, point, error);
}

static void
show_progress(void *user, uint64_t messages, uint64_t done, uint64_t total)
{
	struct verify *verify = user;

	progress_update(&verify->progress, clock_monotonic(), messages, done,
	    verify->total > 0 ? verify->total : total);
}

static bool
write_header(struct verify *verify, GError **error)
{
	g_autoptr(GString) out = g_string_new(NULL);

	record_write_header(out, &verify->court.header);
	return case_folder_write(verify->folder, RUN_RECORDS,
	    (struct span){ (const uint8_t *)out->str, out->len }, error);
}

/* results.jsonl synced, wants.tsv, and run.json last. */
static bool
write_rest(struct verify *verify, GError **error)
{
	g_autoptr(GString) wants = g_string_new(NULL);

	wants_write(wants, verify->tally.wants);
	verify->environment.end = read_clock(verify);
	return case_folder_finish(verify->folder, error) &&
	    case_folder_add(verify->folder, "wants.tsv",
		(struct span){ (const uint8_t *)wants->str, wants->len },
		error) &&
	    case_folder_write_run(verify->folder, &verify->environment,
		&verify->tally.counts, error);
}

/* Where an interrupted run goes on; else the start. */
static void
take_up(struct verify *verify, struct run_options *options)
{
	const struct journal_point *point =
	    case_folder_resume(verify->folder, &verify->tally);

	options->skip = verify->environment.resumed = point->records;
	options->prefix = point->prefix;
	options->prefix_path = point->prefix_path;
	if (point->records > 0 && !verify->quiet)
		command_say("goes on behind record %" G_GUINT64_FORMAT
			    "; what was read before is read again and compared",
		    point->records);
}

/* An interrupted run, or one that could not write or whose input is another
 * than before, can be gone on with: it gets no run.json. */
static bool
is_ended(const struct verify *verify, const GError *error)
{
	return case_folder_is_settled(verify->folder) &&
	    !g_error_matches(error, RUN_ERROR, RUN_ERROR_OUTPUT) &&
	    !g_error_matches(error, RUN_ERROR, RUN_ERROR_DIFFERS);
}

static enum exit_code
run(struct verify *verify)
{
	struct run_options options = {
		.archive = verify->archive,
		.jobs = (unsigned)verify->jobs,
		.interrupted = interrupt_came,
		.write = write_lines,
		.point = make_point,
		.progress = show_progress,
		.user = verify,
	};
	GError *error = NULL, *late = NULL;
	enum exit_code code = EXIT_DONE;

	if (!anchors_look_through(
		&verify->court, verify->before, interrupt_came, &error))
		return command_error(error, EXIT_INPUT);
	options.judge = verify->court.context;
	if (verify->update != NULL) {
		options.judge.earlier = update_past(verify->update);
		options.earlier = read_earlier;
	}
	take_up(verify, &options);
	progress_init(&verify->progress, stderr, !verify->quiet, "messages",
	    clock_monotonic());
	verify->environment.complete =
	    (options.skip > 0 || write_header(verify, &error)) &&
	    run_archive(&options, &verify->tally, &error) &&
	    (verify->update == NULL || verify->tally.counts.interrupted ||
		update_is_through(verify->update, &error));
	progress_clear(&verify->progress);
	if (verify->tally.counts.interrupted && error == NULL)
		return EXIT_INTERRUPTED;
	verify->ended = error == NULL || is_ended(verify, error);
	if (error != NULL)
		code = command_error(error, EXIT_INPUT);
	else if (verify->tally.counts.verdicts[VERDICT_UNREADABLE] > 0)
		code = EXIT_INPUT;
	if (verify->ended && !write_rest(verify, &late)) {
		verify->ended = false;
		return command_error(late, EXIT_OUTPUT);
	}
	return code;
}

static void
say_update(const struct run_counts *counts)
{
	command_say("%" G_GUINT64_FORMAT " records stand, %" G_GUINT64_FORMAT
		    " have keys graded anew, %" G_GUINT64_FORMAT
		    " messages were read and judged again",
	    counts->judged[JUDGED_BEFORE], counts->judged[JUDGED_REGRADED],
	    counts->judged[JUDGED_ANEW]);
}

static void
summarise(const struct verify *verify, enum exit_code code)
{
	const struct summary summary = {
		.snapshot = verify->line->snapshot,
		.header = &verify->court.header,
		.counts = &verify->tally.counts,
		.folder = verify->output,
		.color = verify->line->color,
	};
	g_autoptr(GString) out = g_string_new(NULL);

	if (verify->update != NULL && code == EXIT_INTEGRITY)
		command_say(
		    "what %s holds is of no use; remove it", verify->output);
	else if (!verify->ended && verify->repeatable)
		command_say("the run in %s is unfinished; the same command "
			    "with --resume goes on with it",
		    verify->output);
	if (verify->quiet || (!verify->ended && code != EXIT_INTERRUPTED))
		return;
	summary_write(out, &summary);
	command_print(out);
	if (verify->update != NULL)
		say_update(&verify->tally.counts);
	if (verify->ended &&
	    verify->tally.counts.verdicts[VERDICT_UNREADABLE] > 0)
		command_say("some input is unreadable: see the records with "
			    "the verdict \"unreadable\" in %s/results.jsonl",
		    verify->output);
}

static bool
read_options(struct verify *verify, enum exit_code *code_out)
{
	if (verify->output == NULL && !verify->dry_run) {
		*code_out = command_usage(verify->line, "-o CASE is missing");
		return false;
	}
	if (verify->jobs == 0)
		verify->jobs = (int)MIN(g_get_num_processors(), RUN_JOBS_MAX);
	if (verify->jobs < 1 || verify->jobs > RUN_JOBS_MAX) {
		*code_out = command_usage(
		    verify->line, "--jobs takes 1 to %d", RUN_JOBS_MAX);
		return false;
	}
	verify->fixed_clock = TIMESTAMP_NONE;
	if (verify->clock != NULL &&
	    !timestamp_parse(
		span_from_string(verify->clock), &verify->fixed_clock)) {
		*code_out = command_usage(verify->line,
		    "--clock takes a time like 2026-03-02T00:00:00Z");
		return false;
	}
	return true;
}

/* Do the arguments alone say what was read: no list and no stream? */
static bool
names_archive(const struct command_line *line)
{
	for (size_t i = 0; i < line->n_arguments; i++) {
		if (strcmp(line->arguments[i], "-") == 0)
			return false;
	}
	return line->archive->files_from == NULL;
}

static void
fill_environment(struct verify *verify)
{
	verify->environment = (struct run_environment){
		.arguments = verify->line->argv,
		.n_arguments = (size_t)verify->line->argc,
		.archive = verify->line->arguments,
		.n_archive =
		    names_archive(verify->line) ? verify->line->n_arguments : 0,
		.header = &verify->court.header,
		.public_suffix_list =
		    alignment_sha256(verify->court.context.alignment),
		.policy = &verify->court.context.policy,
		.equivalences = alignment_equivalences_sha256(
		    verify->court.context.alignment),
		.run = &verify->basis,
		.premises = &verify->premises,
		.as_of = verify->court.as_of,
		.jobs = (unsigned)verify->jobs,
		.start = read_clock(verify),
	};
}

/* All that decides the results beside the input. */
static void
fill_basis(struct verify *verify)
{
	const struct run_environment *environment = &verify->environment;

	verify->basis = (struct journal_run){
		.header = environment->header,
		.policy = environment->policy,
		.public_suffix_list = environment->public_suffix_list,
		.equivalences = environment->equivalences,
		.anchors = anchors_sha256(&verify->court, verify->line->crypto,
		    verify->anchors_sha256),
		.limits = verify->limits != NULL ? verify->limits
						 : &container_limits_default,
		.arguments = archive_labels_sha256(verify->archive,
		    verify->line->crypto, verify->arguments_sha256),
		.arguments_sha256 = verify->arguments_sha256,
	};
}

/* The case that is brought up to date, and the one that is made. */
static bool
open_cases(struct verify *verify, GError **error)
{
	const struct update_options update = {
		.path = verify->earlier,
		.crypto = verify->line->crypto,
		.snapshot = verify->court.context.snapshot,
		.run = &verify->basis,
	};
	const struct case_options options = {
		.path = verify->output,
		.crypto = verify->line->crypto,
		.run = &verify->basis,
		.resume = verify->resume,
	};

	if (verify->earlier != NULL) {
		verify->update = update_open(&update, error);
		if (verify->update == NULL)
			return false;
		verify->basis.update = update_results_sha256(verify->update);
		verify->environment.updated = verify->basis.update;
	}
	verify->folder = case_folder_open(&options, error);
	return verify->folder != NULL;
}

/* With the archive found: the case directory and the sandbox, then the run. */
static enum exit_code
run_in_folder(struct verify *verify)
{
	GError *error = NULL;
	enum exit_code code;

	/* Until here a signal ends the process, and nothing was written. */
	interrupt_catch();
	fill_environment(verify);
	fill_basis(verify);
	if (!open_cases(verify, &error)) {
		code = verify->earlier != NULL && verify->update == NULL
		    ? EXIT_INPUT
		    : EXIT_OUTPUT;
		update_close(verify->update);
		return command_error(error, code);
	}
	if (!verify->quiet && isatty(STDERR_FILENO))
		verify->total = archive_measure(verify->line->arguments);
	verify->environment.landlock =
	    sandbox_limit_files(verify->line->arguments, verify->output);
	tally_init(&verify->tally);
	code = run(verify);
	summarise(verify, code);
	tally_clear(&verify->tally);
	case_folder_close(verify->folder);
	update_close(verify->update);
	return code;
}

/* The digests that came with the archive first.  What breaks them is said and
 * recorded, everything is read all the same, and the exit code tells. */
static enum exit_code
check_and_run(struct verify *verify)
{
	GError *error = NULL;
	enum exit_code code;

	if (!premises_check(verify->archive, verify->line->crypto,
		&verify->premises, &error)) {
		code = command_error(error, EXIT_INPUT);
	} else {
		premises_say(&verify->premises);
		code = run_in_folder(verify);
		if (verify->premises.broken > 0 &&
		    (code == EXIT_DONE || code == EXIT_INPUT))
			code = EXIT_INTEGRITY;
	}
	premises_clear(&verify->premises);
	return code;
}

/* An argument that does not exist is said before anything is written. */
static enum exit_code
open_and_run(struct verify *verify)
{
	struct archive_options options = { .files_only = false };
	GError *error = NULL;
	enum exit_code code;

	if (!archive_choose(verify->line, &options, &code))
		return code;
	verify->limits = options.limits;
	verify->repeatable = true;
	for (size_t i = 0; i < options.n_paths && !verify->dry_run; i++) {
		verify->repeatable &= strcmp(options.paths[i], "-") != 0;
		if (verify->resume && !verify->repeatable)
			return command_usage(verify->line,
			    "--resume reads the archive again, which standard "
			    "input cannot be");
		if (verify->court.anchors != NULL && !verify->repeatable)
			return command_usage(verify->line,
			    "--anchor reads the archive twice, which standard "
			    "input cannot be");
		if (case_is_inside(verify->output, options.paths[i]))
			return command_usage(verify->line,
			    "the case directory %s lies in %s, which is to be "
			    "read",
			    verify->output, options.paths[i]);
	}
	verify->archive = archive_open(&options, verify->line->crypto, &error);
	if (verify->archive != NULL && verify->court.anchors != NULL &&
	    !verify->dry_run)
		verify->before =
		    archive_open(&options, verify->line->crypto, &error);
	if (error != NULL)
		code = command_error(error, EXIT_INPUT);
	else
		code = verify->dry_run ? dry_run(verify->archive)
				       : check_and_run(verify);
	archive_close(verify->before);
	archive_close(verify->archive);
	return code;
}

static enum exit_code
run_verify(struct command_line *line)
{
	struct verify verify = { .line = line };
	const GOptionEntry options[] = {
		{ "output", 'o', 0, G_OPTION_ARG_FILENAME, &verify.output,
		    "case directory to make", "CASE" },
		{ "jobs", 'j', 0, G_OPTION_ARG_INT, &verify.jobs,
		    "workers (as many as there are cores)", "N" },
		{ "clock", 0, 0, G_OPTION_ARG_STRING, &verify.clock,
		    "time to record for the run, instead of the clock's",
		    "TIME" },
		{ "dry-run", 'n', 0, G_OPTION_ARG_NONE, &verify.dry_run,
		    "list what would be read, and write nothing", NULL },
		{ "resume", 0, 0, G_OPTION_ARG_NONE, &verify.resume,
		    "go on with the unfinished run in CASE, if there is one",
		    NULL },
		{ "update", 0, 0, G_OPTION_ARG_FILENAME, &verify.earlier,
		    "bring the finished case EARLIER up to date with a later "
		    "snapshot, into a new CASE",
		    "EARLIER" },
		{ "quiet", 'q', 0, G_OPTION_ARG_NONE, &verify.quiet,
		    "no progress, no summary", NULL },
		G_OPTION_ENTRY_NULL,
	};
	enum exit_code code;

	if (command_parse(line, options, &code) &&
	    read_options(&verify, &code) &&
	    court_open(&verify.court, line, !verify.dry_run, &code)) {
		code = open_and_run(&verify);
		court_close(&verify.court);
	}
	g_free(verify.output);
	g_free(verify.earlier);
	g_free(verify.clock);
	return code;
}

const struct command command_verify = {
	.name = "verify",
	.arguments = "-s SNAPSHOT -o CASE ARCHIVE...",
	.summary = "check whole archives into a case directory",
	.examples = "  verifier verify -s campaign.snap -o case1 mail/\n"
		    "  verifier verify -s campaign.snap --public-key lab.pub "
		    "-o case2 all.mbox\n"
		    "  verifier verify --resume -s campaign.snap -o case1 "
		    "mail/\n"
		    "  verifier verify --update case1 -s later.snap -o case2 "
		    "mail/\n",
	.judges = true,
	.anchors = true,
	.reads = true,
	.max_arguments = UINT_MAX,
	.run = run_verify,
};
