/*
 * main.c - verifier: the environment, set up once, then the sandbox, then the
 * command.
 *
 * Order matters: OpenSSL without a configuration file, the locale, the
 * character-set converters, and only then the filter that denies the
 * network; no input is read before it.
 */
#include "verifier/cmd.h"
#include "verifier/message/display.h"
#include "verifier/sandbox.h"
#include "keysnap/base/installed.h"

#include <locale.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

extern const struct command command_check, command_verify, command_wants,
    command_show, command_explain, command_stats, command_replay,
    command_compare, command_originals, command_exhibit, command_seal,
    command_self_test, command_help;

const struct command *const commands[] = {
	&command_check,
	&command_verify,
	&command_wants,
	&command_show,
	&command_explain,
	&command_stats,
	&command_replay,
	&command_compare,
	&command_originals,
	&command_exhibit,
	&command_seal,
	&command_self_test,
	&command_help,
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

static enum exit_code
dispatch(const struct crypto *crypto, int argc, char **argv)
{
	const struct command *command;
	char help[] = "help";
	char *no_arguments[] = { help, NULL };

	if (argc < 2) {
		command_say("no command (see \"verifier help\")");
		return EXIT_USAGE;
	}
	if (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0)
		return command_main(&command_help, crypto, 1, no_arguments);
	if (strcmp(argv[1], "--version") == 0) {
		puts("verifier " PROGRAM_VERSION);
		return EXIT_DONE;
	}
	command = find_command(argv[1]);
	if (command != NULL)
		return command_main(command, crypto, argc - 1, argv + 1);
	command_say("no command \"%s\" (see \"verifier help\")", argv[1]);
	return EXIT_USAGE;
}

/*
 * The C library loads converters from where GCONV_PATH says, which nobody
 * outside decides.  A bundle brings the C library's own (data/bundle).
 */
static void
choose_converters(void)
{
	g_autofree char *bundled = installed_path("lib/verifier/gconv");

	if (bundled != NULL)
		setenv("GCONV_PATH", bundled, 1);
	else
		unsetenv("GCONV_PATH");
}

int
main(int argc, char **argv)
{
	GError *error = NULL;
	struct crypto *crypto;
	const char *missing;
	enum exit_code code;

	choose_converters();
	setlocale(LC_CTYPE, "C.UTF-8");
	signal(SIGPIPE, SIG_IGN);
	crypto = crypto_open(&error);
	if (crypto == NULL)
		return (int)command_error(error, EXIT_USAGE);
	missing = display_init();
	if (missing != NULL) {
		command_say("the C library cannot decode %s, so that records "
			    "would differ from those made elsewhere: nothing "
			    "was read; install its converters",
		    missing);
		return EXIT_USAGE;
	}
	/* jansson takes its seed from a device that the sandbox hides; what is
	 * written does not depend on it, members are sorted. */
	json_object_seed(0);
	if (!sandbox_deny_network(&error))
		return (int)command_error(error, EXIT_USAGE);
	code = dispatch(crypto, argc, argv);
	crypto_close(crypto);
	return (int)command_flush(code);
}
