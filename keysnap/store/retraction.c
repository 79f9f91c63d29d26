/*
 * retraction.c - following retractions from the end: one can only be
 * retracted by a later one, so that it is settled when it is come to.  The
 * notes on what was copied stand behind it, so those are settled then, too.
 */
#include "keysnap/store/retraction.h"

#include "keysnap/store/merge.h"

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
ends_with(struct span text, const char *end)
{
	size_t n = strlen(end);

	return text.n >= n && memcmp(text.p + text.n - n, end, n) == 0;
}

/* The note that merge.h writes on what a stranger's log brought. */
static bool
is_mark(const struct entry_annotation *note)
{
	return note->kind == ANNOTATION_NOTE &&
	    span_equal(note->reason, SPAN(MERGE_REASON)) &&
	    ends_with(note->text, MERGE_NOBODY);
}

/* The entry of a number, or NULL. */
static const struct entry *
find(const struct bearing *all, uint64_t number)
{
	size_t low = 0, high = all->n;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (all->numbers[middle] < number)
			low = middle + 1;
		else
			high = middle;
	}
	return low < all->n && all->numbers[low] == number ? &all->entries[low]
							   : NULL;
}

/* Is it, or its source, marked by what was come to so far? */
static bool
is_foreign(const struct bearing *all, GHashTable *foreign, uint64_t number)
{
	const struct entry *entry = find(all, number);
	uint64_t source = entry == NULL ? ENTRY_NONE : source_number(entry);

	return g_hash_table_contains(foreign, key_of(number)) ||
	    (source != ENTRY_NONE &&
		g_hash_table_contains(foreign, key_of(source)));
}

/* Retract the targets of entry "number", which is a retraction. */
static void
retract(GHashTable *retractions, const struct bearing *all, GHashTable *foreign,
    uint64_t number, struct entry_numbers target)
{
	bool stranger = g_hash_table_contains(foreign, key_of(number));

	for (size_t i = 0; i < target.n; i++) {
		if (!stranger || is_foreign(all, foreign, target.items[i]))
			g_hash_table_insert(retractions,
			    key_of(target.items[i]), key_of(number));
	}
}

void
retractions_add(
    GHashTable *retractions, const struct bearing *all, GHashTable *foreign)
{
	for (size_t i = all->n; i-- > 0;) {
		const struct entry *entry = &all->entries[i];
		const struct entry_annotation *annotation = &entry->annotation;

		if (entry->type != ENTRY_ANNOTATION ||
		    g_hash_table_contains(retractions, key_of(all->numbers[i])))
			continue;
		if (annotation->kind == ANNOTATION_RETRACT)
			retract(retractions, all, foreign, all->numbers[i],
			    annotation->target);
		for (size_t k = 0;
		     is_mark(annotation) && k < annotation->target.n; k++)
			g_hash_table_add(
			    foreign, key_of(annotation->target.items[k]));
	}
}

GHashTable *
retractions_new(const struct bearing *all, GHashTable *foreign_or_null)
{
	GHashTable *retractions = g_hash_table_new(NULL, NULL);
	GHashTable *foreign = foreign_or_null == NULL
	    ? g_hash_table_new(NULL, NULL)
	    : g_hash_table_ref(foreign_or_null);

	retractions_add(retractions, all, foreign);
	g_hash_table_unref(foreign);
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
