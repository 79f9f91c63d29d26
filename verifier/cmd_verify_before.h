/*
 * cmd_verify_before.h - verifier verify: what is looked at, and said, before
 * anything is written.
 */
#ifndef VERIFIER_CMD_VERIFY_BEFORE_H
#define VERIFIER_CMD_VERIFY_BEFORE_H

#include "verifier/archive/premise.h"

/* Say what is wrong with the digests that came with the archive. */
void premises_say(const struct premises *premises);

/* Does the case directory "output" lie in the folder "argument", which is
 * read?  Then the run would read its own output. */
bool case_is_inside(const char *output, const char *argument);

#endif
