/*
 * signed_extent.c - see signed_extent.h.
 *
 * First canonical octets are counted to find the octet that is read, octet by
 * octet, as only signatures that leave something out come here; then lines
 * are read until it is passed.  Line ends that end the body, which no
 * canonical form keeps, need no care: they lie behind what is looked for.
 */
#include "verifier/dkim/signed_extent.h"

#include "keysnap/base/rfc5234.h"

/* ---- from canonical octets to octets read ----------------------------------- */

struct tracer {
	struct sink sink; /* first; takes the body as it is read */
	uint64_t left;    /* canonical octets to come */
	uint64_t at;      /* octets read */
	uint64_t end;     /* behind the last octet that was wanted */
	bool held_wsp, held_cr;
	uint64_t wsp_at; /* the first of the run */
};

/* A canonical octet comes from the octet at "at". */
static void
emit(struct tracer *tracer, uint64_t at)
{
	if (tracer->left == 0)
		return;
	tracer->left--;
	tracer->end = at + 1;
}

static void
settle(struct tracer *tracer)
{
	if (tracer->held_wsp)
		emit(tracer, tracer->wsp_at);
	if (tracer->held_cr)
		emit(tracer, tracer->at - 1);
	tracer->held_wsp = tracer->held_cr = false;
}

/* RFC 6376 3.4.4. */
static void
step_relaxed(struct tracer *tracer, uint8_t octet)
{
	if (tracer->held_cr && octet == '\n') {
		tracer->held_wsp = false;
		settle(tracer);
		emit(tracer, tracer->at);
		return;
	}
	if (tracer->held_cr)
		settle(tracer);
	if (rfc5234_is(octet, RFC5234_WSP)) {
		if (!tracer->held_wsp)
			tracer->wsp_at = tracer->at;
		tracer->held_wsp = true;
	} else if (octet == '\r') {
		tracer->held_cr = true;
	} else {
		settle(tracer);
		emit(tracer, tracer->at);
	}
}

/* draft-allman-dkim-base: what is no white space. */
static void
step_nowsp(struct tracer *tracer, uint8_t octet)
{
	if (!rfc5234_is(octet, RFC5234_WSP) && octet != '\r' && octet != '\n')
		emit(tracer, tracer->at);
}

static void
push_relaxed(struct sink *self, struct span span)
{
	struct tracer *tracer = (struct tracer *)self;

	for (size_t i = 0; i < span.n && tracer->left > 0; i++) {
		step_relaxed(tracer, span.p[i]);
		tracer->at++;
	}
}

static void
push_nowsp(struct sink *self, struct span span)
{
	struct tracer *tracer = (struct tracer *)self;

	for (size_t i = 0; i < span.n && tracer->left > 0; i++) {
		step_nowsp(tracer, span.p[i]);
		tracer->at++;
	}
}

/* How many octets of the body as it is read the first "covered" canonical ones
 * come from. */
static uint64_t
count_read(const struct message *message, enum canonicalization algorithm,
    uint64_t covered)
{
	struct tracer tracer = { .left = covered };

	if (algorithm == CANON_RELAXED)
		tracer.sink.push = push_relaxed;
	else if (algorithm == CANON_NOWSP)
		tracer.sink.push = push_nowsp;
	else
		return covered; /* of "simple" only the end changes */
	message_push_body(message, &tracer.sink);
	if (tracer.held_cr)
		settle(&tracer); /* a CR without LF ends the body */
	return tracer.end;
}

/* ---- from octets read to stored octets --------------------------------------- */

static void
push_nowhere(struct sink *self, struct span span)
{
	(void)self;
	(void)span;
}

/* Of the stored "line", from which "n" octets were read: those that the first
 * "wanted" (1 to n) of them come from.  A ">" may have been taken off its
 * start, and a CR ("put") before its LF. */
static size_t
count_in_line(struct span line, bool put, uint64_t n, uint64_t wanted)
{
	bool ends = span_ends_with(line, SPAN("\n"));
	bool bare = ends && !span_ends_with(line, SPAN("\r\n"));
	uint64_t taken = line.n + (bare && put ? 1 : 0) - n;

	if (wanted >= n)
		return line.n;
	return (size_t)MIN(wanted + taken, line.n - (ends ? 1 : 0));
}

/* How many stored octets of the body the first "wanted" come from that are
 * read. */
static size_t
count_stored(const struct message *message, uint64_t wanted)
{
	struct span body = span_from(message->raw, message->body_at);
	bool put = message->reading.line_ends == LINE_ENDS_CRLF;
	struct sink nowhere = { push_nowhere };
	struct reading_stream stream;
	size_t at = 0;

	reading_start(&stream, &message->reading, message->buffer, &nowhere);
	while (at < body.n && wanted > stream.n_out) {
		uint64_t before = stream.n_out;
		struct span rest = span_from(body, at);
		struct span line = span_sub(rest, 0, span_find(rest, '\n') + 1);

		reading_push(&stream, line);
		if (line.n == rest.n)
			reading_finish(&stream, false);
		if (stream.n_out >= wanted)
			return at +
			    count_in_line(line, put, stream.n_out - before,
				wanted - before);
		at += line.n;
	}
	return at;
}

size_t
signed_extent_get(const struct message *message,
    const struct signature *signature, const struct body_facts *body)
{
	g_assert(message->reading.n_edits == 0);
	if (body->covered >= body->total)
		return message->raw.n;
	return message->body_at +
	    count_stored(message,
		count_read(message, signature->body_canon, body->covered));
}
