/*
 * verdict.c - facts to a verdict (RFC 6376 6.1, RFC 8601 2.7.1).
 *
 * The judgements stand in their order: the field itself, no key, a pass, a
 * signature over the headers only, one by a key that does not allow it, one
 * over other headers, no key that fits, no key that can be used.  The first
 * that applies lists its reasons, and the first reason decides.
 */
#include "verifier/verdict/verdict.h"

#include "verifier/verdict/verdict_key.h"

/* Flags under which a signature says little about who made it. */
#define FLAGS_UNSURE (PROVENANCE_TESTING | PROVENANCE_FORGEABLE)

/* All that a judgement is made from, and where it goes. */
struct judge {
	struct signature_verdict *verdict;
	struct arena *arena;
	const struct signature_facts *facts;
	const struct known_name *known;
	const struct message_facts *message;
	const struct alignment *alignment;
	const struct policy *policy;
};

void
reasons_add(struct reasons *reasons, enum reason reason)
{
	for (size_t i = 0; i < reasons->n; i++) {
		if (reasons->list[i] == reason)
			return;
	}
	reasons->list[reasons->n++] = reason;
}

static void
add(const struct judge *judge, enum reason reason)
{
	reasons_add(&judge->verdict->reasons, reason);
}

/* Add a reason for each bit of "defects" from "low" to "high": "first" for
 * "low", the next one for the next bit. */
static void
add_bits(const struct judge *judge, unsigned defects, unsigned low,
    unsigned high, enum reason first)
{
	for (unsigned bit = low; bit <= high; bit <<= 1, first++) {
		if (defects & bit)
			add(judge, first);
	}
}

/* A candidate that may be used but was not checked, or that the library
 * failed at, is beyond what can be checked. */
static unsigned
candidate_defects(const struct judge *judge, size_t at)
{
	const struct candidate_facts *candidate = &judge->facts->candidates[at];

	if (candidate->defects != 0)
		return candidate->defects;
	return candidate->checked &&
		candidate->check.result != KEY_CHECK_UNUSABLE
	    ? 0
	    : CANDIDATE_LIMIT;
}

/* Let the result rest on the key of candidate "at" if it is the first, or
 * serves better than the one before. */
static void
consider_key(const struct judge *judge, size_t at)
{
	struct signature_verdict *verdict = judge->verdict;
	const struct known_key *key = &judge->known->keys[at];
	struct time_standing standing;

	key_standing(judge->known, key, &verdict->interval, &standing);
	if (verdict->key == NULL ||
	    key_is_better(key, &standing, verdict->key, &verdict->standing,
		judge->policy)) {
		verdict->key = key;
		verdict->standing = standing;
	}
}

/* The best key among the usable candidates whose check gave "result". */
static bool
find_key(const struct judge *judge, enum key_check_result result)
{
	for (size_t i = 0; i < judge->facts->n_candidates; i++) {
		if (candidate_defects(judge, i) == 0 &&
		    judge->facts->candidates[i].check.result == result)
			consider_key(judge, i);
	}
	return judge->verdict->key != NULL;
}

/* Do the authors belong to more than one organisation? */
static bool
several_organisations(const struct judge *judge)
{
	const struct from_list *from = &judge->message->from;

	for (size_t i = 1; i < from->n; i++) {
		if (!span_equal(alignment_organisation(judge->alignment,
				    from->addresses[0].domain),
			alignment_organisation(
			    judge->alignment, from->addresses[i].domain)))
			return true;
	}
	return false;
}

/* Is the first field called "name" signed? */
static bool
is_signed(const struct judge *judge, struct span name)
{
	const struct header_index *header = &judge->message->message->header;
	const struct header_field *field = header_get(header, name, 0);

	return field != NULL && judge->facts->header_hashed &&
	    judge->facts->selection.signed_fields[field - header->fields];
}

static void
qualify_alignment(const struct judge *judge)
{
	if (judge->message->from_fields > 1)
		add(judge, REASON_FROM_MULTIPLE);
	if (judge->facts->signature->kind == SIGNATURE_DOMAINKEYS &&
	    !is_signed(judge, SPAN("From")))
		add(judge, REASON_FROM_UNSIGNED);
	switch (judge->verdict->alignment) {
	case ALIGNED:
	case ALIGNED_BY_EQUIVALENCE:
		break;
	case UNALIGNED:
		add(judge, REASON_UNALIGNED);
		if (several_organisations(judge))
			add(judge, REASON_FROM_SEVERAL_DOMAINS);
		break;
	case UNALIGNED_FROM:
		if (judge->message->from_fields <= 1)
			add(judge, REASON_FROM_UNPARSABLE);
		break;
	case UNALIGNED_SUFFIX:
		add(judge, REASON_PUBLIC_SUFFIX);
		break;
	}
}

static void
qualify_coverage(const struct judge *judge)
{
	const struct coverage *coverage = &judge->verdict->coverage;

	if (judge->facts->signature->kind == SIGNATURE_ARC_SEAL) {
		add(judge, REASON_ARC_SEAL);
		return;
	}
	if (!coverage->body_full)
		add(judge, REASON_BODY_PARTLY);
	if (!coverage->headers_full)
		add(judge, REASON_HEADER_UNSIGNED);
	if (!coverage->mime_signed && !coverage->mime_fixed)
		add(judge, REASON_MIME_UNSIGNED);
	if (judge->message->message->header.no_field_lines > 0)
		add(judge, REASON_NO_FIELD_LINES);
	if (judge->message->message->header.stray_octets > 0)
		add(judge, REASON_HEADER_LINE_ENDS);
}

static void
qualify_repairs(const struct judge *judge)
{
	switch (judge->message->repaired) {
	case REPAIR_NONE:
		break;
	case REPAIR_UNSEEN:
		add(judge, REASON_REPAIRED);
		break;
	case REPAIR_SEEN:
		add(judge, REASON_RESTORED);
		break;
	}
}

/* The qualifiers of a signature that holds, the worst verdict first. */
static void
qualify(const struct judge *judge)
{
	struct signature_verdict *verdict = judge->verdict;

	qualify_alignment(judge);
	if (judge->facts->signature->kind == SIGNATURE_DOMAINKEYS)
		add(judge, REASON_DOMAINKEYS);
	if (judge->facts->signature->defects & SIGNATURE_SHA1)
		add(judge, REASON_SHA1);
	key_qualify(
	    &verdict->reasons, verdict->key, &verdict->standing, judge->policy);
	qualify_coverage(judge);
	qualify_repairs(judge);
}

/* What is wrong with the field: neutral before permerror. */
static bool
judge_field(const struct judge *judge)
{
	add_bits(judge, judge->facts->signature->defects, SIGNATURE_SYNTAX,
	    SIGNATURE_ARC_HEADERS, REASON_SIGNATURE_SYNTAX);
	if (judge->facts->signature->kind == SIGNATURE_ARC_SEAL &&
	    !judge->facts->header_hashed && judge->verdict->reasons.n == 0)
		add(judge, REASON_ARC_SET_BROKEN);
	if (judge->facts->body.state == BODY_TOO_SHORT)
		add(judge, REASON_LENGTH_BEYOND_BODY);
	return judge->verdict->reasons.n > 0;
}

static bool
judge_missing(const struct judge *judge)
{
	if (judge->known != NULL && judge->known->n_keys > 0)
		return false;
	add(judge, REASON_KEY_MISSING);
	if (judge->known != NULL && judge->known->absent_seen)
		add(judge, REASON_KEY_ABSENT_SEEN);
	return true;
}

static bool
judge_pass(const struct judge *judge)
{
	struct signature_verdict *verdict = judge->verdict;

	for (size_t i = 0; i < judge->facts->n_candidates; i++) {
		const struct pass *pass = pass_of(judge->arena, judge->facts,
		    judge->known, i, &verdict->interval);
		if (pass == NULL ||
		    (verdict->pass != NULL &&
			!key_is_better(pass_key(pass), pass_standing(pass),
			    pass_key(verdict->pass),
			    pass_standing(verdict->pass), judge->policy)))
			continue;
		verdict->pass = pass;
	}
	if (verdict->pass == NULL)
		return false;
	verdict->key = pass_key(verdict->pass);
	verdict->standing = *pass_standing(verdict->pass);
	qualify(judge);
	if (verdict->reasons.n == 0)
		add(judge, REASON_PASS);
	return true;
}

/* The signature holds over the header, but the body hash does not. */
static bool
judge_headers_only(const struct judge *judge)
{
	struct signature_verdict *verdict = judge->verdict;
	enum body_state state = judge->facts->body.state;

	if (state == BODY_MATCH || state == BODY_IN_SIGNATURE ||
	    state == BODY_NOT_SIGNED || !find_key(judge, KEY_CHECK_VALID))
		return false;
	if (verdict->standing.flags & (FLAGS_UNSURE | PROVENANCE_WEAK))
		add(judge, REASON_BODY_UNSURE);
	add(judge,
	    judge->facts->body.state == BODY_MISSING ? REASON_BODY_MISSING
						     : REASON_BODY_ALTERED);
	qualify(judge);
	return true;
}

/* The key that made the signature does not allow it. */
static bool
judge_forbidden(const struct judge *judge)
{
	for (size_t i = 0; i < judge->facts->n_candidates; i++) {
		const struct candidate_facts *candidate =
		    &judge->facts->candidates[i];
		if (candidate->defects == 0 || !candidate->checked ||
		    candidate->check.result != KEY_CHECK_VALID)
			continue;
		consider_key(judge, i);
		add_bits(judge, candidate->defects, CANDIDATE_HASH,
		    CANDIDATE_GRANULARITY, REASON_KEY_HASH);
	}
	return judge->verdict->key != NULL;
}

static bool
judge_altered(const struct judge *judge)
{
	struct signature_verdict *verdict = judge->verdict;

	if (!find_key(judge, KEY_CHECK_OTHER))
		return false;
	if (verdict->standing.flags & FLAGS_UNSURE)
		add(judge, REASON_ALTERED_UNSURE);
	else if (judge->facts->body.state == BODY_IN_SIGNATURE)
		add(judge, REASON_MESSAGE_ALTERED);
	else
		add(judge, REASON_HEADERS_ALTERED);
	key_qualify(
	    &verdict->reasons, verdict->key, &verdict->standing, judge->policy);
	return true;
}

/* Some key could be checked, and none fits. */
static bool
judge_mismatch(const struct judge *judge)
{
	unsigned all = 0;
	bool checked = false;

	for (size_t i = 0; i < judge->facts->n_candidates; i++) {
		unsigned defects = candidate_defects(judge, i);
		checked |= defects == 0;
		all |= defects;
	}
	if (!checked)
		return false;
	add(judge, REASON_KEY_MISMATCH);
	if (all & CANDIDATE_LIMIT)
		add(judge, REASON_KEY_LIMIT);
	return true;
}

/* No key record of the name can be used. */
static void
judge_unusable(const struct judge *judge)
{
	const struct time_interval *interval = &judge->verdict->interval;
	unsigned all = 0;

	for (size_t i = 0; i < judge->facts->n_candidates; i++)
		all |= candidate_defects(judge, i);
	if (all & CANDIDATE_REVOKED) {
		bool later = provenance_revocation(judge->known, interval->from,
				 interval->to) == REVOCATION_LATER;
		add(judge, later ? REASON_REVOKED_LATER : REASON_KEY_REVOKED);
	}
	add_bits(judge, all, CANDIDATE_MALFORMED, CANDIDATE_LIMIT,
	    REASON_KEY_MALFORMED);
}

static void
judge_all(const struct judge *judge)
{
	if (judge_field(judge) || judge_missing(judge))
		return;
	g_assert(judge->facts->n_candidates == judge->known->n_keys);
	if (judge_pass(judge) || judge_headers_only(judge) ||
	    judge_forbidden(judge) || judge_altered(judge) ||
	    judge_mismatch(judge))
		return;
	judge_unusable(judge);
}

static void
note_signature(const struct judge *judge)
{
	static const struct {
		unsigned defect;
		enum reason reason;
	} rows[] = { { SIGNATURE_UNUSED_BITS, REASON_SIGNATURE_UNUSED_BITS },
		{ SIGNATURE_BAD_COPIED, REASON_SIGNATURE_BAD_COPIED },
		{ SIGNATURE_SIGNS_ITSELF, REASON_SIGNATURE_SIGNS_ITSELF } };
	const struct signature *signature = judge->facts->signature;
	const struct time_interval *interval = &judge->verdict->interval;

	if (signature->assumed)
		add(judge, REASON_DOMAINKEYS_ASSUMED);
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		if (signature->defects & rows[i].defect)
			add(judge, rows[i].reason);
	}
	if (signature->expiry != TIMESTAMP_NONE &&
	    interval->to != TIMESTAMP_NONE && interval->to > signature->expiry)
		add(judge, REASON_EXPIRED);
	if (interval->anchored != TIMESTAMP_NONE &&
	    interval->to != TIMESTAMP_NONE && interval->to > interval->anchored)
		add(judge, REASON_CLAIMED_AFTER_PROOF);
}

/* Could the signature be checked with some key that may be used? */
static bool
any_checked(const struct judge *judge)
{
	for (size_t i = 0; i < judge->facts->n_candidates; i++) {
		if (candidate_defects(judge, i) == 0)
			return true;
	}
	return false;
}

/* What the reading of an older draft gives.  The result stays as it is; the
 * key with which the draft holds is shown. */
static void
note_draft(const struct judge *judge)
{
	const struct signature_facts *facts = judge->facts;
	bool body_holds = facts->body.state == BODY_MATCH ||
	    facts->body.state == BODY_IN_SIGNATURE;

	if (facts->signature->draft == SIGNATURE_NO_DRAFT ||
	    judge->known == NULL || judge->known->n_keys == 0)
		return;
	if (body_holds && find_key(judge, KEY_CHECK_VALID))
		add(judge, REASON_DRAFT_HOLDS);
	else if (any_checked(judge))
		add(judge, REASON_DRAFT_FAILS);
}

static void
note(const struct judge *judge)
{
	const struct signature_verdict *verdict = judge->verdict;

	note_draft(judge);
	if (verdict->key != NULL) {
		key_note(
		    &judge->verdict->reasons, verdict->key, &verdict->standing);
		if (verdict->alignment == ALIGNED_BY_EQUIVALENCE)
			add(judge, REASON_EQUIVALENT);
		if (verdict->coverage.mime_fixed)
			add(judge, REASON_MIME_FRAMED);
	}
	if (judge->facts->signed_fields != NULL)
		add(judge, REASON_SIGNED_FIELDS);
	if (judge->known != NULL && judge->known->n_left_out > 0)
		add(judge, REASON_KEYS_LEFT_OUT);
	note_signature(judge);
}

void
verdict_of_signature(struct signature_verdict *verdict, struct arena *arena,
    const struct signature_facts *facts, const struct known_name *known,
    const struct message_facts *message, const struct alignment *alignment,
    const struct policy *policy)
{
	struct judge judge = { verdict, arena, facts, known, message, alignment,
		policy };

	*verdict = (struct signature_verdict){ .facts = facts, .known = known };
	coverage_get(&verdict->coverage, arena, facts, message->message);
	/* With two From fields nobody knows who the author is. */
	verdict->alignment = message->from_fields > 1
	    ? UNALIGNED_FROM
	    : alignment_check(
		  alignment, &message->from, facts->signature->domain);
	verdict->organisation =
	    alignment_organisation(alignment, facts->signature->domain);
	message_time_interval(&verdict->interval, &message->times,
	    facts->signature->time, is_signed(&judge, SPAN("Date")));
	verdict->interval.anchored = message->anchored_time;
	judge_all(&judge);

	const struct reason_row *row = reason_row(verdict->reasons.list[0]);
	verdict->result = row->result;
	verdict->verdict = row->verdict;
	g_assert((verdict->result == RESULT_PASS) == (verdict->pass != NULL));
	note(&judge);
}
