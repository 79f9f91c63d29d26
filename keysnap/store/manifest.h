/*
 * manifest.h - MANIFEST: the SHA-256 of every file of a snapshot.
 *
 * The format of sha256sum, in one spelling only:
 *
 *   manifest = 1*line
 *   line     = 64 lower-case hex digits, two spaces, name, LF
 *   name     = "keys.mdb" | "log.jsonl" | "evidence/pack-" 6 digits
 *
 * Lines in ascending order of the name (octets), no name twice; keys.mdb and
 * log.jsonl are there, packs are numbered from 000000 without a gap.  Nothing
 * lies in a snapshot but these files, MANIFEST, checkpoint and seals/.
 */
#ifndef KEYSNAP_STORE_MANIFEST_H
#define KEYSNAP_STORE_MANIFEST_H

#include "keysnap/base/arena.h"
#include "keysnap/base/digest.h"

#include <glib.h>

#define MANIFEST_MAX	   (1 << 20) /* octets */
#define MANIFEST_FILES_MAX 8192	     /* with packs of 256 MiB: 2 TiB */

struct manifest_file {
	struct span name; /* borrows from the parsed text */
	uint8_t sha256[32];
};

struct manifest {
	struct manifest_file *files; /* in the struct arena */
	size_t n;
};

/* False with *why_out on any other spelling. */
bool manifest_parse(struct manifest *manifest, struct arena *arena,
    struct span text, const char **why_out);

/* Append one line; the caller keeps the order. */
void manifest_append(GString *out, const char *name,
    const uint8_t sha256[32]);

/* The file called "name", or NULL. */
const struct manifest_file *manifest_get(const struct manifest *manifest,
    const char *name);

#endif
