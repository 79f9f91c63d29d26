/*
 * file_sum.h - the SHA-256 of files that are hashed as a whole, batch by batch.
 *
 * A run that is resumed asks whether the file that it was in the middle of
 * still begins as it did: so the sum of the first octets of a file can be
 * had, and compared with one of before.
 */
#ifndef VERIFIER_ARCHIVE_FILE_SUM_H
#define VERIFIER_ARCHIVE_FILE_SUM_H

#include "verifier/archive/archive.h"

struct file_sum {
	struct digest digest;
	uint64_t file;	 /* number of the present one, from 1; 0: none yet */
	uint64_t octets; /* of it, hashed so far */
	bool inside;	 /* its end is still to come */
	struct archive_prefix expected;
	enum archive_prefix_state state;
};

void file_sum_init(struct file_sum *sum, const struct crypto *crypto);
void file_sum_clear(struct file_sum *sum);

/* Hash the stretches of "batch"; see archive_hash(). */
void file_sum_add(struct file_sum *sum, struct batch *batch);

/* See archive_prefix_get() and archive_prefix_expect(). */
void file_sum_prefix(const struct file_sum *sum, struct archive_prefix *out);
void file_sum_expect(
    struct file_sum *sum, const struct archive_prefix *prefix);

#endif
