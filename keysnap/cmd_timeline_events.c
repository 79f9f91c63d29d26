/* cmd_timeline_events.c - see cmd_timeline_events.h. */
#include "keysnap/cmd_timeline_events.h"

#include "keysnap/cmd_entry.h"
#include "keysnap/store/retraction.h"

#include <stdlib.h>
#include <string.h>

const char *
timeline_kind_name(enum timeline_kind kind)
{
	static const char *const names[] = {
		[TIMELINE_PRESENT] = "present",
		[TIMELINE_REVOKED] = "revoked",
		[TIMELINE_ABSENT] = "absent",
		[TIMELINE_COMPROMISE] = "compromise",
		[TIMELINE_FINDING] = "finding",
		[TIMELINE_CHAIN] = "chain",
		[TIMELINE_ANCHOR] = "anchor",
		[TIMELINE_OTHER] = "other",
	};

	return names[kind];
}

bool
timeline_looked(const struct timeline_event *event)
{
	return event->witness != NULL &&
	    event->witness->time_kind == TIME_OBSERVED;
}

/* ---- by time ------------------------------------------------------------- */

static int
compare_times(int64_t a, int64_t b)
{
	if ((a == TIMESTAMP_NONE) != (b == TIMESTAMP_NONE))
		return a == TIMESTAMP_NONE ? 1 : -1;
	return (a > b) - (a < b);
}

static int
compare_events(const void *a, const void *b)
{
	const struct timeline_event *left = a, *right = b;
	int order = compare_times(left->first, right->first);

	if (order == 0)
		order = compare_times(left->last, right->last);
	if (order == 0)
		order = (left->number > right->number) -
		    (left->number < right->number);
	if (order == 0)
		order = (left->record > right->record) -
		    (left->record < right->record);
	return order;
}

static int
compare_witnesses(const void *a, const void *b)
{
	const struct witness *const *left = a, *const *right = b;

	if ((*left)->number != (*right)->number)
		return (*left)->number < (*right)->number ? -1 : 1;
	return ((*left)->record > (*right)->record) -
	    ((*left)->record < (*right)->record);
}

/* ---- making -------------------------------------------------------------- */

/* One timeline on its way. */
struct making {
	struct timeline *timeline;
	struct arena *arena;
	const struct witness **witnesses; /* by number of their entry */
	size_t n_witnesses;
	GHashTable *retractions;
};

static struct timeline_event *
add_event(struct making *making, enum timeline_kind kind,
    const struct entry *entry, uint64_t number)
{
	struct timeline *timeline = making->timeline;
	struct timeline_event *event = &timeline->events[timeline->n++];

	*event = (struct timeline_event){ .kind = kind,
		.entry = entry,
		.number = number,
		.record = TIMELINE_NO_KEY,
		.first = TIMESTAMP_NONE,
		.last = TIMESTAMP_NONE,
		.end = TIMESTAMP_NONE };
	event->retracted = retractions_has(
	    making->retractions, number, entry, &event->retracted_by);
	return event;
}

static void
set_time(struct timeline_event *event, int64_t first, int64_t last,
    enum timestamp_precision precision)
{
	if (first == TIMESTAMP_NONE || last == TIMESTAMP_NONE)
		return;
	event->first = first;
	event->last = last;
	event->end = timestamp_end(last, precision);
	event->precision = precision;
}

/* The number of the first of an entry's witnesses. */
static size_t
find_witness(const struct making *making, uint64_t number)
{
	size_t low = 0, high = making->n_witnesses;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (making->witnesses[middle]->number < number)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static void
add_witness(struct making *making, const struct entry *entry,
    const struct witness *witness)
{
	const struct known_key *keys = making->timeline->keys->known.keys;
	bool absent = witness->record == WITNESS_ABSENT;
	enum timeline_kind kind = absent           ? TIMELINE_ABSENT
	    : keys[witness->record].record.revoked ? TIMELINE_REVOKED
						   : TIMELINE_PRESENT;
	struct timeline_event *event =
	    add_event(making, kind, entry, witness->number);

	event->witness = witness;
	if (!absent)
		event->record = witness->record;
	if (witness_has_time(witness))
		set_time(
		    event, witness->first, witness->last, witness->precision);
}

/* What was seen, once for each record that it is of; or once as something
 * that no longer counts, or is of a record that was left out. */
static void
add_seen(struct making *making, const struct entry *entry, uint64_t number)
{
	size_t i = find_witness(making, number);
	struct timeline_event *event;

	if (i == making->n_witnesses ||
	    making->witnesses[i]->number != number) {
		event = add_event(making, TIMELINE_OTHER, entry, number);
		if (entry->type == ENTRY_OBSERVATION)
			set_time(event, entry->observation.first,
			    entry->observation.last,
			    entry->observation.precision);
		else
			set_time(event, entry->sighting.first,
			    entry->sighting.last, entry->sighting.precision);
		return;
	}
	for (;
	     i < making->n_witnesses && making->witnesses[i]->number == number;
	     i++)
		add_witness(making, entry, making->witnesses[i]);
}

/* The first record of the key, or TIMELINE_NO_KEY. */
static size_t
record_of_key(const struct known_name *known, const uint8_t sha256[32])
{
	for (size_t i = 0; i < known->n_keys; i++) {
		if (key_has_identity(&known->keys[i].key) &&
		    memcmp(known->keys[i].key.sha256, sha256, 32) == 0)
			return i;
	}
	return TIMELINE_NO_KEY;
}

static void
add_annotation(
    struct making *making, const struct entry *entry, uint64_t number)
{
	const struct entry_annotation *annotation = &entry->annotation;
	bool taken = annotation->kind == ANNOTATION_COMPROMISE ||
	    annotation->kind == ANNOTATION_PRIVATE_KEY_PUBLISHED;
	struct timeline_event *event = add_event(making,
	    taken ? TIMELINE_COMPROMISE : TIMELINE_OTHER, entry, number);

	if (!taken)
		return;
	event->record =
	    record_of_key(&making->timeline->keys->known, annotation->key);
	set_time(
	    event, annotation->since, annotation->since, annotation->precision);
}

static void
add_finding(struct making *making, const struct entry *entry, uint64_t number)
{
	const struct entry_key_health *health = &entry->key_health;
	bool bad = health->result == HEALTH_BAD;
	struct timeline_event *event = add_event(
	    making, bad ? TIMELINE_FINDING : TIMELINE_OTHER, entry, number);

	event->record =
	    record_of_key(&making->timeline->keys->known, health->key);
	if (bad)
		set_time(
		    event, health->since, health->since, health->precision);
}

static void
add_chain(struct making *making, const struct entry *entry, uint64_t number)
{
	const struct entry_chain_result *chain = &entry->chain_result;
	struct timeline_event *event =
	    add_event(making, TIMELINE_CHAIN, entry, number);
	size_t i = find_witness(making, chain->observation);

	if (i < making->n_witnesses &&
	    making->witnesses[i]->number == chain->observation &&
	    making->witnesses[i]->record != WITNESS_ABSENT)
		event->record = making->witnesses[i]->record;
	set_time(event, chain->from, chain->until, TIMESTAMP_SECOND);
}

static void
add_entry(struct making *making, const struct entry *entry, uint64_t number)
{
	struct timeline_event *event;

	switch (entry->type) {
	case ENTRY_OBSERVATION:
	case ENTRY_SIGHTING:
		add_seen(making, entry, number);
		return;
	case ENTRY_ANNOTATION:
		add_annotation(making, entry, number);
		return;
	case ENTRY_KEY_HEALTH:
		add_finding(making, entry, number);
		return;
	case ENTRY_CHAIN_RESULT:
		add_chain(making, entry, number);
		return;
	case ENTRY_ANCHOR:
		event = add_event(making, TIMELINE_ANCHOR, entry, number);
		set_time(event, entry->anchor.time, entry->anchor.time,
		    entry->anchor.precision);
		return;
	case ENTRY_AUDIT:
	case ENTRY_STORE:
	case ENTRY_SOURCE:
	case ENTRY_UNKNOWN:
		break;
	}
	add_event(making, TIMELINE_OTHER, entry, number);
}

static void
sort_witnesses(struct making *making, const struct known_name *known)
{
	making->n_witnesses = known->n_witnesses;
	making->witnesses = arena_alloc_array(
	    making->arena, known->n_witnesses, sizeof(const struct witness *));
	for (size_t i = 0; i < known->n_witnesses; i++)
		making->witnesses[i] = &known->witnesses[i];
	if (making->n_witnesses > 0)
		qsort(making->witnesses, making->n_witnesses,
		    sizeof(*making->witnesses), compare_witnesses);
}

void
timeline_make(struct timeline *timeline, struct arena *arena, struct view *view,
    const struct view_keys *keys, const struct bearing *about_log)
{
	struct making making = { .timeline = timeline, .arena = arena };
	struct bearing all;

	entry_merge(&all, arena, view, keys, about_log);
	timeline->keys = keys;
	timeline->n = 0;
	timeline->events = arena_alloc_array(
	    arena, all.n + keys->known.n_witnesses, sizeof(*timeline->events));
	making.retractions = retractions_new(&all, NULL);
	sort_witnesses(&making, &keys->known);
	for (size_t i = 0; i < all.n; i++)
		add_entry(&making, &all.entries[i], all.numbers[i]);
	g_hash_table_unref(making.retractions);
	if (timeline->n > 0)
		qsort(timeline->events, timeline->n, sizeof(*timeline->events),
		    compare_events);
}
