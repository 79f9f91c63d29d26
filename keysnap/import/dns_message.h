/*
 * dns_message.h - DNS messages as they were on the wire (RFC 1035 section 4).
 */
#ifndef KEYSNAP_IMPORT_DNS_MESSAGE_H
#define KEYSNAP_IMPORT_DNS_MESSAGE_H

#include "keysnap/import/dns_answer.h"

#define DNS_MESSAGE_MAX	   65535 /* octets, RFC 1035 section 4.2.2 */
#define DNS_MESSAGE_HEADER 12

enum dns_message_status {
	DNS_MESSAGE_KEY,   /* a response to a question for a key's TXT */
	DNS_MESSAGE_OTHER, /* something else; what follows the question was
			      not looked at */
	DNS_MESSAGE_BAD	   /* not a message: why_out says why */
};

/* What the start of a message says. */
struct dns_message_question {
	unsigned id;
	bool response;
	struct span name; /* canonical; empty when no question for the TXT
			     records of a name that a key can have */
};

/*
 * Read a message into "answer" (with DNS_MESSAGE_KEY only); all spans live in
 * "arena".  The records must be well formed to the end of the message, and
 * nothing may follow them.  A name in it is its octets: neither a dot inside a
 * label nor an octet outside ASCII is taken for anything else.
 */
enum dns_message_status dns_message_read(struct arena *arena,
    struct span message, struct dns_answer *answer_out, const char **why_out);

/* The same for the TXT records of any name: of where an alias leads. */
enum dns_message_status dns_message_read_any(struct arena *arena,
    struct span message, struct dns_answer *answer_out, const char **why_out);

/* Read the header and the question only; false when they are malformed. */
bool dns_message_read_question(struct arena *arena, struct span message,
    struct dns_message_question *question_out);

/*
 * Read a message and emit what it says (dns_answer_emit()); one that says
 * nothing of a key is passed over, one that is bad is complained about.
 * "number" is its line, or its number in the file.
 */
void dns_message_take(struct arena *arena, struct span message,
    const struct entry_observation *observation, uint64_t number,
    const struct import_output *output);

#endif
