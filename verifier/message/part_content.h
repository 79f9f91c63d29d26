/*
 * part_content.h - the content of a MIME part, decoded (RFC 2045 section 6):
 * its SHA-256 and its size.
 *
 * Decoded with GMime, in pieces; nothing is kept.  Lines of a part that is not
 * encoded, or quoted-printable, end as the reading has them, so with CRLF.
 */
#ifndef VERIFIER_MESSAGE_PART_CONTENT_H
#define VERIFIER_MESSAGE_PART_CONTENT_H

#include "verifier/message/mime_parts.h"

enum part_decode {
	PART_CLEAN,     /* one meaning: every program decodes it to this */
	PART_DEFECTIVE, /* not as RFC 2045 has it: other programs may make
			   something else of it.  The hash is that of what GMime
			   makes: octets that are not of the alphabet are
			   skipped, "=" without two digits stays */
	PART_UNKNOWN    /* an encoding of no standard: the octets as read */
};

struct part_content {
	uint8_t sha256[DIGEST_SHA256_SIZE];
	uint64_t size; /* octets, decoded */
	enum part_decode decode;
};

/* "digest" is one of the worker, of SHA-256.  "part" is of "message", whose
 * reading has no edits. */
void part_content_hash(struct part_content *content, struct digest *digest,
    const struct message *message, const struct mime_part *part);

const char *part_decode_name(enum part_decode decode); /* "clean", ... */

#endif
