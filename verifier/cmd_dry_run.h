/*
 * cmd_dry_run.h - verifier verify --dry-run: what would be read.
 */
#ifndef VERIFIER_CMD_DRY_RUN_H
#define VERIFIER_CMD_DRY_RUN_H

#include "verifier/cmd.h"

/*
 * Read "archive" to its end and print a line for each file in it: its format,
 * messages, octets and name; for what cannot be read and for what is noted,
 * the reason.  Nothing is judged and nothing written.
 */
enum exit_code dry_run(struct archive *archive);

#endif
