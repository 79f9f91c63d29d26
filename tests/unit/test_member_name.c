/* test_member_name.c - what names of members give away. */
#include "verifier/archive/container.h"
#include "verifier/archive/member_name.h"

#include <glib.h>

static const struct {
	struct span name;
	unsigned notes;
	enum member_place place;
} cases[] = {
	{ { NULL, 0 }, 0, MEMBER_ANYWHERE },
	{ SPAN("a"), 0, MEMBER_ANYWHERE },
	{ SPAN("/"), MEMBER_ABSOLUTE_NAME, MEMBER_ANYWHERE },
	{ SPAN("/a"), MEMBER_ABSOLUTE_NAME, MEMBER_ANYWHERE },
	{ SPAN("a/"), 0, MEMBER_ANYWHERE },
	{ SPAN(".."), MEMBER_PARENT_NAME, MEMBER_ANYWHERE },
	{ SPAN("../a"), MEMBER_PARENT_NAME, MEMBER_ANYWHERE },
	{ SPAN("a/../b"), MEMBER_PARENT_NAME, MEMBER_ANYWHERE },
	{ SPAN("a/.."), MEMBER_PARENT_NAME, MEMBER_ANYWHERE },
	{ SPAN("/.."), MEMBER_ABSOLUTE_NAME | MEMBER_PARENT_NAME,
	    MEMBER_ANYWHERE },
	{ SPAN("..a/a../..."), 0, MEMBER_ANYWHERE },
	{ SPAN("\xc3\xbc"), 0, MEMBER_ANYWHERE },
	{ SPAN("\xfc"), MEMBER_NAME_NOT_UTF8, MEMBER_ANYWHERE },
	{ SPAN("\xc3"), MEMBER_NAME_NOT_UTF8, MEMBER_ANYWHERE },
	{ SPAN("a\0b"), 0, MEMBER_ANYWHERE },
	{ SPAN("cur/1.x"), 0, MEMBER_IN_MAILDIR },
	{ SPAN("new/1.x"), 0, MEMBER_IN_MAILDIR },
	{ SPAN("tmp/1.x"), 0, MEMBER_ANYWHERE },
	{ SPAN("tmp/1.x.y"), 0, MEMBER_ANYWHERE },
	{ SPAN("tmp/20170505.eml"), 0, MEMBER_ANYWHERE },
	{ SPAN("tmp/123456789.x"), 0, MEMBER_ANYWHERE },
	{ SPAN("tmp/12345678a.x.y"), 0, MEMBER_ANYWHERE },
	{ SPAN("tmp/123456789.x.y"), 0, MEMBER_IN_TMP },
	{ SPAN("a/tmp/1500000000.M1P2.host"), 0, MEMBER_IN_TMP },
	{ SPAN("a/b/cur/123.M1P2.host:2,S"), 0, MEMBER_IN_MAILDIR },
	{ SPAN("/cur/1."), MEMBER_ABSOLUTE_NAME, MEMBER_IN_MAILDIR },
	{ SPAN("cur//1.x"), 0, MEMBER_ANYWHERE },
	{ SPAN("cur/1"), 0, MEMBER_ANYWHERE },
	{ SPAN("cur/.1"), 0, MEMBER_ANYWHERE },
	{ SPAN("cur/x1.x"), 0, MEMBER_ANYWHERE },
	{ SPAN("cur/"), 0, MEMBER_ANYWHERE },
	{ SPAN("cur/1.x/2.y"), 0, MEMBER_ANYWHERE },
	{ SPAN("Cur/1.x"), 0, MEMBER_ANYWHERE },
	{ SPAN("1.x"), 0, MEMBER_ANYWHERE },
};

static void
test_names(void)
{
	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_test_message("%zu %.*s", i, (int)cases[i].name.n,
		    (const char *)cases[i].name.p);
		g_assert_cmphex(
		    member_name_notes(cases[i].name), ==, cases[i].notes);
		g_assert_cmpint(
		    member_name_place(cases[i].name), ==, cases[i].place);
	}
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_set_nonfatal_assertions();
	g_test_add_func("/member_name/names", test_names);
	return g_test_run();
}
