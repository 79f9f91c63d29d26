/*
 * taglist.h - RFC 6376 section 3.2 tag-lists: signatures and key records.
 *
 * Splits the text and checks its syntax; what the tags mean is for the
 * caller.  Tag names are case-sensitive, an empty value is allowed, a
 * trailing ";" is allowed, an empty tag-spec elsewhere is not.
 */
#ifndef KEYSNAP_KEY_TAGLIST_H
#define KEYSNAP_KEY_TAGLIST_H

#include "keysnap/base/span.h"

#define TAGLIST_MAX 64 /* real lists have under 20 tags */

enum taglist_status {
	TAGLIST_OK,
	TAGLIST_NO_EQUALS, /* a tag-spec without "=", or an empty one */
	TAGLIST_BAD_NAME,  /* not ALPHA *(ALPHA / DIGIT / "_") */
	TAGLIST_BAD_VALUE, /* an octet outside VALCHAR, FWS; or FWS whose CRLF
			      is not followed by WSP */
	TAGLIST_DUPLICATE, /* a name twice: the whole list is invalid */
	TAGLIST_TOO_MANY   /* over TAGLIST_MAX */
};

/*
 * One tag.  Both spans point into the parsed text, FWS trimmed.  "raw_value"
 * is everything between "=" and ";", FWS included: what RFC 6376 3.7 deletes
 * of b= before hashing.
 */
struct tag {
	struct span name;
	struct span value;
	struct span raw_value;
};

struct taglist {
	struct tag tags[TAGLIST_MAX];
	size_t n;
};

/*
 * Split "text" into tags in textual order.  Nothing is copied: the result
 * borrows from "text" and lives as long as it does.  On any status but
 * TAGLIST_OK, *bad_out is the offset of the first offending tag-spec and
 * *list holds the tags before it.  UTF-8 octets are VALCHAR here when
 * "utf8_allowed" (RFC 8616 allows them in values).  A bare LF or bare CR is
 * never FWS.
 */
enum taglist_status taglist_parse(struct taglist *list, struct span text,
    bool utf8_allowed, size_t *bad_out);

/* The tag called "name", or NULL. */
const struct tag *taglist_get(const struct taglist *list, const char *name);

/*
 * Walk a colon-separated value (h=, s=, t=, q= and k-lists): each call gives
 * the next element, FWS trimmed, perhaps empty, and false after the last.
 * Start with *at = 0.  An empty value has no elements.
 */
bool taglist_next_element(struct span value, size_t *at,
    struct span *element_out);

#endif
