/*
 * zip_member.h - the octets of a member of a zip file.
 */
#ifndef VERIFIER_ARCHIVE_ZIP_MEMBER_H
#define VERIFIER_ARCHIVE_ZIP_MEMBER_H

#include "verifier/archive/meter.h"
#include "verifier/archive/zip_directory.h"

/*
 * A stream of the member of "entry", whose octets begin at "data" of "zip"
 * (borrowed): stored, deflated, or by bzip2, xz or zstd.  It ends only when
 * both sizes and the CRC-32 hold.  NULL when the method is not known.
 * "memory" bounds what a decoder takes, "meter" counts and outlives it.
 */
struct source *zip_member_new(struct source *zip,
    const struct zip_entry *entry, uint64_t data, uint64_t memory,
    struct meter *meter);

#endif
