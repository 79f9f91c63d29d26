/*
 * provenance_witness.c - from log entries to records and their witnesses.
 *
 * Limit: PROVENANCE_KEYS_MAX distinct records of one name; the others are
 * counted.
 */
#include "keysnap/store/provenance_witness.h"

#include "keysnap/base/span_key.h"
#include "keysnap/store/retraction.h"

#include <stdlib.h>
#include <string.h>

bool
derivation_retracted(const struct derivation *derivation, uint64_t number,
    const struct entry *entry)
{
	uint64_t by;

	return retractions_has(derivation->retractions, number, entry, &by);
}

static int
compare_numbers(const void *a, const void *b)
{
	uint64_t left = *(const uint64_t *)a, right = *(const uint64_t *)b;

	return (left > right) - (left < right);
}

size_t
derivation_find(const struct derivation *derivation, uint64_t number)
{
	const struct bearing *all = &derivation->input->of_name;
	const uint64_t *found = all->n == 0
	    ? NULL
	    : bsearch(&number, all->numbers, all->n, sizeof(number),
		  compare_numbers);

	return found == NULL ? WITNESS_NONE : (size_t)(found - all->numbers);
}

bool
derivation_is_foreign(const struct derivation *derivation, uint64_t number)
{
	return g_hash_table_contains(
	    derivation->foreign, GSIZE_TO_POINTER(number + 1));
}

int64_t
witness_end(const struct witness *witness)
{
	return timestamp_end(witness->last, witness->precision);
}

bool
witness_has_time(const struct witness *witness)
{
	return witness->first != TIMESTAMP_NONE &&
	    witness->last != TIMESTAMP_NONE &&
	    witness->time_kind != TIME_NO_TIME;
}

static struct known_key *
fill_record(struct derivation *derivation, struct span text)
{
	struct known_name *known = derivation->known;
	struct known_key *key = &known->keys[known->n_keys];

	key->text = text;
	key->grade = GRADE_F;
	key->entry = ENTRY_NONE;
	key->first_seen = key->last_seen = TIMESTAMP_NONE;
	key->forgeable_since = key->weak_since = TIMESTAMP_NONE;
	key_record_parse(&key->record, derivation->arena, text);
	key->key.status = PUBLIC_KEY_MALFORMED;
	if ((key->record.defects & KEY_RECORD_FATAL) == 0 &&
	    !key->record.revoked)
		public_key_parse(&key->key, derivation->arena,
		    derivation->crypto, &key->record);
	key->flags = flags_of_record(key);
	return key;
}

/* The number of the record of "text", made when it is new. */
static size_t
record_of(struct derivation *derivation, struct span text)
{
	struct known_name *known = derivation->known;
	size_t found =
	    GPOINTER_TO_SIZE(g_hash_table_lookup(derivation->texts, &text));
	struct span *name;

	if (found == 0) {
		name = arena_alloc(derivation->arena, sizeof(*name));
		*name = text;
		found = known->n_keys + 1;
		if (known->n_keys == PROVENANCE_KEYS_MAX) {
			known->n_left_out++;
		} else {
			fill_record(derivation, text);
			known->n_keys++;
		}
		g_hash_table_insert(
		    derivation->texts, name, GSIZE_TO_POINTER(found));
	}
	return found > PROVENANCE_KEYS_MAX ? WITNESS_NONE : found - 1;
}

/* Room for one more; the array doubles when it is full. */
static struct witness *
next_witness(struct derivation *derivation)
{
	size_t n = derivation->n_witnesses++;
	struct witness *larger;

	if ((n & (n - 1)) == 0) {
		larger = arena_alloc_array(
		    derivation->arena, MAX(2 * n, 1), sizeof(*larger));
		if (n > 0)
			memcpy(
			    larger, derivation->witnesses, n * sizeof(*larger));
		derivation->witnesses = larger;
	}
	return &derivation->witnesses[n];
}

static struct witness *
add_witness(struct derivation *derivation, size_t record, uint64_t number,
    uint64_t source)
{
	struct witness *witness = next_witness(derivation);

	witness->number = number;
	witness->record = witness->key = record;
	witness->source =
	    derivation->input->source_of(derivation->input->user, source);
	witness->foreign = derivation_is_foreign(derivation, number) ||
	    derivation_is_foreign(derivation, source);
	return witness;
}

static void
add_observation(struct derivation *derivation, size_t at)
{
	uint64_t number = derivation->input->of_name.numbers[at];
	const struct entry_observation *seen =
	    &derivation->input->of_name.entries[at].observation;
	bool present = seen->kind == OBSERVATION_PRESENT ||
	    seen->kind == OBSERVATION_RECOVERED;
	size_t record = present
	    ? record_of(derivation, entry_joined(derivation->arena, seen))
	    : WITNESS_ABSENT;
	struct witness *witness;

	derivation->record_of[at] = record;
	if (record == WITNESS_NONE)
		return;
	witness = add_witness(derivation, record, number, seen->source);
	witness->observation = seen;
	witness->observer = seen->observer;
	witness->evidence = seen->evidence;
	witness->first = seen->first;
	witness->last = seen->last;
	witness->ttl = seen->ttl;
	witness->precision = seen->precision;
	witness->time_kind = seen->time_kind;
	witness->complete = seen->complete;
}

static void
add_sighting_of(struct derivation *derivation, size_t at, size_t of)
{
	const struct entry *entries = derivation->input->of_name.entries;
	const struct entry_sighting *seen = &entries[at].sighting;
	struct witness *witness =
	    add_witness(derivation, derivation->record_of[of],
		derivation->input->of_name.numbers[at], seen->source);

	witness->observation = &entries[of].observation;
	witness->is_sighting = true;
	witness->observer = seen->observer;
	witness->evidence = seen->evidence;
	witness->first = seen->first;
	witness->last = seen->last;
	witness->ttl = seen->ttl;
	witness->precision = seen->precision;
	witness->time_kind = seen->time_kind;
	witness->complete = seen->complete;
}

/* A sighting says again what its observations said, so it does not count for
 * one that no longer does.  Of observations with the same record it is one. */
static void
add_sighting(struct derivation *derivation, size_t at)
{
	struct entry_numbers of =
	    derivation->input->of_name.entries[at].sighting.of;
	bool done[PROVENANCE_KEYS_MAX + 1] = { false };

	for (size_t i = 0; i < of.n; i++) {
		size_t found = derivation_find(derivation, of.items[i]);
		size_t record = found == WITNESS_NONE
		    ? WITNESS_NONE
		    : derivation->record_of[found];

		if (record == WITNESS_NONE ||
		    done[MIN(record, PROVENANCE_KEYS_MAX)])
			continue;
		done[MIN(record, PROVENANCE_KEYS_MAX)] = true;
		add_sighting_of(derivation, at, found);
	}
}

static void
lower_to(int64_t *earliest, int64_t at)
{
	if (at != TIMESTAMP_NONE &&
	    (*earliest == TIMESTAMP_NONE || at < *earliest))
		*earliest = at;
}

/* What the name says without a key. */
static void
note_keyless(struct derivation *derivation)
{
	struct known_name *known = derivation->known;

	for (size_t i = 0; i < derivation->n_witnesses; i++) {
		const struct witness *witness = &derivation->witnesses[i];

		if (witness->record == WITNESS_ABSENT) {
			known->absent_seen = true;
			lower_to(&known->absent_first, witness->first);
		} else if (known->keys[witness->record].record.revoked) {
			known->revoked_seen = true;
			lower_to(&known->revoked_first, witness->first);
			if (witness_has_time(witness))
				windows_add(&known->revoked, derivation->arena,
				    witness->first, witness_end(witness));
		}
	}
	windows_join(&known->revoked);
}

void
witnesses_collect(struct derivation *derivation)
{
	const struct bearing *all = &derivation->input->of_name;
	struct arena *arena = derivation->arena;

	derivation->known->keys = arena_alloc_array(arena,
	    MIN(all->n, PROVENANCE_KEYS_MAX), sizeof(*derivation->known->keys));
	derivation->record_of =
	    arena_alloc_array(arena, all->n, sizeof(*derivation->record_of));
	for (size_t i = 0; i < all->n; i++) {
		const struct entry *entry = &all->entries[i];

		derivation->record_of[i] = WITNESS_NONE;
		if (derivation_retracted(derivation, all->numbers[i], entry))
			continue;
		if (entry->type == ENTRY_OBSERVATION)
			add_observation(derivation, i);
		else if (entry->type == ENTRY_SIGHTING)
			add_sighting(derivation, i);
	}
	note_keyless(derivation);
}
