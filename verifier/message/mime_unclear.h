/*
 * mime_unclear.h - what of a message's MIME structure programs read
 * differently, as far as it is known.
 *
 * A message without any of it is read alike by the common programs; one with
 * it has more than one list of parts.
 */
#ifndef VERIFIER_MESSAGE_MIME_UNCLEAR_H
#define VERIFIER_MESSAGE_MIME_UNCLEAR_H

#include "verifier/message/header_index.h"

/* Bits of a set, in the order of their names. */
enum mime_unclear {
	/* A line begins as a delimiter does and goes on (RFC 2046 5.1.1 takes
	 * it for one), or follows a CR without LF, or a delimiter comes behind
	 * the last one, or a CR without LF stands in one; a multipart has no
	 * parts, or the boundary of one that it lies in. */
	MIME_UNCLEAR_BOUNDARY = 1 << 0,
	/* A multipart or a message in base64 or quoted-printable (RFC 2045
	 * 6.4). */
	MIME_UNCLEAR_ENCODING = 1 << 1,
	/* A field of MIME twice in a header, lines that are no fields, white
	 * space before a colon, a line of nothing but white space, CR or LF
	 * alone, NUL, no empty line at the end. */
	MIME_UNCLEAR_FIELDS = 1 << 2,
	/* The fields that begin the cutting are not signed; set by who knows
	 * the signature. */
	MIME_UNCLEAR_FRAMING = 1 << 3,
	/* A media type that is none, or a boundary that is given twice, in
	 * pieces (RFC 2231), with comments, escapes or white space. */
	MIME_UNCLEAR_TYPE = 1 << 4,
	/* A multipart ends without its last delimiter. */
	MIME_UNCLEAR_UNCLOSED = 1 << 5
};
#define MIME_UNCLEAR_KINDS 6

/* "boundary", ...; NULL past the last, from 0. */
const char *mime_unclear_name(unsigned kind);

/* Can the header "header" of a part, or of a message, be read in several
 * ways? */
bool mime_header_is_unclear(const struct header_index *header);

/* Is "media", that of a Content-Type, no type that all read alike? */
bool mime_type_is_unclear(struct span media);

/* The same of a boundary. */
bool mime_boundary_is_unclear(struct span boundary);

/* Does a line of "body" that begins behind a CR without LF begin with "--" and
 * "boundary" (at most 70 octets)? */
bool mime_has_cr_delimiter(struct span body, struct span boundary);

#endif
