/*
 * provenance_windows.c - sets of windows of time.
 */
#include "keysnap/store/provenance_windows.h"

#include <stdlib.h>
#include <string.h>

/* Room for one more: arrays grow at 0, 1, 2, 4, 8 ... elements, so all of
 * them together take memory for what there is. */
static void
make_room(struct known_windows *windows, struct arena *arena)
{
	struct known_window *larger;
	size_t n = windows->n;

	if ((n & (n - 1)) != 0)
		return;
	larger = arena_alloc_array(arena, MAX(2 * n, 1), sizeof(*larger));
	if (n > 0)
		memcpy(larger, windows->items, n * sizeof(*larger));
	windows->items = larger;
}

void
windows_add(struct known_windows *windows, struct arena *arena, int64_t first,
    int64_t last)
{
	make_room(windows, arena);
	windows->items[windows->n++] = (struct known_window){ first, last };
}

void
windows_add_all(struct known_windows *windows, struct arena *arena,
    const struct known_windows *more)
{
	for (size_t i = 0; i < more->n; i++)
		windows_add(
		    windows, arena, more->items[i].first, more->items[i].last);
}

static int
compare(const void *a, const void *b)
{
	const struct known_window *left = a, *right = b;

	if (left->first != right->first)
		return left->first < right->first ? -1 : 1;
	return (left->last > right->last) - (left->last < right->last);
}

void
windows_join(struct known_windows *windows)
{
	size_t n = 0;

	if (windows->n == 0)
		return;
	qsort(windows->items, windows->n, sizeof(*windows->items), compare);
	for (size_t i = 1; i < windows->n; i++) {
		struct known_window *last = &windows->items[n];

		if (windows->items[i].first <= last->last + 1)
			last->last = MAX(last->last, windows->items[i].last);
		else
			windows->items[++n] = windows->items[i];
	}
	windows->n = n + 1;
}

size_t
windows_find(const struct known_windows *windows, int64_t from)
{
	size_t low = 0, high = windows->n;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (windows->items[middle].last < from)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

bool
windows_meet(const struct known_windows *windows, int64_t from, int64_t to)
{
	size_t at = windows_find(windows, from);

	return at < windows->n && windows->items[at].first <= to;
}

bool
windows_hold(const struct known_windows *windows, int64_t from, int64_t to)
{
	size_t at = windows_find(windows, from);

	return at < windows->n && windows->items[at].first <= from &&
	    windows->items[at].last >= to;
}

bool
windows_are_near(
    const struct known_windows *a, const struct known_windows *b, int64_t apart)
{
	size_t i = 0, k = 0;

	while (i < a->n && k < b->n) {
		if (a->items[i].last + apart < b->items[k].first)
			i++;
		else if (b->items[k].last + apart < a->items[i].first)
			k++;
		else
			return true;
	}
	return false;
}
