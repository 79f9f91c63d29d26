/*
 * main.c - keysnap: the environment, set up once, and the table of commands.
 */
#include "keysnap/cmd.h"

#include <locale.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>

extern const struct command command_init, command_keygen, command_import,
    command_list, command_show, command_stats, command_freeze, command_verify,
    command_rebuild, command_export, command_stamp, command_prove,
    command_consistency, command_annotate, command_anchor, command_merge,
    command_diff, command_audit, command_capture, command_timeline,
    command_conflicts;

const struct command *const commands[] = {
	&command_init,
	&command_keygen,
	&command_import,
	&command_capture,
	&command_annotate,
	&command_anchor,
	&command_audit,
	&command_list,
	&command_show,
	&command_timeline,
	&command_conflicts,
	&command_stats,
	&command_freeze,
	&command_verify,
	&command_stamp,
	&command_prove,
	&command_consistency,
	&command_diff,
	&command_merge,
	&command_rebuild,
	&command_export,
	NULL,
};

static const struct command *
find_command(const char *name)
{
	for (size_t i = 0; commands[i] != NULL; i++) {
		if (strcmp(commands[i]->name, name) == 0)
			return commands[i];
	}
	return NULL;
}

static void
print_help(FILE *stream)
{
	fputs("Usage: keysnap COMMAND [OPTION...] ARGUMENT...\n\n"
	      "Collects historical DKIM keys with their provenance, and "
	      "freezes them.\n\nCommands:\n",
	    stream);
	for (size_t i = 0; commands[i] != NULL; i++)
		fprintf(stream, "  %-11s %s\n", commands[i]->name,
		    commands[i]->summary);
	fputs("  help        show this, or the help of a command\n\n"
	      "\"keysnap COMMAND --help\" shows options and examples; "
	      "keysnap(1) has all of it.\n",
	    stream);
}

static enum exit_code
help(const struct crypto *crypto, int argc, char **argv)
{
	char option[] = "--help";

	if (argc > 1) {
		const struct command *command = find_command(argv[1]);
		char *arguments[] = { argv[1], option, NULL };

		if (command != NULL)
			return command_main(command, crypto, 2, arguments);
		command_say("no command \"%s\"", argv[1]);
		return EXIT_USAGE;
	}
	print_help(stdout);
	return EXIT_DONE;
}

static enum exit_code
dispatch(const struct crypto *crypto, int argc, char **argv)
{
	const struct command *command;

	if (argc < 2) {
		print_help(stderr);
		return EXIT_USAGE;
	}
	if (strcmp(argv[1], "help") == 0 || strcmp(argv[1], "--help") == 0 ||
	    strcmp(argv[1], "-h") == 0)
		return help(crypto, argc - 1, argv + 1);
	if (strcmp(argv[1], "--version") == 0) {
		puts("keysnap " PROGRAM_VERSION);
		return EXIT_DONE;
	}
	command = find_command(argv[1]);
	if (command != NULL)
		return command_main(command, crypto, argc - 1, argv + 1);
	command_say("no command \"%s\" (see \"keysnap help\")", argv[1]);
	return EXIT_USAGE;
}

int
main(int argc, char **argv)
{
	GError *error = NULL;
	struct crypto *crypto;
	enum exit_code code;

	/* Nothing depends on the user's locale; UTF-8 is for GLib's options.
	 * A reader that went away is an output error, not a signal. */
	setlocale(LC_CTYPE, "C.UTF-8");
	signal(SIGPIPE, SIG_IGN);
	crypto = crypto_open(&error);
	if (crypto == NULL)
		return (int)command_error(error, false);
	code = dispatch(crypto, argc, argv);
	crypto_close(crypto);
	return (int)command_flush(code);
}
