/*
 * test_json_scan.c - canonical JSON in place: what a parser finds, on any cut
 * and with any octet changed without reading past the end.
 */
#include "keysnap/base/json_scan.h"

#include <glib.h>

static const char text[] =
    "{\"a\":1,\"b\":[\"x\",{\"c\":\"]}\\\"\"},[],{}],\"d\":null,\"e\":true,"
    "\"f\":\"\\\\\",\"g\":{\"h\":-1}}";

static void
test_members(void)
{
	static const char *const want[][2] = { { "a", "1" },
		{ "b", "[\"x\",{\"c\":\"]}\\\"\"},[],{}]" }, { "d", "null" },
		{ "e", "true" }, { "f", "\"\\\\\"" }, { "g", "{\"h\":-1}" } };
	struct json_scan scan;
	struct span name, value;

	json_scan_object(&scan, span_from_string(text));
	for (gsize i = 0; i < G_N_ELEMENTS(want); i++) {
		g_assert_true(json_scan_member(&scan, &name, &value));
		g_assert_true(span_equal(name, span_from_string(want[i][0])));
		g_assert_true(span_equal(value, span_from_string(want[i][1])));
	}
	g_assert_false(json_scan_member(&scan, &name, &value));
	g_assert_false(scan.bad);
	json_scan_object(&scan, SPAN("{}"));
	g_assert_false(json_scan_member(&scan, &name, &value));
	g_assert_false(scan.bad);
}

static void
test_elements(void)
{
	static const char *const want[] = { "\"x\"", "{\"c\":\"]}\\\"\"}", "[]",
		"{}" };
	struct json_scan scan;
	struct span value;

	json_scan_array(&scan, SPAN("[\"x\",{\"c\":\"]}\\\"\"},[],{}]"));
	for (gsize i = 0; i < G_N_ELEMENTS(want); i++) {
		g_assert_true(json_scan_element(&scan, &value));
		g_assert_true(span_equal(value, span_from_string(want[i])));
	}
	g_assert_false(json_scan_element(&scan, &value));
	g_assert_false(scan.bad);
}

static void
test_bad(void)
{
	static const char *const bad[] = { "", "{", "}", "[]", "{1}", "{\"a\"}",
		"{\"a\":}", "{\"a\":1,}", "{\"a\":1 \"b\":2}", "{\"a:1}",
		"{\"a\":\"x\\\"}", "{\"a\":[1}", "{a:1}", "{\"\\u0061\":1}",
		"{\"a\":1}}" };

	for (gsize i = 0; i < G_N_ELEMENTS(bad); i++) {
		struct json_scan scan;
		struct span name, value;

		g_test_message("%s", bad[i]);
		json_scan_object(&scan, span_from_string(bad[i]));
		while (json_scan_member(&scan, &name, &value))
			continue;
		g_assert_true(scan.bad);
	}
}

static void
test_values(void)
{
	static const struct {
		const char *value;
		bool is_text;
		const char *text;
		bool is_count;
		guint64 count;
	} cases[] = {
		{ "null", true, NULL, false, 0 },
		{ "\"\"", true, "", false, 0 },
		{ "\"a b\"", true, "a b", false, 0 },
		{ "\"a\\n\"", false, NULL, false, 0 },
		{ "\"", false, NULL, false, 0 },
		{ "", false, NULL, false, 0 },
		{ "nul", false, NULL, false, 0 },
		{ "0", false, NULL, true, 0 },
		{ "9007199254740991", false, NULL, true, 9007199254740991 },
		{ "90071992547409910", false, NULL, false, 0 },
		{ "-1", false, NULL, false, 0 },
		{ "1.5", false, NULL, false, 0 },
	};

	for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
		struct span value = span_from_string(cases[i].value), got;
		guint64 count;

		g_test_message("%s", cases[i].value);
		g_assert_true(json_scan_text(value, &got) == cases[i].is_text);
		if (cases[i].is_text) {
			g_assert_true(
			    (got.p == NULL) == (cases[i].text == NULL));
			g_assert_true(
			    span_equal(got, span_from_string(cases[i].text)));
		}
		g_assert_true(
		    json_scan_count(value, &count) == cases[i].is_count);
		if (cases[i].is_count)
			g_assert_cmpuint(count, ==, cases[i].count);
	}
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_set_nonfatal_assertions();
	g_test_add_func("/json_scan/members", test_members);
	g_test_add_func("/json_scan/elements", test_elements);
	g_test_add_func("/json_scan/bad", test_bad);
	g_test_add_func("/json_scan/values", test_values);
	return g_test_run();
}
