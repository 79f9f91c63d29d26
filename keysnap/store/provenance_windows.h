/*
 * provenance_windows.h - sets of windows of time.
 */
#ifndef KEYSNAP_STORE_PROVENANCE_WINDOWS_H
#define KEYSNAP_STORE_PROVENANCE_WINDOWS_H

#include "keysnap/store/provenance.h"

/* Add one; the set is then in no order. */
void windows_add(struct known_windows *windows, struct arena *arena,
    int64_t first, int64_t last);
void windows_add_all(struct known_windows *windows, struct arena *arena,
    const struct known_windows *more);

/* Sort, and make one of those that overlap or touch. */
void windows_join(struct known_windows *windows);

/* Of joined ones: the number of the first that ends at "from" or later; is
 * any within [from, to]; does one hold all of it? */
size_t windows_find(const struct known_windows *windows, int64_t from);
bool windows_meet(const struct known_windows *windows, int64_t from,
    int64_t to);
bool windows_hold(const struct known_windows *windows, int64_t from,
    int64_t to);

/* Do windows of both sets overlap, or lie at most "apart" seconds from each
 * other? */
bool windows_are_near(const struct known_windows *a,
    const struct known_windows *b, int64_t apart);

#endif
