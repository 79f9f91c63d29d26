/*
 * index_compare.c - an opened index against what the log gives.
 */
#include "keysnap/store/index.h"

#include <string.h>

struct comparison {
	const struct index_table *table;
	uint64_t at; /* in by_name */
};

static bool
compare_name(void *user, struct span reversed_name, uint64_t number)
{
	struct comparison *comparison = user;
	const struct index_table *table = comparison->table;
	uint64_t want;

	if (comparison->at == table->n_by_name)
		return false;
	want = table->by_name[comparison->at++];
	return number == want &&
	    span_equal(reversed_name, table->entries[want].reversed_name);
}

static bool
compare_entries(const struct index *index, const struct index_table *table)
{
	for (uint64_t i = 0; i < table->n; i++) {
		const struct index_entry *want = &table->entries[i];
		struct index_entry got;

		if (!index_get(index, i, &got) || got.offset != want->offset ||
		    got.length != want->length ||
		    memcmp(got.leaf_hash, want->leaf_hash, 32) != 0)
			return false;
	}
	return true;
}

bool
index_equals(const struct index *index, const struct index_table *table)
{
	struct comparison comparison = { table, 0 };
	uint8_t root[32];

	index_root(index, root);
	return index_size(index) == table->n &&
	    index_names(index) == table->n_names &&
	    memcmp(root, table->root, sizeof(root)) == 0 &&
	    compare_entries(index, table) &&
	    index_each_name(index, compare_name, &comparison) &&
	    comparison.at == table->n_by_name;
}
