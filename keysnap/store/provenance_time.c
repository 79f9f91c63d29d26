/*
 * provenance_time.c - how a key stands at a time, and the words for it.
 */
#include "keysnap/store/provenance.h"

#include <string.h>

static int64_t
days_between(int64_t early, int64_t late)
{
	return (late - early + TIMESTAMP_DAY - 1) / TIMESTAMP_DAY;
}

/* Was anything seen between "from" and "to" that speaks against "key"? */
static bool
contrary_seen(const struct known_name *name, const struct known_key *key,
    int64_t from, int64_t to)
{
	if (name->absent_seen &&
	    (name->absent_first == TIMESTAMP_NONE || name->absent_first <= to))
		return true;
	for (size_t i = 0; i < name->n_keys; i++) {
		const struct known_key *other = &name->keys[i];

		if (other == key ||
		    memcmp(other->key.sha256, key->key.sha256,
			sizeof(key->key.sha256)) == 0)
			continue;
		for (size_t j = 0; j < other->n_windows; j++) {
			if (other->windows[j].first <= to &&
			    other->windows[j].last >= from)
				return true;
		}
	}
	return false;
}

static bool
is_outside(enum time_state state)
{
	return state == TIME_STATE_BEFORE_FIRST ||
	    state == TIME_STATE_AFTER_LAST;
}

/* The states are ordered from best to worst.  An interval that sticks out on
 * both sides has the larger of the two distances. */
static void
worsen(struct time_standing *standing, enum time_state state, int64_t days)
{
	if (state == standing->state ||
	    (is_outside(state) && is_outside(standing->state)))
		days = MAX(days, standing->days);
	if (state < standing->state)
		return;
	standing->state = state;
	standing->days = days;
}

static void
check_gaps(const struct known_name *name, const struct known_key *key,
    int64_t from, int64_t to, struct time_standing *standing)
{
	for (size_t i = 1; i < key->n_windows; i++) {
		int64_t gap_from = key->windows[i - 1].last + 1;
		int64_t gap_to = key->windows[i].first - 1;

		if (gap_from > to || gap_to < from)
			continue;
		if (contrary_seen(name, key, gap_from, gap_to))
			worsen(standing, TIME_STATE_UNKNOWN, -1);
		else
			worsen(standing, TIME_STATE_BRIDGED,
			    days_between(gap_from, gap_to));
	}
}

/* Revoked before the message, and not published again after that. */
static bool
revoked_then(
    const struct known_name *name, const struct known_key *key, int64_t from)
{
	if (name->revoked_first == TIMESTAMP_NONE || from == TIMESTAMP_NONE ||
	    name->revoked_first > from)
		return false;
	for (size_t i = 0; i < key->n_windows; i++) {
		if (key->windows[i].first > name->revoked_first)
			return false;
	}
	return true;
}

void
provenance_at(const struct known_name *name, const struct known_key *key,
    int64_t from, int64_t to, struct time_standing *standing_out)
{
	struct time_standing standing = {
		.state = TIME_STATE_CLAIMED,
		.flags = key->flags,
	};

	if (from == TIMESTAMP_NONE || to == TIMESTAMP_NONE || !key->has_time) {
		standing.state = TIME_STATE_UNKNOWN;
		standing.days = -1;
	} else {
		check_gaps(name, key, from, to, &standing);
		if (from < key->first_seen)
			worsen(&standing, TIME_STATE_BEFORE_FIRST,
			    days_between(from, key->first_seen));
		if (to > key->last_seen)
			worsen(&standing, TIME_STATE_AFTER_LAST,
			    days_between(key->last_seen, to));
	}
	if (revoked_then(name, key, from))
		standing.flags |= PROVENANCE_REVOKED_THEN;
	*standing_out = standing;
}

enum revocation
provenance_revocation(const struct known_name *name, int64_t from, int64_t to)
{
	if (!name->revoked_seen)
		return REVOCATION_NONE;
	if (name->revoked_first == TIMESTAMP_NONE || from == TIMESTAMP_NONE ||
	    to == TIMESTAMP_NONE)
		return REVOCATION_UNKNOWN;
	if (name->revoked_first <= from)
		return REVOCATION_THEN;
	return name->revoked_first > to ? REVOCATION_LATER : REVOCATION_UNKNOWN;
}

static const char *const grades[] = {
	[GRADE_A1] = "A1",
	[GRADE_A2] = "A2",
	[GRADE_B] = "B",
	[GRADE_C1] = "C1",
	[GRADE_C2] = "C2",
	[GRADE_D] = "D",
	[GRADE_E1] = "E1",
	[GRADE_E2] = "E2",
	[GRADE_F] = "F",
};

const char *
grade_name(enum grade grade)
{
	return grades[grade];
}

bool
grade_from_name(struct span name, enum grade *grade_out)
{
	for (size_t i = 0; i < G_N_ELEMENTS(grades); i++) {
		if (span_equal(name, span_from_string(grades[i]))) {
			*grade_out = (enum grade)i;
			return true;
		}
	}
	return false;
}

const char *
time_state_name(enum time_state state)
{
	static const char *const names[] = {
		[TIME_STATE_SEEN] = "seen",
		[TIME_STATE_CLAIMED] = "claimed",
		[TIME_STATE_BRIDGED] = "bridged",
		[TIME_STATE_BEFORE_FIRST] = "before-first",
		[TIME_STATE_AFTER_LAST] = "after-last",
		[TIME_STATE_CONTRADICTED] = "contradicted",
		[TIME_STATE_UNKNOWN] = "unknown",
	};

	return names[state];
}

const char *
provenance_flag_name(unsigned bit)
{
	switch (bit) {
	case PROVENANCE_WEAK:
		return "weak";
	case PROVENANCE_FORGEABLE:
		return "forgeable";
	case PROVENANCE_AGING:
		return "aging";
	case PROVENANCE_TESTING:
		return "testing";
	case PROVENANCE_REVOKED_THEN:
		return "revoked-then";
	case PROVENANCE_CONFLICT:
		return "conflict";
	case PROVENANCE_TRUNCATED:
		return "truncated";
	case PROVENANCE_JOIN_AMBIGUOUS:
		return "join-ambiguous";
	default:
		return NULL;
	}
}
