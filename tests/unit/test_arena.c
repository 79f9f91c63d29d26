/* test_arena.c - memory that is given back all at once. */
#include "keysnap/base/arena.h"
#include "tests/unit/span_assert.h"

#include <stdalign.h>
#include <string.h>

static bool
is_zero(const uint8_t *p, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		if (p[i] != 0)
			return false;
	}
	return true;
}

/* Sizes round the block size, twice over the same memory: zeroed, aligned,
 * and none overwrites another. */
static void
test_alloc(void)
{
	static const size_t sizes[] = { 0, 1, 15, 16, 17, 4096, 65535, 65536,
		65537, 200000, 3 };
	uint8_t *taken[G_N_ELEMENTS(sizes)];
	g_autoptr(arena_auto) arena = arena_new();

	for (int round = 0; round < 3; round++) {
		for (size_t i = 0; i < G_N_ELEMENTS(sizes); i++) {
			taken[i] = arena_alloc(arena, sizes[i]);
			g_assert_nonnull(taken[i]);
			g_assert_cmpuint(
			    (uintptr_t)taken[i] % alignof(max_align_t), ==, 0);
			g_assert_true(is_zero(taken[i], sizes[i]));
			memset(taken[i], (int)i + 1, sizes[i]);
		}
		for (size_t i = 0; i < G_N_ELEMENTS(sizes); i++) {
			for (size_t k = 0; k < sizes[i]; k++)
				g_assert_true(taken[i][k] == i + 1);
		}
		arena_reset(arena);
	}
}

/* What is over the bound is given back; the arena works on. */
static void
test_huge(void)
{
	g_autoptr(arena_auto) arena = arena_new();
	uint8_t *p;

	for (int i = 0; i < 4; i++) {
		p = arena_alloc(arena, 5 * 1024 * 1024);
		p[5 * 1024 * 1024 - 1] = 1;
	}
	arena_reset(arena);
	p = arena_alloc_array(arena, 1024, 9 * 1024);
	g_assert_true(is_zero(p, 1024 * 9 * 1024));
	arena_free(NULL);
}

static void
test_copy(void)
{
	g_autoptr(arena_auto) arena = arena_new();
	struct span copy = arena_copy(arena, SPAN("a\0\xff"));
	struct span none = arena_copy(arena, (struct span){ NULL, 0 });

	span_assert_equal("copy", copy, SPAN("a\0\xff"));
	g_assert_cmpuint(copy.p[3], ==, 0);
	g_assert_cmpuint(none.n, ==, 0);
	g_assert_cmpuint(none.p[0], ==, 0);
}

/* Sizes that overflow end the process instead of giving too little. */
static void
test_overflow(void)
{
	if (g_test_subprocess()) {
		g_autoptr(arena_auto) arena = arena_new();

		arena_alloc_array(arena, SIZE_MAX / 2 + 1, 2);
		return;
	}
	g_test_trap_subprocess(NULL, 0, G_TEST_SUBPROCESS_DEFAULT);
	g_test_trap_assert_failed();
	g_test_trap_assert_stderr("*arena: * elements of 2 octets*");
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_set_nonfatal_assertions();
	g_test_add_func("/arena/alloc", test_alloc);
	g_test_add_func("/arena/huge", test_huge);
	g_test_add_func("/arena/copy", test_copy);
	g_test_add_func("/arena/overflow", test_overflow);
	return g_test_run();
}
