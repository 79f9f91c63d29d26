/*
 * mime_parts.h - the parts of a message (RFC 2046 section 5.1) as slices of
 * its stored octets, one after the other.
 *
 * No octet is decoded or copied but the headers of parts.  Multiparts are
 * walked into; what is given is everything else, attached messages among it,
 * which are not looked into.  Programs differ in how they read broken MIME;
 * this is one plain reading of it.
 */
#ifndef VERIFIER_MESSAGE_MIME_PARTS_H
#define VERIFIER_MESSAGE_MIME_PARTS_H

#include "verifier/message/message.h"
#include "verifier/message/mime_unclear.h"

#define MIME_PARTS_MAX       256  /* parts looked at, multiparts among them */
#define MIME_PART_HEADER_MAX 8192 /* octets of the header of a part */
#define MIME_NESTING_MAX \
	16                   /* multiparts in multiparts: each costs a
				     pass over its octets */
#define MIME_BOUNDARY_MAX 70 /* RFC 2046 5.1.1 */

struct mime_part {
	struct header_index header; /* the message's own when it has no parts */
	struct span body;  /* of the stored octets, without the line end that
			      belongs to the delimiter behind it */
	struct span type;  /* value of Content-Type, trimmed; may be empty */
	struct span media; /* its media type */
	bool in_digest;    /* RFC 2046 5.1.5: a message unless it says so */
	unsigned nesting;  /* multiparts that it lies in */
	bool delimited;    /* a delimiter line ends it, not the message's end */
	size_t behind;     /* in message->raw: behind that line.  Only with it
			      does the part end where it ends */
};

/* RFC 2045 section 6.  Without a field it is 7bit. */
enum mime_encoding {
	MIME_IDENTITY, /* 7bit, 8bit, binary */
	MIME_QUOTED_PRINTABLE,
	MIME_BASE64,
	MIME_ENCODING_UNKNOWN
};

/* A multipart that is being walked. */
struct mime_level {
	struct span body;
	uint8_t marker[MIME_BOUNDARY_MAX + 3]; /* LF, "--", the boundary */
	size_t marker_n;
	size_t at; /* of the delimiter before the next part; body.n: none */
	bool digest;
	bool odd; /* MIME_UNCLEAR_BOUNDARY */
	bool delimited;
	size_t behind; /* of the multipart, as in mime_part */
};

/* One walk; all but the last five members are its own. */
struct mime_parts {
	const struct message *message;
	struct arena *arena;
	struct mime_level levels[MIME_NESTING_MAX];
	unsigned n_levels;
	size_t looked_at;
	bool begun;
	bool cut;             /* a bound was reached: not all parts are given */
	size_t left_out;      /* parts that were seen and not looked at */
	unsigned unclear;     /* mime_unclear.h, as far as the walk has come */
	bool multipart;       /* the message is, and was cut into parts */
	struct span epilogue; /* behind the last delimiter of the message, as
				 far as the walk has come */
};

/* Begin with "message", whose reading has no edits. */
void mime_parts_start(struct mime_parts *parts, struct arena *arena,
    const struct message *message);

/*
 * The next part that is no multipart; false at the end.  A multipart that
 * cannot be cut (no boundary that all read alike, none of it in the body, too
 * deep) is given whole.
 */
bool mime_parts_next(struct mime_parts *parts, struct mime_part *part_out);

/* The encoding that "header" names; of two fields the first one. */
enum mime_encoding mime_part_encoding(const struct header_index *header);

/* Is it message/rfc822 or message/global, by name or in a digest? */
bool mime_part_is_message(const struct mime_part *part);

/* The value of Content-Type, its media type in *media_out. */
struct span mime_content_type(
    const struct header_index *header, struct span *media_out);

#endif
