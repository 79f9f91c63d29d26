/*
 * case_seal.h - a finished case, sealed like a snapshot.
 *
 * MANIFEST has the SHA-256 of results.jsonl, run.json and wants.tsv, as
 * sha256sum writes them, by ascending name, and no other line.  "checkpoint"
 * is that of checkpoint.h: an origin that ends with "/case", the number of
 * lines of results.jsonl, the RFC 6962 root over them (a leaf is a line without
 * its line feed), and the SHA-256 of MANIFEST.  So one signature covers every
 * file, and a single record can be proved to be in the case.  Further
 * signatures and time stamps lie in seals/ (seal.h).
 */
#ifndef VERIFIER_CASE_CASE_SEAL_H
#define VERIFIER_CASE_CASE_SEAL_H

#include "keysnap/store/checkpoint.h"
#include "keysnap/store/snapshot.h"

#define CASE_ORIGIN_END "/case"

/* Has "folder" a checkpoint? */
bool case_is_sealed(const char *folder);

/*
 * Write MANIFEST and checkpoint into the case; its files must be those that
 * run.json names.  "origin" is without its end; "private_key" is empty for a
 * checkpoint without signature.  False with "error": RUN_ERROR_EXISTS when it
 * is no finished case or has a seal, RUN_ERROR_DIFFERS when it was altered.
 */
bool case_seal(const char *folder, struct span origin,
    struct span private_key, const struct crypto *crypto, GError **error);

/* Are the files those that MANIFEST and "checkpoint" cover?  One finding each;
 * the signatures are not looked at.  False with "error" for trouble of the
 * environment. */
bool case_check_files(const char *folder, const struct checkpoint *checkpoint,
    const struct crypto *crypto,
    void (*report)(void *user, const struct snapshot_finding *finding),
    void *user, GError **error);

#endif
