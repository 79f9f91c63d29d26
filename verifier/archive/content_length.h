/*
 * content_length.h - the Content-Length of a message in an mboxcl or mboxcl2.
 */
#ifndef VERIFIER_ARCHIVE_CONTENT_LENGTH_H
#define VERIFIER_ARCHIVE_CONTENT_LENGTH_H

#include "keysnap/base/span.h"

/* The one Content-Length of the header section "section", in one line and in
 * digits, at most "max"; false when there is none.  Several are as good as
 * none. */
bool content_length_find(struct span section, uint64_t max,
    uint64_t *length_out);

#endif
