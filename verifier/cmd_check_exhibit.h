/*
 * cmd_check_exhibit.h - verifier check of a file that verifier exhibit wrote.
 */
#ifndef VERIFIER_CMD_CHECK_EXHIBIT_H
#define VERIFIER_CMD_CHECK_EXHIBIT_H

#include "verifier/cmd.h"

/* Is "path" a file that begins like an exhibit? */
bool exhibit_is_file(const char *path);

/* Check the one argument of "line". */
enum exit_code exhibit_check_file(
    const struct command_line *line, bool json, bool all);

#endif
