/*
 * import_input.h - the file behind an import: read in order, hashed on the
 * way, and given to importers with gzip undone.
 *
 * It is read with pread through one descriptor, so a rename in between
 * changes nothing.  The hash is that of the file as it lies there.
 */
#ifndef KEYSNAP_IMPORT_IMPORT_INPUT_H
#define KEYSNAP_IMPORT_IMPORT_INPUT_H

#include "keysnap/base/digest.h"
#include "keysnap/import/gunzip.h"

struct import_input {
	int fd;
	const char *path;
	int64_t at;
	int failed; /* errno of a read, or 0 */
	struct digest digest;
	struct gunzip gunzip;
	FILE *stream;
};

/* Open a regular file; anything else is refused without waiting for it. */
bool import_input_open(struct import_input *input, const char *path,
    const struct crypto *crypto, GError **error);
void import_input_close(struct import_input *input);

/* The stream for an importer, or NULL with "error" set.  It belongs to
 * "input", until import_input_end(). */
FILE *import_input_begin(struct import_input *input, GError **error);

/*
 * Close the stream, with "whole" after reading what is left of it.  False
 * with "error" set when the file could not be read or what is compressed is
 * damaged; it then takes the place of an error that was set because of that.
 */
bool import_input_end(struct import_input *input, bool whole, GError **error);

/* Read what is left of the file, and give the digest and size of the whole;
 * the next read starts at the front again. */
bool import_input_finish(struct import_input *input, uint8_t sha256_out[32],
    uint64_t *size_out, GError **error);

#endif
