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
