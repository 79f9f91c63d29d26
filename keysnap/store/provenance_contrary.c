/*
 * provenance_contrary.c - moments at which the name was seen without a key:
 * absent, revoked, or with a complete RRset.  A row of passive DNS is none,
 * as it says nothing of other records: several keys at once are legal, when
 * keys rotate, when the DNS is split, or when a provider alternates.
 *
 * Of a time from first to last only its ends are moments; what was in between
 * nobody says.  Each is as wide as its precision.
 */
#include "keysnap/store/provenance_witness.h"

#include <stdlib.h>

bool
witness_is_contrary(
    const struct known_name *known, const struct witness *witness)
{
	if (!witness_has_time(witness) || witness->time_kind == TIME_MAIL ||
	    witness->time_kind == TIME_FILE)
		return false;
	return witness->record == WITNESS_ABSENT || witness->complete ||
	    known->keys[witness->record].record.revoked;
}

static int
compare(const void *a, const void *b)
{
	const struct known_window *left = a, *right = b;

	if (left->first != right->first)
		return left->first < right->first ? -1 : 1;
	return (left->last > right->last) - (left->last < right->last);
}

static void
collect(const struct derivation *derivation, struct known_windows *moments)
{
	for (size_t i = 0; i < derivation->n_witnesses; i++) {
		const struct witness *witness = &derivation->witnesses[i];

		if (!witness_is_contrary(derivation->known, witness))
			continue;
		windows_add(moments, derivation->arena, witness->first,
		    timestamp_end(witness->first, witness->precision));
		if (witness->last != witness->first)
			windows_add(moments, derivation->arena, witness->last,
			    witness_end(witness));
	}
}

bool
contrary_to_key(const struct known_key *key, const struct known_window *moment)
{
	return windows_hold(&key->cover, moment->first, moment->last) &&
	    !windows_meet(&key->at, moment->first, moment->last);
}

/* Do observations disagree: was the name seen without the key at a time for
 * which others say that it was there, or seen to be there? */
static bool
in_conflict(const struct known_key *key, const struct known_contrary *contrary)
{
	for (size_t i = 0; i < contrary->n; i++) {
		if (contrary_to_key(key, &contrary->items[i]))
			return true;
	}
	return false;
}

void
contrary_derive(struct derivation *derivation)
{
	struct known_name *known = derivation->known;
	struct known_contrary *contrary = &known->contrary;
	struct known_windows moments = { NULL, 0 };

	collect(derivation, &moments);
	if (moments.n == 0)
		return;
	qsort(moments.items, moments.n, sizeof(*moments.items), compare);
	contrary->items = moments.items;
	contrary->n = moments.n;
	contrary->least_last = arena_alloc_array(
	    derivation->arena, moments.n, sizeof(*contrary->least_last));
	for (size_t i = moments.n; i-- > 0;)
		contrary->least_last[i] = i + 1 < moments.n
		    ? MIN(moments.items[i].last, contrary->least_last[i + 1])
		    : moments.items[i].last;
	for (size_t i = 0; i < known->n_keys; i++) {
		if (in_conflict(&known->keys[i], contrary))
			known->keys[i].flags |= PROVENANCE_CONFLICT;
	}
}

bool
contrary_within(const struct known_contrary *contrary, int64_t from, int64_t to)
{
	size_t low = 0, high = contrary->n;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (contrary->items[middle].first < from)
			low = middle + 1;
		else
			high = middle;
	}
	return low < contrary->n && contrary->least_last[low] <= to;
}
