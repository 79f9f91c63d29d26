/*
 * canon_nofws.h - the parts of canonicalisations without white space: "nofws"
 * (RFC 4870 section 3.4.2.2) and "nowsp" (draft-allman-dkim-base).  For
 * canon_body.c and canon_header.c.
 */
#ifndef VERIFIER_DKIM_CANON_NOFWS_H
#define VERIFIER_DKIM_CANON_NOFWS_H

#include "verifier/dkim/canon_body.h"

/* Write canonical octets, and what was held back before an octet that
 * stays. */
void canon_body_put(struct canon_body *canon, struct span span);
void canon_body_settle(struct canon_body *canon);

/* The sinks of CANON_DK_NOFWS and CANON_NOWSP; "self" is a struct
 * canon_body. */
void canon_nofws_push(struct sink *self, struct span span);
void canon_nowsp_push(struct sink *self, struct span span);

/* Add a field, or a part of it, without HTAB, LF, CR and SP. */
void canon_nofws_field(struct span text, struct gather *out);

#endif
