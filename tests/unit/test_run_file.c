/*
 * test_run_file.c - run.json read back: its members, its lists element by
 * element, and what is no run.json.
 */
#include "verifier/run/run_file.h"

#include <glib.h>
#include <glib/gstdio.h>

static struct run_file *
open_text(const char *text, gssize n)
{
	g_autofree char *path = NULL;
	g_autoptr(GError) error = NULL;
	int fd = g_file_open_tmp("run-XXXXXX", &path, NULL);
	struct run_file *file;

	g_close(fd, NULL);
	g_assert_true(g_file_set_contents(path, text, n, NULL));
	file = run_file_open(path, &error);
	g_assert_true((file == NULL) == (error != NULL));
	g_unlink(path);
	return file;
}

static const char whole[] =
    "{\"a\":{\"b\":[1,{\"c\":\"}],\\\"\"}]},\"list\":[{\"p\":\"]\"},"
    "{\"q\":[1,2]},\"x,y\"],\"none\":[],\"t\":true}\n";

static void
test_members(void)
{
	struct run_file *file = open_text(whole, -1);
	json_t *value;

	g_assert_nonnull(file);
	value = run_file_get(file, "a");
	g_assert_cmpstr(
	    json_string_value(json_object_get(
		json_array_get(json_object_get(value, "b"), 1), "c")),
	    ==, "}],\"");
	json_decref(value);
	value = run_file_get(file, "t");
	g_assert_true(json_is_true(value));
	json_decref(value);
	g_assert_null(run_file_get(file, "b"));
	run_file_close(file);
}

static void
test_lists(void)
{
	static const char *const want[] = { "{\"p\":\"]\"}", "{\"q\":[1,2]}",
		"\"x,y\"" };
	g_autofree char *path = NULL;
	int fd = g_file_open_tmp("run-XXXXXX", &path, NULL);
	struct run_file *file;
	struct run_list *list;
	struct span text;

	g_close(fd, NULL);
	g_assert_true(g_file_set_contents(path, whole, -1, NULL));
	file = run_file_open(path, NULL);
	list = run_list_open(file, "list", NULL);
	for (gsize i = 0; i < G_N_ELEMENTS(want); i++) {
		g_assert_true(run_list_get(list, &text));
		g_assert_true(span_equal(text, span_from_string(want[i])));
		run_list_next(list);
	}
	for (int i = 0; i < 2; i++) {
		g_assert_false(run_list_get(list, &text));
		run_list_next(list);
	}
	run_list_close(list);
	list = run_list_open(file, "none", NULL);
	g_assert_false(run_list_get(list, &text));
	run_list_close(list);
	g_assert_null(run_list_open(file, "t", NULL));
	g_assert_null(run_list_open(file, "other", NULL));
	run_file_close(file);
	g_unlink(path);
}

/* Cut anywhere it is none; so are other things. */
static void
test_refused(void)
{
	static const char *const bad[] = { "", "\n", "[]\n", "{}\n",
		"{\"a\":1}", "{\"a\":1}\n\n", "{\"a\":1]\n", "{a:1}\n",
		"{\"a\" :1}\n", "{\"a\":\"x}\n" };
	GString *many = g_string_new("{\"a0\":1");

	for (gssize n = 0; n < (gssize)sizeof(whole) - 1; n++)
		g_assert_null(open_text(whole, n));
	for (gsize i = 0; i < G_N_ELEMENTS(bad); i++) {
		g_test_message("%s", bad[i]);
		g_assert_null(open_text(bad[i], -1));
	}
	g_autofree char *name = g_strnfill(65, 'n');
	g_autofree char *long_name = g_strdup_printf("{\"%s\":1}\n", name);

	g_assert_null(open_text(long_name, -1));
	for (int i = 1; i < RUN_FILE_MEMBERS_MAX; i++)
		g_string_append_printf(many, ",\"a%d\":1", i);
	g_string_append(many, "}\n");
	run_file_close(open_text(many->str, -1));
	g_string_insert(many, 1, "\"b\":1,");
	g_assert_null(open_text(many->str, -1));
	g_string_free(many, TRUE);
	g_assert_null(run_file_open("/nowhere/run.json", NULL));
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_set_nonfatal_assertions();
	g_test_add_func("/run_file/members", test_members);
	g_test_add_func("/run_file/lists", test_lists);
	g_test_add_func("/run_file/refused", test_refused);
	return g_test_run();
}
