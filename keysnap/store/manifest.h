/*
 * manifest.h - MANIFEST: the SHA-256 of every file of a snapshot.
 *
 * The format of sha256sum, in one spelling only:
 *
 *   manifest = 1*line
 *   line     = 64 lower-case hex digits, two spaces, name, LF
 *   name     = "keys.mdb" | "log.jsonl" | "evidence/pack-" 6 digits
 *
 * Behind the line of keys.mdb may stand the SHA-256 of its pieces, of
 * MANIFEST_PIECE octets each (the last may be shorter), so that several
 * threads can hash it; to sha256sum these lines are comments:
 *
 *   piece    = "# ", 64 hex digits, " piece ", 6 digits (from 000000), LF
 *
 * There are none when keys.mdb is one piece.
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

#define MANIFEST_MAX	   (2 << 20) /* octets */
#define MANIFEST_FILES_MAX 8192	     /* with packs of 256 MiB: 2 TiB */

#define MANIFEST_PIECE	   (16 << 20) /* octets of keys.mdb */
#define MANIFEST_PIECES_MAX 4096      /* 64 GiB, INDEX_FILE_MAX */

struct manifest_file {
	struct span name; /* borrows from the parsed text */
	uint8_t sha256[32];
};

struct manifest {
	struct manifest_file *files; /* in the struct arena */
	size_t n;
	uint8_t (*pieces)[32]; /* of keys.mdb, in the struct arena */
	size_t n_pieces;       /* 0, or 2 and more */
};

/* False with *why_out on any other spelling. */
bool manifest_parse(struct manifest *manifest, struct arena *arena,
    struct span text, const char **why_out);

/* Append one line; the caller keeps the order. */
void manifest_append(GString *out, const char *name,
    const uint8_t sha256[32]);

/* Append the lines of pieces, behind that of keys.mdb; none for less than
 * two. */
void manifest_append_pieces(GString *out, const uint8_t (*sha256)[32],
    size_t n);

/* The file called "name", or NULL. */
const struct manifest_file *manifest_get(const struct manifest *manifest,
    const char *name);

#endif
