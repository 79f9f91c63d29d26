/*
 * edit_list.h - lists of edits over the stored octets of a message
 * (message/reading.h), built from the front to the end.
 */
#ifndef VERIFIER_REPAIR_EDIT_LIST_H
#define VERIFIER_REPAIR_EDIT_LIST_H

#include "keysnap/base/arena.h"
#include "verifier/message/reading.h"

/* Edits of one list.  An attachment of 4 MB, wrapped anew, needs as many. */
#define EDIT_LIST_MAX (1u << 16)

/* The array lives in the arena; what is inserted is borrowed. */
struct edit_list {
	struct arena *arena;
	struct edit *edits;
	size_t n, room;
	bool full; /* an edit had no room: the list is of no use */
};

void edit_list_init(struct edit_list *list, struct arena *arena);

/* Add an edit behind all others: "at" is not before the end of the last. */
void edit_list_add(struct edit_list *list, size_t at, size_t remove,
    struct span insert);

/*
 * The edits of both lists in "merged_out", which is made anew.  False when
 * two of them touch the same octets or insert at the same place, so that one
 * could not be told from the other; or when there are too many.
 */
bool edit_list_merge(struct edit_list *merged_out, struct arena *arena,
    const struct edit_list *a, const struct edit_list *b);

#endif
