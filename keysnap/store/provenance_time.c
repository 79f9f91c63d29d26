/*
 * provenance_time.c - how a key stands at a time.
 */
#include "keysnap/store/provenance_witness.h"

static int64_t
days_between(int64_t early, int64_t late)
{
	return (late - early + TIMESTAMP_DAY - 1) / TIMESTAMP_DAY;
}

/* What is judged: a key, and the interval of the message. */
struct judged {
	const struct known_name *name;
	const struct known_key *key;
	int64_t from, to;
};

/* A time in which the key was neither seen nor said to be there, and the
 * part of it in which the message may lie. */
struct gap {
	int64_t first, last;
	int64_t from, to;
};

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

/* Was another key said to be there within the gap?  Two that were seen
 * together once are not against each other. */
static bool
other_key_in(const struct judged *judged, const struct gap *gap)
{
	for (size_t i = 0; i < judged->name->n_keys; i++) {
		const struct known_key *other = &judged->name->keys[i];

		if (other->first_of_key == i &&
		    i != judged->key->first_of_key &&
		    windows_meet(&other->cover, gap->first, gap->last) &&
		    !windows_are_near(&other->cover, &judged->key->cover, 0))
			return true;
	}
	return false;
}

/* Seen without the key both before and after, and never with it between. */
static bool
contradicted_in(const struct judged *judged, const struct gap *gap)
{
	const struct known_contrary *contrary = &judged->name->contrary;

	return contrary_within(contrary, gap->first, gap->from - 1) &&
	    contrary_within(contrary, gap->to + 1, gap->last);
}

static void
check_inner(const struct judged *judged, const struct gap *gap,
    struct time_standing *standing)
{
	if (contradicted_in(judged, gap))
		worsen(standing, TIME_STATE_CONTRADICTED, 0);
	else if (contrary_within(
		     &judged->name->contrary, gap->first, gap->last) ||
	    other_key_in(judged, gap))
		worsen(standing, TIME_STATE_UNKNOWN, -1);
	else
		worsen(standing, TIME_STATE_BRIDGED,
		    days_between(gap->first, gap->last));
}

static void
check_before(const struct judged *judged, const struct gap *gap,
    struct time_standing *standing)
{
	if (contradicted_in(judged, gap))
		worsen(standing, TIME_STATE_CONTRADICTED, 0);
	else if (contrary_within(&judged->name->contrary, gap->from, gap->last))
		worsen(standing, TIME_STATE_UNKNOWN, -1);
	else
		worsen(standing, TIME_STATE_BEFORE_FIRST,
		    days_between(gap->from, gap->last + 1));
}

static void
check_after(const struct judged *judged, const struct gap *gap,
    struct time_standing *standing)
{
	if (contradicted_in(judged, gap))
		worsen(standing, TIME_STATE_CONTRADICTED, 0);
	else if (contrary_within(&judged->name->contrary, gap->first, gap->to))
		worsen(standing, TIME_STATE_UNKNOWN, -1);
	else
		worsen(standing, TIME_STATE_AFTER_LAST,
		    days_between(gap->first - 1, gap->to));
}

/* The gap before window "at" (n: behind the last one); false when the
 * message does not reach into it. */
static bool
gap_before(const struct judged *judged, size_t at, struct gap *gap)
{
	const struct known_windows *cover = &judged->key->cover;

	gap->first = at > 0 ? cover->items[at - 1].last + 1 : TIMESTAMP_MIN;
	gap->last = at < cover->n ? cover->items[at].first - 1 : TIMESTAMP_MAX;
	gap->from = MAX(gap->first, judged->from);
	gap->to = MIN(gap->last, judged->to);
	return gap->from <= gap->to;
}

static void
check_gaps(const struct judged *judged, struct time_standing *standing)
{
	const struct known_windows *cover = &judged->key->cover;
	struct gap gap;

	for (size_t i = windows_find(cover, judged->from); i <= cover->n; i++) {
		if (gap_before(judged, i, &gap)) {
			if (i == 0)
				check_before(judged, &gap, standing);
			else if (i == cover->n)
				check_after(judged, &gap, standing);
			else
				check_inner(judged, &gap, standing);
		}
		if (i < cover->n && cover->items[i].last >= judged->to)
			break;
	}
}

/* How far the times of the key that are nearest to the interval lie off. */
static void
measure(const struct judged *judged, struct time_standing *standing)
{
	const struct known_windows *cover = &judged->key->cover;
	size_t first = windows_find(cover, judged->from);
	size_t last = windows_find(cover, judged->to);

	if (windows_hold(cover, judged->from, judged->from))
		standing->days_before = 0;
	else if (first > 0)
		standing->days_before =
		    days_between(cover->items[first - 1].last, judged->from);
	if (windows_hold(cover, judged->to, judged->to))
		standing->days_after = 0;
	else if (last < cover->n)
		standing->days_after =
		    days_between(judged->to, cover->items[last].first);
}

/* Was the name seen without the key, and not with it, while the message was
 * made? */
static bool
contradicted_then(const struct judged *judged)
{
	const struct known_contrary *contrary = &judged->name->contrary;
	const struct known_key *key = judged->key;
	size_t low = 0, high = contrary->n;

	if (!contrary_within(contrary, judged->from, judged->to))
		return false;
	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (contrary->items[middle].first < judged->from)
			low = middle + 1;
		else
			high = middle;
	}
	for (size_t i = low;
	     i < contrary->n && contrary->items[i].first <= judged->to; i++) {
		const struct known_window *moment = &contrary->items[i];

		if (moment->last <= judged->to &&
		    !windows_meet(&key->at, moment->first, moment->last) &&
		    !windows_meet(&key->seen, moment->first, moment->last))
			return true;
	}
	return false;
}

/* Revoked before the message, and not published again until then. */
static bool
revoked_then(const struct judged *judged)
{
	const struct known_windows *revoked = &judged->name->revoked;
	size_t after = 0, high = revoked->n;

	while (after < high) {
		size_t middle = after + (high - after) / 2;

		if (revoked->items[middle].first <= judged->from)
			after = middle + 1;
		else
			high = middle;
	}
	return after > 0 &&
	    !windows_meet(&judged->key->cover,
		revoked->items[after - 1].last + 1, judged->to);
}

/* Were all records of the key that covered the message testing ones? */
static bool
testing_then(const struct judged *judged)
{
	bool testing = false;

	for (size_t i = 0; i < judged->name->n_keys; i++) {
		const struct known_key *record = &judged->name->keys[i];

		if (record->first_of_key != judged->key->first_of_key ||
		    !windows_hold(&record->windows, judged->from, judged->to))
			continue;
		if (!record->record.testing)
			return false;
		testing = true;
	}
	return testing;
}

static void
check_time(const struct judged *judged, struct time_standing *standing)
{
	measure(judged, standing);
	if (windows_hold(&judged->key->seen, judged->from, judged->to))
		standing->state = TIME_STATE_SEEN;
	/* What was seen at that very time says more than what is not known. */
	if (contradicted_then(judged))
		standing->state = TIME_STATE_CONTRADICTED;
	else
		check_gaps(judged, standing);
	if (revoked_then(judged))
		standing->flags |= PROVENANCE_REVOKED_THEN;
	if (testing_then(judged))
		standing->flags |= PROVENANCE_TESTING;
}

void
provenance_at(const struct known_name *name, const struct known_key *key,
    int64_t from, int64_t to, struct time_standing *standing_out)
{
	const struct judged judged = { name, key, from, to };

	*standing_out = (struct time_standing){
		.state = TIME_STATE_CLAIMED,
		.flags = key->flags,
		.days_before = -1,
		.days_after = -1,
	};
	if (from != TIMESTAMP_NONE && to != TIMESTAMP_NONE && key->cover.n > 0)
		check_time(&judged, standing_out);
	else
		worsen(standing_out, TIME_STATE_UNKNOWN, -1);
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
