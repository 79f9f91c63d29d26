/* verdict_key.c - what speaks for and against a key, at a time. */
#include "verifier/verdict/verdict_key.h"

/* Did the message exist before anybody but the holder could sign? */
static bool
existed_before(const struct known_key *key, int64_t anchored)
{
	return anchored != TIMESTAMP_NONE &&
	    key->forgeable_since != TIMESTAMP_NONE &&
	    anchored < key->forgeable_since;
}

/* What can be seen of the key and its record alone. */
static unsigned
own_flags(const struct known_key *key)
{
	unsigned flags = 0;

	if (key->key.flags & PUBLIC_KEY_WEAK)
		flags |= PROVENANCE_WEAK;
	if (key->key.flags & PUBLIC_KEY_AGING)
		flags |= PROVENANCE_AGING;
	if (key->key.flags & PUBLIC_KEY_FORGEABLE)
		flags |= PROVENANCE_FORGEABLE;
	if (key->record.testing)
		flags |= PROVENANCE_TESTING;
	return flags;
}

void
key_standing(const struct known_name *known, const struct known_key *key,
    const struct time_interval *interval, struct time_standing *standing_out)
{
	provenance_at(known, key, interval->from, interval->to, standing_out);
	if (existed_before(key, interval->anchored))
		standing_out->flags &= ~(unsigned)PROVENANCE_FORGEABLE;
	/* After that: what is wrong with the number itself always was. */
	standing_out->flags |= own_flags(key);
}

static void
qualify_time(struct reasons *reasons, const struct time_standing *standing,
    const struct policy *policy)
{
	switch (standing->state) {
	case TIME_STATE_SEEN:
	case TIME_STATE_CLAIMED:
	case TIME_STATE_BRIDGED:
		break;
	case TIME_STATE_BEFORE_FIRST:
	case TIME_STATE_AFTER_LAST:
		if (standing->days > policy->max_gap_days)
			reasons_add(reasons, REASON_TIME_UNSUPPORTED);
		break;
	case TIME_STATE_CONTRADICTED:
		reasons_add(reasons, REASON_TIME_CONTRADICTED);
		break;
	case TIME_STATE_UNKNOWN:
		reasons_add(reasons, REASON_TIME_UNSUPPORTED);
		break;
	}
}

void
key_qualify(struct reasons *reasons, const struct known_key *key,
    const struct time_standing *standing, const struct policy *policy)
{
	static const struct {
		unsigned flags;
		enum reason reason;
	} rows[] = {
		{ PROVENANCE_FORGEABLE, REASON_FORGEABLE_KEY },
		{ PROVENANCE_WEAK, REASON_WEAK_KEY },
		{ PROVENANCE_TESTING, REASON_TESTING_KEY },
		{ PROVENANCE_REVOKED_THEN, REASON_REVOKED_THEN },
		{ PROVENANCE_TRUNCATED | PROVENANCE_JOIN_AMBIGUOUS,
		    REASON_KEY_TRUNCATED },
	};
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		if (standing->flags & rows[i].flags)
			reasons_add(reasons, rows[i].reason);
	}
	qualify_time(reasons, standing, policy);
	if (key->grade > policy->min_grade)
		reasons_add(reasons, REASON_GRADE);
}

void
key_note(struct reasons *reasons, const struct known_key *key,
    const struct time_standing *standing)
{
	if (key->flags & ~standing->flags & PROVENANCE_FORGEABLE)
		reasons_add(reasons, REASON_FORGEABLE_LATER);
	if (standing->flags & PROVENANCE_AGING)
		reasons_add(reasons, REASON_AGING_KEY);
	if (standing->flags & PROVENANCE_CONFLICT)
		reasons_add(reasons, REASON_CONFLICT);
	if (key->record.defects & KEY_RECORD_HAS_GRANULARITY)
		reasons_add(reasons, REASON_KEY_GRANULARITY);
}

bool
key_is_better(const struct known_key *a, const struct time_standing *at_a,
    const struct known_key *b, const struct time_standing *at_b,
    const struct policy *policy)
{
	struct reasons of_a = { .n = 0 }, of_b = { .n = 0 };

	key_qualify(&of_a, a, at_a, policy);
	key_qualify(&of_b, b, at_b, policy);
	if (of_a.n != of_b.n)
		return of_a.n < of_b.n;
	if (at_a->state != at_b->state)
		return at_a->state < at_b->state;
	return a->grade < b->grade;
}
