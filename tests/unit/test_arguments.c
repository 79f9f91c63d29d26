/* test_arguments.c - short options with their value in one word. */
#include "keysnap/base/arguments.h"

#include <string.h>

static const struct {
	const char *given, *want; /* words between "|" */
} cases[] = {
	{ "verify", "verify" },
	{ "verify|-j4", "verify|-j|4" },
	{ "verify|-j|4", "verify|-j|4" },
	{ "verify|-", "verify|-" },
	{ "verify|-q", "verify|-q" },
	{ "verify|-qx", "verify|-qx" },
	{ "verify|--jobs=4|-oCASE", "verify|--jobs=4|-o|CASE" },
	{ "verify|--|-j4", "verify|--|-j4" },
};

static void
test_cut(void)
{
	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_auto(GStrv) given = g_strsplit(cases[i].given, "|", -1);
		g_auto(GStrv) cut =
		    arguments_cut((int)g_strv_length(given), given, "jo");
		g_autofree char *got = g_strjoinv("|", cut);

		g_assert_cmpstr(got, ==, cases[i].want);
	}
}

static void
test_letters(void)
{
	const GOptionEntry entries[] = {
		{ "jobs", 'j', 0, G_OPTION_ARG_INT, NULL, NULL, NULL },
		{ "quiet", 'q', 0, G_OPTION_ARG_NONE, NULL, NULL, NULL },
		{ "clock", 0, 0, G_OPTION_ARG_STRING, NULL, NULL, NULL },
		G_OPTION_ENTRY_NULL,
	};
	g_autofree char *letters = arguments_letters(entries, "s");
	g_autofree char *none = arguments_letters(NULL, "");

	g_assert_cmpstr(letters, ==, "sj");
	g_assert_cmpstr(none, ==, "");
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_set_nonfatal_assertions();
	g_test_add_func("/arguments/cut", test_cut);
	g_test_add_func("/arguments/letters", test_letters);
	return g_test_run();
}
