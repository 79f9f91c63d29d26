/*
 * comment.h - comments of structured fields (RFC 5322 section 3.2.2).
 */
#ifndef VERIFIER_MESSAGE_COMMENT_H
#define VERIFIER_MESSAGE_COMMENT_H

#include "keysnap/base/span.h"

#define COMMENT_DEPTH 16 /* comments in comments; real ones have one */

/* Octets of the comment that "text" begins with; 0 when it does not end, or is
 * nested deeper than COMMENT_DEPTH.  "text" begins with "(". */
size_t rfc5322_comment_length(struct span text);

#endif
