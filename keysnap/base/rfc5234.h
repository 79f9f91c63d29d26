/*
 * rfc5234.h - the character classes of the RFCs, from one table.
 *
 * Core rules of RFC 5234 appendix B.1 and the few classes that RFC 5322 and
 * RFC 6376 build from them.  Independent of the locale; octets above 127 are
 * in no class but RFC5234_UTF8.
 */
#ifndef KEYSNAP_BASE_RFC5234_H
#define KEYSNAP_BASE_RFC5234_H

#include <stdbool.h>
#include <stdint.h>

enum rfc5234_class {
	RFC5234_ALPHA = 1 << 0,	     /* A-Z a-z */
	RFC5234_DIGIT = 1 << 1,	     /* 0-9 */
	RFC5234_HEXDIG = 1 << 2,     /* 0-9 A-F a-f */
	RFC5234_WSP = 1 << 3,	     /* SP HTAB */
	RFC5234_CRLF = 1 << 4,	     /* CR LF */
	RFC5234_VCHAR = 1 << 5,	     /* %x21-7E */
	RFC5322_FTEXT = 1 << 6,	     /* header field name: VCHAR but ":" */
	RFC6376_VALCHAR = 1 << 7,    /* tag value: VCHAR but ";" */
	RFC5322_ATEXT = 1 << 8,	     /* atom */
	RFC5234_UTF8 = 1 << 9,	     /* %x80-FF */
	RFC4648_BASE64 = 1 << 10,    /* A-Z a-z 0-9 + / (not =) */
	RFC6376_HYPHENATED = 1 << 11 /* ALPHA DIGIT "-" */
};

extern const uint16_t rfc5234_table[256];

/* Is "octet" in one of "classes" (ORed)? */
static inline bool
rfc5234_is(uint8_t octet, unsigned classes)
{
	return (rfc5234_table[octet] & classes) != 0;
}

/* ASCII lower case; other octets unchanged. */
static inline uint8_t
rfc5234_lower(uint8_t octet)
{
	return octet >= 'A' && octet <= 'Z' ? (uint8_t)(octet | 0x20) : octet;
}

#endif
