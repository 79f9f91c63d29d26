/*
 * test_line_table.c - lines by their hash, and entries in other numbers.
 */
#include "keysnap/store/line_table.h"
#include "tests/unit/span_assert.h"

#include <stdio.h>

#define LINES 5000 /* past several growths */

static struct span
make_line(char out[32], unsigned n)
{
	return (struct span){ (const uint8_t *)out,
		(size_t)snprintf(out, 32, "line %u", n) };
}

static void
test_find(void)
{
	struct crypto *crypto = crypto_open(NULL);
	struct line_table *table = line_table_new(crypto);
	char text[32];

	g_assert_cmpuint(line_table_find(table, SPAN("")), ==, ENTRY_NONE);
	/* Every tenth line stands there twice. */
	for (unsigned i = 0; i < LINES; i++)
		line_table_add(table, make_line(text, i % 10 == 9 ? i - 1 : i));
	g_assert_cmpuint(line_table_size(table), ==, LINES);
	for (unsigned i = 0; i < LINES; i++) {
		struct span line = make_line(text, i);
		bool twice = i % 10 == 9;

		g_assert_cmpuint(
		    line_table_find(table, line), ==, twice ? ENTRY_NONE : i);
		g_assert_cmpuint(
		    line_table_first(table, i), ==, twice ? i - 1 : i);
		g_assert_true(line_table_is(table, i, line) != twice);
	}
	line_table_free(table);
	line_table_free(NULL);
	crypto_close(crypto);
}

static const struct {
	const char *name, *line, *want; /* "want" NULL: not clear */
} cases[] = {
	{ "observation",
	    "{\"kind\":\"nodata\",\"method\":\"dig\",\"name\":\"a.b\","
	    "\"source\":3,\"time_kind\":\"none\",\"type\":\"observation\"}",
	    "{\"kind\":\"nodata\",\"method\":\"dig\",\"name\":\"a.b\","
	    "\"source\":6,\"time_kind\":\"none\",\"type\":\"observation\"}" },
	{ "sighting, sorted again",
	    "{\"first\":\"2013-01-01T00:00:00Z\",\"last\":"
	    "\"2013-01-01T00:00:00Z\",\"of\":[1,2,4],\"precision\":\"day\","
	    "\"source\":3,\"time_kind\":\"observed\",\"type\":\"sighting\"}",
	    "{\"first\":\"2013-01-01T00:00:00Z\",\"last\":"
	    "\"2013-01-01T00:00:00Z\",\"of\":[5,7,8],\"precision\":\"day\","
	    "\"source\":6,\"time_kind\":\"observed\",\"type\":\"sighting\"}" },
	{ "two that become one",
	    "{\"kind\":\"retract\",\"made\":\"2020-01-01T00:00:00Z\","
	    "\"target\":[3,5],\"type\":\"annotation\"}",
	    "{\"kind\":\"retract\",\"made\":\"2020-01-01T00:00:00Z\","
	    "\"target\":[6],\"type\":\"annotation\"}" },
	{ "source: no number",
	    "{\"file\":\"f\",\"format\":\"zone\",\"imported\":"
	    "\"2020-01-01T00:00:00Z\",\"observer\":\"o\",\"sha256\":"
	    "\"0000000000000000000000000000000000000000000000000000000000000000"
	    "\",\"size\":5,\"tool\":\"t\",\"type\":\"source\"}",
	    "{\"file\":\"f\",\"format\":\"zone\",\"imported\":"
	    "\"2020-01-01T00:00:00Z\",\"observer\":\"o\",\"sha256\":"
	    "\"0000000000000000000000000000000000000000000000000000000000000000"
	    "\",\"size\":5,\"tool\":\"t\",\"type\":\"source\"}" },
	{ "a type that we do not know", "{\"source\":3,\"type\":\"weather\"}",
	    NULL },
	{ "a member that we do not know",
	    "{\"kind\":\"nodata\",\"like\":2,\"method\":\"dig\",\"name\":"
	    "\"a.b\",\"source\":3,\"time_kind\":\"none\",\"type\":"
	    "\"observation\"}",
	    NULL },
	{ "one inside another",
	    "{\"kind\":\"nodata\",\"method\":\"dig\",\"name\":\"a.b\","
	    "\"source\":3,\"time_kind\":\"none\",\"type\":\"observation\","
	    "\"vantage\":{\"like\":2,\"place\":\"p\"}}",
	    NULL },
};

static void
test_renumber(void)
{
	static const uint64_t map[] = { 0, 8, 5, 6, 7, 6 };
	struct arena *arena = arena_new();

	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		struct span line = span_from_string(cases[i].line);
		g_autoptr(GString) out = g_string_new(NULL);
		struct entry entry;
		const char *why = "";

		g_test_message("%s", cases[i].name);
		g_assert_true(entry_parse(&entry, arena, line, 6, &why));
		g_assert_cmpint(
		    entry_is_clear(&entry), ==, cases[i].want != NULL);
		if (cases[i].want == NULL)
			continue;
		entry_renumber(&entry, arena, map);
		entry_write(out, &entry);
		g_assert_cmpstr(out->str, ==, cases[i].want);
	}
	arena_free(arena);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_set_nonfatal_assertions();
	g_test_add_func("/line_table/find", test_find);
	g_test_add_func("/line_table/renumber", test_renumber);
	return g_test_run();
}
