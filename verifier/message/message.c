/*
 * message.c - one message under one reading.
 */
#include "verifier/message/message.h"

void
message_open(struct message *message, struct arena *arena, uint8_t *buffer,
    struct span raw, const struct reading *reading)
{
	*message = (struct message){
		.raw = raw,
		.reading = *reading,
		.buffer = buffer,
	};
	message->status = header_index_build(
	    &message->header, arena, buffer, raw, reading, &message->body_at);
}

static uint64_t
push_from(const struct message *message, size_t at, struct sink *out)
{
	struct reading_stream stream;

	reading_start(&stream, &message->reading, message->buffer, out);
	reading_seek(&stream, at);
	reading_push(&stream, span_from(message->raw, at));
	reading_finish(&stream, message->reading.line_ends == LINE_ENDS_CRLF);
	return stream.n_out;
}

uint64_t
message_push_body(const struct message *message, struct sink *out)
{
	return push_from(message, message->body_at, out);
}

uint64_t
message_push(const struct message *message, struct sink *out)
{
	return push_from(message, 0, out);
}

bool
message_is_wire(const struct message *message,
    const struct reading_traits *traits, bool mbox)
{
	return message->reading.n_edits == 0 && !traits->bare_lf &&
	    traits->final_crlf && !(mbox && traits->quoted);
}
