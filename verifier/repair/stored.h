/*
 * stored.h - lines and header fields of a message as it is stored: the
 * octets that edits are made in.
 */
#ifndef VERIFIER_REPAIR_STORED_H
#define VERIFIER_REPAIR_STORED_H

#include "keysnap/base/span.h"

#include <sys/types.h>

/* One stored line, whatever its end. */
struct stored_line {
	size_t at;	  /* offset in the stored octets */
	struct span text; /* without its end */
	size_t end;	  /* octets of the line end: CRLF 2, LF 1, none 0 */
};

/* Take the line that begins at *at_inout, which moves behind it; false at the
 * end of "raw". */
bool stored_line_next(struct stored_line *line, struct span raw,
    size_t *at_inout);

/* One stored header field: like header_field, in the stored octets. */
struct stored_field {
	size_t at;	   /* of its name */
	struct span name;  /* without WSP before the colon */
	size_t value_at;   /* behind the colon */
	struct span value; /* without the last line end, folds as stored */
};

/* Take the next field from *at_inout on; lines that are none are skipped;
 * false when the header, which ends at "end", has no more. */
bool stored_field_next(struct stored_field *field, struct span raw, size_t end,
    size_t *at_inout);

/* >From_ quoting of a stored line: how many ">", or -1 without "From ". */
ssize_t stored_from_depth(struct span text);

#endif
