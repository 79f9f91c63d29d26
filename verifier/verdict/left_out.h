/*
 * left_out.h - the octets of a body that l= leaves out (RFC 6376 section 8.2):
 * where they begin, and what they hold.
 */
#ifndef VERIFIER_VERDICT_LEFT_OUT_H
#define VERIFIER_VERDICT_LEFT_OUT_H

#include "verifier/dkim/facts.h"
#include "verifier/verdict/attachments.h"

#define LEFT_OUT_PARTS_MAX 16 /* parts that are given */

enum left_out_holds {
	HOLDS_WHITE_SPACE, /* nothing else */
	HOLDS_TEXT,        /* something else, but no MIME part begins there */
	HOLDS_PARTS        /* a MIME part, from its first octet on */
};

const char *left_out_holds_name(enum left_out_holds holds);

struct left_out {
	uint64_t at, n;     /* in message->raw */
	uint64_t offset;    /* of message->raw: that of the attachments */
	uint64_t canonical; /* octets, as l= counts */
	enum left_out_holds holds;
	bool html;         /* a part of text/html, or HTML tags as they stand */
	bool behind_close; /* all of it lies behind the last delimiter of a
			       multipart: many programs do not show it */
	const struct part_place *begins_in; /* NULL: in no part */
	/* Parts that lie there, wholly or partly, in their order. */
	const struct part_place *parts;
	const enum signed_share *shares;
	size_t n_parts;
	size_t parts_left_out; /* past LEFT_OUT_PARTS_MAX */
};

/* In the arena; "attachments" are of "message", "signed_end" is
 * signed_extent_get() of a signature with "body", which leaves octets out. */
const struct left_out *left_out_get(struct arena *arena,
    const struct message *message, const struct attachments *attachments,
    const struct body_facts *body, size_t signed_end);

#endif
