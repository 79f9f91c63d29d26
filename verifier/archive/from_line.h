/*
 * from_line.h - is this line an mbox From_ separator (RFC 4155, and what
 * mail programs write instead)?
 *
 * "From " sender date.  The date is asctime's, with a zone on either side of
 * the year or none, or that of a Date field:
 *
 *	From alice@example.com Thu Jan  1 00:00:00 2015
 *	From 1234567890@xxx Mon Jan 01 00:00:00 +0000 2024	(Google Takeout)
 *	From - Mon Jan 01 00:00:00 2024, or "From - " alone	(Thunderbird)
 *	From "Alice Example" Mon Jan  1 00:00:00 2024		(readpst)
 *	From alice@example.com Mon, 1 Jan 2024 00:00:00 +0000	(exporters)
 *
 * The sender may hold white space.  Every date without a sender, and every
 * sender without a date but "-", is prose.
 */
#ifndef VERIFIER_ARCHIVE_FROM_LINE_H
#define VERIFIER_ARCHIVE_FROM_LINE_H

#include "keysnap/base/span.h"

#define FROM_LINE_MAX	   1024 /* octets; longer lines are text */
#define FROM_LINE_NAME_MAX 128	/* of a plausible field name; real: 60 */

enum from_line {
	FROM_LINE_NONE,
	FROM_LINE_DASH, /* "From - " and no date */
	FROM_LINE_DATED /* sender and date */
};

/* "line" with or without its line end. */
enum from_line from_line_parse(struct span line);

/* Is "line" the From_ line that "git format-patch" writes: a commit for a
 * sender, and always the same date?  (It is FROM_LINE_DATED too.) */
bool from_line_is_patch(struct span line);

/* Does "line" begin like a header field: name, WSP, ":"? */
bool from_line_is_field(struct span line);

/* Does "line" begin with one of the header fields that hardly a message goes
 * without, and that other texts made of fields do not have? */
bool from_line_is_mail_field(struct span line);

#endif
