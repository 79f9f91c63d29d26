/*
 * bag.h - is a BagIt bag complete and valid (RFC 8493 section 3)?
 *
 * All of it is checked and nothing is repaired: the declaration, every manifest
 * (MD5, SHA-1, SHA-256, SHA-512) against every file, in both directions,
 * fetch.txt, and Payload-Oxum of bag-info.txt.  From version 1.0 on each
 * payload file must stand in each payload manifest, before that in one of them.
 *
 * Paths in manifests are compared with what lies in the folder and never
 * opened; links are not followed.  In a path "%0A", "%0D" and "%25" mean the
 * octet from version 1.0 on; since programs disagree, the path as it stands is
 * taken when there is no such file but one of that name.
 *
 * Reaching a bound (BAG_FILES_MAX, ARCHIVE_FOLDER_DEPTH, LINE_READER_MAX) is a
 * problem of the bag like any other.
 */
#ifndef VERIFIER_ARCHIVE_BAG_H
#define VERIFIER_ARCHIVE_BAG_H

#include "keysnap/base/arena.h"
#include "keysnap/base/crypto.h"

#define BAG_PROBLEMS_MAX 1000 /* listed; more are counted */
#define BAG_PATH_MAX	 4096 /* octets of a path in a manifest */

struct bag_problem {
	const char *code;   /* "bag-...", static; verifier.5 lists them */
	struct span path;   /* below the bag, raw octets */
	struct span detail; /* text, e.g. the manifest; may be empty */
};

struct bag_report {
	bool valid; /* complete and valid: there are no problems */
	struct bag_problem problems[BAG_PROBLEMS_MAX];
	size_t n_problems;
	uint64_t n_more; /* problems that were not listed */
	uint64_t files;	 /* of the payload that were read */
	uint64_t octets; /* of them */
	struct arena *memory;
};

/* Does the folder "fd" declare itself a bag: is there a file bagit.txt? */
bool bag_is_bag(int fd);

/*
 * Check the bag in the folder "fd".  What is wrong with the bag is in *report_out, in an order that depends on the bag alone.
 * False with "error" only when that says nothing: a file changed while it was
 * read (ARCHIVE_ERROR_CHANGED).  Clear the report in both cases.
 */
bool bag_check(int fd, const struct crypto *crypto,
    struct bag_report *report_out, GError **error);
void bag_report_clear(struct bag_report *report);

/* Is "path" one that cannot leave the bag: relative, no empty, "." or ".."
 * part, no NUL, no "~" in front, at most BAG_PATH_MAX octets? */
bool bag_path_is_safe(struct span path);

#endif
