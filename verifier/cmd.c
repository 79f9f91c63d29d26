/*
 * cmd.c - what the subcommands of verifier share: options, exit codes, output.
 */
#include "verifier/cmd.h"

#include "verifier/cmd_anchors.h"
#include "verifier/cmd_archive.h"

#include "keysnap/base/arguments.h"
#include "keysnap/base/text.h"
#include "keysnap/store/store.h"
#include "verifier/archive/archive.h"
#include "verifier/run/results.h"
#include "verifier/run/run.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define PREFIX_MIN 8 /* hex digits of an identity */

/* What the option parser fills in beside the command line. */
struct parsed {
	gboolean help;
	char *color;
};

void
command_say(const char *format, ...)
{
	g_autofree char *text = NULL;
	g_autoptr(GString) safe = g_string_new("verifier: ");
	va_list arguments;

	va_start(arguments, format);
	text = g_strdup_vprintf(format, arguments);
	va_end(arguments);
	/* Paths and reasons may hold octets from outside. */
	text_append_terminal(safe, span_from_string(text));
	g_string_append_c(safe, '\n');
	fputs(safe->str, stderr);
}

enum exit_code
command_usage(const struct command_line *line, const char *format, ...)
{
	g_autofree char *text = NULL;
	va_list arguments;

	va_start(arguments, format);
	text = g_strdup_vprintf(format, arguments);
	va_end(arguments);
	command_say("%s: %s (see \"verifier %s --help\")", line->command->name,
	    text, line->command->name);
	return EXIT_USAGE;
}

enum exit_code
command_error(GError *error, enum exit_code otherwise)
{
	enum exit_code code = otherwise;

	if (g_error_matches(error, STORE_ERROR, STORE_ERROR_INTEGRITY) ||
	    g_error_matches(error, ARCHIVE_ERROR, ARCHIVE_ERROR_CHANGED) ||
	    g_error_matches(error, RUN_ERROR, RUN_ERROR_DIFFERS))
		code = EXIT_INTEGRITY;
	else if (error->domain == ARCHIVE_ERROR)
		code = EXIT_INPUT;
	else if (g_error_matches(error, RUN_ERROR, RUN_ERROR_EXISTS))
		code = EXIT_USAGE;
	else if (g_error_matches(error, RUN_ERROR, RUN_ERROR_OUTPUT))
		code = EXIT_OUTPUT;
	command_say("%s", error->message);
	g_error_free(error);
	return code;
}

/* A sequence number, or the first digits of an identity. */
bool
command_id_matches(const char *id, const struct record_view *view)
{
	struct span wanted = span_from_string(id);
	g_autofree char *number =
	    g_strdup_printf("%" G_GUINT64_FORMAT, view->seq);

	if (span_equal(wanted, span_from_string(number)))
		return true;
	return wanted.n >= PREFIX_MIN && span_starts_with(view->sha256, wanted);
}

enum exit_code
command_check_results(
    struct results *results, const char *folder, enum exit_code code)
{
	GError *error = NULL;
	int same = results_check(results, &error);

	if (same < 0)
		return command_error(error, EXIT_INPUT);
	if (same == 1)
		return code;
	command_say("%s: results.jsonl is not the file that run.json names: it "
		    "was changed after the run",
	    folder);
	return EXIT_INTEGRITY;
}

void
command_print(GString *out)
{
	fwrite(out->str, 1, out->len, stdout);
	g_string_truncate(out, 0);
}

enum exit_code
command_flush(enum exit_code code)
{
	if (fflush(stdout) == 0 && !ferror(stdout))
		return code;
	command_say("cannot write to standard output");
	return EXIT_OUTPUT;
}

static void
add_judge_options(GOptionContext *context, struct command_line *line)
{
	const GOptionEntry entries[] = {
		{ "snapshot", 's', 0, G_OPTION_ARG_FILENAME, &line->snapshot,
		    "snapshot with the keys", "SNAPSHOT" },
		{ "public-key", 0, 0, G_OPTION_ARG_FILENAME, &line->public_key,
		    "key that must have signed the snapshot", "FILE" },
		{ "root", 0, 0, G_OPTION_ARG_STRING, &line->root,
		    "root that the snapshot must have", "HEX" },
		{ "min-grade", 0, 0, G_OPTION_ARG_STRING, &line->min_grade,
		    "worst grade of a key for green (D)", "GRADE" },
		{ "max-gap", 0, 0, G_OPTION_ARG_INT, &line->max_gap,
		    "days between message and key sighting for green (1826)",
		    "DAYS" },
		{ "repairs", 0, 0, G_OPTION_ARG_STRING, &line->repairs,
		    "what may be undone: none, container, all (all)", "SCOPE" },
		{ "equivalences", 0, 0, G_OPTION_ARG_FILENAME,
		    &line->equivalences, "recorded equivalent domains",
		    "FILE" },
		{ "public-suffix-list", 0, 0, G_OPTION_ARG_FILENAME,
		    &line->suffix_list, "another list than the one shipped",
		    "FILE" },
		G_OPTION_ENTRY_NULL,
	};

	g_option_context_add_main_entries(context, entries, NULL);
}

static GOptionContext *
make_context(struct command_line *line, const GOptionEntry *options,
    struct parsed *parsed)
{
	const struct command *command = line->command;
	const GOptionEntry common[] = {
		{ "color", 0, 0, G_OPTION_ARG_STRING, &parsed->color,
		    "colours: auto, always or never", "WHEN" },
		{ "help", 'h', 0, G_OPTION_ARG_NONE, &parsed->help,
		    "show this help", NULL },
		{ G_OPTION_REMAINING, 0, 0, G_OPTION_ARG_FILENAME_ARRAY,
		    &line->arguments, NULL, NULL },
		G_OPTION_ENTRY_NULL,
	};
	g_autofree char *usage =
	    g_strdup_printf("%s - %s", command->arguments, command->summary);
	g_autofree char *examples =
	    g_strdup_printf("Examples:\n%s", command->examples);
	GOptionContext *context = g_option_context_new(usage);

	/* GLib's own help would leave without a check of the output. */
	g_option_context_set_help_enabled(context, FALSE);
	g_option_context_set_description(context, examples);
	if (options != NULL)
		g_option_context_add_main_entries(context, options, NULL);
	if (command->judges)
		add_judge_options(context, line);
	if (command->anchors)
		add_anchor_options(context, line->anchors);
	if (command->reads)
		add_archive_options(context, line->archive);
	g_option_context_add_main_entries(context, common, NULL);
	return context;
}

static bool
choose_color(struct command_line *line, const char *when)
{
	const char *off = getenv("NO_COLOR");

	if (when == NULL || strcmp(when, "auto") == 0)
		line->color =
		    isatty(STDOUT_FILENO) && (off == NULL || off[0] == '\0');
	else if (strcmp(when, "always") == 0)
		line->color = true;
	else if (strcmp(when, "never") == 0)
		line->color = false;
	else
		return false;
	return true;
}

static bool
check_arguments(struct command_line *line, enum exit_code *code_out)
{
	line->n_arguments =
	    line->arguments != NULL ? g_strv_length(line->arguments) : 0;
	if (line->n_arguments < line->command->min_arguments)
		*code_out = command_usage(line, "too few arguments");
	else if (line->n_arguments > line->command->max_arguments)
		*code_out = command_usage(line, "too many arguments");
	else
		return true;
	return false;
}

bool
command_parse(struct command_line *line, const GOptionEntry *options,
    enum exit_code *code_out)
{
	struct parsed parsed = { .help = FALSE };
	g_autoptr(GOptionContext) context =
	    make_context(line, options, &parsed);
	g_autofree char *letters =
	    arguments_letters(options, line->command->judges ? "s" : "");
	g_auto(GStrv) copy = arguments_cut(line->argc, line->argv, letters);
	g_autoptr(GError) error = NULL;
	g_autofree char *color = NULL;

	if (!g_option_context_parse_strv(context, &copy, &error)) {
		*code_out = command_usage(line, "%s", error->message);
		return false;
	}
	color = parsed.color;
	if (parsed.help) {
		g_autofree char *text =
		    g_option_context_get_help(context, TRUE, NULL);

		fputs(text, stdout);
		*code_out = EXIT_DONE;
		return false;
	}
	if (!choose_color(line, color)) {
		*code_out =
		    command_usage(line, "--color is auto, always or never");
		return false;
	}
	return check_arguments(line, code_out);
}

void
command_line_clear(struct command_line *line)
{
	archive_choice_clear(line->archive);
	anchor_choice_clear(line->anchors);
	g_strfreev(line->arguments);
	g_free(line->snapshot);
	g_free(line->public_key);
	g_free(line->root);
	g_free(line->min_grade);
	g_free(line->repairs);
	g_free(line->equivalences);
	g_free(line->suffix_list);
}

enum exit_code
command_main(const struct command *command, const struct crypto *crypto,
    int argc, char **argv)
{
	struct archive_choice choice = { .files_from = NULL };
	struct anchor_choice anchors = { .as_of = NULL };
	struct command_line line = {
		.crypto = crypto,
		.command = command,
		.argc = argc,
		.argv = argv,
		.max_gap = -1,
		.archive = &choice,
		.anchors = &anchors,
	};
	g_autofree char *name = g_strdup_printf("verifier %s", command->name);
	enum exit_code code;

	g_set_prgname(name);
	code = command->run(&line);
	command_line_clear(&line);
	return code;
}
