/*
 * cmd_archive.h - what the commands that read archives share: lists of files,
 * bounds on containers.
 */
#ifndef VERIFIER_CMD_ARCHIVE_H
#define VERIFIER_CMD_ARCHIVE_H

#include "verifier/cmd.h"

/* What the options of add_archive_options() said; strings are owned. */
struct archive_choice {
	char *files_from;
	gboolean null;
	int max_depth;
	char *max_members, *max_member_size, *max_ratio, *max_memory;
	struct container_limits limits; /* set by archive_choose() */
};

/* Octets of a list of files, at most. */
#define FILE_LIST_MAX (1u << 30)

void add_archive_options(
    GOptionContext *context, struct archive_choice *choice);
void archive_choice_clear(struct archive_choice *choice);

/*
 * Fill "options" from the arguments of "line", to which the names of
 * --files-from are added, and from the bounds.  False with *code_out when
 * they are wrong; what is wrong has been said.
 */
bool archive_choose(struct command_line *line, struct archive_options *options,
    enum exit_code *code_out);

#endif
