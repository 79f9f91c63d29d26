/*
 * base64.h - RFC 4648 section 4.
 */
#ifndef KEYSNAP_BASE_BASE64_H
#define KEYSNAP_BASE_BASE64_H

#include "keysnap/base/arena.h"
#include "keysnap/base/span.h"

/* Append the base64 of "span", padded, without line breaks, to "out". */
void base64_append(GString *out, struct span span);

/*
 * Strict: one spelling only (no white space, right padding, unused bits
 * zero).  False on anything else.  The octets live in "arena".  For our own
 * formats.
 */
bool base64_decode_strict(struct arena *arena, struct span text,
    struct span *octets_out);

enum base64_status {
	BASE64_OK,
	BASE64_BAD_CHARACTER, /* neither base64 nor FWS */
	BASE64_BAD_LENGTH,    /* padding wrong or missing, or a lone sextet */
	BASE64_UNUSED_BITS    /* decoded, but the bits behind the last octet
				 are not zero: tolerated, worth a note */
};

/*
 * As RFC 6376 section 3.2 has it for p=, b= and bh=: FWS anywhere is
 * ignored; the octets live in "arena".  With BASE64_UNUSED_BITS the octets
 * are valid too; otherwise *octets_out is empty.
 */
enum base64_status base64_decode_fws(struct arena *arena, struct span text,
    struct span *octets_out);

#endif
