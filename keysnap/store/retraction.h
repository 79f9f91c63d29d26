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
 */
GHashTable *retractions_new(const struct bearing *all);

/* Add those of more entries. */
void retractions_add(GHashTable *retractions, const struct bearing *all);

/* Is entry "number" retracted, or its source? */
bool retractions_has(GHashTable *retractions, uint64_t number,
    const struct entry *entry, uint64_t *by_out);

#endif
