/* test_span_key.c - spans as keys: octets count, not where they lie. */
#include "keysnap/base/span_key.h"
#include "tests/unit/span_assert.h"

static void
test_table(void)
{
	static const struct span members[] = { { NULL, 0 },
		{ (const uint8_t *)"a", 1 }, { (const uint8_t *)"a\0b", 3 },
		{ (const uint8_t *)"a\0c", 3 } };
	g_autoptr(GHashTable) table =
	    g_hash_table_new_full(span_key_hash, span_key_equal, g_free, NULL);
	uint8_t copy[] = { 'a', 0, 'b' };
	const struct span same = { copy, 3 }, shorter = { copy, 2 };

	for (size_t i = 0; i < G_N_ELEMENTS(members); i++) {
		struct span *key = span_key_new(members[i]);

		span_assert_equal("copy", *key, members[i]);
		g_assert_true(g_hash_table_add(table, key));
	}
	for (size_t i = 0; i < G_N_ELEMENTS(members); i++)
		g_assert_false(
		    g_hash_table_add(table, span_key_new(members[i])));
	g_assert_cmpuint(g_hash_table_size(table), ==, G_N_ELEMENTS(members));
	g_assert_true(g_hash_table_contains(table, &same));
	g_assert_false(g_hash_table_contains(table, &shorter));
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_set_nonfatal_assertions();
	g_test_add_func("/span_key/table", test_table);
	return g_test_run();
}
