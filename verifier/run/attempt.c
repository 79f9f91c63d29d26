/* attempt.c - see attempt.h. */
#include "verifier/run/attempt.h"

#include "verifier/dkim/arc_seal.h"

/* The header section and the empty line; the body comes with its hashes. */
static void
push_header(const struct message *message, struct sink *out)
{
	sink_push(out, message->header.section);
	if (message->header.terminated)
		sink_push(out, SPAN("\r\n"));
}

static void
gather_facts(const struct attempt_tools *tools, const struct item *item,
    struct attempt *attempt, size_t left_out)
{
	message_facts_get(
	    &attempt->facts, tools->arena, &attempt->message, item->envelope);
	attempt->facts.split_heuristic = item->split == SPLIT_HEURISTIC;
	attempt->facts.signatures_left_out = left_out;
	attempt->facts.anchored_time = tools->anchored->time;
	if (attempt->repairs != NULL)
		attempt->facts.repaired = repair_set_effect(attempt->repairs);
}

bool
attempt_judge_again(struct attempt *attempt, const struct attempt_tools *tools,
    size_t at, GError **error)
{
	struct signature_verdict *verdict = &attempt->verdict.signatures[at];
	const struct signature_facts *facts = &attempt->facts_of[at];
	const struct arc_verdict *arc = attempt->verdict.arc;
	const struct cached_name *cached =
	    key_cache_get(tools->keys, facts->signature->key_name, error);

	if (cached == NULL)
		return false;
	verdict_of_signature(verdict, tools->arena, facts, &cached->known,
	    &attempt->facts, tools->context->alignment,
	    &tools->context->policy);
	verdict_of_message(&attempt->verdict, attempt->verdict.signatures,
	    attempt->verdict.n_signatures, &attempt->facts);
	attempt->verdict.arc = arc;
	return true;
}

/* Check one signature with all known keys of its name, and judge it. */
static bool
judge_signature(const struct attempt_tools *tools, struct attempt *attempt,
    struct signature_facts *facts, struct signature_verdict *verdict,
    GError **error)
{
	const struct cached_name *cached = NULL;

	facts_hash_header(
	    facts, tools->arena, &attempt->message, tools->digests);
	if (facts->signature->key_name.n > 0) {
		cached = key_cache_get(
		    tools->keys, facts->signature->key_name, error);
		if (cached == NULL)
			return false;
		facts_check(facts, tools->arena, cached->candidates,
		    cached->known.n_keys);
	}
	verdict_of_signature(verdict, tools->arena, facts,
	    cached != NULL ? &cached->known : NULL, &attempt->facts,
	    tools->context->alignment, &tools->context->policy);
	return true;
}

/* All hashes: of the body and with it "identity", of the seals, and of what
 * each signature covers of the header. */
static void
hash_all(const struct attempt_tools *tools, struct attempt *attempt,
    struct sink *identity)
{
	size_t n = attempt->signatures.n;

	facts_hash_body(attempt->facts_of, n, tools->arena, tools->bodies,
	    &attempt->message, identity);
	if (attempt->arc != NULL)
		arc_hash_seals(attempt->facts_of, n, attempt->arc, tools->arena,
		    &attempt->message.header, tools->digests);
}

static bool
judge_signatures(const struct attempt_tools *tools, struct attempt *attempt,
    struct sink *identity, GError **error)
{
	size_t n = attempt->signatures.n;
	struct signature_verdict *verdicts =
	    arena_alloc_array(tools->arena, n, sizeof(*verdicts));

	attempt->facts_of =
	    arena_alloc_array(tools->arena, n, sizeof(*attempt->facts_of));
	for (size_t i = 0; i < n; i++)
		attempt->facts_of[i].signature = &attempt->signatures.list[i];
	hash_all(tools, attempt, identity);
	for (size_t i = 0; i < n; i++) {
		if (!judge_signature(tools, attempt, &attempt->facts_of[i],
			&verdicts[i], error))
			return false;
	}
	verdict_of_message(&attempt->verdict, verdicts, n, &attempt->facts);
	return true;
}

/* The chain of ARC sets, which is told beside the verdict. */
static void
judge_chain(struct attempt *attempt)
{
	if (attempt->arc == NULL)
		return;
	arc_chain_judge(&attempt->arc_verdict, attempt->arc,
	    attempt->signatures.list, attempt->verdict.signatures);
	attempt->verdict.arc = &attempt->arc_verdict;
}

static enum reason
header_reason(enum header_status status)
{
	switch (status) {
	case HEADER_TOO_LARGE:
		return REASON_UNREADABLE_HEADER_TOO_LARGE;
	case HEADER_TOO_MANY:
		return REASON_UNREADABLE_HEADER_TOO_MANY;
	case HEADER_OK:
	case HEADER_EMPTY:
		break;
	}
	return REASON_UNREADABLE_NO_HEADER;
}

static void
make_unreadable(struct attempt *attempt, struct sink *identity)
{
	if (identity != NULL)
		message_push(&attempt->message, identity);
	verdict_unreadable(
	    &attempt->verdict, header_reason(attempt->message.status));
}

bool
attempt_make(struct attempt *attempt, const struct attempt_tools *tools,
    const struct item *item, const struct reading *reading,
    struct sink *identity, GError **error)
{
	message_open(
	    &attempt->message, tools->arena, tools->buffer, item->raw, reading);
	if (attempt->message.status != HEADER_OK) {
		make_unreadable(attempt, identity);
		return true;
	}
	if (identity != NULL)
		push_header(&attempt->message, identity);
	signatures_find(
	    &attempt->signatures, tools->arena, &attempt->message.header);
	attempt->arc = arc_collect(
	    tools->arena, &attempt->message.header, &attempt->signatures);
	gather_facts(tools, item, attempt, attempt->signatures.left_out);
	if (!judge_signatures(tools, attempt, identity, error))
		return false;
	judge_chain(attempt);
	return true;
}

bool
attempt_failed(const struct attempt *attempt)
{
	if (attempt->message.status != HEADER_OK ||
	    attempt->message.header.leading_bom)
		return true;
	for (size_t i = 0; i < attempt->verdict.n_signatures; i++) {
		const struct signature_verdict *signature =
		    &attempt->verdict.signatures[i];

		if (!signature_kind_decides(signature->facts->signature->kind))
			continue;
		if (signature->result == RESULT_FAIL ||
		    signature->facts->body.state == BODY_TOO_SHORT)
			return true;
	}
	return false;
}
