/*
 * decoder.h - one vtable over zlib, libbz2, liblzma and libzstd.
 *
 * Not libarchive's filters: those of 3.6 do not check the checksum of gzip,
 * take no notice of what follows the compressed octets, and do not bound the
 * memory that xz asks for.
 */
#ifndef VERIFIER_ARCHIVE_DECODER_H
#define VERIFIER_ARCHIVE_DECODER_H

#include "keysnap/base/span.h"

enum decoder_method {
	DECODER_DEFLATE, /* RFC 1951, as in zip; without a checksum */
	DECODER_GZIP,	 /* RFC 1952, one member */
	DECODER_BZIP2,	 /* one stream */
	DECODER_XZ,	 /* one stream */
	DECODER_ZSTD,	 /* RFC 8878, one frame */
	DECODER_METHODS
};

enum decoder_status {
	DECODER_MORE,	     /* all input taken, or no room for output */
	DECODER_END,	     /* of the stream; its checksums hold */
	DECODER_DAMAGED,
	DECODER_MEMORY,	     /* needs more than it may have */
	DECODER_UNSUPPORTED  /* a kind of check that is not known */
};

struct decoder;

/* Ready for a first stream, with at most about "memory" octets of its own. */
struct decoder *decoder_new(enum decoder_method method, uint64_t memory);
void decoder_free(struct decoder *decoder);

/* Forget the stream and begin the next. */
void decoder_restart(struct decoder *decoder);

/*
 * Decode from *in (cut from the front) into "out", of which *n_out octets
 * are free and then filled.  After anything but DECODER_MORE only restart or
 * free may follow.
 */
enum decoder_status decoder_code(struct decoder *decoder, struct span *in,
    uint8_t *out, size_t *n_out);

#endif
