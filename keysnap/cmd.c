/*
 * cmd.c - what the subcommands of keysnap share: options, exit codes, output.
 */
#include "keysnap/cmd.h"
#include "keysnap/base/arguments.h"
#include "keysnap/base/text.h"
#include "keysnap/store/store.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* What the option parser fills in. */
struct parsed {
	gboolean help;
	char *color;
	char **rest;
};

void
command_say(const char *format, ...)
{
	g_autofree char *text = NULL;
	g_autoptr(GString) safe = g_string_new("keysnap: ");
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
	command_say("%s: %s (see \"keysnap %s --help\")", line->command->name,
	    text, line->command->name);
	return EXIT_USAGE;
}

enum exit_code
command_error(GError *error, bool writing)
{
	enum exit_code code = writing ? EXIT_OUTPUT : EXIT_INPUT;

	if (g_error_matches(error, STORE_ERROR, STORE_ERROR_INTEGRITY))
		code = EXIT_INTEGRITY;
	else if (g_error_matches(error, STORE_ERROR, STORE_ERROR_EXISTS) ||
	    g_error_matches(error, STORE_ERROR, STORE_ERROR_MEMORY) ||
	    g_error_matches(error, G_FILE_ERROR, G_FILE_ERROR_EXIST))
		code = EXIT_USAGE;
	command_say("%s", error->message);
	g_error_free(error);
	return code;
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

bool
command_same_file(const char *a, const char *b)
{
	struct stat first, second;

	return stat(a, &first) == 0 && stat(b, &second) == 0 &&
	    first.st_dev == second.st_dev && first.st_ino == second.st_ino;
}

char *
command_default_name(const char *path)
{
	g_autofree char *base = g_path_get_basename(path);

	g_strcanon(base,
	    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
	    "0123456789._-",
	    '-');
	return g_strdup_printf("keysnap.invalid/%s", base);
}

void
command_append_time(
    GString *out, int64_t at, enum timestamp_precision precision)
{
	char text[TIMESTAMP_SIZE];
	size_t n = precision == TIMESTAMP_YEAR     ? 4
	    : precision == TIMESTAMP_MONTH         ? 7
	    : precision == TIMESTAMP_DAY_PRECISION ? 10
						   : TIMESTAMP_SIZE - 1;

	timestamp_format(at, text);
	g_string_append_len(out, text, (gssize)n);
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
		    &parsed->rest, NULL, NULL },
		G_OPTION_ENTRY_NULL,
	};
	const GOptionEntry trust[] = {
		{ "public-key", 0, 0, G_OPTION_ARG_FILENAME, &line->public_key,
		    "key that must have signed a snapshot", "FILE" },
		{ "root", 0, 0, G_OPTION_ARG_STRING, &line->root,
		    "root that a snapshot must have", "HEX" },
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
	if (command->trusts)
		g_option_context_add_main_entries(context, trust, NULL);
	g_option_context_add_main_entries(context, common, NULL);
	return context;
}

static bool
choose_color(struct command_line *line, const char *when)
{
	const char *off = getenv("NO_COLOR");

	if (when == NULL || strcmp(when, "auto") == 0)
		line->color =
		    isatty(STDOUT_FILENO) && (off == NULL || *off == '\0');
	else if (strcmp(when, "always") == 0)
		line->color = true;
	else
		return strcmp(when, "never") == 0;
	return true;
}

/* The options are parsed; what is left of the arguments. */
static bool
take_parsed(
    struct command_line *line, struct parsed *parsed, GOptionContext *context)
{
	const struct command *command = line->command;
	unsigned n;

	if (parsed->help) {
		g_autofree char *help =
		    g_option_context_get_help(context, TRUE, NULL);

		fputs(help, stdout);
		return false;
	}
	line->arguments = g_steal_pointer(&parsed->rest);
	if (line->arguments == NULL)
		line->arguments = g_new0(char *, 1);
	n = g_strv_length(line->arguments);
	if (n < command->min_arguments)
		line->code = command_usage(line, "too few arguments");
	else if (n > command->max_arguments)
		line->code = command_usage(line, "too many arguments");
	else if (!choose_color(line, parsed->color))
		line->code =
		    command_usage(line, "--color is auto, always or never");
	return line->code == EXIT_DONE;
}

bool
command_parse(struct command_line *line, const GOptionEntry *options)
{
	struct parsed parsed = { 0 };
	GOptionContext *context = make_context(line, options, &parsed);
	g_autofree char *letters = arguments_letters(options, "");
	g_auto(GStrv) copy = arguments_cut(line->argc, line->argv, letters);
	GError *error = NULL;
	bool go_on = false;

	if (g_option_context_parse_strv(context, &copy, &error)) {
		go_on = take_parsed(line, &parsed, context);
	} else {
		line->code = command_usage(line, "%s", error->message);
		g_error_free(error);
	}
	g_option_context_free(context);
	g_free(parsed.color);
	g_strfreev(parsed.rest);
	return go_on;
}

enum exit_code
command_main(const struct command *command, const struct crypto *crypto,
    int argc, char **argv)
{
	struct command_line line = {
		.crypto = crypto,
		.command = command,
		.argc = argc,
		.argv = argv,
	};
	g_autofree char *name = g_strdup_printf("keysnap %s", command->name);
	enum exit_code code;

	g_set_prgname(name);
	code = command->run(&line);
	g_strfreev(line.arguments);
	g_free(line.public_key);
	g_free(line.root);
	return code;
}
