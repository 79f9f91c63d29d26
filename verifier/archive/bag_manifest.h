/*
 * bag_manifest.h - one manifest of a bag, in memory, to look up paths in.
 *
 * A path is kept as the first BAG_KEY_SIZE octets of its SHA-256, so that a
 * million files take some tens of megabytes; texts of paths are read again
 * where they must be shown.
 */
#ifndef VERIFIER_ARCHIVE_BAG_MANIFEST_H
#define VERIFIER_ARCHIVE_BAG_MANIFEST_H

#include "verifier/archive/checksum.h"

#define BAG_KEY_SIZE  16
#define BAG_FILES_MAX 2000000u /* of one manifest: at most 162 MB */

struct bag_entry {
	uint8_t key[BAG_KEY_SIZE]; /* first */
	uint8_t found;	  /* a file with this path was there */
	uint8_t reported; /* the path was looked at on the second reading */
	uint8_t digest[]; /* checksum_size() octets */
};

struct bag_manifest {
	enum checksum_algorithm algorithm;
	bool payload;	  /* "manifest-", not "tagmanifest-" */
	char *name;	  /* of the file */
	size_t width;	  /* octets of one entry */
	GByteArray *data; /* the entries, sorted after bag_manifest_sort() */
	size_t n;
};

/* An empty manifest for the file "name" ("[tag]manifest-ALGORITHM.txt"); NULL
 * when the algorithm is not known. */
struct bag_manifest *bag_manifest_new(const char *name);
void bag_manifest_free(struct bag_manifest *manifest);

/* Is "name" that of a manifest, of whatever algorithm? */
bool bag_manifest_is_name(const char *name);

/* Add "path" with its digest; false when there are BAG_FILES_MAX. */
bool bag_manifest_add(struct bag_manifest *manifest,
    const struct crypto *crypto, struct span path, const uint8_t *digest);

/* Call once, behind the last bag_manifest_add(). */
void bag_manifest_sort(struct bag_manifest *manifest);

/* The entry of "path", or NULL.  Of a path that was added twice, always the
 * same one. */
struct bag_entry *bag_manifest_find(struct bag_manifest *manifest,
    const struct crypto *crypto, struct span path);

#endif
