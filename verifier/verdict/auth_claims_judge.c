/*
 * auth_claims_judge.c - one claim beside what was found.
 *
 * Who wrote a claim may have had keys that are not known here, and a message
 * may have been changed since: so that two results are not the same is told
 * with care.  A missing key contradicts nothing, and confirms nothing.
 */
#include "verifier/verdict/auth_claims_judge.h"

/* What a result of RFC 8601 section 2.7.1 comes to. */
enum word {
	WORD_UNKNOWN,
	WORD_PASS,
	WORD_NOT,         /* it does not hold */
	WORD_UNPROCESSED, /* it does not hold, or nobody could try */
	WORD_TEMPERROR,
	WORD_POLICY,
	WORD_NONE
};

struct outcome {
	enum auth_agreement agreement;
	enum auth_why why;
};

/* A claim at work. */
struct work {
	struct arena *arena;
	const struct auth_basis *basis;
	const struct auth_claim *claim;
	const struct auth_result *result;
	enum word word;
	bool *fits; /* for each signature of the message */
	size_t n_fits;
};

static enum word
word_of(struct span result)
{
	static const struct {
		struct span text;
		enum word word;
	} words[] = {
		{ SPAN("pass"), WORD_PASS },
		{ SPAN("fail"), WORD_NOT },
		{ SPAN("hardfail"), WORD_NOT }, /* as it was before 2009 */
		{ SPAN("neutral"), WORD_UNPROCESSED },
		{ SPAN("permerror"), WORD_UNPROCESSED },
		{ SPAN("temperror"), WORD_TEMPERROR },
		{ SPAN("policy"), WORD_POLICY },
		{ SPAN("none"), WORD_NONE },
	};

	for (size_t i = 0; i < G_N_ELEMENTS(words); i++) {
		if (span_equal_nocase(result, words[i].text))
			return words[i].word;
	}
	return WORD_UNKNOWN;
}

static bool
reasons_have(const struct reasons *reasons, enum reason reason)
{
	for (size_t i = 0; i < reasons->n; i++) {
		if (reasons->list[i] == reason)
			return true;
	}
	return false;
}

static bool
has_reason(const struct signature_verdict *verdict, enum reason reason)
{
	return reasons_have(&verdict->reasons, reason);
}

static struct outcome
not_comparable(enum auth_why why)
{
	return (struct outcome){ AUTH_NOT_COMPARABLE, why };
}

/* Would another key than those known here give another result?  Where a key is
 * weak or testing, it is known to have made the signature. */
static bool
lacks_key(const struct signature_verdict *verdict)
{
	return (verdict->verdict == VERDICT_KEY_MISMATCH ||
		   verdict->verdict == VERDICT_KEY_UNUSABLE) &&
	    !has_reason(verdict, REASON_BODY_UNSURE) &&
	    !has_reason(verdict, REASON_ALTERED_UNSURE);
}

static const struct outcome same = { AUTH_AGREES, AUTH_SAME_RESULT };
static const struct outcome other = { AUTH_DIFFERS, AUTH_OTHER_RESULT };

/* Is there a rule, of the time or of today, by which a verifier rejects what
 * holds?  RFC 8301 3, RFC 6376 3.5 (x=), 3.6.1 (t=y), RFC 4871 3.6.1 (g=) */
static bool
breaks_rule(const struct signature_verdict *verdict)
{
	static const enum reason rules[] = { REASON_SHA1, REASON_WEAK_KEY,
		REASON_TESTING_KEY, REASON_EXPIRED, REASON_KEY_GRANULARITY };

	for (size_t i = 0; i < G_N_ELEMENTS(rules); i++) {
		if (has_reason(verdict, rules[i]))
			return true;
	}
	return false;
}

/* "pass" was claimed of a signature that a draft allows. */
static struct outcome
compare_draft(const struct signature_verdict *verdict)
{
	if (has_reason(verdict, REASON_DRAFT_HOLDS))
		return not_comparable(AUTH_DRAFT);
	return not_comparable(has_reason(verdict, REASON_DRAFT_FAILS)
		? AUTH_OTHER_KEY
		: AUTH_KEY_MISSING);
}

/* "pass" was claimed. */
static struct outcome
compare_pass(const struct signature_verdict *verdict)
{
	if (verdict->result == RESULT_PASS)
		return same;
	return verdict->facts->signature->draft != SIGNATURE_NO_DRAFT
	    ? compare_draft(verdict)
	    : other;
}

/* That it does not hold was claimed. */
static struct outcome
compare_not(const struct work *work, const struct signature_verdict *verdict)
{
	struct span word = span_from_string(result_name(verdict->result));

	if (verdict->result == RESULT_PASS) {
		if (has_reason(verdict, REASON_REPAIRED) ||
		    has_reason(verdict, REASON_RESTORED))
			return not_comparable(AUTH_REPAIRED);
		if (breaks_rule(verdict))
			return not_comparable(AUTH_RULE);
		return work->word == WORD_UNPROCESSED
		    ? not_comparable(AUTH_UNPROCESSED)
		    : other;
	}
	if (span_ends_with(work->result->result, word))
		return same;
	return (struct outcome){ AUTH_AGREES, AUTH_NEITHER_HOLDS };
}

/* Does the word say something that can be held against what was found? */
static bool
is_comparable(enum word word, struct outcome *outcome_out)
{
	switch (word) {
	case WORD_TEMPERROR:
		*outcome_out = not_comparable(AUTH_NO_RESULT);
		return false;
	case WORD_POLICY:
		*outcome_out = not_comparable(AUTH_BY_POLICY);
		return false;
	case WORD_UNKNOWN:
	case WORD_NONE:
		*outcome_out = not_comparable(AUTH_UNKNOWN_WORD);
		return false;
	case WORD_PASS:
	case WORD_NOT:
	case WORD_UNPROCESSED:
		break;
	}
	return true;
}

static struct outcome
compare_signature(
    const struct work *work, const struct signature_verdict *verdict)
{
	struct outcome outcome;

	if (!is_comparable(work->word, &outcome))
		return outcome;
	if (verdict->result == RESULT_TEMPERROR)
		return not_comparable(AUTH_KEY_MISSING);
	if (lacks_key(verdict))
		return not_comparable(AUTH_OTHER_KEY);
	if (has_reason(verdict, REASON_SIGNATURE_TOO_MANY_NAMES))
		return not_comparable(AUTH_LIMIT);
	return work->word == WORD_PASS ? compare_pass(verdict)
				       : compare_not(work, verdict);
}

/* ---- which signatures ------------------------------------------------------ */

static const struct signature_verdict *
verdict_at(const struct work *work, size_t at)
{
	return &work->basis->verdict->signatures[at];
}

static void
find_of_kind(struct work *work, enum signature_kind kind)
{
	for (size_t i = 0; i < work->basis->verdict->n_signatures; i++) {
		const struct signature *signature =
		    verdict_at(work, i)->facts->signature;

		/* What an ARC set says is about the sets before it. */
		work->fits[i] = signature->kind == kind &&
		    (work->claim->results.instance == 0 ||
			kind != SIGNATURE_ARC_SEAL ||
			signature->instance < work->claim->results.instance);
		work->n_fits += work->fits[i] ? 1 : 0;
	}
}

/* Of these, those that the properties fit. */
static void
keep_wanted(struct work *work, enum signature_kind kind)
{
	const struct auth_wanted *wanted =
	    auth_wanted_get(work->arena, work->result, kind);

	for (size_t i = 0; i < work->basis->verdict->n_signatures; i++) {
		if (!work->fits[i] ||
		    auth_wanted_fits(
			wanted, verdict_at(work, i)->facts->signature))
			continue;
		work->fits[i] = false;
		work->n_fits--;
	}
}

bool
auth_claims_place(const struct auth_basis *basis,
    const struct signature *signature, size_t *place_out)
{
	const struct header_index *headers[] = { basis->header,
		basis->repaired };
	uintptr_t at = (uintptr_t)signature->field;

	for (size_t i = 0; i < G_N_ELEMENTS(headers); i++) {
		const struct header_index *header = headers[i];

		if (header == NULL || header->n != basis->header->n ||
		    at < (uintptr_t)header->fields ||
		    at >= (uintptr_t)(header->fields + header->n))
			continue;
		*place_out = (size_t)(signature->field - header->fields);
		return true;
	}
	return false;
}

/* Does it stand below the claim?  Trace fields are put on top (RFC 5322
 * 3.6.7): what stands above may have come later. */
static bool
stands_below(const struct work *work, size_t at)
{
	size_t place;

	return !auth_claims_place(work->basis,
		   verdict_at(work, at)->facts->signature, &place) ||
	    place > work->claim->place;
}

/* Of these, those below the claim, if there are any.  False: there are only
 * others. */
static bool
keep_below(struct work *work)
{
	size_t n = 0;

	for (size_t i = 0; i < work->basis->verdict->n_signatures; i++)
		n += work->fits[i] && stands_below(work, i) ? 1 : 0;
	if (n == 0)
		return work->n_fits == 0;
	for (size_t i = 0; i < work->basis->verdict->n_signatures; i++)
		work->fits[i] = work->fits[i] && stands_below(work, i);
	work->n_fits = n;
	return true;
}

/* Has the message signatures that were not read? */
static bool
has_more(const struct work *work)
{
	return reasons_have(
	    &work->basis->verdict->reasons, REASON_SIGNATURES_LEFT_OUT);
}

/* "none" was claimed.  Outlook signs below the ARC set that it has put on
 * before, which says none. */
static struct outcome
compare_none(const struct work *work)
{
	for (size_t i = 0; i < work->basis->verdict->n_signatures; i++) {
		if (work->fits[i] && stands_below(work, i))
			return not_comparable(AUTH_ONE_THERE);
	}
	if (work->n_fits > 0)
		return not_comparable(AUTH_LATER);
	return has_more(work)
	    ? not_comparable(AUTH_LIMIT)
	    : (struct outcome){ AUTH_AGREES, AUTH_NONE_THERE };
}

/* ---- methods --------------------------------------------------------------- */

/* What is said of one claim that fits two signatures. */
static struct outcome
join(struct outcome a, struct outcome b)
{
	if (a.agreement == b.agreement && a.why == b.why)
		return a;
	return a.agreement == AUTH_AGREES && b.agreement == AUTH_AGREES
	    ? (struct outcome){ AUTH_AGREES, AUTH_NEITHER_HOLDS }
	    : not_comparable(AUTH_SEVERAL);
}

static struct outcome
judge_signatures(struct work *work, enum signature_kind kind)
{
	struct outcome outcome = { AUTH_NO_SUCH_SIGNATURE, AUTH_NO_SIGNATURE };

	find_of_kind(work, kind);
	if (work->word == WORD_NONE)
		return compare_none(work);
	keep_wanted(work, kind);
	if (work->n_fits == 0 && has_more(work))
		return not_comparable(AUTH_LIMIT);
	/* The properties that were left out may name another one. */
	if (work->n_fits > 0 && work->result->left_out > 0)
		return not_comparable(AUTH_LIMIT);
	if (!keep_below(work))
		return not_comparable(AUTH_LATER);
	for (size_t i = 0; i < work->basis->verdict->n_signatures; i++) {
		struct outcome one;

		if (!work->fits[i])
			continue;
		one = compare_signature(work, verdict_at(work, i));
		outcome = outcome.agreement == AUTH_NO_SUCH_SIGNATURE
		    ? one
		    : join(outcome, one);
	}
	return outcome;
}

/* The newest set that the claim can be about. */
static unsigned
newest_instance(const struct work *work)
{
	unsigned newest = 0;

	for (size_t i = 0; i < work->basis->verdict->n_signatures; i++) {
		if (work->fits[i])
			newest = MAX(newest,
			    verdict_at(work, i)->facts->signature->instance);
	}
	return newest;
}

/* Where the chain fails: can that be for want of the right key? */
static bool
chain_lacks_key(const struct work *work, const struct arc_verdict *arc)
{
	enum signature_kind kind = arc->reason == REASON_ARC_MESSAGE_SIGNATURE
	    ? SIGNATURE_ARC_MESSAGE
	    : SIGNATURE_ARC_SEAL;

	if (arc->reason != REASON_ARC_MESSAGE_SIGNATURE &&
	    arc->reason != REASON_ARC_SEAL_BROKEN)
		return false;
	for (size_t i = 0; i < work->basis->verdict->n_signatures; i++) {
		const struct signature *signature =
		    verdict_at(work, i)->facts->signature;

		if (signature->kind == kind &&
		    signature->instance == arc->instance)
			return lacks_key(verdict_at(work, i));
	}
	return false;
}

static struct outcome
compare_chain_pass(const struct work *work)
{
	if (work->word == WORD_PASS)
		return same;
	return work->word == WORD_UNPROCESSED ? not_comparable(AUTH_UNPROCESSED)
					      : other;
}

/* The chain as it is now; a set that was put on later may have broken it. */
static struct outcome
compare_chain(const struct work *work, const struct arc_verdict *arc)
{
	struct outcome outcome;

	if (!is_comparable(work->word, &outcome))
		return outcome;
	if (arc->result == ARC_UNKNOWN)
		return not_comparable(AUTH_KEY_MISSING);
	if (arc->result == ARC_PASS)
		return compare_chain_pass(work);
	if (arc->instance > newest_instance(work))
		return not_comparable(AUTH_LATER_SET);
	if (chain_lacks_key(work, arc))
		return not_comparable(AUTH_OTHER_KEY);
	if (work->word == WORD_PASS)
		return arc->reason == REASON_ARC_WEAK
		    ? not_comparable(AUTH_RULE)
		    : other;
	return work->word == WORD_NOT
	    ? same
	    : (struct outcome){ AUTH_AGREES, AUTH_NEITHER_HOLDS };
}

static struct outcome
judge_chain(struct work *work)
{
	const struct arc_verdict *arc = work->basis->verdict->arc;

	find_of_kind(work, SIGNATURE_ARC_SEAL);
	if (work->word == WORD_NONE)
		return compare_none(work);
	if (work->n_fits == 0 || arc == NULL)
		return (struct outcome){ AUTH_NO_SUCH_SIGNATURE,
			AUTH_NO_SIGNATURE };
	if (!keep_below(work))
		return not_comparable(AUTH_LATER);
	return compare_chain(work, arc);
}

static bool
is_version_1(struct span version)
{
	return version.p == NULL || span_equal(version, SPAN("1"));
}

static struct outcome
judge_method(struct work *work)
{
	struct span method = work->result->method;
	bool dkim = span_equal_nocase(method, SPAN("dkim"));
	bool domainkeys = span_equal_nocase(method, SPAN("domainkeys"));

	if (!dkim && !domainkeys && !span_equal_nocase(method, SPAN("arc")))
		return (struct outcome){ AUTH_NOT_JUDGED, AUTH_WHY_NONE };
	if (!is_version_1(work->claim->results.version) ||
	    !is_version_1(work->result->version))
		return not_comparable(AUTH_UNKNOWN_VERSION);
	if (dkim)
		return judge_signatures(work, SIGNATURE_DKIM);
	if (domainkeys)
		return judge_signatures(work, SIGNATURE_DOMAINKEYS);
	return judge_chain(work);
}

void
auth_claims_judge(struct auth_judgement *judgement, struct arena *arena,
    const struct auth_basis *basis, const struct auth_claim *claim,
    const struct auth_result *result)
{
	size_t n = basis->verdict->n_signatures;
	struct work work = { .arena = arena,
		.basis = basis,
		.claim = claim,
		.result = result,
		.word = word_of(result->result),
		.fits = arena_alloc_array(arena, n, sizeof(bool)) };
	struct outcome outcome = judge_method(&work);

	*judgement = (struct auth_judgement){ .agreement = outcome.agreement,
		.why = outcome.why };
	judgement->signatures = arena_alloc_array(
	    arena, work.n_fits, sizeof(*judgement->signatures));
	for (size_t i = 0; i < n; i++) {
		if (work.fits[i])
			judgement->signatures[judgement->n_signatures++] = i;
	}
}
