/*
 * cmd_help.c - verifier help: the commands, or the table of verdicts.
 */
#include "verifier/cmd.h"
#include "verifier/report/person.h"

#include <stdio.h>
#include <string.h>

static void
print_commands(void)
{
	puts("Usage: verifier COMMAND [OPTION...] ARGUMENT...\n\n"
	     "Checks the DKIM signatures of mail archives, offline, against a "
	     "key snapshot.\n\nCommands:");
	for (size_t i = 0; commands[i] != NULL; i++)
		printf("  %-9s %s\n", commands[i]->name, commands[i]->summary);
	puts("\n\"verifier COMMAND --help\" shows options and examples; "
	     "\"verifier help verdicts\" what\nthe verdicts mean; verifier(1) "
	     "has all of it.");
}

static enum exit_code
run_help(struct command_line *line)
{
	g_autoptr(GString) out = g_string_new(NULL);
	enum exit_code code;

	if (!command_parse(line, NULL, &code))
		return code;
	if (line->n_arguments == 0) {
		print_commands();
		return EXIT_DONE;
	}
	if (strcmp(line->arguments[0], "verdicts") == 0) {
		person_write_verdicts(out);
		command_print(out);
		return EXIT_DONE;
	}
	for (size_t i = 0; commands[i] != NULL; i++) {
		char option[] = "--help";
		char *arguments[] = { line->arguments[0], option, NULL };

		if (strcmp(commands[i]->name, line->arguments[0]) == 0)
			return command_main(
			    commands[i], line->crypto, 2, arguments);
	}
	return command_usage(line, "no command \"%s\"", line->arguments[0]);
}

const struct command command_help = {
	.name = "help",
	.arguments = "[COMMAND | verdicts]",
	.summary = "show the commands, one of them, or the verdicts",
	.examples = "  verifier help verdicts\n",
	.max_arguments = 1,
	.run = run_help,
};
