/*
 * shown_name.h - the name that people are shown beside an address, and the
 * addresses and domains that can be read in it.
 *
 * For findings about senders only; nothing from here is ever hashed.
 */
#ifndef VERIFIER_MESSAGE_SHOWN_NAME_H
#define VERIFIER_MESSAGE_SHOWN_NAME_H

#include "keysnap/base/arena.h"
#include "keysnap/base/span.h"

#define SHOWN_NAME_MAX      2048 /* octets that are looked at; real ones: 100 */
#define SHOWN_NAME_READ_MAX 16   /* readings that are kept */

/* Something in the name that reads as an address or a domain. */
struct shown_reading {
	struct span domain; /* canonical; has a dot */
	bool address;       /* behind "@"; else it stands alone */
	/* Its last label begins with a capital and goes on without, behind a
	 * short word, or is itself as short as a name: Dr.Med, Maria.Li. */
	bool titled;
	bool generic;     /* its last label is com, net or the like */
	struct span text; /* it as written, in NFKC */
};

struct shown_name {
	struct span text; /* for people, UTF-8; escape it */
	/* It has controls, characters of no width that no script needs, or
	 * bidi controls that embed or override. */
	bool hides;
	bool via;                       /* has the word "via" */
	struct shown_reading *readings; /* in the order of the text */
	size_t n;
	bool cut; /* more readings, or more text */
};

/*
 * Read "raw": a phrase or comment as it stands in the field.  Quotes,
 * backslashes and parentheses are taken off, encoded words decoded (also where
 * RFC 2047 5 forbids them: programs do it), and what is compatible with ASCII
 * (full-width "@", ideographic full stop) is read as such (NFKC).  Everything
 * lives in "arena".
 */
void shown_name_read(
    struct shown_name *name, struct arena *arena, struct span raw);

#endif
