/*
 * index_table.c - the index in memory.
 */
#include "keysnap/store/index.h"

#include <stdlib.h>

static int
order(const void *a, const void *b, void *user)
{
	const struct index_entry *entries = user;
	uint64_t i = *(const uint64_t *)a, j = *(const uint64_t *)b;
	int by_name =
	    span_compare(entries[i].reversed_name, entries[j].reversed_name);

	return by_name != 0 ? by_name : (i > j) - (i < j);
}

static uint64_t
count_names(const struct index_table *table)
{
	uint64_t count = 0;

	for (uint64_t i = 0; i < table->n_by_name; i++) {
		const struct index_entry *entries = table->entries;

		if (i == 0 ||
		    !span_equal(entries[table->by_name[i - 1]].reversed_name,
			entries[table->by_name[i]].reversed_name))
			count++;
	}
	return count;
}

void
index_table_sort(struct index_table *table)
{
	table->by_name = g_new(uint64_t, table->n);
	table->n_by_name = 0;
	for (uint64_t i = 0; i < table->n; i++) {
		if (table->entries[i].reversed_name.n > 0)
			table->by_name[table->n_by_name++] = i;
	}
	if (table->n_by_name > 0)
		qsort_r(table->by_name, table->n_by_name, sizeof(uint64_t),
		    order, table->entries);
	table->n_names = count_names(table);
}

uint64_t
index_table_find(
    const struct index_table *table, struct span reversed_name, uint64_t *n_out)
{
	uint64_t low = 0, high = table->n_by_name, end;

	while (low < high) {
		uint64_t mid = low + (high - low) / 2;

		if (span_compare(
			table->entries[table->by_name[mid]].reversed_name,
			reversed_name) < 0)
			low = mid + 1;
		else
			high = mid;
	}
	end = low;
	while (end < table->n_by_name &&
	    span_equal(table->entries[table->by_name[end]].reversed_name,
		reversed_name))
		end++;
	*n_out = end - low;
	return low;
}
