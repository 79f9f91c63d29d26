/*
 * attachments.h - what a message has attached, and whether it lies inside of
 * the octets that a signature covers.
 *
 * How a body is cut into parts, how they are called and encoded, stands in the
 * body itself, and so is signed with it; but the Content-Type of the message
 * begins it (coverage.h: mime_signed, mime_fixed).
 */
#ifndef VERIFIER_VERDICT_ATTACHMENTS_H
#define VERIFIER_VERDICT_ATTACHMENTS_H

#include "verifier/dkim/signature.h"
#include "verifier/message/part_content.h"

#define ATTACHMENTS_MAX     MIME_PARTS_MAX
#define ATTACHMENT_WORD_MAX 128 /* octets of a media type; RFC 6838 4.2 */

/* How much of a part lies inside of the octets that are signed.  With a part
 * its header does, too, as it stands before it.  "All" is with the delimiter
 * line that ends it: else it may have had more octets when it was signed, or
 * have been no attachment. */
enum signed_share { SHARE_ALL, SHARE_PARTLY, SHARE_NONE };

const char *signed_share_name(enum signed_share share); /* "all", ... */

/* A part that is no multipart. */
struct part_place {
	uint64_t at, n;   /* in message->raw */
	uint64_t behind;  /* the same: behind the delimiter that ends it */
	struct span type; /* media type, lower case; p NULL: none is given */
};

struct attachment {
	struct part_place place;
	struct span name;        /* mime_name.h; p NULL: none */
	struct span disposition; /* lower case; p NULL: none */
	const char *encoding;    /* "identity", "base64", ... */
	enum signed_share share;
	/* Is each octet of the decoded content signed?  Not when white space
	 * may have been changed unseen: "relaxed" (but for base64), nofws and
	 * nowsp, empty lines at the end of the body (RFC 6376 3.4.3, 3.4.4). */
	bool exact;
	struct part_content content;
};

struct attachments {
	struct part_place *places; /* of all parts, also of those below */
	size_t n_places;
	uint64_t epilogue_at; /* in message->raw: behind the last delimiter;
				 raw.n when there is none */
	/* Parts with Content-Disposition attachment, with a name, or of
	 * another type than text. */
	struct attachment *list;
	size_t n;
	size_t left_out; /* parts that were not looked at */
	unsigned unclear; /* mime_unclear.h */
	bool cut;        /* a bound of mime_parts.h was reached */
	bool repaired;   /* offsets are those of the message as it was signed,
			    not as it is stored (the caller's to set) */
	uint64_t offset; /* of message->raw in what offsets are given in (the
			    caller's to set) */
};

/*
 * Walk "message", whose reading has no edits, of which the octets before
 * "signed_end" (in message->raw) are signed, in the canonical form "canon".
 * Attachments are decoded and
 * hashed with "digest", of SHA-256.  In the arena.
 */
struct attachments *attachments_get(struct arena *arena, struct digest *digest,
    const struct message *message, enum canonicalization canon,
    size_t signed_end);

/* Is each octet of the content of "part" signed, when all of it is in the
 * canonical form "canon"?  See "exact" above. */
bool part_is_exact(enum part_decode decode, const struct mime_part *part,
    enum canonicalization canon);

enum signed_share signed_share_of(
    const struct part_place *place, uint64_t signed_end);

#endif
