/*
 * attempt_repair.c - attempts with repairs: each signature that fails is
 * searched for, and what is found is judged anew as a whole.
 *
 * What mends one signature breaks another that was made over the changed
 * message, as a list makes it.  So each signature keeps the better of its two
 * verdicts; one that rests on repairs says so in its reasons.
 */
#include "verifier/run/attempt.h"

#include "verifier/message/display.h"

/* Is "signature" of DKIM, sound as a field, and fails all the same?  ARC does
 * not decide, and DomainKeys has no body hash to judge a repair by. */
static bool
may_be_mended(const struct signature_verdict *signature)
{
	const struct signature_facts *facts = signature->facts;

	if (facts->signature->kind != SIGNATURE_DKIM ||
	    (facts->signature->defects &
		(SIGNATURE_NEUTRAL | SIGNATURE_PERMERROR)))
		return false;
	return signature->result == RESULT_FAIL ||
	    facts->body.state == BODY_TOO_SHORT;
}

/* The attempt at "item" with the repairs of "set"; NULL with "error". */
static struct attempt *
make_repaired(const struct attempt_tools *tools, const struct item *item,
    const struct attempt *base, const struct repair_set *set, GError **error)
{
	struct attempt *attempt = arena_alloc(tools->arena, sizeof(*attempt));
	struct reading reading = base->message.reading;

	reading.edits = set->edits.edits;
	reading.n_edits = set->edits.n;
	reading.verbatim = false;
	attempt->repairs = set;
	if (!attempt_make(attempt, tools, item, &reading, NULL, error))
		return NULL;
	return attempt;
}

/* Keep what was signed with the facts of signature "at", and judge it by them:
 * the key is known now to have made the signature. */
static bool
keep_signed(const struct attempt_tools *tools, struct attempt *attempt,
    size_t at, const struct signed_found *found, GError **error)
{
	struct signature_facts *facts = &attempt->facts_of[at];
	struct signed_fields *fields =
	    arena_alloc(tools->arena, sizeof(*fields));

	*fields = found->fields;
	for (size_t i = 0; i < fields->n; i++) {
		struct signed_field *field = &fields->list[i];

		if (field->stored.p != NULL)
			field->stored_text =
			    display_text(tools->arena, field->stored);
		if (field->value.p != NULL)
			field->text = display_text(tools->arena, field->value);
	}
	facts->signed_fields = fields;
	facts->candidates[found->candidate].check.result = KEY_CHECK_OTHER;
	return attempt_judge_again(attempt, tools, at, error);
}

/* Search for the signature, and make an attempt of what is found.  False with
 * "error"; *attempt_out is NULL when nothing is found. */
static bool
mend_signature(const struct attempt_tools *tools, const struct item *item,
    struct attempt *base, struct repair_search *search, size_t at,
    struct attempt **attempt_out, GError **error)
{
	const struct signature_facts *facts = &base->facts_of[at];
	const struct cached_name *cached =
	    key_cache_get(tools->keys, facts->signature->key_name, error);
	struct repair_set *set = arena_alloc(tools->arena, sizeof(*set));
	struct signed_found found;

	*attempt_out = NULL;
	if (cached == NULL)
		return false;
	if (!repair_search_run(search, facts, cached->candidates, set, &found))
		return found.fields.n == 0 ||
		    keep_signed(tools, base, at, &found, error);
	*attempt_out = make_repaired(tools, item, base, set, error);
	return *attempt_out != NULL;
}

static bool
is_mended(const struct attempt *attempt)
{
	return attempt->verdict.verdict <= VERDICT_VERIFIED_REPAIRED;
}

/* The verdicts of "attempt", each signature's as in "base" where that is
 * better.  The chain of ARC sets stays that of the message as it is stored. */
static void
keep_better(const struct attempt_tools *tools, struct attempt *attempt,
    const struct attempt *base)
{
	size_t n = attempt->verdict.n_signatures;
	struct signature_verdict *verdicts;

	attempt->verdict.arc = base->verdict.arc;
	/* Edits of a header may hide or show a field: then nothing is kept. */
	if (n != base->verdict.n_signatures)
		return;
	verdicts = arena_alloc_array(tools->arena, n, sizeof(*verdicts));
	for (size_t i = 0; i < n; i++) {
		bool stored = base->verdict.signatures[i].verdict <=
		    attempt->verdict.signatures[i].verdict;

		verdicts[i] = stored ? base->verdict.signatures[i]
				     : attempt->verdict.signatures[i];
	}
	verdict_of_message(&attempt->verdict, verdicts, n, &attempt->facts);
	attempt->verdict.arc = base->verdict.arc;
}

/* "base" has no failing signature mended yet. */
static struct attempt *
mend_signatures(const struct attempt_tools *tools, const struct item *item,
    struct attempt *base, const struct repair_set *set, GError **error)
{
	const struct repair_tools repair_tools = { tools->arena, tools->bodies,
		tools->digests, tools->buffer };
	struct repair_search search;
	struct attempt *best = base;

	repair_search_start(&search, &repair_tools, &base->message, set);
	search.others = tools->others;
	for (size_t i = 0; i < base->verdict.n_signatures; i++) {
		struct attempt *attempt;

		if (is_mended(best))
			break;
		if (!may_be_mended(&base->verdict.signatures[i]))
			continue;
		if (!mend_signature(
			tools, item, base, &search, i, &attempt, error))
			return NULL;
		if (attempt != NULL &&
		    attempt->verdict.verdict < best->verdict.verdict)
			best = attempt;
	}
	if (best != base) {
		best->stored = base;
		keep_better(tools, best, base);
	}
	if (is_mended(best))
		return best;
	if (search.work.cut || search.left_out)
		reasons_add(&best->verdict.reasons, REASON_REPAIRS_CUT);
	if (search.guessing.cut || search.guesses_cut)
		reasons_add(&best->verdict.reasons, REASON_GUESSES_CUT);
	return best;
}

struct attempt *
attempt_repair(const struct attempt_tools *tools, const struct item *item,
    struct attempt *best, GError **error)
{
	struct repair_set *set = arena_alloc(tools->arena, sizeof(*set));
	struct attempt *base = best;

	if (is_mended(best))
		return best;
	if (repair_byte_order_mark(set, tools->arena, &best->message)) {
		base = make_repaired(tools, item, best, set, error);
		if (base == NULL)
			return NULL;
		if (base->verdict.verdict >= best->verdict.verdict) {
			base = best;
			*set = (struct repair_set){ .n = 0 };
		}
	}
	if (base->message.status != HEADER_OK || is_mended(base))
		return base;
	return mend_signatures(tools, item, base, set, error);
}
