/*
 * emlx.h - the message in an Apple Mail .emlx file.
 *
 *	2877      LF		octets of the message, in decimal, and blanks
 *	message			that many octets, usually with LF line ends
 *	<?xml ... </plist>	what Apple Mail notes about it
 *
 * A file is told by its content, never by its name: the count line, then (after
 * a UTF-8 BOM at most) something that begins like a header field.  The count
 * alone says where the message ends: text in it that looks like a property list
 * changes nothing.
 *
 * A count that leads past the end of the file means that the file was cut;
 * one that does not lead to a property list means that the file, or its line
 * ends, were changed, or that its end is lost.
 */
#ifndef VERIFIER_ARCHIVE_EMLX_H
#define VERIFIER_ARCHIVE_EMLX_H

#include "keysnap/base/span.h"

#define EMLX_COUNT_DIGITS 10 /* what Apple Mail pads to; past 4 GiB anyway */
#define EMLX_COUNT_LINE	  32 /* octets of the count line with its LF */
#define EMLX_START	  4096 /* octets of a file that tell what it is */

enum emlx_defect {
	EMLX_WHOLE,
	EMLX_CUT,	/* the count leads past the end of the file */
	EMLX_NO_LIST,	/* nothing follows the message */
	EMLX_OTHER_LIST /* what follows is no whole XML property list */
};

struct emlx {
	uint64_t count; /* octets of the message, as the file says */
	size_t offset;	/* of the message in the file */
	size_t length;	/* of the message; EMLX_CUT: of what there is of it */
	enum emlx_defect defect;
};

/* Does the file that begins with "start" (EMLX_START octets or all; more are
 * not looked at) hold an .emlx? */
bool emlx_is_emlx(struct span start);

/* Where the message lies in "file", which is there whole.  False when this is
 * no .emlx; *emlx_out is empty then. */
bool emlx_parse(struct span file, struct emlx *emlx_out);

/* Does the file's name (a path will do) say that attachments lie elsewhere
 * (".partial.emlx"), so that the body is not what was sent? */
bool emlx_is_partial(struct span name);

/* The code of a note on "defect", e.g. "emlx-cut"; NULL for EMLX_WHOLE. */
const char *emlx_defect_code(enum emlx_defect defect);

#endif
