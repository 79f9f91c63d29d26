/* test_content_length.c - which Content-Length of a message is believed. */
#include "verifier/archive/content_length.h"

#include <glib.h>

#define LENGTH_MAX 1000

static const struct {
	const char *name, *section;
	int64_t want; /* -1: none */
} cases[] = {
	{ "empty", "", -1 },
	{ "another field", "A: 1\n", -1 },
	{ "one", "A: 1\nContent-Length: 42\n\n", 42 },
	{ "CRLF", "content-length:\t7 \r\nB: 1\r\n\r\n", 7 },
	{ "zero", "Content-Length: 0\n", 0 },
	{ "without a line end", "Content-Length: 5", 5 },
	{ "the limit", "Content-Length: 1000\n", 1000 },
	{ "past the limit", "Content-Length: 1001\n", -1 },
	{ "huge", "Content-Length: 99999999999999999999999999\n", -1 },
	{ "no digits", "Content-Length: \n", -1 },
	{ "a sign", "Content-Length: +5\n", -1 },
	{ "something behind it", "Content-Length: 5 6\n", -1 },
	{ "folded", "Content-Length: 5\n 6\n", -1 },
	{ "twice", "Content-Length: 5\nContent-Length: 5\n", -1 },
	{ "a bad one and a good one", "Content-Length: x\nContent-Length: 5\n",
	    -1 },
	{ "a longer name", "Content-Length-2: 5\n", -1 },
	{ "not at the start of a line", "X-Content-Length: 5\n", -1 },
};

static void
test_find(void)
{
	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		uint64_t length = 0;
		bool found = content_length_find(
		    span_from_string(cases[i].section), LENGTH_MAX, &length);

		g_test_message("%s", cases[i].name);
		g_assert_cmpint(found, ==, cases[i].want >= 0);
		if (found)
			g_assert_cmpint((int64_t)length, ==, cases[i].want);
	}
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_set_nonfatal_assertions();
	g_test_add_func("/content-length/find", test_find);
	return g_test_run();
}
