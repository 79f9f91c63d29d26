/* test_store_add.c - leaves, the index by name, and the tree over the log. */
#include "store_fixture.h"

#include "keysnap/store/merkle.h"

#include <string.h>

/* A store of one entry, beside the fixture's. */
static char *
new_path(const struct store_fixture *fixture)
{
	return g_build_filename(fixture->folder, "new", NULL);
}

static struct store *
open_store(struct store_fixture *fixture)
{
	g_autofree char *path = new_path(fixture);
	struct store *store = store_open(path, true, fixture->crypto, NULL);

	g_assert_nonnull(store);
	return store;
}

static struct store *
open_new(struct store_fixture *fixture)
{
	g_autofree char *path = new_path(fixture);

	g_assert_true(
	    store_create(path, "add.example/keys", fixture->crypto, NULL));
	return open_store(fixture);
}

static void
add(struct store *store, const char *leaf, const char *name)
{
	uint64_t index;

	g_assert_true(store_add(store, span_from_string(leaf),
	    span_from_string(name), &index, NULL));
}

static bool
collect(void *user, uint64_t index)
{
	g_string_append_printf(user, "%u ", (unsigned)index);
	return true;
}

static char *
numbers_of(struct store *store, const char *name, bool subtree)
{
	GString *out = g_string_new(NULL);

	g_assert_true(store_each_of_name(
	    store, span_from_string(name), subtree, collect, out, NULL));
	return g_string_free(out, FALSE);
}

/* Names added in the open transaction are found in it, again and again, and
 * are gone when it is given up. */
static void
test_names_of_open(struct store_fixture *fixture, gconstpointer unused)
{
	static const char *const want[] = { "1 ", "1 2 ", "1 2 3 " };
	struct store *store = open_new(fixture);

	(void)unused;
	for (int round = 0; round < 2; round++) {
		g_assert_true(store_begin(store, NULL));
		for (size_t i = 0; i < G_N_ELEMENTS(want); i++) {
			g_autofree char *got = NULL;

			add(store, "leaf", "a.example");
			got = numbers_of(store, "a.example", false);
			g_assert_cmpstr(got, ==, want[i]);
		}
		add(store, "leaf", "b.example");
		if (round == 0) {
			store_abort(store);
			g_autofree char *got =
			    numbers_of(store, "example", true);
			g_assert_cmpstr(got, ==, "");
		} else {
			g_assert_true(store_commit(store, NULL));
			g_autofree char *got =
			    numbers_of(store, "example", true);
			g_assert_cmpstr(got, ==, "1 2 3 4 ");
		}
	}
	store_close(store);
}

/* Of every size the tree is read back: what is below the nodes that are kept
 * is made of the leaves. */
static void
test_tree_of_sizes(struct store_fixture *fixture, gconstpointer unused)
{
	struct store *store = open_new(fixture);
	struct merkle merkle;
	uint8_t hash[32], want[32], got[32];
	struct span leaf;

	(void)unused;
	merkle_init(&merkle, fixture->crypto);
	g_assert_true(store_get(store, fixture->arena, 0, &leaf, NULL));
	merkle_leaf(&merkle, leaf, hash);
	merkle_add(&merkle, hash);
	for (unsigned i = 1; i < 200; i++) {
		g_autofree char *text = g_strdup_printf("leaf %u", i);

		merkle_leaf(&merkle, span_from_string(text), hash);
		merkle_add(&merkle, hash);
		g_assert_true(store_begin(store, NULL));
		add(store, text, "");
		g_assert_true(store_commit(store, NULL));
		if (i % 3 != 0 && i % 64 > 2)
			continue;
		store_close(store);
		store = open_store(fixture);
		merkle_root(&merkle, want);
		store_root(store, got);
		g_assert_true(memcmp(got, want, sizeof(got)) == 0);
	}
	merkle_clear(&merkle);
	store_close(store);
}

#define ADD(path, function)                                               \
	g_test_add(path, struct store_fixture, NULL, store_fixture_setup, \
	    function, store_fixture_teardown)

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_set_nonfatal_assertions();
	ADD("/store-add/names-of-open", test_names_of_open);
	ADD("/store-add/tree-of-sizes", test_tree_of_sizes);
	return g_test_run();
}
