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

/* Texts of twelve "Ez" and "FY" in any order, which have one hash by g_str_hash() (33 * "E" + "z" is 33 * "F" + "Y"). */
static void
test_chosen(void)
{
	enum { MANY = 1 << 12, PAIRS = 12 };
	g_autoptr(GHashTable) spans = g_hash_table_new(NULL, NULL);
	g_autoptr(GHashTable) strings = g_hash_table_new(NULL, NULL);
	g_autoptr(GHashTable) bytes = g_hash_table_new(NULL, NULL);
	guint chosen = 0;

	for (unsigned i = 0; i < MANY; i++) {
		char text[2 * PAIRS + 1] = { 0 };
		const struct span span = { (const uint8_t *)text, 2 * PAIRS };
		g_autoptr(GBytes) octets = NULL;

		for (unsigned k = 0; k < PAIRS; k++)
			memcpy(text + (size_t)2 * k,
			    (i >> k & 1) != 0 ? "Ez" : "FY", 2);
		octets = g_bytes_new(text, span.n);
		g_hash_table_add(spans, GUINT_TO_POINTER(span_key_hash(&span)));
		g_hash_table_add(
		    strings, GUINT_TO_POINTER(string_key_hash(text)));
		g_hash_table_add(
		    bytes, GUINT_TO_POINTER(bytes_key_hash(octets)));
		if (i == 0)
			chosen = g_str_hash(text);
		else if (g_str_hash(text) != chosen)
			g_test_fail();
	}
	/* By chance two in 4096 have one hash in one of 500 runs. */
	g_assert_cmpuint(g_hash_table_size(spans), >, MANY - 10);
	g_assert_cmpuint(g_hash_table_size(strings), >, MANY - 10);
	g_assert_cmpuint(g_hash_table_size(bytes), >, MANY - 10);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_set_nonfatal_assertions();
	g_test_add_func("/span_key/table", test_table);
	g_test_add_func("/span_key/chosen", test_chosen);
	return g_test_run();
}
