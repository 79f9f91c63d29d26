/*
 * facts_push.c - what a signature is over: RFC 6376 section 3.7, RFC 4870
 * section 3.4, draft-ietf-dkim-base-00.
 */
#include "verifier/dkim/facts_push.h"

#include "verifier/dkim/canon_header.h"

static void
push_fields(const struct signature_facts *facts, struct gather *gather)
{
	const struct header_selection *selection = &facts->selection;

	for (size_t i = 0; i < selection->n; i++) {
		if (selection->fields[i] != NULL)
			canon_header_push(facts->signature->header_canon,
			    selection->fields[i], gather);
	}
}

static void
push_own_field(const struct signature *signature, struct gather *gather)
{
	canon_header_push_signature(signature->header_canon, signature->field,
	    signature->b_raw, gather);
}

void
facts_push_header(const struct signature_facts *facts, struct sink *out)
{
	uint8_t buffer[CANON_HEADER_BUFFER];
	struct gather gather;

	gather_start(&gather, buffer, sizeof(buffer), out);
	push_fields(facts, &gather);
	push_own_field(facts->signature, &gather);
	gather_flush(&gather);
}

void
facts_push_whole_start(const struct signature_facts *facts, struct sink *out)
{
	uint8_t buffer[CANON_HEADER_BUFFER];
	struct gather gather;

	gather_start(&gather, buffer, sizeof(buffer), out);
	push_fields(facts, &gather);
	if (facts->signature->draft == SIGNATURE_DRAFT_00)
		gather_add(&gather, SPAN("\r\n"));
	gather_flush(&gather);
}

void
facts_push_whole_end(const struct signature_facts *facts, struct sink *out)
{
	uint8_t buffer[CANON_HEADER_BUFFER];
	struct gather gather;

	if (facts->signature->draft != SIGNATURE_DRAFT_00)
		return;
	gather_start(&gather, buffer, sizeof(buffer), out);
	gather_add(&gather, SPAN("\r\n"));
	push_own_field(facts->signature, &gather);
	gather_flush(&gather);
}

/* The first "left" octets go on. */
struct limit {
	struct sink sink; /* first */
	struct sink *out;
	uint64_t left;
};

static void
push_limited(struct sink *self, struct span span)
{
	struct limit *limit = (struct limit *)self;

	span = span_sub(span, 0, (size_t)MIN(limit->left, span.n));
	limit->left -= span.n;
	sink_push(limit->out, span);
}

void
facts_push_body(const struct signature *signature,
    const struct message *message, struct sink *out)
{
	struct limit limit = { { push_limited }, out,
		signature->has_length ? signature->length : UINT64_MAX };
	g_autofree struct canon_body *canon = g_new(struct canon_body, 1);

	canon_body_start(canon, signature->body_canon, &limit.sink);
	message_push_body(message, &canon->sink);
	canon_body_finish(canon);
}
