/*
 * cmd_wants.c - verifier wants: the keys that an archive needs.
 */
#include "verifier/cmd_archive.h"
#include "verifier/run/run.h"
#include "verifier/sandbox.h"

#include <stdio.h>
#include <unistd.h>

static bool
discard(void *user, enum run_lines kind, struct span lines, GError **error)
{
	(void)user;
	(void)kind;
	(void)lines;
	(void)error;
	return true;
}

static enum exit_code
collect(const struct command_line *line, const struct court *court,
    struct archive *archive)
{
	g_autoptr(GString) out = g_string_new(NULL);
	const struct run_options options = {
		.judge = court->context,
		.archive = archive,
		.jobs = g_get_num_processors(),
		.write = discard,
	};
	enum exit_code code = EXIT_DONE;
	GError *error = NULL;
	struct tally tally;

	(void)line;
	tally_init(&tally);
	if (!run_archive(&options, &tally, &error))
		code = command_error(error, EXIT_INPUT);
	else if (tally.counts.verdicts[VERDICT_UNREADABLE] > 0)
		code = EXIT_INPUT;
	wants_write(out, tally.wants);
	command_print(out);
	tally_clear(&tally);
	return code;
}

static enum exit_code
run_wants(struct command_line *line)
{
	struct archive_options options = { .files_only = false };
	struct court court;
	struct archive *archive;
	GError *error = NULL;
	enum exit_code code;

	if (!command_parse(line, NULL, &code) ||
	    !archive_choose(line, &options, &code) ||
	    !court_open(&court, line, false, &code))
		return code;
	sandbox_limit_files(line->arguments, NULL);
	archive = archive_open(&options, line->crypto, &error);
	if (archive == NULL) {
		code = command_error(error, EXIT_INPUT);
	} else {
		code = collect(line, &court, archive);
		archive_close(archive);
	}
	court_close(&court);
	return code;
}

const struct command command_wants = {
	.name = "wants",
	.arguments = "ARCHIVE... [-s SNAPSHOT]",
	.summary = "list the keys that an archive needs",
	.examples = "  verifier wants mail/ > wants.tsv\n"
		    "  verifier wants mail/ -s campaign.snap > wants.tsv\n",
	.judges = true,
	.reads = true,
	.max_arguments = UINT_MAX,
	.run = run_wants,
};
