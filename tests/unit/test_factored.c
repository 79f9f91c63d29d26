/* test_factored.c - the edges of each record. */
#include "keysnap/key/factored.h"

#include <glib.h>

static const struct {
	unsigned bits;
	const char *since;
} cases[] = {
	{ 0, "1994-04" },
	{ 426, "1994-04" },
	{ 427, "1999-08" },
	{ 512, "1999-08" },
	{ 513, "2003-04" },
	{ 530, "2003-04" },
	{ 531, "2003-12" },
	{ 576, "2003-12" },
	{ 577, "2005-05" },
	{ 640, "2005-05" },
	{ 663, "2005-05" },
	{ 664, "2009-12" },
	{ 768, "2009-12" },
	{ 769, "2019-12" },
	{ 795, "2019-12" },
	{ 796, "2020-02" },
	{ 829, "2020-02" },
	{ 830, NULL },
	{ 1024, NULL },
};

static void
test_edges(void)
{
	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++)
		g_assert_cmpstr(
		    factored_since(cases[i].bits), ==, cases[i].since);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_set_nonfatal_assertions();
	g_test_add_func("/factored/edges", test_edges);
	return g_test_run();
}
