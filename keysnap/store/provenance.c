/*
 * provenance.c - from log entries to the keys of a name.
 *
 * Pure: the same entries give the same keys, in the order of their first
 * entry.  Limit: PROVENANCE_KEYS_MAX distinct records of one name.
 */
#include "keysnap/store/provenance.h"

#include <stdlib.h>
#include <string.h>

struct derivation {
	struct known_name *known;
	struct arena *arena;
	const struct crypto *crypto;
	const struct entry_source *(*source_of)(void *user, uint64_t number);
	void *user;
};

static bool
word_is(struct span word, const char *name)
{
	return span_equal(word, span_from_string(name));
}

/* Grades come from how an observation was made, never from what it says of
 * itself: a key file or a pasted record is a claim without an observer. */
static enum grade
grade_of(const struct entry_observation *observation)
{
	if (observation->first == TIMESTAMP_NONE ||
	    observation->time_kind == TIME_NO_TIME ||
	    word_is(observation->method, "keyfile") ||
	    word_is(observation->method, "pasted"))
		return GRADE_F;
	return GRADE_D;
}

/* A DER length that promises more octets than p= holds. */
static bool
is_truncated(struct span der)
{
	size_t length, n_octets;

	if (der.n < 4 || der.p[0] != 0x30 || der.p[1] < 0x81 || der.p[1] > 0x83)
		return false;
	n_octets = der.p[1] & 0x7f;
	length = 0;
	for (size_t i = 0; i < n_octets && 2 + i < der.n; i++)
		length = length << 8 | der.p[2 + i];
	return length > der.n - MIN(der.n, 2 + n_octets);
}

static unsigned
flags_of(const struct known_key *key)
{
	unsigned flags = 0;

	if ((key->key.flags & PUBLIC_KEY_WEAK) != 0)
		flags |= PROVENANCE_WEAK;
	if ((key->key.flags & PUBLIC_KEY_FORGEABLE) != 0)
		flags |= PROVENANCE_FORGEABLE;
	if ((key->key.flags & PUBLIC_KEY_AGING) != 0)
		flags |= PROVENANCE_AGING;
	if (key->record.testing)
		flags |= PROVENANCE_TESTING;
	if (key->key.status == PUBLIC_KEY_MALFORMED &&
	    is_truncated(key->record.key_data))
		flags |= PROVENANCE_TRUNCATED;
	return flags;
}

static struct known_key *
add_key(struct derivation *derivation, struct span text)
{
	struct known_name *known = derivation->known;
	struct known_key *key;

	if (known->n_keys == PROVENANCE_KEYS_MAX) {
		known->n_left_out++;
		return NULL;
	}
	key = &known->keys[known->n_keys++];
	key->text = text;
	key->grade = GRADE_F;
	key->entry = ENTRY_NONE;
	key->first_seen = key->last_seen = TIMESTAMP_NONE;
	key->forgeable_since = TIMESTAMP_NONE;
	key_record_parse(&key->record, derivation->arena, text);
	key->key.status = PUBLIC_KEY_MALFORMED;
	if ((key->record.defects & KEY_RECORD_FATAL) == 0 &&
	    !key->record.revoked)
		public_key_parse(&key->key, derivation->arena,
		    derivation->crypto, &key->record);
	key->flags = flags_of(key);
	return key;
}

static struct known_key *
key_of(struct derivation *derivation, struct span text)
{
	for (size_t i = 0; i < derivation->known->n_keys; i++) {
		if (span_equal(derivation->known->keys[i].text, text))
			return &derivation->known->keys[i];
	}
	return add_key(derivation, text);
}

/* Room for one more element: arrays grow at 0, 1, 2, 4, 8 ... elements, so
 * all of them together take memory for what there is, not for the worst. */
static void *
grown(struct arena *arena, void *array, size_t n, size_t size)
{
	void *larger;

	if ((n & (n - 1)) != 0)
		return array;
	larger = arena_alloc_array(arena, MAX(2 * n, 1), size);
	if (n > 0)
		memcpy(larger, array, n * size);
	return larger;
}

static void
add_source(const struct derivation *derivation, struct known_key *key,
    const struct entry_observation *observation)
{
	struct span observer = observation->observer;

	if (observer.n == 0) {
		const struct entry_source *source = derivation->source_of(
		    derivation->user, observation->source);

		if (source != NULL)
			observer = source->observer;
	}
	if (observer.n == 0)
		return;
	key->sources = grown(derivation->arena, key->sources, key->n_sources,
	    sizeof(*key->sources));
	key->sources[key->n_sources++] = observer;
}

static void
add_window(const struct derivation *derivation, struct known_key *key,
    const struct entry_observation *observation)
{
	struct known_window window;

	if (observation->first == TIMESTAMP_NONE ||
	    observation->last == TIMESTAMP_NONE)
		return;
	window.first = observation->first;
	window.last = timestamp_end(observation->last, observation->precision);
	key->windows = grown(derivation->arena, key->windows, key->n_windows,
	    sizeof(*key->windows));
	key->windows[key->n_windows++] = window;
	if (!key->has_time || window.first < key->first_seen)
		key->first_seen = window.first;
	if (!key->has_time || window.last > key->last_seen)
		key->last_seen = window.last;
	key->has_time = true;
}

static void
add_present(struct derivation *derivation,
    const struct entry_observation *observation, uint64_t number)
{
	struct span text = entry_joined(derivation->arena, observation);
	struct known_key *key = key_of(derivation, text);
	enum grade grade = grade_of(observation);

	if (key == NULL)
		return;
	key->observations++;
	if (key->entry == ENTRY_NONE || grade < key->grade) {
		key->grade = grade;
		key->entry = number;
	}
	if (observation->joined == JOIN_AMBIGUOUS)
		key->flags |= PROVENANCE_JOIN_AMBIGUOUS;
	add_source(derivation, key, observation);
	add_window(derivation, key, observation);
}

static void
lower_to(int64_t *earliest, int64_t at)
{
	if (at != TIMESTAMP_NONE &&
	    (*earliest == TIMESTAMP_NONE || at < *earliest))
		*earliest = at;
}

static int
compare_sources(const void *a, const void *b)
{
	return span_compare(*(const struct span *)a, *(const struct span *)b);
}

static int
compare_windows(const void *a, const void *b)
{
	const struct known_window *left = a, *right = b;

	if (left->first != right->first)
		return left->first < right->first ? -1 : 1;
	return left->last < right->last ? -1 : left->last > right->last;
}

/* Each observer once. */
static void
join_sources(struct known_key *key)
{
	size_t n = 0;

	if (key->n_sources == 0)
		return;
	qsort(key->sources, key->n_sources, sizeof(*key->sources),
	    compare_sources);
	for (size_t i = 1; i < key->n_sources; i++) {
		if (!span_equal(key->sources[i], key->sources[n]))
			key->sources[++n] = key->sources[i];
	}
	key->n_sources = n + 1;
}

/* Windows that overlap or touch become one. */
static void
join_windows(struct known_key *key)
{
	size_t n = 0;

	if (key->n_windows == 0)
		return;
	qsort(key->windows, key->n_windows, sizeof(*key->windows),
	    compare_windows);
	for (size_t i = 1; i < key->n_windows; i++) {
		struct known_window *last = &key->windows[n];

		if (key->windows[i].first <= last->last + 1)
			last->last = MAX(last->last, key->windows[i].last);
		else
			key->windows[++n] = key->windows[i];
	}
	key->n_windows = n + 1;
}

/* Is any of the key's windows, sorted and apart, within [from, to]? */
static bool
windows_meet(const struct known_key *key, int64_t from, int64_t to)
{
	size_t low = 0, high = key->n_windows;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (key->windows[middle].last < from)
			low = middle + 1;
		else
			high = middle;
	}
	return low < key->n_windows && key->windows[low].first <= to;
}

static bool
is_other_key(const struct known_key *a, const struct known_key *b)
{
	return a->key.status == PUBLIC_KEY_OK &&
	    b->key.status == PUBLIC_KEY_OK &&
	    memcmp(a->key.sha256, b->key.sha256, sizeof(a->key.sha256)) != 0;
}

static void
mark_conflicts(struct known_name *known)
{
	for (size_t i = 0; i < known->n_keys; i++) {
		struct known_key *key = &known->keys[i];

		for (size_t j = 0; j < known->n_keys; j++) {
			const struct known_key *other = &known->keys[j];

			for (size_t k = 0;
			     is_other_key(key, other) && k < other->n_windows;
			     k++) {
				if (windows_meet(key, other->windows[k].first,
					other->windows[k].last))
					key->flags |= PROVENANCE_CONFLICT;
			}
		}
	}
}

static void
finish(struct known_name *known)
{
	for (size_t i = 0; i < known->n_keys; i++) {
		struct known_key *key = &known->keys[i];

		join_windows(key);
		join_sources(key);
		if (key->record.revoked) {
			known->revoked_seen = true;
			lower_to(&known->revoked_first, key->first_seen);
		}
	}
	mark_conflicts(known);
}

void
provenance_derive(struct known_name *known, struct arena *arena,
    const struct crypto *crypto, struct span name, const struct entry *entries,
    const uint64_t *numbers, size_t n,
    const struct entry_source *(*source_of)(void *user, uint64_t number),
    void *user)
{
	struct derivation derivation = { known, arena, crypto, source_of,
		user };

	*known = (struct known_name){
		.name = name,
		.absent_first = TIMESTAMP_NONE,
		.revoked_first = TIMESTAMP_NONE,
	};
	known->keys = arena_alloc_array(
	    arena, MIN(n, PROVENANCE_KEYS_MAX), sizeof(*known->keys));
	for (size_t i = 0; i < n; i++) {
		const struct entry_observation *observation =
		    &entries[i].observation;

		if (entries[i].type != ENTRY_OBSERVATION)
			continue;
		if (observation->kind == OBSERVATION_PRESENT) {
			add_present(&derivation, observation, numbers[i]);
			continue;
		}
		known->absent_seen = true;
		lower_to(&known->absent_first, observation->first);
	}
	finish(known);
}
