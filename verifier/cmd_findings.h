/*
 * cmd_findings.h - what a check found, as lines: "ok", "BAD" or "--".
 */
#ifndef VERIFIER_CMD_FINDINGS_H
#define VERIFIER_CMD_FINDINGS_H

#include "verifier/cmd.h"

#include "keysnap/store/seal.h"
#include "keysnap/store/snapshot.h"

struct findings {
	bool json, color, silent;
	bool bad; /* some finding was */
};

/* Print one; "user" is a struct findings. */
void findings_report(void *user, const struct snapshot_finding *finding);

enum finding_word { FINDING_BAD, FINDING_GOOD, FINDING_NOTED };
void findings_tell(struct findings *findings, enum finding_word word,
    const char *check, const char *file, const char *format, ...)
    G_GNUC_PRINTF(5, 6);

/* What seals are checked with: a key or NULL, the certificates of --tsa-ca or
 * NULL (*pem_out holds them, g_bytes_unref()), and the time it is.  False with
 * *code_out. */
bool findings_seal_trust(struct seal_trust *trust, const struct note_key *key,
    const char *tsa_ca, GBytes **pem_out, enum exit_code *code_out);

#endif
