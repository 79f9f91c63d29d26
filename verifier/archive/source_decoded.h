/*
 * source_decoded.h - what is compressed in a source, as a source.
 */
#ifndef VERIFIER_ARCHIVE_SOURCE_DECODED_H
#define VERIFIER_ARCHIVE_SOURCE_DECODED_H

#include "verifier/archive/decoder.h"
#include "verifier/archive/meter.h"
#include "verifier/archive/source.h"

/*
 * A stream of what "source" (owned then) decodes to.  gzip, bzip2, xz and
 * zstd may be several streams one behind the other, with zero octets behind
 * the last; other octets there are an error, as are cut streams and wrong
 * checksums: then the end (0) is never given, and every further read fails in
 * the same way.  What goes in and comes out is counted in "meter", which must
 * outlive the source; "memory" bounds what the decoder may take.
 *
 * At the end "source" was read to its end; finish() is passed on.
 */
struct source *source_decoded_new(struct source *source,
    enum decoder_method method, uint64_t memory, struct meter *meter);

/* Other octets behind the last stream shall not be an error of reading: what
 * comes before them is whole.  They are source_decoded_tail() then, borrowed;
 * NULL when there are none, or the end was not reached. */
void source_decoded_spare_tail(struct source *source);
const GError *source_decoded_tail(const struct source *source);

#endif
