/*
 * index_table.c - the index in memory.
 */
#include "keysnap/store/index.h"

#include <stdlib.h>
#include <string.h>

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

static int
order_about(const void *a, const void *b)
{
	const struct index_about *left = a, *right = b;

	if (left->of != right->of)
		return left->of < right->of ? -1 : 1;
	return (left->number > right->number) - (left->number < right->number);
}

static int
order_keys(const void *a, const void *b)
{
	const struct index_key *left = a, *right = b;
	int by_key = memcmp(left->key, right->key, sizeof(left->key));

	return by_key != 0
	    ? by_key
	    : (left->number > right->number) - (left->number < right->number);
}

bool
index_table_has_topics(const struct index_table *table)
{
	return table->n_about > 0 || table->n_keys > 0;
}

void
index_table_clear(struct index_table *table)
{
	g_clear_pointer(&table->entries, g_free);
	g_clear_pointer(&table->by_name, g_free);
	g_clear_pointer(&table->about, g_free);
	g_clear_pointer(&table->keys, g_free);
}

void
index_table_sort(struct index_table *table)
{
	if (table->n_about > 0)
		qsort(table->about, table->n_about, sizeof(*table->about),
		    order_about);
	if (table->n_keys > 0)
		qsort(table->keys, table->n_keys, sizeof(*table->keys),
		    order_keys);

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

uint64_t
index_table_find_about(
    const struct index_table *table, uint64_t of, uint64_t *n_out)
{
	uint64_t low = 0, high = table->n_about, end;

	while (low < high) {
		uint64_t mid = low + (high - low) / 2;

		if (table->about[mid].of < of)
			low = mid + 1;
		else
			high = mid;
	}
	end = low;
	while (end < table->n_about && table->about[end].of == of)
		end++;
	*n_out = end - low;
	return low;
}

uint64_t
index_table_find_key(
    const struct index_table *table, const uint8_t key[32], uint64_t *n_out)
{
	uint64_t low = 0, high = table->n_keys, end;

	while (low < high) {
		uint64_t mid = low + (high - low) / 2;

		if (memcmp(table->keys[mid].key, key, 32) < 0)
			low = mid + 1;
		else
			high = mid;
	}
	end = low;
	while (
	    end < table->n_keys && memcmp(table->keys[end].key, key, 32) == 0)
		end++;
	*n_out = end - low;
	return low;
}
