/*
 * snapshot_folder.h - the files of a snapshot: what may lie in it, and its
 * two small files, read and checked against each other.  For snapshot*.c and
 * freeze*.c.
 */
#ifndef KEYSNAP_STORE_SNAPSHOT_FOLDER_H
#define KEYSNAP_STORE_SNAPSHOT_FOLDER_H

#include "keysnap/store/checkpoint.h"
#include "keysnap/store/manifest.h"
#include "keysnap/store/store.h"

struct snapshot_folder {
	char *path;
	int fd;
	struct arena *arena; /* what follows borrows from it */
	struct span checkpoint_octets; /* the file */
	struct checkpoint checkpoint;
	struct manifest manifest;
};

/* Open the folder itself.  A file is refused, with the command that makes a
 * snapshot of a store.  Clear it in any case. */
bool snapshot_folder_open(struct snapshot_folder *folder, const char *path,
    GError **error);
void snapshot_folder_clear(struct snapshot_folder *folder);

/* "path/name", g_free(). */
char *snapshot_folder_path(const struct snapshot_folder *folder,
    const char *name);

/* Open a regular file of the folder to read; links are not followed.  -1 with
 * "error": STORE_ERROR_INTEGRITY when it is missing or of another kind. */
int snapshot_folder_open_file(const struct snapshot_folder *folder,
    const char *name, GError **error);

/* The whole of a file of at most "max" octets, in the folder's arena. */
bool snapshot_folder_read(struct snapshot_folder *folder, const char *name,
    size_t max, struct span *octets_out, GError **error);

/* What lies in the folder "name" of it, sorted by octets; freed with the
 * array.  Empty when there is no such folder. */
GPtrArray *snapshot_folder_names(const struct snapshot_folder *folder,
    const char *name, GError **error);

/* Read the checkpoint, and check its signatures (checkpoint.h). */
bool snapshot_folder_read_checkpoint(struct snapshot_folder *folder,
    const struct crypto *crypto, GError **error);
bool snapshot_folder_check_signatures(const struct snapshot_folder *folder,
    const struct crypto *crypto, const struct note_key *public_key,
    GError **error);

/* Read MANIFEST; its digest must be the one in the checkpoint. */
bool snapshot_folder_read_manifest(struct snapshot_folder *folder,
    const struct crypto *crypto, GError **error);

/* Call "report" for each thing in the folder that has no place in it, by name
 * in ascending order.  Any regular file may lie in seals/ (seal.h).  After MANIFEST was read, packs that it does not name
 * have none.  False with "error" for trouble with reading. */
bool snapshot_folder_list(const struct snapshot_folder *folder,
    void (*report)(void *user, const char *name, const char *why), void *user,
    GError **error);

#endif
