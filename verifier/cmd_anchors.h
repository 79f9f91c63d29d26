/*
 * cmd_anchors.h - what the commands that judge share: --anchor, and what its
 * proofs are checked against.
 */
#ifndef VERIFIER_CMD_ANCHORS_H
#define VERIFIER_CMD_ANCHORS_H

#include "verifier/cmd.h"

/* What the options of add_anchor_options() said; strings are owned. */
struct anchor_choice {
	struct anchor_paths paths;
	char *as_of;
	int64_t clock; /* of a run that is made again; 0: the clock's */
};

void add_anchor_options(
    GOptionContext *context, struct anchor_choice *choice);
void anchor_choice_clear(struct anchor_choice *choice);

/*
 * Read and check the proofs that were given, if any, into "court"; before the
 * sandbox closes.  Says which of them do not count, and why.  False with
 * *code_out when something is wrong; what is wrong has been said.
 */
bool anchors_choose(struct court *court, const struct command_line *line,
    enum exit_code *code_out);

/*
 * Read "archive" (NULL: nothing is read) to its end, so that it is known which
 * of its files the proofs cover.  False with "error".
 */
bool anchors_look_through(struct court *court, struct archive *archive,
    bool (*interrupted)(void), GError **error);

/* SHA-256 of the first record, which holds all proofs and what they come to;
 * NULL when none was given. */
const uint8_t *anchors_sha256(const struct court *court,
    const struct crypto *crypto, uint8_t out[DIGEST_SHA256_SIZE]);

#endif
