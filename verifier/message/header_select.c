/*
 * header_select.c - h= against the header, from the bottom up.
 *
 * A hash table over the names present: each entry is the stack of one name's
 * instances, the last one on top, linked through "above".  A mention takes
 * from the top.
 */
#include "verifier/message/header_select.h"

#define NONE UINT32_MAX

/* The instances of one name that are left. */
struct slot {
	uint32_t top; /* field, or NONE when all are taken */
	uint32_t any; /* some field of this name, for comparing; NONE: free */
};

struct table {
	const struct header_index *index;
	struct slot *slots;
	uint32_t mask;   /* a power of two less one */
	uint32_t *above; /* per field: the next instance above it */
};

/* The slot of "name", or the free one where it belongs. */
static struct slot *
find_slot(const struct table *table, struct span name, uint32_t hash)
{
	for (uint32_t at = hash & table->mask;; at = (at + 1) & table->mask) {
		struct slot *slot = &table->slots[at];
		if (slot->any == NONE)
			return slot;
		const struct header_field *field =
		    &table->index->fields[slot->any];
		if (field->name_hash == hash &&
		    span_equal_nocase(field->name, name))
			return slot;
	}
}

static void
put_field(struct table *table, uint32_t at)
{
	const struct header_field *field = &table->index->fields[at];
	struct slot *slot = find_slot(table, field->name, field->name_hash);

	table->above[at] = slot->any == NONE ? NONE : slot->top;
	slot->top = at;
	slot->any = at;
}

static void
table_init(struct table *table, struct arena *arena,
    const struct header_index *index, const struct header_field *skip)
{
	uint32_t size = 16;

	while (size < 2 * index->n) /* never more than half full */
		size *= 2;
	table->index = index;
	table->mask = size - 1;
	table->slots = arena_alloc_array(arena, size, sizeof(struct slot));
	for (uint32_t i = 0; i < size; i++)
		table->slots[i] = (struct slot){ NONE, NONE };
	table->above = arena_alloc_array(arena, index->n, sizeof(uint32_t));
	for (uint32_t i = 0; i < index->n; i++) {
		if (&index->fields[i] != skip)
			put_field(table, i);
	}
}

/* The lowest instance of "name" that is left, or NONE. */
static uint32_t
take(struct table *table, struct span name)
{
	struct slot *slot = find_slot(table, name, header_name_hash(name));

	if (slot->any == NONE || slot->top == NONE)
		return NONE;
	uint32_t at = slot->top;
	slot->top = table->above[at];
	return at;
}

void
header_select(struct header_selection *selection, struct arena *arena,
    const struct header_index *index, const struct span *names, size_t n,
    const struct header_field *skip)
{
	struct table table;

	table_init(&table, arena, index, skip);
	selection->n = n;
	selection->fields =
	    arena_alloc_array(arena, n, sizeof(*selection->fields));
	selection->signed_fields = arena_alloc_array(arena, index->n, 1);
	for (size_t i = 0; i < n; i++) {
		uint32_t at = take(&table, names[i]);
		if (at == NONE)
			continue;
		selection->fields[i] = &index->fields[at];
		selection->signed_fields[at] = 1;
	}
}
