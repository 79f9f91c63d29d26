/*
 * cmd_entry_merge.c - what is to be shown of a name.
 */
#include "keysnap/cmd_entry.h"

#include <string.h>

static uint64_t
source_number(const struct entry *entry)
{
	return entry->type == ENTRY_OBSERVATION ? entry->observation.source
	    : entry->type == ENTRY_SIGHTING     ? entry->sighting.source
						: ENTRY_NONE;
}

/* An entry's number, or 0 for NULL. */
static gpointer
key_of(uint64_t number)
{
	return (gpointer)(uintptr_t)(number + 1);
}

static bool
has_hash(struct entry_hashes hashes, const uint8_t hash[32])
{
	for (size_t i = 0; i < hashes.n; i++) {
		if (memcmp(hashes.items[i], hash, 32) == 0)
			return true;
	}
	return false;
}

/* Are these octets evidence of the entry, or the file that it came from? */
static bool
is_of(struct view *view, struct arena *arena, const struct entry *entry,
    const uint8_t digest[32])
{
	uint64_t number = source_number(entry);
	const struct entry_source *source =
	    number == ENTRY_NONE ? NULL : view_source(view, number);
	struct entry_hashes named;

	if (source != NULL &&
	    (memcmp(source->sha256, digest, 32) == 0 ||
		has_hash((struct entry_hashes){ source->evidence,
			     source->n_evidence },
		    digest)))
		return true;
	named.n = entry_evidence(arena, entry->line, &named.items);
	return has_hash(named, digest);
}

static bool
anchor_bears(struct view *view, struct arena *arena,
    const struct view_keys *keys, const struct entry_anchor *anchor)
{
	if (anchor->of_state)
		return keys->n > 0 && keys->numbers[0] < anchor->size;
	for (size_t i = 0; i < keys->n; i++) {
		if (is_of(view, arena, &keys->entries[i], anchor->digest))
			return true;
	}
	return false;
}

/* One merge: "known" has the numbers taken so far. */
struct merging {
	struct view *view;
	struct arena *arena;
	const struct view_keys *keys;
	GHashTable *known;
};

static bool
log_entry_bears(const struct merging *merging, const struct entry *entry)
{
	const struct view_keys *keys = merging->keys;
	struct entry_numbers target;

	if (entry->type == ENTRY_ANCHOR)
		return anchor_bears(
		    merging->view, merging->arena, keys, &entry->anchor);
	if (entry->type == ENTRY_AUDIT)
		return keys->n > 0 && keys->numbers[0] < entry->audit.below;
	if (entry->type != ENTRY_ANNOTATION)
		return false;
	/* What it is about has a smaller number, and was decided on. */
	target = entry->annotation.target;
	for (size_t i = 0; i < target.n; i++) {
		if (target.items[i] == 0 ||
		    g_hash_table_contains(
			merging->known, key_of(target.items[i])))
			return true;
	}
	return false;
}

static void
take(struct merging *merging, struct bearing *all, const struct entry *entry,
    uint64_t number)
{
	if (!g_hash_table_add(merging->known, key_of(number)))
		return;
	all->entries[all->n] = *entry;
	all->numbers[all->n++] = number;
}

void
entry_merge(struct bearing *all_out, struct arena *arena, struct view *view,
    const struct view_keys *keys, const struct bearing *about_log)
{
	struct merging merging = { view, arena, keys,
		g_hash_table_new(NULL, NULL) };
	size_t n = keys->n + about_log->n, i = 0, k = 0;

	all_out->entries =
	    arena_alloc_array(arena, n, sizeof(*all_out->entries));
	all_out->numbers =
	    arena_alloc_array(arena, n, sizeof(*all_out->numbers));
	all_out->n = 0;
	while (i < keys->n || k < about_log->n) {
		if (k == about_log->n ||
		    (i < keys->n &&
			keys->numbers[i] <= about_log->numbers[k])) {
			take(&merging, all_out, &keys->entries[i],
			    keys->numbers[i]);
			i++;
		} else {
			if (log_entry_bears(&merging, &about_log->entries[k]))
				take(&merging, all_out, &about_log->entries[k],
				    about_log->numbers[k]);
			k++;
		}
	}
	g_hash_table_unref(merging.known);
}
