/*
 * provenance_equal.c - member by member.
 *
 * A member that is not compared would let a change pass unseen, so a new one
 * must be added here: the sizes below tell.  What is parsed from the record
 * (record, key) is as its text is; the witnesses are what all is derived from,
 * and nothing is judged by them.
 */
#include "keysnap/store/provenance_equal.h"

#include <string.h>

#if GLIB_SIZEOF_VOID_P == 8
#define SAME_MEMBERS(name, octets)                                        \
	_Static_assert(sizeof(struct name) == (octets),                   \
	    "struct " #name " has other members: compare them here, and " \
	    "then write its size down")
SAME_MEMBERS(known_key, 368);
SAME_MEMBERS(known_name, 128);
SAME_MEMBERS(known_contrary, 24);
SAME_MEMBERS(known_window, 16);
#endif

static bool
windows_equal(const struct known_windows *a, const struct known_windows *b)
{
	return a->n == b->n &&
	    (a->n == 0 ||
		memcmp(a->items, b->items, a->n * sizeof(*a->items)) == 0);
}

static bool
spans_equal(const struct span *a, size_t n_a, const struct span *b, size_t n_b)
{
	if (n_a != n_b)
		return false;
	for (size_t i = 0; i < n_a; i++) {
		if (!span_equal(a[i], b[i]))
			return false;
	}
	return true;
}

static bool
contrary_equal(const struct known_contrary *a, const struct known_contrary *b)
{
	return a->n == b->n &&
	    (a->n == 0 ||
		(memcmp(a->items, b->items, a->n * sizeof(*a->items)) == 0 &&
		    memcmp(a->least_last, b->least_last,
			a->n * sizeof(*a->least_last)) == 0));
}

static bool
keys_equal(const struct known_key *a, const struct known_key *b)
{
	return span_equal(a->text, b->text) && a->flags == b->flags &&
	    windows_equal(&a->windows, &b->windows) &&
	    a->first_of_key == b->first_of_key && a->grade == b->grade &&
	    a->entry == b->entry && a->first_seen == b->first_seen &&
	    a->last_seen == b->last_seen && a->has_time == b->has_time &&
	    a->observations == b->observations &&
	    spans_equal(a->sources, a->n_sources, b->sources, b->n_sources) &&
	    a->independent == b->independent &&
	    spans_equal(a->owners, a->n_owners, b->owners, b->n_owners) &&
	    windows_equal(&a->seen, &b->seen) &&
	    windows_equal(&a->cover, &b->cover) &&
	    windows_equal(&a->at, &b->at) &&
	    a->forgeable_since == b->forgeable_since &&
	    a->weak_since == b->weak_since;
}

bool
known_name_equal(const struct known_name *a, const struct known_name *b)
{
	if (!span_equal(a->name, b->name) || a->n_keys != b->n_keys ||
	    a->n_left_out != b->n_left_out ||
	    a->absent_seen != b->absent_seen ||
	    a->absent_first != b->absent_first ||
	    a->revoked_first != b->revoked_first ||
	    a->revoked_seen != b->revoked_seen ||
	    !windows_equal(&a->revoked, &b->revoked) ||
	    !contrary_equal(&a->contrary, &b->contrary))
		return false;
	for (size_t i = 0; i < a->n_keys; i++) {
		if (!keys_equal(&a->keys[i], &b->keys[i]))
			return false;
	}
	return true;
}

bool
known_name_same_records(const struct known_name *a, const struct known_name *b)
{
	if (a->n_keys != b->n_keys || a->n_left_out != b->n_left_out)
		return false;
	for (size_t i = 0; i < a->n_keys; i++) {
		if (!span_equal(a->keys[i].text, b->keys[i].text))
			return false;
	}
	return true;
}
