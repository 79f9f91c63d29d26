/*
 * line_table.c - which entry has a line: open addressing over the lines'
 * SHA-256.
 */
#include "keysnap/store/line_table.h"

#include "keysnap/base/digest.h"

#include <string.h>

#define SLOTS_MIN 1024 /* a power of two */

/* A slot holds the number of an entry and one more; 0 is an empty one. */
struct line_table {
	const struct crypto *crypto;
	GArray *hashes; /* 32 octets each */
	uint64_t *slots;
	size_t n_slots;
};

struct line_table *
line_table_new(const struct crypto *crypto)
{
	struct line_table *table = g_new0(struct line_table, 1);

	table->crypto = crypto;
	table->hashes = g_array_new(FALSE, FALSE, DIGEST_SHA256_SIZE);
	table->n_slots = SLOTS_MIN;
	table->slots = g_new0(uint64_t, table->n_slots);
	return table;
}

void
line_table_free(struct line_table *table)
{
	if (table == NULL)
		return;
	g_array_free(table->hashes, TRUE);
	g_free(table->slots);
	g_free(table);
}

uint64_t
line_table_size(const struct line_table *table)
{
	return table->hashes->len;
}

static const uint8_t *
hash_of(const struct line_table *table, uint64_t number)
{
	return (const uint8_t *)table->hashes->data +
	    number * DIGEST_SHA256_SIZE;
}

/* The slot that has the hash, or the empty one where it belongs. */
static uint64_t *
slot_of(const struct line_table *table, const uint8_t *hash)
{
	uint64_t at;

	memcpy(&at, hash, sizeof(at));
	for (;; at++) {
		uint64_t *slot = &table->slots[at & (table->n_slots - 1)];

		if (*slot == 0 ||
		    memcmp(hash_of(table, *slot - 1), hash,
			DIGEST_SHA256_SIZE) == 0)
			return slot;
	}
}

static void
put(struct line_table *table, uint64_t number)
{
	uint64_t *slot = slot_of(table, hash_of(table, number));

	if (*slot == 0)
		*slot = number + 1;
}

/* Half of the slots stay empty. */
static void
grow(struct line_table *table)
{
	table->n_slots *= 2;
	g_free(table->slots);
	table->slots = g_new0(uint64_t, table->n_slots);
	for (uint64_t i = 0; i < line_table_size(table); i++)
		put(table, i);
}

void
line_table_add(struct line_table *table, struct span line)
{
	uint8_t hash[DIGEST_SHA256_SIZE];

	digest_sha256(table->crypto, line, hash);
	g_array_append_vals(table->hashes, hash, 1);
	if (line_table_size(table) > table->n_slots / 2)
		grow(table);
	else
		put(table, line_table_size(table) - 1);
}

bool
line_table_is(const struct line_table *table, uint64_t number, struct span line)
{
	uint8_t hash[DIGEST_SHA256_SIZE];

	digest_sha256(table->crypto, line, hash);
	return memcmp(hash_of(table, number), hash, sizeof(hash)) == 0;
}

uint64_t
line_table_find(const struct line_table *table, struct span line)
{
	uint8_t hash[DIGEST_SHA256_SIZE];
	uint64_t found;

	digest_sha256(table->crypto, line, hash);
	found = *slot_of(table, hash);
	return found == 0 ? ENTRY_NONE : found - 1;
}

uint64_t
line_table_first(const struct line_table *table, uint64_t number)
{
	return *slot_of(table, hash_of(table, number)) - 1;
}

bool
entry_is_clear(const struct entry *entry)
{
	g_autoptr(GString) again = NULL;

	if (entry->type == ENTRY_UNKNOWN)
		return false;
	again = g_string_sized_new(entry->line.n);
	entry_write(again, entry);
	return span_equal(
	    (struct span){ (const uint8_t *)again->str, again->len },
	    entry->line);
}

static void
renumber_list(
    struct entry_numbers *list, struct arena *arena, const uint64_t *map)
{
	uint64_t *items = arena_alloc_array(arena, list->n, sizeof(*items));

	for (size_t i = 0; i < list->n; i++)
		items[i] = map[list->items[i]];
	list->items = items;
	list->n = entry_sort_numbers(items, list->n);
}

void
entry_renumber(struct entry *entry, struct arena *arena, const uint64_t *map)
{
	uint64_t *one = NULL;

	if (entry->type == ENTRY_OBSERVATION) {
		one = &entry->observation.source;
	} else if (entry->type == ENTRY_SIGHTING) {
		one = &entry->sighting.source;
		renumber_list(&entry->sighting.of, arena, map);
	} else if (entry->type == ENTRY_ANNOTATION) {
		renumber_list(&entry->annotation.target, arena, map);
	} else if (entry->type == ENTRY_CHAIN_RESULT) {
		one = &entry->chain_result.observation;
	}
	if (one != NULL)
		*one = map[*one];
}
