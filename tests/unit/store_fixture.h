/*
 * store_fixture.h - a store and snapshots of it in a folder of their own, for
 * the tests of keysnap/store.
 */
#ifndef TESTS_UNIT_STORE_FIXTURE_H
#define TESTS_UNIT_STORE_FIXTURE_H

#include "keysnap/store/snapshot.h"
#include "keysnap/store/store.h"

/* Of the first implementation of signed notes. */
#define FIXTURE_SECRET                                                       \
	"PRIVATE+KEY+PeterNeumann+c74f20a3+AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx0" \
	"9iUvxdXHKDFz"
#define FIXTURE_PUBLIC \
	"PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"

struct store_fixture {
	struct crypto *crypto;
	struct arena *arena;
	char *folder;
	char *store;	/* path of a store of 1 + 2 + 10 entries */
	char *signed_;	/* folders of snapshots of it */
	char *unsigned_;
	uint8_t root[32];
	struct note_key key; /* that signed it */
};

void store_fixture_setup(struct store_fixture *fixture, gconstpointer unused);
void store_fixture_teardown(struct store_fixture *fixture,
    gconstpointer unused);

/* Add a source with two pieces of evidence (made from "seed") and five
 * observations of "sN._domainkey.a.example", two of them under N = 0. */
void store_fixture_add(struct store *store, const struct crypto *crypto,
    unsigned seed);

/* Remove a folder and all below it; a file too. */
void store_fixture_remove(const char *path);

/* Copy a snapshot, of files only two levels deep. */
void store_fixture_copy(const char *from, const char *to);

/* The files of the snapshots. */
extern const char *const store_fixture_files[5];

/* What snapshot_verify() finds bad, as "check file; ...", g_free(). */
char *store_fixture_verify(struct store_fixture *f, const char *folder,
    const struct snapshot_trust *trust);

/* The snapshot opens and holds what the fixture put in. */
void store_fixture_opens(struct store_fixture *f, const char *folder,
    const struct snapshot_trust *trust, enum snapshot_vouched vouched);

/* It does not open; "part" (or NULL) stands in the error. */
void store_fixture_refuses(struct store_fixture *f, const char *folder,
    const struct snapshot_trust *trust, const char *part);

/* Flip one bit of octet "at" of a file; a second time undoes it. */
void store_fixture_flip(const char *folder, const char *file, gint64 at,
    int bit);
gint64 store_fixture_size(const char *folder, const char *file);

/* Exchange keys.mdb for another index, and set MANIFEST right; with
 * "unsealed" the checkpoint too, unsigned. */
void store_fixture_exchange(struct store_fixture *f, const char *folder,
    bool unsealed);

#endif
