/*
 * retraction.h - which entries no longer count (entry.h, "retract").
 */
#ifndef KEYSNAP_STORE_RETRACTION_H
#define KEYSNAP_STORE_RETRACTION_H

#include "keysnap/store/bearing.h"

#include <glib.h>

/*
 * The retractions among "all" that are not themselves retracted: an entry's
 * number to the number of a retraction of it.  "all" holds with each entry
 * what is about it, as bearing.h gives it.  g_hash_table_unref().
 *
 * What was copied from a log that nobody vouched for (merge.h) retracts only
 * what came with it: else a stranger could take back what is said against a
 * key.  When "foreign" is not NULL, the numbers, and one more, of sources and
 * entries so copied are added to it, as pointers.
 */
GHashTable *retractions_new(const struct bearing *all, GHashTable *foreign);

/* Add those of more entries. */
void retractions_add(GHashTable *retractions, const struct bearing *all,
    GHashTable *foreign);

/* Is entry "number" retracted, or its source? */
bool retractions_has(GHashTable *retractions, uint64_t number,
    const struct entry *entry, uint64_t *by_out);

#endif
