/*
 * entry.c - what an entry concerns, sets, and the words of the enums.
 */
#include "keysnap/store/entry_form.h"

#include <stdlib.h>
#include <string.h>

static const char *const type_names[] = { "store", "source", "observation",
	"sighting", "annotation", "anchor", "chain-result", "key-health",
	"audit", "unknown" };

const char *
entry_type_name(enum entry_type type)
{
	return type_names[type];
}

const char *
observation_kind_name(enum observation_kind kind)
{
	return entry_form_kinds[kind];
}

const char *
observation_time_kind_name(enum observation_time_kind kind)
{
	return entry_form_time_kinds[kind];
}

const char *
annotation_kind_name(enum annotation_kind kind)
{
	return entry_form_annotations[kind];
}

const char *
anchor_kind_name(enum anchor_kind kind)
{
	return entry_form_anchors[kind];
}

const char *
chain_status_name(enum chain_status status)
{
	return entry_form_chains[status];
}

const char *
health_result_name(enum health_result result)
{
	return entry_form_healths[result];
}

void
entry_init(struct entry *entry, enum entry_type type)
{
	memset(entry, 0, sizeof(*entry));
	entry->type = type;
	if (type == ENTRY_OBSERVATION) {
		entry->observation.first = TIMESTAMP_NONE;
		entry->observation.last = TIMESTAMP_NONE;
		entry->observation.time_kind = TIME_NO_TIME;
		entry->observation.ttl = -1;
	} else if (type == ENTRY_SIGHTING) {
		entry->sighting.ttl = -1;
	} else if (type == ENTRY_ANNOTATION) {
		entry->annotation.since = TIMESTAMP_NONE;
	} else if (type == ENTRY_ANCHOR) {
		entry->anchor.until = TIMESTAMP_NONE;
	} else if (type == ENTRY_CHAIN_RESULT) {
		entry->chain_result.from = TIMESTAMP_NONE;
		entry->chain_result.until = TIMESTAMP_NONE;
	} else if (type == ENTRY_KEY_HEALTH) {
		entry->key_health.since = TIMESTAMP_NONE;
	}
}

void
entry_topics(const struct entry *entry, struct entry_topics *topics_out)
{
	static const uint64_t store[] = { 0 };
	const struct entry_annotation *annotation = &entry->annotation;

	*topics_out = (struct entry_topics){ .key = NULL };
	if (entry->type == ENTRY_OBSERVATION) {
		topics_out->name = entry->observation.name;
	} else if (entry->type == ENTRY_SIGHTING) {
		topics_out->about = entry->sighting.of;
	} else if (entry->type == ENTRY_ANNOTATION) {
		topics_out->name = annotation->name;
		topics_out->about = annotation->target;
		if (annotation->has_key && annotation->name.n == 0)
			topics_out->key = annotation->key;
	} else if (entry->type == ENTRY_ANCHOR || entry->type == ENTRY_AUDIT) {
		topics_out->about = (struct entry_numbers){ store, 1 };
	} else if (entry->type == ENTRY_CHAIN_RESULT) {
		topics_out->about =
		    (struct entry_numbers){ &entry->chain_result.observation,
			    1 };
	} else if (entry->type == ENTRY_KEY_HEALTH) {
		topics_out->key = entry->key_health.key;
	}
}

void
entry_references(
    const struct entry *entry, struct entry_references *references_out)
{
	*references_out = (struct entry_references){ .other_types = 0 };
	if (entry->type == ENTRY_OBSERVATION) {
		references_out->source =
		    (struct entry_numbers){ &entry->observation.source, 1 };
	} else if (entry->type == ENTRY_SIGHTING) {
		references_out->source =
		    (struct entry_numbers){ &entry->sighting.source, 1 };
		references_out->others = entry->sighting.of;
		references_out->other_types = 1u << ENTRY_OBSERVATION;
	} else if (entry->type == ENTRY_ANNOTATION) {
		references_out->others = entry->annotation.target;
		references_out->other_types = ~0u;
	} else if (entry->type == ENTRY_CHAIN_RESULT) {
		references_out->others =
		    (struct entry_numbers){ &entry->chain_result.observation,
			    1 };
		references_out->other_types = 1u << ENTRY_OBSERVATION;
	}
}

struct span
entry_joined(struct arena *arena, const struct entry_observation *observation)
{
	const struct span recovered[] = { SPAN("v=DKIM1; k=rsa; p="),
		observation->public_key };
	bool is_recovered = observation->kind == OBSERVATION_RECOVERED;
	const struct span *strings =
	    is_recovered ? recovered : observation->strings;
	size_t n_strings = is_recovered ? 2 : observation->n_strings, n = 0;
	uint8_t *octets;

	for (size_t i = 0; i < n_strings; i++)
		n += strings[i].n;
	octets = arena_alloc(arena, n + 1);
	n = 0;
	for (size_t i = 0; i < n_strings; i++) {
		if (strings[i].n > 0)
			memcpy(octets + n, strings[i].p, strings[i].n);
		n += strings[i].n;
	}
	return (struct span){ octets, n };
}

static int
compare_texts(const void *a, const void *b)
{
	return span_compare(*(const struct span *)a, *(const struct span *)b);
}

static int
compare_numbers(const void *a, const void *b)
{
	uint64_t i = *(const uint64_t *)a, j = *(const uint64_t *)b;

	return (i > j) - (i < j);
}

static int
compare_hashes(const void *a, const void *b)
{
	return memcmp(a, b, 32);
}

/* Sort "n" elements of "size" octets and keep one of those that are equal. */
static size_t
make_set(void *items, size_t n, size_t size,
    int (*compare)(const void *a, const void *b))
{
	uint8_t *octets = items;
	size_t kept = 0;

	if (n == 0)
		return 0;
	qsort(items, n, size, compare);
	for (size_t i = 1; i < n; i++) {
		if (compare(octets + kept * size, octets + i * size) != 0 &&
		    ++kept != i)
			memcpy(octets + kept * size, octets + i * size, size);
	}
	return kept + 1;
}

size_t
entry_sort_texts(struct span *items, size_t n)
{
	return make_set(items, n, sizeof(*items), compare_texts);
}

size_t
entry_sort_numbers(uint64_t *items, size_t n)
{
	return make_set(items, n, sizeof(*items), compare_numbers);
}

size_t
entry_sort_hashes(uint8_t (*items)[32], size_t n)
{
	return make_set(items, n, sizeof(*items), compare_hashes);
}
