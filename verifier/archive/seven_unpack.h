/*
 * seven_unpack.h - the packed header of a 7z file.
 */
#ifndef VERIFIER_ARCHIVE_SEVEN_UNPACK_H
#define VERIFIER_ARCHIVE_SEVEN_UNPACK_H

#include "keysnap/base/span.h"

#include <glib.h>

#define SEVEN_COPY  0x00u
#define SEVEN_LZMA2 0x21u
#define SEVEN_LZMA  0x030101u

/*
 * The "size" octets that "packed" holds by "coder" with its "settings": the
 * caller has bounded the size, and the memory that the settings ask for.  NULL
 * when they are not there or the coder is another.
 */
GByteArray *seven_unpack(struct span packed, uint64_t coder,
    struct span settings, size_t size);

#endif
