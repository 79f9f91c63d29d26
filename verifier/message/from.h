/*
 * from.h - the authors of a message, from our own strict parser of the From
 * field (RFC 5322 3.6.2, 3.4; RFC 6532 for UTF-8).
 *
 * Works on the octets of the header index, never on decoded text: an encoded
 * word or a display name can hold anything.  Comments, quoted strings,
 * groups, routes and CFWS are understood; what does not fit the grammar
 * makes the field unparsable, and so unaligned.  So do octets that are not
 * UTF-8, and address literals (user@[192.0.2.1]), which have no domain.
 */
#ifndef VERIFIER_MESSAGE_FROM_H
#define VERIFIER_MESSAGE_FROM_H

#include "keysnap/base/arena.h"
#include "keysnap/base/span.h"

#define FROM_ADDRESSES_MAX 64
#define FROM_COMMENT_DEPTH 16

enum from_status {
	FROM_OK,
	FROM_EMPTY,      /* no address */
	FROM_UNPARSABLE, /* not the grammar of RFC 5322 */
	FROM_TOO_MANY
};

struct from_address {
	/* local-part "@" domain as written, without CFWS and line ends */
	struct span address;
	struct span domain; /* canonical (A-labels, lower case) */
	/* What people are shown with it, as it stands in the field, with its
	 * quotes, comments and folds: in front of "<" or of the address, and
	 * behind the address or ">".  Both may be empty. */
	struct span name;
	struct span after;
	struct span group; /* the name of the group that it stands in */
};

struct from_list {
	enum from_status status;
	struct from_address *addresses;
	size_t n;
	size_t groups; /* "name: ...;" that were read */
	size_t routes; /* "@a,@b:" in front of addresses (obs-route) */
};

/* Parse the value of a From field; what "list" holds lives in "arena".  An
 * unparsable field has no addresses; of too many, the first
 * FROM_ADDRESSES_MAX are kept. */
void from_parse(struct from_list *list, struct arena *arena, struct span value);

#endif
