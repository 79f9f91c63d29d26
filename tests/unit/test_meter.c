/* test_meter.c - how much may come out for what went in. */
#include "verifier/archive/meter.h"

#define FREE CONTAINER_RATIO_FREE

static const struct {
	const char *name;
	uint64_t ratio, consumed, produced;
	bool good;
} cases[] = {
	{ "nothing", 10, 0, 0, true },
	{ "free", 10, 0, FREE, true },
	{ "one more than free", 10, 0, FREE + 1, false },
	{ "the ratio", 10, FREE, 10 * FREE, true },
	{ "over the ratio", 10, FREE, 11 * FREE, false },
	{ "no ratio is one", 0, FREE, 2 * FREE, false },
	{ "large numbers", UINT64_MAX, 1, UINT64_MAX, true },
	{ "a large ratio", UINT64_MAX / 2, 1, UINT64_MAX, false },
};

static void
test_add(void)
{
	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		struct meter meter = { .ratio = cases[i].ratio };
		g_autoptr(GError) problem = NULL;
		g_test_message("%s", cases[i].name);
		g_assert_cmpint(meter_add(&meter, cases[i].consumed,
				    cases[i].produced, &problem),
		    ==, cases[i].good);
		g_assert_cmpint(problem == NULL, ==, cases[i].good);
	}
}

/* What was over is forgotten, some times. */
static void
test_begin(void)
{
	struct meter meter = { .ratio = 1 };

	g_assert_true(meter_add(&meter, FREE, FREE, NULL));
	for (unsigned i = 1; i < METER_STRIKES; i++) {
		g_assert_true(meter_begin(&meter, NULL));
		g_assert_false(meter_add(&meter, 0, 9 * FREE, NULL));
	}
	g_assert_true(meter_begin(&meter, NULL));
	g_assert_true(meter_add(&meter, FREE, FREE, NULL));
	g_assert_true(meter_begin(&meter, NULL));
	g_assert_cmpuint(meter.produced, ==, 2 * FREE);
	g_assert_false(meter_add(&meter, 0, 9 * FREE, NULL));
	g_assert_false(meter_begin(&meter, NULL));
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_set_nonfatal_assertions();
	g_test_add_func("/meter/add", test_add);
	g_test_add_func("/meter/begin", test_begin);
	return g_test_run();
}
