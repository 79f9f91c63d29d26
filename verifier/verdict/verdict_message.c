/* verdict_message.c - from the signatures to the message. */
#include "verifier/verdict/verdict.h"

static bool
is_aligned(const struct signature_verdict *verdict,
    const struct message_facts *message)
{
	return message->from_fields == 1 &&
	    (verdict->alignment == ALIGNED ||
		verdict->alignment == ALIGNED_BY_EQUIVALENCE);
}

static bool
is_better(const struct signature_verdict *a, const struct signature_verdict *b,
    const struct message_facts *message)
{
	if (a->verdict != b->verdict)
		return a->verdict < b->verdict;
	return is_aligned(a, message) && !is_aligned(b, message);
}

/* The best of those that speak for the message, or -1. */
static ssize_t
find_best(const struct signature_verdict *signatures, size_t n,
    const struct message_facts *message)
{
	ssize_t best = -1;

	for (size_t i = 0; i < n; i++) {
		if (signature_kind_decides(
			signatures[i].facts->signature->kind) &&
		    (best < 0 ||
			is_better(&signatures[i], &signatures[best], message)))
			best = (ssize_t)i;
	}
	return best;
}

void
verdict_of_message(struct message_verdict *verdict,
    struct signature_verdict *signatures, size_t n,
    const struct message_facts *message)
{
	ssize_t best = find_best(signatures, n, message);

	*verdict = (struct message_verdict){ .verdict = VERDICT_UNSIGNED,
		.best = best,
		.signatures = signatures,
		.n_signatures = n };
	if (best >= 0) {
		verdict->verdict = signatures[best].verdict;
		verdict->reasons = signatures[best].reasons;
	} else {
		reasons_add(&verdict->reasons, REASON_UNSIGNED);
	}
	if (message->signatures_left_out > 0)
		reasons_add(&verdict->reasons, REASON_SIGNATURES_LEFT_OUT);
	if (message->split_heuristic)
		reasons_add(&verdict->reasons, REASON_SPLIT_HEURISTIC);
}

void
verdict_unreadable(struct message_verdict *verdict, enum reason reason)
{
	g_assert(reason_row(reason)->verdict == VERDICT_UNREADABLE);
	*verdict = (struct message_verdict){ .verdict = VERDICT_UNREADABLE,
		.best = -1 };
	reasons_add(&verdict->reasons, reason);
}

void
message_facts_get(struct message_facts *facts, struct arena *arena,
    const struct message *message, struct span envelope)
{
	const struct span name = SPAN("From");
	const struct header_index *header = &message->header;

	*facts = (struct message_facts){ .message = message,
		.from_fields = header_count(header, name),
		.from = { .status = FROM_EMPTY },
		.anchored_time = TIMESTAMP_NONE };
	if (facts->from_fields > 0)
		from_parse(&facts->from, arena,
		    header_get(header, name, facts->from_fields - 1)->value);
	message_times_get(&facts->times, header, envelope);
}
