/* verdict_key.c - what speaks for and against a key, at a time. */
#include "verifier/verdict/verdict_key.h"

unsigned
key_flags(const struct known_key *key, const struct time_standing *standing)
{
	unsigned flags = key->flags | standing->flags;

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
	unsigned flags = key_flags(key, standing);

	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		if (flags & rows[i].flags)
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
	unsigned flags = key_flags(key, standing);

	if (flags & PROVENANCE_AGING)
		reasons_add(reasons, REASON_AGING_KEY);
	if (flags & PROVENANCE_CONFLICT)
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
