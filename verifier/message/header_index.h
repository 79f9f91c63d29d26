/*
 * header_index.h - the header section of a message, indexed, never rewritten
 * (RFC 5322 section 2.2, RFC 6376 section 2.10).
 *
 * The header section is pushed through the reading into the arena (it is
 * small; the body never is), unless the reading changes nothing in it, and
 * cut into fields.  The fields together with
 * the lines that are none are the section, octet for octet.
 *
 * Line ends here are CRLF; with LINE_ENDS_KEPT a bare LF does not end a line.
 * A field may have WSP between name and colon.  A line that begins with WSP
 * continues the field before it.  A line that is neither is kept, counted
 * and skipped (no_field_lines): its presence is a fact for the verdict,
 * except for an mbox "From " or ">From " line before the first field.
 */
#ifndef VERIFIER_MESSAGE_HEADER_INDEX_H
#define VERIFIER_MESSAGE_HEADER_INDEX_H

#include "keysnap/base/arena.h"
#include "keysnap/base/rfc5234.h"
#include "verifier/message/reading.h"

#define HEADER_SECTION_MAX (32u << 20) /* octets; a 16 MB line still fits */
#define HEADER_FIELDS_MAX  20000       /* real mail has under 300 */

struct header_field {
	struct span whole; /* name to final CRLF */
	struct span name;  /* without WSP before the colon */
	struct span value; /* after the colon, without the final CRLF */
	uint32_t name_hash; /* of the lower-cased name, to skip comparing */
};

enum header_status {
	HEADER_OK,
	HEADER_EMPTY,	   /* no field at all */
	HEADER_TOO_LARGE,  /* section over HEADER_SECTION_MAX */
	HEADER_TOO_MANY	   /* over HEADER_FIELDS_MAX */
};

struct header_index {
	struct header_field *fields; /* top to bottom, in the struct arena */
	size_t n;
	struct span section;	/* all header octets, without the empty line; in
				   the arena or in the raw octets */
	size_t no_field_lines;	/* lines that are no field */
	size_t stray_octets;	/* in the section: CR and LF that are no CRLF,
				   and NUL.  Some programs end a line or the
				   text there, and so see other fields */
	bool leading_bom;	/* UTF-8 BOM before the first field: then the
				   first line is no field */
	bool terminated;	/* an empty line ends the section */
};

/* Index "raw" as "reading" has it.  *body_out is the offset in "raw" where
 * the body begins (raw.n when there is none).  "buffer" as in reading.h. */
enum header_status header_index_build(struct header_index *index, struct arena *arena,
    uint8_t *buffer, struct span raw, const struct reading *reading,
    size_t *body_out);

/* Hash of a name, lower-cased: equal names have equal hashes.  It tells the
 * names of common mail apart, and resists nobody who wants two to be alike. */
static inline uint32_t
header_name_hash(struct span name)
{
	if (name.n == 0)
		return 0;
	return (uint32_t)(name.n & 0xff) << 24 |
	    (uint32_t)rfc5234_lower(name.p[0]) << 16 |
	    (uint32_t)rfc5234_lower(name.p[name.n / 2]) << 8 |
	    rfc5234_lower(name.p[name.n - 1]);
}

/* "name" with its letters in lower case, in the arena. */
struct span header_name_lower(struct arena *arena, struct span name);

/* Instances of "name" (no case), and the "nth" from the top (from 0), or NULL. */
size_t header_count(const struct header_index *index, struct span name);
const struct header_field *header_get(const struct header_index *index,
    struct span name, size_t nth);

#endif
