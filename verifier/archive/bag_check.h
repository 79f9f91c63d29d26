/*
 * bag_check.h - what the parts of the check of a bag share: bag_walk.c reads
 * the files, bag_tags.c the small tag files, and bag.c the manifests.
 */
#ifndef VERIFIER_ARCHIVE_BAG_CHECK_H
#define VERIFIER_ARCHIVE_BAG_CHECK_H

#include "verifier/archive/archive.h"
#include "verifier/archive/bag.h"
#include "verifier/archive/bag_manifest.h"
#include "verifier/archive/checksum.h"
#include "verifier/archive/source.h"

struct bag_check {
	int fd;
	const struct crypto *crypto;
	struct bag_report *report;
	bool each_manifest;   /* from 1.0 on: a file stands in each of them */
	GPtrArray *manifests; /* of struct bag_manifest */
	struct checksums sums[2]; /* of tag files, of payload files */
	GString *path;	      /* of the walk, below the bag */
	GError **error;	      /* of the caller of bag_check() */
};

/* Add a problem; "detail" may be NULL. */
void bag_problem(struct bag_check *check, const char *code, struct span path,
    const char *detail);

/* The same for line "number" of the tag file "name"; "why" may be NULL. */
void bag_line_problem(struct bag_check *check, const char *code,
    struct span path, const char *name, uint64_t number, const char *why);

/* Reading "path" failed.  A file that changed is the caller's error (false);
 * all else is a problem of the bag (true). */
bool bag_trouble(struct bag_check *check, struct span path, GError *problem);

/* Does anything but a folder lie at "path", which is safe? */
bool bag_has(const struct bag_check *check, struct span path);

/* Open the tag file "name" if there is one: 1; 0 when not; -1 with
 * check->error set. */
int bag_open_tag_file(struct bag_check *check, const char *name,
    struct source **source_out);

/* Read bagit.txt, fetch.txt or bag-info.txt.  The last wants the files counted
 * that bag_walk() found.  False with check->error set. */
bool bag_read_declaration(struct bag_check *check);
bool bag_read_fetch(struct bag_check *check);
bool bag_read_info(struct bag_check *check);

/* The names in the folder "fd", in the order of their octets; NULL with
 * errno. */
GPtrArray *bag_names(int fd);

/* Read every file of the bag and look it up in the manifests, where its entry
 * is marked as found.  False with check->error set. */
bool bag_walk(struct bag_check *check);

#endif
