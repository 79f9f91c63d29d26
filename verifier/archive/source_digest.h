/*
 * source_digest.h - a stream whose octets are hashed as they are read.
 */
#ifndef VERIFIER_ARCHIVE_SOURCE_DIGEST_H
#define VERIFIER_ARCHIVE_SOURCE_DIGEST_H

#include "verifier/archive/source.h"

/* What was read of the stream so far. */
struct source_sum {
	struct digest digest; /* initialised by the caller */
	uint64_t octets;
};

/* Read "inner", which is owned from now on, in its order only; "sum", which
 * must outlive the source, is reset and takes every octet. */
struct source *source_digest_open(
    struct source *inner, struct source_sum *sum);

/* Read all of "source" by read_at(), into "sum"; false with "error" when it
 * cannot be read. */
bool source_digest_all(
    struct source *source, struct source_sum *sum, GError **error);

#endif
