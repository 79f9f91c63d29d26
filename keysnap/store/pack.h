/*
 * pack.h - evidence in pack files.
 *
 * A pack is a sequence of blobs: the line "HASH SIZE LF", SIZE octets, LF.
 * Packs are "evidence/pack-000000", ...; blobs stand in the order in which
 * the log first names them, each once; a new pack starts when the next blob
 * would take the pack past PACK_MAX and the pack is not empty.  So the same
 * log always gives the same packs.
 */
#ifndef KEYSNAP_STORE_PACK_H
#define KEYSNAP_STORE_PACK_H

#include "keysnap/base/digest.h"
#include "keysnap/base/span.h"

#include <glib.h>

#define PACK_MAX      (256 << 20) /* octets of a pack, aim */
#define PACK_MAX_COUNT 8190	    /* MANIFEST_FILES_MAX without the two others */
#define EVIDENCE_MAX  (16 << 20)  /* octets of one blob; LMDB and memory */

struct pack_writer;

/* The name of pack "number" inside a snapshot, to be freed with g_free(). */
char *pack_name(size_t number);

/* Writes packs below "folder" (that of the snapshot; "evidence" is made when
 * the first blob comes).  At most PACK_MAX_COUNT of them. */
struct pack_writer *pack_writer_new(const char *folder,
    const struct crypto *crypto);
bool pack_writer_add(struct pack_writer *writer, const uint8_t sha256[32],
    struct span blob, GError **error);

/* Finish, sync and free the writer, whatever is returned.  The number of packs
 * written and the SHA-256 of each (the array is the caller's, g_free()).  The
 * outputs may be NULL when the packs are given up. */
bool pack_writer_close(struct pack_writer *writer, size_t *n_out,
    uint8_t (**sha256_out)[32], GError **error);

/*
 * Walk a pack from the start: each call reads one blob, checks its hash, and
 * gives its digest and octets (valid until the next call).  Returns 1 for a
 * blob, 0 at the end, -1 with "error" set on a spelling or hash error
 * (STORE_ERROR_INTEGRITY) or a read error.  A symbolic link is not followed.
 */
struct pack_reader;
struct pack_reader *pack_reader_open(const char *path,
    const struct crypto *crypto, GError **error);
int pack_reader_next(struct pack_reader *reader, uint8_t sha256_out[32],
    struct span *blob_out, GError **error);
/* SHA-256 of all that was read; of the whole file after the end. */
void pack_reader_sha256(struct pack_reader *reader, uint8_t sha256_out[32]);
void pack_reader_close(struct pack_reader *reader);

#endif
