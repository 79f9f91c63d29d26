/*
 * cmd_recorded.h - the command line of a finished run, taken back from its
 * run.json, with the places where its files lie now.
 */
#ifndef VERIFIER_CMD_RECORDED_H
#define VERIFIER_CMD_RECORDED_H

#include "verifier/cmd_anchors.h"
#include "verifier/cmd_archive.h"
#include "verifier/run/replay.h"

/* Where things lie now; NULL: where they did. */
struct recorded_places {
	char **archives;
	char *snapshot, *public_key, *root, *files_from;
};

void recorded_places_clear(struct recorded_places *places);

/* The options that say so, for a table of GOptionEntry; "places" is a pointer.
 * The key and the root stand apart: not every command takes them. */
#define RECORDED_PLACES_OPTIONS(places)                                       \
	{ "archive", 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &(places)->archives,  \
	    "where the archive lies now; once, or for each argument",         \
	    "PATH" },                                                         \
	    { "snapshot", 's', 0, G_OPTION_ARG_FILENAME,                      \
		    &(places)->snapshot, "where the snapshot lies now",       \
		    "SNAPSHOT" },                                             \
	{                                                                     \
		"files-from", 0, 0, G_OPTION_ARG_FILENAME,                    \
		    &(places)->files_from, "where the list of files lies now", \
		    "FILE"                                                    \
	}
#define RECORDED_PUBLIC_KEY_OPTION(places)                                    \
	{                                                                     \
		"public-key", 0, 0, G_OPTION_ARG_FILENAME,                    \
		    &(places)->public_key,                                    \
		    "key that must have signed it, instead of the root that " \
		    "the case has",                                           \
		    "FILE"                                                    \
	}
#define RECORDED_ROOT_OPTION(places)                                          \
	{                                                                     \
		"root", 0, 0, G_OPTION_ARG_STRING, &(places)->root,           \
		    "root that it must have, instead of that", "HEX"          \
	}

struct recorded {
	struct command_line line; /* as it was then, with these places */
	struct archive_options archive;
	struct archive_choice archive_choice;
	struct anchor_choice anchor_choice;
	char **argv;
	char **names;	/* of the arguments, as they were given */
};

/* Take the command line back.  False with *code_out; what is wrong has been
 * said.  Clear it in any case. */
bool recorded_read(struct recorded *recorded, const struct command_line *line,
    const struct replay *replay, const struct recorded_places *places,
    enum exit_code *code_out);
void recorded_clear(struct recorded *recorded);

#endif
