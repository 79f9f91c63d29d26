/*
 * stored_part.h - parts of a message as it is stored, by their transfer
 * encoding (RFC 2045 section 6).
 *
 * Found by their lines alone, whatever the MIME structure says: who proposes
 * edits may be wrong.
 */
#ifndef VERIFIER_REPAIR_STORED_PART_H
#define VERIFIER_REPAIR_STORED_PART_H

#include "verifier/message/message.h"

enum stored_encoding {
	ENCODING_IDENTITY, /* 7bit, 8bit, binary */
	ENCODING_QUOTED_PRINTABLE,
	ENCODING_BASE64
};

struct stored_part {
	enum stored_encoding encoding;
	bool text;     /* of a type text, or of none */
	size_t word_at, word_n; /* of the encoding's word in its field */
	bool in_body;  /* the field stands in the body */
	struct span content; /* without the line end before a delimiter */
	size_t content_at;
};

/* One walk over the parts; set to zero but for "message". */
struct stored_parts {
	const struct message *message;
	size_t at; /* in the stored octets */
	bool begun;
};

/* The next part that has a Content-Transfer-Encoding; false at the end. */
bool stored_part_next(struct stored_parts *parts, struct stored_part *part);

/* The same of the message's own header; false when it has none. */
bool stored_part_of_message(
    const struct message *message, struct stored_part *part);

#endif
