/* test_edit_list.c - lists of edits and their union. */
#include "verifier/repair/edit_list.h"

#include <glib.h>

static void
add_all(struct edit_list *list, struct arena *arena, const size_t (*edits)[2],
    size_t n)
{
	edit_list_init(list, arena);
	for (size_t i = 0; i < n; i++)
		edit_list_add(list, edits[i][0], edits[i][1], SPAN("x"));
}

static void
test_merge(void)
{
	static const struct {
		size_t a[2], b[2]; /* at, remove */
		bool apart;
	} cases[] = {
		{ { 0, 1 }, { 1, 1 }, true },
		{ { 1, 1 }, { 0, 1 }, true },
		{ { 0, 2 }, { 1, 1 }, false },
		{ { 1, 1 }, { 0, 3 }, false },
		{ { 5, 0 }, { 5, 0 }, false },
		{ { 5, 0 }, { 5, 1 }, false },
		{ { 5, 0 }, { 6, 0 }, true },
		{ { 4, 1 }, { 5, 0 }, true },
	};
	g_autoptr(arena_auto) arena = arena_new();

	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		struct edit_list a, b, merged;

		add_all(&a, arena, &cases[i].a, 1);
		add_all(&b, arena, &cases[i].b, 1);
		g_test_message("case %zu", i);
		g_assert_cmpint(edit_list_merge(&merged, arena, &a, &b), ==,
		    cases[i].apart);
		if (!cases[i].apart)
			continue;
		g_assert_cmpuint(merged.n, ==, 2);
		g_assert_cmpuint(merged.edits[0].at, <, merged.edits[1].at);
	}
}

static void
test_limit(void)
{
	g_autoptr(arena_auto) arena = arena_new();
	struct edit_list list, none, merged;

	edit_list_init(&list, arena);
	edit_list_init(&none, arena);
	for (size_t i = 0; i < EDIT_LIST_MAX; i++)
		edit_list_add(&list, i, 1, SPAN(""));
	g_assert_false(list.full);
	g_assert_true(edit_list_merge(&merged, arena, &list, &none));
	g_assert_cmpuint(merged.n, ==, EDIT_LIST_MAX);
	edit_list_add(&list, EDIT_LIST_MAX, 1, SPAN(""));
	g_assert_true(list.full);
	g_assert_cmpuint(list.n, ==, EDIT_LIST_MAX);
	g_assert_false(edit_list_merge(&merged, arena, &list, &none));
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_set_nonfatal_assertions();
	g_test_add_func("/edit-list/merge", test_merge);
	g_test_add_func("/edit-list/limit", test_limit);
	return g_test_run();
}
