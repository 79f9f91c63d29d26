/*
 * checkpoint.h - the checkpoint of a snapshot (C2SP tlog-checkpoint).
 *
 * The note text is exactly four lines:
 *
 *   origin            as given to "keysnap init --origin"
 *   size              entries of the log, decimal without leading zeros
 *   base64(root)      RFC 6962 root, 44 characters
 *   manifest-sha256 HEX   SHA-256 of the octets of MANIFEST
 *
 * so one signature covers all files.  A checkpoint without signature is the
 * text alone, without the empty line, and is called unsigned everywhere.
 */
#ifndef KEYSNAP_STORE_CHECKPOINT_H
#define KEYSNAP_STORE_CHECKPOINT_H

#include "keysnap/store/note.h"

struct checkpoint {
	struct span origin; /* borrows from the parsed octets */
	uint64_t size;
	uint8_t root[32];
	uint8_t manifest_sha256[32];
	struct note note; /* for the signatures */
};

/* An origin is a legal note key name (note.h). */
bool checkpoint_parse(struct checkpoint *checkpoint, struct arena *arena,
    struct span octets, const char **why_out);

/* Append the four lines. */
void checkpoint_append(GString *out, const struct checkpoint *checkpoint);

#endif
