/*
 * exhibit_make.h - exhibits and consistency proofs out of snapshots.
 */
#ifndef KEYSNAP_STORE_EXHIBIT_MAKE_H
#define KEYSNAP_STORE_EXHIBIT_MAKE_H

#include "keysnap/store/exhibit.h"
#include "keysnap/store/log_table.h"
#include "keysnap/store/snapshot_seals.h"

struct exhibit_choice {
	struct span name;   /* canonical */
	uint64_t evidence;  /* octets of evidence to take at most; pieces that
			       would exceed it are left out */
};

/* Read the whole log of the snapshot; it must fit the checkpoint, and the
 * signatures of that must hold.  NULL with "error". */
struct log_table *exhibit_read_log(struct snapshot_seals *seals,
    const struct crypto *crypto, int *fd_out, GError **error);

/* Read it as exhibit_read_log() does, for the proof that it begins with its
 * first "size" entries (proof_tree_grow()): memory does not grow with it.  The
 * number of entries is that of the checkpoint.  NULL with "error". */
struct proof_tree *exhibit_read_tree(struct snapshot_seals *seals,
    const struct crypto *crypto, uint64_t size, GError **error);

/*
 * What the snapshot holds on a name.  Everything lives in the arena of
 * "seals".  False with "error"; when nothing is under the name, without one.
 */
bool exhibit_make(struct exhibit *exhibit, struct snapshot_seals *seals,
    const struct exhibit_choice *choice, const struct crypto *crypto,
    GError **error);

#endif
