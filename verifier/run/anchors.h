/*
 * anchors.h - the proofs that were given with --anchor, and what they cover.
 *
 * A proof covers the digests that it is over; when one of them is that of a
 * list of digests, also what the list holds, and so on.  A time stamp whose
 * certificate has ended counts only when another proof covers its file and was
 * made before that end.
 *
 * Everything is read and checked before the first message.  Read-only after
 * that: threads may share it.
 */
#ifndef VERIFIER_RUN_ANCHORS_H
#define VERIFIER_RUN_ANCHORS_H

#include "keysnap/store/time_trust.h"
#include "verifier/report/anchored.h"

#define ANCHORS_MAX	 64	     /* proofs, and lists */
#define ANCHOR_LIST_MAX	 (256u << 20) /* octets of a list: a line for each of
					a million files */

/* Paths as given; NULL where not, lists NULL-ended. */
struct anchor_paths {
	char **proofs, **lists;
	struct time_trust_paths trust;
};

struct anchors;

/*
 * Read and check all.  "as_of" is the time at which certificates must not have
 * ended.  NULL with "error" when a file cannot be read or is not what it is
 * given for, or a proof is broken: the text says what to do.
 */
struct anchors *anchors_open(const struct anchor_paths *paths, int64_t as_of,
    const struct crypto *crypto, GError **error);
void anchors_close(struct anchors *anchors);

const struct anchors_given *anchors_given(const struct anchors *anchors);

/* Does a proof that counts cover the digest? */
bool anchors_cover(const struct anchors *anchors, const uint8_t sha256[32]);

/*
 * Add to "by" (room for ANCHORS_MAX) and *n those that count and cover the
 * digest, but no anchor twice; in the order in which they were given.
 */
void anchors_find(const struct anchors *anchors, const uint8_t sha256[32],
    enum anchored_what over, struct anchored_by *by, size_t *n);

/* Sort what was found, the earliest first. */
void anchors_sort(struct anchored_by *by, size_t n);

#endif
