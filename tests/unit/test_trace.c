/* test_trace.c - no two items have the same trace, and traces come apart. */
#include "verifier/run/trace.h"

#include <string.h>

/* Each differs from the first in one thing. */
static const struct item items[] = {
	{ .path = SPAN("a"), .offset = 1, .length = 2 },
	{ .path = SPAN("a"), .offset = 2, .length = 2 },
	{ .path = SPAN("a"), .offset = 1, .length = 3 },
	{ .path = SPAN("b"), .offset = 1, .length = 2 },
	{ .path = SPAN(""), .offset = 1, .length = 2 },
	{ .path = SPAN("a"), .offset = 1, .length = 2, .status = ITEM_EMPTY },
	{ .path = SPAN("a"),
	    .offset = 1,
	    .length = 2,
	    .container = CONTAINER_MBOX },
	{ .path = SPAN("a"),
	    .offset = 1,
	    .length = 2,
	    .split = SPLIT_HEURISTIC },
	{ .path = SPAN("a"), .offset = 1, .length = 2, .whole_file = true },
	{ .path = SPAN("a"), .offset = 1, .length = 2, .envelope = SPAN("x") },
	{ .path = SPAN("a"), .offset = 1, .length = 2, .detail = SPAN("x") },
	{ .path = SPAN("a"),
	    .offset = 1,
	    .length = 2,
	    .n_chain = 1,
	    .chain = { { "tar", SPAN("m"), 0 } } },
	{ .path = SPAN("a"),
	    .offset = 1,
	    .length = 2,
	    .n_chain = 1,
	    .chain = { { "tar", SPAN("m"), 1 } } },
	{ .path = SPAN("a"),
	    .offset = 1,
	    .length = 2,
	    .n_chain = 1,
	    .chain = { { "zip", SPAN("m"), 0 } } },
	{ .path = SPAN("a"),
	    .offset = 1,
	    .length = 2,
	    .n_chain = 1,
	    .chain = { { "tar", { NULL, 0 }, 0 } } },
	{ .path = SPAN("a"),
	    .offset = 1,
	    .length = 2,
	    .n_chain = 1,
	    .chain = { { "tar", SPAN(""), 0 } } },
};

static void
test_distinct(void)
{
	g_autoptr(GHashTable) seen =
	    g_hash_table_new_full((GHashFunc)g_bytes_hash,
		(GEqualFunc)g_bytes_equal, (GDestroyNotify)g_bytes_unref, NULL);

	for (size_t i = 0; i < G_N_ELEMENTS(items); i++) {
		GString *out = g_string_new(NULL);

		trace_append(out, &items[i]);
		g_assert_true(
		    g_hash_table_add(seen, g_string_free_to_bytes(out)));
	}
}

static void
test_apart(void)
{
	g_autoptr(GString) all = g_string_new(NULL);
	struct span rest, trace;

	for (size_t i = 0; i < G_N_ELEMENTS(items); i++)
		trace_append(all, &items[i]);
	rest = (struct span){ (const uint8_t *)all->str, all->len };
	for (size_t i = 0; i < G_N_ELEMENTS(items); i++) {
		g_autoptr(GString) one = g_string_new(NULL);

		trace_append(one, &items[i]);
		g_assert_true(trace_next(&rest, &trace));
		g_assert_true(span_equal(trace,
		    (struct span){ (const uint8_t *)one->str, one->len }));
	}
	g_assert_false(trace_next(&rest, &trace));
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_set_nonfatal_assertions();
	g_test_add_func("/trace/distinct", test_distinct);
	g_test_add_func("/trace/apart", test_apart);
	return g_test_run();
}
