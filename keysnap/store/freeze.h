/*
 * freeze.h - from a store, or from a log, to a snapshot.
 */
#ifndef KEYSNAP_STORE_FREEZE_H
#define KEYSNAP_STORE_FREEZE_H

#include "keysnap/store/store.h"

struct freeze_result {
	uint64_t size; /* entries */
	uint8_t root[32];
};

/*
 * Write the snapshot "folder" (must not exist; made under a temporary name
 * beside it and renamed when it is whole and synced).  "private_key" is the
 * text of a key file, or empty for an unsigned checkpoint.  Adds nothing to
 * the log: the same store gives the same octets.
 */
bool freeze_store(struct store *store, const char *folder,
    struct span private_key, const struct crypto *crypto,
    struct freeze_result *result_out, GError **error);

/*
 * Make keys.mdb of a snapshot anew from its log.  The log is checked against
 * the checkpoint's root first.  When the new file's digest is not the one in
 * MANIFEST (another library version), the snapshot's sealed files are left as
 * they are and the new index is written to "output" only; with "output" NULL
 * keys.mdb itself is replaced, which is allowed only if the digest fits.
 */
bool freeze_rebuild(const char *folder, const char *output,
    const struct crypto *crypto, GError **error);

#endif
