/*
 * txt_dialect.h - a TXT record as text, in the ways that tools write it.
 *
 *   "v=DKIM1; " "p=MIIB"     master file form (RFC 1035 5.1), also without
 *                            the space between: the character-strings exactly
 *   v=DKIM1; p=MIIB          the strings as the source has joined them
 *   v=DKIM1; p=MI" "IB       the same, where the source took the outer quotes
 *                            off and left the inner ones: cut there, ambiguous
 *   "v=DKIM1; p=MI           the source has cut it off: ambiguous, "truncated"
 *
 * In all of them \DDD stands for an octet and \X for X (\; is common).  In
 * text without quotes they could have been meant as they stand: "escapes".
 * Nothing else is mended.  Quoted strings of more than 255 octets, which DNS
 * has not, were joined by the source; among others they are one string,
 * ambiguous.
 */
#ifndef KEYSNAP_IMPORT_TXT_DIALECT_H
#define KEYSNAP_IMPORT_TXT_DIALECT_H

#include "keysnap/store/entry.h"

#define TXT_STRING_MAX 255 /* octets of a character-string, RFC 1035 3.3 */

struct txt_dialect {
	const struct span *strings; /* one or more; octets */
	size_t n;
	enum observation_join joined;
	unsigned warnings; /* bits of enum import_warning */
};

/*
 * Read the text of one TXT record.  NULL, or what is wrong with it.  The
 * strings live in "arena" and borrow from "text".
 */
const char *txt_dialect_read(struct arena *arena, struct span text,
    struct txt_dialect *record_out);

#endif
