/*
 * cmd_rebuild.c - keysnap rebuild: keys.mdb of a snapshot from its log.
 */
#include "keysnap/cmd.h"
#include "keysnap/store/freeze.h"

static enum exit_code
run_rebuild(struct command_line *line)
{
	g_autofree char *output = NULL;
	GError *error = NULL;
	const GOptionEntry options[] = {
		{ "output", 'o', 0, G_OPTION_ARG_FILENAME, &output,
		    "write the index here, and leave the snapshot as it is",
		    "FILE" },
		G_OPTION_ENTRY_NULL,
	};

	if (!command_parse(line, options))
		return line->code;
	if (!freeze_rebuild(line->arguments[0], output, line->crypto, &error))
		return command_error(error, true);
	return EXIT_DONE;
}

const struct command command_rebuild = {
	.name = "rebuild",
	.arguments = "SNAPSHOT",
	.summary = "make the index of a snapshot anew from its log",
	.examples = "  keysnap rebuild keys.snap\n"
		    "  keysnap rebuild keys.snap -o keys.mdb",
	.min_arguments = 1,
	.max_arguments = 1,
	.run = run_rebuild,
};
