/*
 * cmd_init.c - keysnap init: a new, empty store.
 */
#include "keysnap/cmd.h"
#include "keysnap/store/note.h"
#include "keysnap/store/store.h"

static enum exit_code
create(struct command_line *line, const char *origin)
{
	GError *error = NULL;

	if (!note_name_is_valid(span_from_string(origin)))
		return command_usage(line,
		    "an origin has no white space and no \"+\", and at most "
		    "%d octets",
		    NOTE_NAME_MAX);
	if (!store_create(line->arguments[0], origin, line->crypto, &error))
		return command_error(error, true);
	return EXIT_DONE;
}

static enum exit_code
run_init(struct command_line *line)
{
	g_autofree char *origin = NULL;
	const GOptionEntry options[] = {
		{ "origin", 0, 0, G_OPTION_ARG_STRING, &origin,
		    "name of the log, as its checkpoints state it", "NAME" },
		G_OPTION_ENTRY_NULL,
	};

	if (!command_parse(line, options))
		return line->code;
	if (origin == NULL)
		origin = command_default_name(line->arguments[0]);
	return create(line, origin);
}

const struct command command_init = {
	.name = "init",
	.arguments = "STORE",
	.summary = "make a new store",
	.examples = "  keysnap init keys.store\n"
		    "  keysnap init keys.store --origin example.org/keys",
	.min_arguments = 1,
	.max_arguments = 1,
	.run = run_init,
};
