/*
 * message.h - one message under one reading.
 */
#ifndef VERIFIER_MESSAGE_MESSAGE_H
#define VERIFIER_MESSAGE_MESSAGE_H

#include "keysnap/base/digest.h"
#include "verifier/message/header_index.h"

struct message {
	struct span raw;
	struct reading reading;
	enum header_status status;
	struct header_index header;
	size_t body_at;		/* offset in raw */
	uint8_t *buffer;	/* READING_BUFFER octets of the worker */
};

/* Read "raw" as "reading" has it.  "buffer" is the worker's. */
void message_open(struct message *message, struct arena *arena, uint8_t *buffer,
    struct span raw, const struct reading *reading);

/* Push the body, as the reading has it, into "out". Returns octets pushed. */
uint64_t message_push_body(const struct message *message, struct sink *out);

/* Push the whole message (header section, empty line, body) as the reading
 * has it: with the wire reading, the octets whose SHA-256 is the identity. */
uint64_t message_push(const struct message *message, struct sink *out);

/* Does the wire form have the very octets of raw (so one hash serves)? */
bool message_is_wire(const struct message *message,
    const struct reading_traits *traits, bool mbox);

#endif
