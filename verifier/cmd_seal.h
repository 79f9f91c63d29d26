/*
 * cmd_seal.h - what the parts of verifier seal share.
 */
#ifndef VERIFIER_CMD_SEAL_H
#define VERIFIER_CMD_SEAL_H

#include "verifier/cmd_findings.h"

#include "keysnap/store/snapshot_seals.h"

#define SEALING_FILES_MAX 3 /* of one seal */

struct sealing {
	struct command_line *line;
	char *sign_key, *origin, *request, *attach, *query, *chain, *crl;
	char *public_key, *tsa_ca;
	gboolean verify, json;
	struct snapshot_seals seals;
	struct seal_trust trust;
	unsigned number; /* of the new seal */
	struct seal_file files[SEALING_FILES_MAX];
	size_t n_files;
};

/* Check the files and the seals of a case that has some; "key" is the one of
 * --public-key, or NULL. */
enum exit_code seal_check_case(
    struct sealing *sealing, const struct note_key *key);

#endif
