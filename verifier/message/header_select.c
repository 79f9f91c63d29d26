/*
 * header_select.c - h= against the header, from the bottom up.
 *
 * The fields are put in order by name, those of one name from the bottom up;
 * a mention takes the next of its name.  Sorted, not hashed: a sender can make
 * any number of names with one hash.
 */
#include "verifier/message/header_select.h"

#include "keysnap/base/rfc5234.h"

#include <stdlib.h>

#define INSERTION_MAX 64

struct table {
	const struct header_field **order;
	size_t n;
	uint32_t *taken; /* per name, at its first field in "order" */
};

static int
compare_letters(struct span a, struct span b)
{
	if (a.n != b.n)
		return a.n < b.n ? -1 : 1;
	for (size_t i = 0; i < a.n; i++) {
		int order = a.p[i] == b.p[i]
		    ? 0
		    : rfc5234_lower(a.p[i]) - rfc5234_lower(b.p[i]);
		if (order != 0)
			return order;
	}
	return 0;
}

/* By hash first, which tells most names apart. */
static inline int
compare_names(struct span a, uint32_t hash_a, struct span b, uint32_t hash_b)
{
	if (hash_a != hash_b)
		return hash_a < hash_b ? -1 : 1;
	return compare_letters(a, b);
}

/* Of one name, the lower field stands first. */
static inline int
compare_fields(const struct header_field *a, const struct header_field *b)
{
	int order = compare_names(a->name, a->name_hash, b->name, b->name_hash);

	return order != 0 ? order : (a < b) - (a > b);
}

static int
compare_places(const void *a, const void *b)
{
	return compare_fields(*(const struct header_field *const *)a,
	    *(const struct header_field *const *)b);
}

/* Most headers are short enough for insertion, which calls nobody. */
static void
sort(const struct header_field **order, size_t n)
{
	if (n > INSERTION_MAX) {
		qsort(order, n, sizeof(*order), compare_places);
		return;
	}
	for (size_t i = 1; i < n; i++) {
		const struct header_field *field = order[i];
		size_t at = i;

		for (; at > 0 && compare_fields(order[at - 1], field) > 0; at--)
			order[at] = order[at - 1];
		order[at] = field;
	}
}

static void
table_init(struct table *table, struct arena *arena,
    const struct header_index *index, const struct header_field *skip)
{
	table->order =
	    arena_alloc_array(arena, index->n, sizeof(*table->order));
	table->taken =
	    arena_alloc_array(arena, index->n, sizeof(*table->taken));
	table->n = 0;
	for (size_t i = 0; i < index->n; i++) {
		table->taken[i] = 0;
		if (&index->fields[i] != skip)
			table->order[table->n++] = &index->fields[i];
	}
	sort(table->order, table->n);
}

/* Where the fields called "name" begin, or would. */
static size_t
find_name(const struct table *table, struct span name, uint32_t hash)
{
	size_t low = 0, high = table->n;

	while (low < high) {
		size_t middle = low + (high - low) / 2;
		const struct header_field *field = table->order[middle];
		if (compare_names(field->name, field->name_hash, name, hash) <
		    0)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

/* The lowest instance of "name" that is left, or NULL. */
static const struct header_field *
take(struct table *table, struct span name)
{
	uint32_t hash = header_name_hash(name);
	size_t first = find_name(table, name, hash);
	size_t at = first < table->n ? first + table->taken[first] : first;

	if (at >= table->n ||
	    compare_names(table->order[at]->name, table->order[at]->name_hash,
		name, hash) != 0)
		return NULL;
	table->taken[first]++;
	return table->order[at];
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
		const struct header_field *field = take(&table, names[i]);
		selection->fields[i] = field;
		if (field != NULL)
			selection->signed_fields[field - index->fields] = 1;
	}
}
