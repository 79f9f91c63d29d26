/*
 * cmd_proofs.h - checking files that prove themselves: exhibits and
 * consistency proofs.
 */
#ifndef KEYSNAP_CMD_PROOFS_H
#define KEYSNAP_CMD_PROOFS_H

#include "keysnap/cmd_seals.h"
#include "keysnap/store/consistency.h"

/* Print a line per check; EXIT_DONE, EXIT_NO when all but the proof holds, or
 * EXIT_INTEGRITY. */
enum exit_code proofs_check_consistency(struct command_line *line,
    struct span octets, const struct seal_arguments *arguments);

/* Does the file begin like one of these? */
bool proofs_is_file(const char *path);

/* Check the file "path", of either kind; what is found is in "findings". */
enum exit_code proofs_check_file(struct command_line *line, const char *path,
    const struct seal_arguments *arguments, struct findings *findings);

#endif
