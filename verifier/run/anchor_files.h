/*
 * anchor_files.h - which files of an archive a proof covers, known before
 * their messages are judged.
 *
 * The SHA-256 of a file is known when its last octet was read, so the archive
 * is read twice.  The second time the same files must have the same digests.
 */
#ifndef VERIFIER_RUN_ANCHOR_FILES_H
#define VERIFIER_RUN_ANCHOR_FILES_H

#include "verifier/archive/archive.h"
#include "verifier/run/anchors.h"

struct anchor_files;

/*
 * Read "archive" to its end.  "interrupted" (or NULL) is asked between
 * batches: true ends the reading early, without an error.  NULL with "error".
 */
struct anchor_files *anchor_files_read(const struct anchors *anchors,
    struct archive *archive, bool (*interrupted)(void), GError **error);
void anchor_files_free(struct anchor_files *files);

/*
 * Are the files whose end is in "batch" (after archive_hash()) what they were;
 * and at the "last" batch, was each of them there?  False with an
 * ARCHIVE_ERROR_CHANGED error.  "files" may be NULL.  Not for two threads at
 * once; anchor_files_find() may run beside it.
 */
bool anchor_files_check(struct anchor_files *files, const struct batch *batch,
    bool last, GError **error);

/*
 * What covers the files that "item" lies in, from the innermost out: as
 * anchors_find().  "files" may be NULL.
 */
void anchor_files_find(const struct anchor_files *files,
    const struct item *item, struct anchored_by *by, size_t *n);

#endif
