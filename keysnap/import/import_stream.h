/*
 * import_stream.h - a stream in front of another one.
 */
#ifndef KEYSNAP_IMPORT_IMPORT_STREAM_H
#define KEYSNAP_IMPORT_IMPORT_STREAM_H

#include "keysnap/base/span.h"

#include <stdio.h>

/*
 * A stream that gives "head" first (borrowed), what was read of "inner" to
 * see what it is, and then the rest of it.  fclose() leaves "inner" open.
 * NULL with errno set when the C library has no memory.
 */
FILE *import_stream_open(FILE *inner, struct span head);

#endif
