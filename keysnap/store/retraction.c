/*
 * retraction.c - following retractions from the end: one can only be
 * retracted by a later one, so that it is settled when it is come to.
 */
#include "keysnap/store/retraction.h"

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

void
retractions_add(GHashTable *retractions, const struct bearing *all)
{
	for (size_t i = all->n; i-- > 0;) {
		const struct entry *entry = &all->entries[i];
		const struct entry_annotation *annotation = &entry->annotation;

		if (entry->type != ENTRY_ANNOTATION ||
		    annotation->kind != ANNOTATION_RETRACT ||
		    g_hash_table_contains(retractions, key_of(all->numbers[i])))
			continue;
		for (size_t k = 0; k < annotation->target.n; k++)
			g_hash_table_insert(retractions,
			    key_of(annotation->target.items[k]),
			    key_of(all->numbers[i]));
	}
}

GHashTable *
retractions_new(const struct bearing *all)
{
	GHashTable *retractions = g_hash_table_new(NULL, NULL);

	retractions_add(retractions, all);
	return retractions;
}

bool
retractions_has(GHashTable *retractions, uint64_t number,
    const struct entry *entry, uint64_t *by_out)
{
	uint64_t source = source_number(entry);
	gpointer by = g_hash_table_lookup(retractions, key_of(number));

	if (by == NULL && source != ENTRY_NONE)
		by = g_hash_table_lookup(retractions, key_of(source));
	if (by == NULL)
		return false;
	*by_out = (uint64_t)(uintptr_t)by - 1;
	return true;
}
