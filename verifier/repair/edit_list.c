/* edit_list.c - see edit_list.h.  Limit: EDIT_LIST_MAX. */
#include "verifier/repair/edit_list.h"

#define ROOM_FIRST 16 /* most repairs need no more */

void
edit_list_init(struct edit_list *list, struct arena *arena)
{
	*list = (struct edit_list){ .arena = arena };
}

static void
grow(struct edit_list *list)
{
	size_t room = list->room == 0 ? ROOM_FIRST : 4 * list->room;
	struct edit *edits;

	room = MIN(room, EDIT_LIST_MAX);
	edits = arena_alloc_array(list->arena, room, sizeof(*edits));
	if (list->n > 0)
		memcpy(edits, list->edits, list->n * sizeof(*edits));
	list->edits = edits;
	list->room = room;
}

void
edit_list_add(
    struct edit_list *list, size_t at, size_t remove, struct span insert)
{
	const struct edit *last =
	    list->n > 0 ? &list->edits[list->n - 1] : NULL;

	g_assert(last == NULL || last->at + last->remove <= at);
	if (list->n == EDIT_LIST_MAX)
		list->full = true;
	if (list->full)
		return;
	if (list->n == list->room)
		grow(list);
	list->edits[list->n++] =
	    (struct edit){ .at = at, .remove = remove, .insert = insert };
}

/* May "next" stand behind what ends at "end" and began at "at"? */
static bool
is_apart(const struct edit *last, const struct edit *next)
{
	return last == NULL ||
	    (next->at >= last->at + last->remove && next->at > last->at);
}

bool
edit_list_merge(struct edit_list *merged_out, struct arena *arena,
    const struct edit_list *a, const struct edit_list *b)
{
	size_t i = 0, j = 0;

	edit_list_init(merged_out, arena);
	while (i < a->n || j < b->n) {
		bool first =
		    j == b->n || (i < a->n && a->edits[i].at <= b->edits[j].at);
		const struct edit *next =
		    first ? &a->edits[i++] : &b->edits[j++];
		const struct edit *last = merged_out->n > 0
		    ? &merged_out->edits[merged_out->n - 1]
		    : NULL;

		if (!is_apart(last, next))
			return false;
		edit_list_add(merged_out, next->at, next->remove, next->insert);
	}
	return !merged_out->full && !a->full && !b->full;
}
