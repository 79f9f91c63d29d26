/* test_sorter.c - the same order whatever the memory. */
#include "keysnap/base/sorter.h"

#include <stdlib.h>
#include <string.h>

/* Records of 0 to SORTER_RECORD_MAX octets, many alike or with one start. */
static GPtrArray *
make_records(guint n)
{
	GPtrArray *records =
	    g_ptr_array_new_with_free_func((GDestroyNotify)g_bytes_unref);
	g_autoptr(GRand) rand = g_rand_new_with_seed(7);

	for (guint i = 0; i < n; i++) {
		guint8 octets[SORTER_RECORD_MAX];
		gint length = g_rand_int_range(rand, 0, 24);

		if (i % 500 == 0)
			length = SORTER_RECORD_MAX;
		memset(octets, 'c', sizeof(octets));
		for (gint j = (gint)(i % 3 * 5); j < length; j++)
			octets[j] = (guint8)(g_rand_int(rand) % 3 * 127);
		g_ptr_array_add(records, g_bytes_new(octets, (gsize)length));
	}
	return records;
}

static struct span
span_of(gconstpointer bytes)
{
	gsize n;
	const void *p = g_bytes_get_data((GBytes *)(guintptr)bytes, &n);

	return (struct span){ p, n };
}

static gint
compare(gconstpointer a, gconstpointer b)
{
	return span_compare(
	    span_of(*(GBytes *const *)a), span_of(*(GBytes *const *)b));
}

static void
check(GPtrArray *records, size_t memory)
{
	struct sorter *sorter = sorter_new(memory);
	g_autoptr(GPtrArray) want = g_ptr_array_new();
	struct span got;
	GError *error = NULL;

	for (guint i = 0; i < records->len; i++)
		g_ptr_array_add(want, records->pdata[i]);
	g_ptr_array_sort(want, compare);
	for (guint i = 0; i < records->len; i++)
		g_assert_true(
		    sorter_add(sorter, span_of(records->pdata[i]), &error));
	g_assert_cmpuint(sorter_count(sorter), ==, records->len);
	for (guint i = 0; i < want->len; i++) {
		g_assert_cmpint(sorter_next(sorter, &got, &error), ==, 1);
		g_assert_true(span_equal(got, span_of(want->pdata[i])));
	}
	g_assert_cmpint(sorter_next(sorter, &got, &error), ==, 0);
	g_assert_cmpint(sorter_next(sorter, &got, &error), ==, 0);
	g_assert_no_error(error);
	sorter_free(sorter);
}

static void
test_order(void)
{
	/* From all in memory to a record a run. */
	static const size_t memories[] = { 1 << 24, 100000, 5000, 1 };
	static const guint counts[] = { 0, 1, 2, 3, 1000, 20000 };

	for (size_t i = 0; i < G_N_ELEMENTS(counts); i++) {
		g_autoptr(GPtrArray) records = make_records(counts[i]);

		for (size_t j = 0; j < G_N_ELEMENTS(memories); j++) {
			if (counts[i] <= 1000 || memories[j] > 1)
				check(records, memories[j]);
		}
	}
}

/* Freed before the end, with and without a file. */
static void
test_early_end(void)
{
	g_autoptr(GPtrArray) records = make_records(1000);

	for (size_t memory = 1000; memory < 1 << 24; memory *= 1000) {
		struct sorter *sorter = sorter_new(memory);
		struct span got;

		for (guint i = 0; i < records->len; i++)
			sorter_add(sorter, span_of(records->pdata[i]), NULL);
		if (memory > 1000)
			g_assert_cmpint(sorter_next(sorter, &got, NULL), ==, 1);
		sorter_free(sorter);
	}
	sorter_free(NULL);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_set_nonfatal_assertions();
	g_test_add_func("/sorter/order", test_order);
	g_test_add_func("/sorter/early-end", test_early_end);
	return g_test_run();
}
