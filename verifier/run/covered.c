/*
 * covered.c - see covered.h.
 *
 * What was repaired is read once into memory, as it was signed: the parts of
 * a message are slices, and edits can make other parts.
 */
#include "verifier/run/covered.h"

#include "verifier/dkim/signed_extent.h"
#include "verifier/verdict/coverage_fields.h"
#include "verifier/verdict/left_out.h"

/* The attempt that "facts" are of: this one, or the one before repairs. */
static const struct attempt *
owner_of(const struct attempt *attempt, const struct signature_facts *facts)
{
	for (size_t i = 0; i < attempt->signatures.n; i++) {
		if (&attempt->facts_of[i] == facts)
			return attempt;
	}
	return attempt->stored;
}

/* ---- a repaired message ------------------------------------------------------ */

struct copy {
	struct sink sink; /* first */
	uint8_t *octets;
	size_t n;
};

static void
push_copy(struct sink *self, struct span span)
{
	struct copy *copy = (struct copy *)self;

	memcpy(copy->octets + copy->n, span.p, span.n);
	copy->n += span.n;
}

static void
push_nowhere(struct sink *self, struct span span)
{
	(void)self;
	(void)span;
}

/* "message" as its edits make it, with no edits. */
static void
copy_repaired(struct message *copy_out, const struct attempt_tools *tools,
    const struct message *message)
{
	static const struct reading as_it_is = { .quoting = QUOTING_KEPT,
		.line_ends = LINE_ENDS_KEPT,
		.verbatim = true };
	struct sink nowhere = { push_nowhere };
	struct copy copy = { .sink = { push_copy } };
	uint64_t n = message_push(message, &nowhere);

	copy.octets = arena_alloc(tools->arena, n);
	message_push(message, &copy.sink);
	message_open(copy_out, tools->arena, tools->buffer,
	    (struct span){ copy.octets, copy.n }, &as_it_is);
}

/* ---- the record -------------------------------------------------------------- */

static void
add_fields(const struct attempt_tools *tools, const struct attempt *attempt)
{
	const struct message_verdict *verdict = &attempt->verdict;

	for (size_t i = 0; i < verdict->n_signatures; i++) {
		struct signature_verdict *one = &verdict->signatures[i];
		const struct attempt *owner = owner_of(attempt, one->facts);

		if (owner != NULL &&
		    one->facts->signature->kind != SIGNATURE_ARC_SEAL)
			one->fields = coverage_fields_get(
			    tools->arena, one->facts, &owner->message.header);
	}
}

/* Of the signatures that pass over "message", which is that of "owner". */
static void
add_left_out(const struct attempt_tools *tools, const struct attempt *attempt,
    const struct attempt *owner, const struct message *message,
    const struct attachments *attachments)
{
	const struct message_verdict *verdict = &attempt->verdict;
	size_t followed = 0;

	for (size_t i = 0; i < verdict->n_signatures; i++) {
		struct signature_verdict *one = &verdict->signatures[i];
		const struct signature_facts *facts = one->facts;

		if (one->result != RESULT_PASS ||
		    facts->body.covered >= facts->body.total ||
		    owner_of(attempt, facts) != owner ||
		    (followed == COVERED_EXTENTS_MAX &&
			(ssize_t)i != verdict->best))
			continue;
		followed += (ssize_t)i != verdict->best ? 1 : 0;
		one->left_out = left_out_get(tools->arena, message, attachments,
		    &facts->body,
		    signed_extent_get(message, facts->signature, &facts->body));
	}
}

/* Are the fields of the header that begin the cutting, or say how a message of
 * one part is encoded, signed wherever they are? */
static bool
is_framing_signed(const struct coverage *coverage)
{
	for (size_t i = 0; i < coverage->n_uncovered; i++) {
		struct span name = coverage->uncovered[i];

		if (span_equal(name, SPAN("content-type")) ||
		    span_equal(name, SPAN("content-transfer-encoding")))
			return false;
	}
	return true;
}

void
covered_get(struct record *record, const struct attempt_tools *tools,
    const struct item *item, const struct attempt *attempt)
{
	const struct message_verdict *verdict = &attempt->verdict;
	const struct signature_facts *facts;
	const struct attempt *owner;
	struct attachments *attachments;
	struct message repaired;
	const struct message *message;

	add_fields(tools, attempt);
	if (verdict->best < 0 || !verdict_is_verified(verdict->verdict))
		return;
	facts = verdict->signatures[verdict->best].facts;
	owner = owner_of(attempt, facts);
	g_assert(owner != NULL);
	message = &owner->message;
	if (message->reading.n_edits > 0) {
		copy_repaired(&repaired, tools, message);
		message = &repaired;
	}
	attachments =
	    attachments_get(tools->arena, &tools->digests[DIGEST_SHA256],
		message, facts->signature->body_canon,
		signed_extent_get(message, facts->signature, &facts->body));
	if (!is_framing_signed(&verdict->signatures[verdict->best].coverage))
		attachments->unclear |= MIME_UNCLEAR_FRAMING;
	attachments->repaired = message == &repaired;
	if (!attachments->repaired)
		attachments->offset = (uint64_t)(message->raw.p - item->raw.p);
	add_left_out(tools, attempt, owner, message, attachments);
	record->attachments = attachments;
}
