/*
 * der.h - as much of ASN.1 (X.690) as RSA public keys need.
 *
 * Reading: definite lengths only.  What OpenSSL takes although it is BER and
 * not DER (a length in more octets than needed, an INTEGER padded, or an
 * unsigned one without its leading zero) is taken too, since such keys were
 * published and checked against, but it is noted in "lax".
 */
#ifndef KEYSNAP_KEY_DER_H
#define KEYSNAP_KEY_DER_H

#include "keysnap/base/span.h"

#include <glib.h>

enum der_tag {
	DER_INTEGER = 0x02,
	DER_BIT_STRING = 0x03,
	DER_NULL = 0x05,
	DER_OID = 0x06,
	DER_SEQUENCE = 0x30
};

struct der_reader {
	struct span rest;
	bool lax; /* something was not DER */
};

/* Take the element with "tag" off the front; false when there is none or it
 * is cut short.  Its content borrows from what is read. */
bool der_take(struct der_reader *reader, enum der_tag tag,
    struct span *content_out);

/* Take an INTEGER as an unsigned number without leading zero octets (zero is
 * empty). */
bool der_take_unsigned(struct der_reader *reader, struct span *number_out);

/* Append an element in DER. */
void der_append(GByteArray *out, enum der_tag tag, struct span content);

/* Append "number" (big-endian, no leading zero octets) as an INTEGER. */
void der_append_unsigned(GByteArray *out, struct span number);

#endif
