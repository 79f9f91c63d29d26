/* test_measure.c - octets in a tree. */
#include "verifier/archive/measure.h"

#include <glib.h>
#include <glib/gstdio.h>
#include <unistd.h>

static void
test_tree(void)
{
	g_autofree char *top = g_dir_make_tmp("measure-XXXXXX", NULL);
	g_autofree char *below = g_build_filename(top, "below", NULL);
	g_autofree char *one = g_build_filename(top, "one", NULL);
	g_autofree char *two = g_build_filename(below, "two", NULL);
	g_autofree char *link = g_build_filename(top, "link", NULL);
	char *const tree[] = { top, NULL };
	char *const both[] = { one, two, NULL };
	char *const none[] = { link, NULL };

	g_assert_cmpint(g_mkdir(below, 0700), ==, 0);
	g_assert_true(g_file_set_contents(one, "12345", 5, NULL));
	g_assert_true(g_file_set_contents(two, "123", 3, NULL));
	g_assert_cmpint(symlink(one, link), ==, 0);
	g_assert_cmpuint(archive_measure(tree), ==, 8);
	g_assert_cmpuint(archive_measure(both), ==, 8);
	g_assert_cmpuint(archive_measure(none), ==, 0);
	g_unlink(link);
	g_unlink(one);
	g_unlink(two);
	g_rmdir(below);
	g_rmdir(top);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_set_nonfatal_assertions();
	g_test_add_func("/measure/tree", test_tree);
	return g_test_run();
}
