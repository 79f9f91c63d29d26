/*
 * rules.c - the documents on DKIM as dated rules over the facts (rules.h).
 */
#include "verifier/verdict/rules.h"

#include "keysnap/base/text.h"
#include "verifier/dkim/domainkeys.h"

static const struct {
	const char *name;
	int year, month; /* of publication, the RFC's own */
} documents[RULES_DOCUMENTS] = {
	[RULES_RFC4871] = { "RFC 4871", 2007, 5 },
	[RULES_RFC6376] = { "RFC 6376", 2011, 9 },
	[RULES_RFC8301] = { "RFC 8301", 2018, 1 },
	[RULES_RFC8463] = { "RFC 8463", 2018, 9 },
	[RULES_RFC8616] = { "RFC 8616", 2019, 6 },
};

/*
 * What a document says about a fact.  A later row takes the place of an
 * earlier one about the same fact; RESULT_PASS: nothing stands against it.
 */
static const struct row {
	enum rules_document document;
	enum rules_fact fact;
	enum result result;
	enum reason reason;
} rows[] = {
	/* 3.2: a tag value is ASCII, and other text is no tag-list. */
	{ RULES_RFC4871, RULES_UTF8, RESULT_NEUTRAL, REASON_SIGNATURE_SYNTAX },
	/* 3.3: MUST ignore algorithms that are not implemented. */
	{ RULES_RFC4871, RULES_ED25519, RESULT_NEUTRAL,
	    REASON_SIGNATURE_UNKNOWN_ALGORITHM },
	/* 3.6.1 and 6.1.2 step 6: the record MUST be ignored. */
	{ RULES_RFC4871, RULES_GRANULARITY, RESULT_PERMERROR,
	    REASON_KEY_GRANULARITY },
	/* 3.6.1: MUST NOT be treated differently from unsigned email, even
	 * should the signature fail to verify. */
	{ RULES_RFC4871, RULES_TESTING, RESULT_NONE, REASON_TESTING_KEY },
	/* 3.3: verifiers MUST implement rsa-sha1; 3.3.3: and keys from 512
	 * bits on. */
	{ RULES_RFC4871, RULES_SHA1, RESULT_PASS, REASON_PASS },
	{ RULES_RFC4871, RULES_SHORT_KEY, RESULT_PASS, REASON_PASS },

	/* 3.2, 3.3, 3.3.3 and t=y of 3.6.1 say what they said. */
	{ RULES_RFC6376, RULES_UTF8, RESULT_NEUTRAL, REASON_SIGNATURE_SYNTAX },
	{ RULES_RFC6376, RULES_ED25519, RESULT_NEUTRAL,
	    REASON_SIGNATURE_UNKNOWN_ALGORITHM },
	/* 3.6.1: g= is no tag any more, and MUST be ignored as unknown. */
	{ RULES_RFC6376, RULES_GRANULARITY, RESULT_PASS, REASON_PASS },
	{ RULES_RFC6376, RULES_TESTING, RESULT_NONE, REASON_TESTING_KEY },
	{ RULES_RFC6376, RULES_SHA1, RESULT_PASS, REASON_PASS },
	{ RULES_RFC6376, RULES_SHORT_KEY, RESULT_PASS, REASON_PASS },

	/* 3.1: rsa-sha1 MUST NOT be used for verifying; 3.2: MUST NOT consider
	 * signatures with RSA below 1024 bits as valid. */
	{ RULES_RFC8301, RULES_SHA1, RESULT_POLICY, REASON_SHA1 },
	{ RULES_RFC8301, RULES_SHORT_KEY, RESULT_POLICY, REASON_WEAK_KEY },

	/* 3: verifiers MUST implement it. */
	{ RULES_RFC8463, RULES_ED25519, RESULT_PASS, REASON_PASS },

	/* 5: tag values may be UTF-8, and names U-labels. */
	{ RULES_RFC8616, RULES_UTF8, RESULT_PASS, REASON_PASS },
};

/* Facts about the field itself; they come before any key. */
#define FACTS_FIELD (RULES_UTF8 | RULES_ED25519)
/* Facts that leave a signature unless it would pass. */
#define FACTS_PASS  (RULES_SHA1 | RULES_SHORT_KEY)

const char *
rules_document_name(enum rules_document document)
{
	g_assert((size_t)document < RULES_DOCUMENTS);
	return documents[document].name;
}

static int64_t
month_start(int year, int month)
{
	const struct timestamp_fields fields = { .year = year + month / 13,
		.month = (month - 1) % 12 + 1,
		.day = 1 };
	int64_t at = TIMESTAMP_NONE;
	bool ok = timestamp_from_fields(&fields, &at);

	g_assert(ok);
	return at;
}

int64_t
rules_document_from(enum rules_document document)
{
	return month_start(documents[document].year, documents[document].month);
}

int64_t
rules_document_until(enum rules_document document)
{
	return month_start(
	    documents[document].year, documents[document].month + 1);
}

/* ---- facts --------------------------------------------------------------- */

static unsigned
field_facts(const struct signature *signature)
{
	unsigned facts = 0;

	if (signature->algorithm == SIGNATURE_ED25519_SHA256)
		facts |= RULES_ED25519;
	if (signature->field != NULL && !text_is_ascii(signature->field->value))
		facts |= RULES_UTF8;
	if (signature->defects & SIGNATURE_SHA1)
		facts |= RULES_SHA1;
	return facts;
}

/* RFC 4871 3.6.1: g= matches the local part of i=, which is empty without one;
 * "*" stands for anything, once; an empty g= never matches. */
static bool
granularity_matches(
    const struct signature *signature, const struct key_record *record)
{
	struct span granularity = record->granularity;

	return granularity.p == NULL ||
	    (granularity.n > 0 &&
		domainkeys_granularity(signature, granularity));
}

static unsigned
key_facts(const struct signature *signature, const struct known_key *key)
{
	unsigned facts = 0;

	if (key->key.flags & PUBLIC_KEY_WEAK)
		facts |= RULES_SHORT_KEY;
	if (key->record.testing)
		facts |= RULES_TESTING;
	if (!granularity_matches(signature, &key->record))
		facts |= RULES_GRANULARITY;
	return facts;
}

/* ---- one state of the rules ---------------------------------------------- */

/* The last word on "fact" among the documents up to "last". */
static const struct row *
find_row(unsigned fact, enum rules_document last)
{
	const struct row *found = NULL;

	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		if (rows[i].fact == fact && rows[i].document <= last)
			found = &rows[i];
	}
	g_assert(found != NULL);
	return found;
}

/* The facts that something stands against. */
static unsigned
objections(unsigned facts, enum rules_document last)
{
	unsigned left = 0;

	for (unsigned bit = 1; bit <= facts; bit <<= 1) {
		if ((facts & bit) && find_row(bit, last)->result != RESULT_PASS)
			left |= bit;
	}
	return left;
}

static bool
is_usable(const struct candidate_facts *candidate)
{
	return candidate->defects == 0 && candidate->checked &&
	    candidate->check.result != KEY_CHECK_UNUSABLE;
}

/* What the check gave with the key that it rests on: with one that made the
 * signature, if there is one. */
static enum key_check_result
best_check(const struct signature_facts *facts)
{
	enum key_check_result best = KEY_CHECK_MISMATCH;

	for (size_t i = 0; i < facts->n_candidates; i++) {
		if (is_usable(&facts->candidates[i]) &&
		    facts->candidates[i].check.result < best)
			best = facts->candidates[i].check.result;
	}
	return best;
}

/* The objections to the key of the name that has the least: nobody knows
 * which of several records a verifier was given. */
static unsigned
key_objections(const struct signature_verdict *verdict, unsigned field,
    enum rules_document last)
{
	const struct signature_facts *facts = verdict->facts;
	size_t n = verdict->known == NULL ? 0 : facts->n_candidates;
	enum key_check_result check = best_check(facts);
	unsigned counts =
	    verdict->result == RESULT_PASS ? ~0u : ~(unsigned)FACTS_PASS;
	unsigned least = ~0u;

	for (size_t i = 0; i < n; i++) {
		if (!is_usable(&facts->candidates[i]) ||
		    facts->candidates[i].check.result != check)
			continue;
		unsigned of_key = field |
		    key_facts(facts->signature, &verdict->known->keys[i]);
		least = MIN(least, objections(of_key & counts, last));
	}
	return least == ~0u ? 0 : least;
}

/* A field that cannot be processed or breaks a MUST comes to the same at all
 * times; what is said of the field comes before the key, and of the key's
 * record before the check with it. */
static unsigned
find_objections(const struct signature_verdict *verdict, unsigned field,
    enum rules_document last)
{
	unsigned found;

	if (verdict->verdict == VERDICT_MALFORMED)
		return 0;
	found = objections(field & FACTS_FIELD, last);
	if (found == 0 &&
	    (verdict->result == RESULT_PASS || verdict->result == RESULT_FAIL))
		found = key_objections(verdict, field, last);
	return found;
}

/* The document that says so where nothing stands against a signature: the one
 * that DKIM itself is defined in, or a later one without which the field could
 * not be processed. */
static enum rules_document
base_document(const struct signature_verdict *verdict, unsigned field,
    enum rules_document last)
{
	enum rules_document base =
	    last < RULES_RFC6376 ? RULES_RFC4871 : RULES_RFC6376;
	unsigned facts = field & (unsigned)FACTS_FIELD;

	if (verdict->verdict == VERDICT_MALFORMED)
		return base;
	for (unsigned bit = 1; bit <= facts; bit <<= 1) {
		if (facts & bit)
			base = MAX(base, find_row(bit, last)->document);
	}
	return base;
}

/* "field" are the facts about the field. */
static void
judge_under(struct rules_outcome *outcome,
    const struct signature_verdict *verdict, unsigned field,
    enum rules_document last)
{
	unsigned found = find_objections(verdict, field, last);

	*outcome = (struct rules_outcome){ .result = verdict->result,
		.document = base_document(verdict, field, last) };
	for (unsigned bit = RULES_UTF8; bit != 0; bit >>= 1) {
		const struct row *row;

		if (!(found & bit))
			continue;
		row = find_row(bit, last);
		if (outcome->reasons.n == 0) {
			outcome->result = row->result;
			outcome->document = row->document;
		}
		reasons_add(&outcome->reasons, row->reason);
	}
	if (found == 0)
		reasons_add(&outcome->reasons,
		    verdict->result == RESULT_PASS ? REASON_PASS
						   : verdict->reasons.list[0]);
}

void
rules_judge_under(struct rules_outcome *outcome,
    const struct signature_verdict *verdict, enum rules_document last)
{
	judge_under(
	    outcome, verdict, field_facts(verdict->facts->signature), last);
}

/* ---- the time ------------------------------------------------------------ */

/* Can "document" have been the last one at some second of the interval? */
static bool
is_possible(const struct time_interval *interval, enum rules_document document)
{
	return interval->to >= rules_document_from(document) &&
	    (document + 1 == RULES_DOCUMENTS ||
		interval->from < rules_document_until(document + 1));
}

static bool
same_outcome(const struct rules_outcome *a, const struct rules_outcome *b)
{
	if (a->result != b->result || a->reasons.n != b->reasons.n)
		return false;
	for (size_t i = 0; i < a->reasons.n; i++) {
		if (a->reasons.list[i] != b->reasons.list[i])
			return false;
	}
	return true;
}

bool
rules_judge(struct rules *rules, const struct signature_verdict *verdict)
{
	const struct time_interval *interval = &verdict->interval;
	bool known = interval->from != TIMESTAMP_NONE;
	unsigned field;

	if (verdict->facts->signature->kind != SIGNATURE_DKIM)
		return false;
	*rules = (struct rules){ .n_then = 0 };
	field = field_facts(verdict->facts->signature);
	for (int i = 0; i < RULES_DOCUMENTS; i++) {
		enum rules_document last = (enum rules_document)i;
		struct rules_outcome outcome;
		size_t n = rules->n_then;

		judge_under(&outcome, verdict, field, last);
		rules->today = outcome;
		if (known && !is_possible(interval, last))
			continue;
		rules->differ |= outcome.result != verdict->result;
		if (known &&
		    (n == 0 || !same_outcome(&outcome, &rules->then[n - 1])))
			rules->then[rules->n_then++] = outcome;
	}
	rules->differ |= rules->today.result != verdict->result;
	return true;
}
