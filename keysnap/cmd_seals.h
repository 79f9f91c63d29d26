/*
 * cmd_seals.h - what verify and stamp share: the keys and certificates that
 * were given, findings as lines, and what is found of seals.
 */
#ifndef KEYSNAP_CMD_SEALS_H
#define KEYSNAP_CMD_SEALS_H

#include "keysnap/cmd.h"
#include "keysnap/store/checkpoint.h"
#include "keysnap/store/seal.h"
#include "keysnap/store/snapshot.h"

/* Options as they were given; all may be NULL. */
struct seal_options {
	char **public_keys, **minisign_keys;
	char *tsa_ca, *cms_ca, *root;
	char *as_of; /* when certificates must not have ended, or NULL: now */
};
void seal_options_clear(struct seal_options *options);

/* The same, read. */
struct seal_arguments {
	struct seal_trust trust;
	struct note_key *keys;
	struct minisign_key *minisign_keys;
	GBytes *tsa_ca, *cms_ca;
	bool has_root;
	uint8_t root[32];
	bool has_as_of;
};

/* EXIT_DONE, or what is wrong (said).  Clear it in any case. */
enum exit_code seal_arguments_read(struct command_line *line,
    const struct seal_options *options, struct seal_arguments *arguments_out);
void seal_arguments_clear(struct seal_arguments *arguments);

/* Findings, printed as they come. */
struct findings {
	bool json, color;
	bool bad;   /* some finding was */
	bool unmet; /* a key or certificate was given, and nothing that counts
		       holds under it */
};

/* For snapshot_verify(); "user" is a struct findings. */
void findings_report(void *user, const struct snapshot_finding *finding);

/* One line; "file" may be NULL. */
enum finding_word { FINDING_BAD, FINDING_GOOD, FINDING_NOTED };
void findings_tell(struct findings *findings, enum finding_word word,
    const char *check, const char *file, const char *format, ...)
    G_GNUC_PRINTF(5, 6);

/* The first of the keys that has a signature in the checkpoint, by name and
 * id, or NULL. */
const struct note_key *seal_key_of(const struct checkpoint *checkpoint,
    const struct crypto *crypto, const struct seal_trust *trust);

/* Check the seals and report each; then what was given and not found.
 * "signer" is the key given that signed the checkpoint, or NULL. */
void findings_of_seals(struct findings *findings,
    const struct seal_question *question, const struct note_key *signer);

#endif
