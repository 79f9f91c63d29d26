/*
 * snapshot_seals.h - the files in seals/ of a snapshot, read, and added to.
 *
 * Reading a snapshot for its verdicts never comes here: seals change none.
 */
#ifndef KEYSNAP_STORE_SNAPSHOT_SEALS_H
#define KEYSNAP_STORE_SNAPSHOT_SEALS_H

#include "keysnap/store/seal.h"
#include "keysnap/store/snapshot_folder.h"

#define SNAPSHOT_SEALS_MAX (64 << 20) /* octets of all files together */

struct snapshot_seals {
	struct snapshot_folder folder; /* with its checkpoint */
	struct seal_set set;	       /* in the arena of "folder" */
};

/* Read the checkpoint and what lies in seals/.  The checkpoint's own
 * signatures are not checked.  Clear it in any case. */
bool snapshot_seals_read(struct snapshot_seals *seals, const char *path,
    const struct crypto *crypto, GError **error);
void snapshot_seals_clear(struct snapshot_seals *seals);

/* The question that they are the answer to. */
void snapshot_seals_question(const struct snapshot_seals *seals,
    const struct crypto *crypto, const struct seal_trust *trust,
    struct seal_question *question_out);

/* The set with "n" more files; they and the array live in the arena of the
 * folder. */
void snapshot_seals_extend(struct snapshot_seals *seals,
    const struct seal_file *files, size_t n);

/* Write files of a new seal, in this order: what lies beside it first, the
 * seal last.  Nothing is replaced. */
bool snapshot_seals_write(const struct snapshot_seals *seals,
    const struct seal_file *files, size_t n, GError **error);

#endif
