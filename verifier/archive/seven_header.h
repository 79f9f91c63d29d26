/*
 * seven_header.h - the header of a 7z file, before libarchive sees it.
 *
 * libarchive 3.6 takes the sizes that a 7z header names at its word: a header
 * of a few octets can have it ask for gigabytes.  7zFormat.txt of 7-Zip 22.01
 * has the format; here it is gone through as far as the numbers of things and
 * the memory of decoders, and what does not fit the format is refused.
 */
#ifndef VERIFIER_ARCHIVE_SEVEN_HEADER_H
#define VERIFIER_ARCHIVE_SEVEN_HEADER_H

#include "verifier/archive/archive.h"
#include "verifier/archive/source.h"

struct seven_header {
	uint64_t end;	 /* of the 7z, in its source */
	bool unchecked;	 /* some members have no checksum */
	bool encrypted;	 /* the header itself: no more is known */
};

/* Read the header of "source", which has read_at().  False with
 * ARCHIVE_ERROR_LIMIT, ARCHIVE_ERROR_CONTAINER or the source's error. */
bool seven_header_read(struct source *source,
    const struct container_limits *limits, struct seven_header *header_out,
    GError **error);

#endif
