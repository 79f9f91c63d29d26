/*
 * index_compare.c - an opened index against what the log gives.
 */
#include "keysnap/store/index.h"

#include "keysnap/store/index_format.h"
#include "keysnap/store/lmdb_file.h"

#include <string.h>

struct comparison {
	const struct index_table *table;
	uint64_t at; /* in by_name, or another array */
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

/* Is "key" the topic and the number? */
static bool
is_key(struct span key, struct span topic, uint64_t number)
{
	return key.n == topic.n + 8 && span_starts_with(key, topic) &&
	    lmdb_file_get64(key.p + topic.n) == number;
}

static bool
compare_about(void *user, struct span key, bool *done_out)
{
	struct comparison *comparison = user;
	const struct index_about *want;
	uint8_t of[8];

	*done_out = false;
	if (comparison->at == comparison->table->n_about)
		return false;
	want = &comparison->table->about[comparison->at++];
	lmdb_file_put64(of, want->of);
	return is_key(key, (struct span){ of, sizeof(of) }, want->number);
}

static bool
compare_key(void *user, struct span key, bool *done_out)
{
	struct comparison *comparison = user;
	const struct index_key *want;

	*done_out = false;
	if (comparison->at == comparison->table->n_keys)
		return false;
	want = &comparison->table->keys[comparison->at++];
	return is_key(key, (struct span){ want->key, 32 }, want->number);
}

static bool
compare_topics(const struct index *index, const struct index_table *table)
{
	struct comparison about = { table, 0 }, keys = { table, 0 };
	const struct span start = { NULL, 0 };

	return index_walk(index, INDEX_ABOUT, start, compare_about, &about) &&
	    about.at == table->n_about &&
	    index_walk(index, INDEX_KEYS, start, compare_key, &keys) &&
	    keys.at == table->n_keys;
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
	    compare_entries(index, table) && compare_topics(index, table) &&
	    index_each_name(index, compare_name, &comparison) &&
	    comparison.at == table->n_by_name;
}
