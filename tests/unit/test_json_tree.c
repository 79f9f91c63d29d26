/* test_json_tree.c - JSON texts as trees. */
#include "keysnap/base/json_tree.h"
#include "tests/unit/span_assert.h"

#include <string.h>

/* Write a tree down: {name=value,...} [value,...] "text" i7 n1.5 T F N */
static void
append_node(GString *out, const struct json_node *node)
{
	static const char words[] = "NFTin\"[{";
	size_t n = 0;

	if (node->name.p != NULL)
		g_string_append_printf(out, "%.*s=", (int)node->name.n,
		    (const char *)node->name.p);
	g_string_append_c(out, words[node->type]);
	if (node->type == JSON_NODE_INTEGER)
		g_string_append_printf(out, "%" G_GINT64_FORMAT, node->integer);
	g_string_append_len(
	    out, (const char *)node->text.p, (gssize)node->text.n);
	for (const struct json_node *item = node->first; item != NULL;
	     item = item->next) {
		append_node(out, item);
		g_string_append_c(out, ',');
		n++;
	}
	g_assert_cmpuint(n, ==, node->n);
}

static char *
run(struct span text)
{
	g_autoptr(arena_auto) arena = arena_new();
	GString *out = g_string_new(NULL);
	const char *why = NULL;
	const struct json_node *node = json_tree_parse(arena, text, &why);

	g_assert_true((node == NULL) == (why != NULL));
	if (node == NULL)
		g_string_append_printf(out, "bad: %s", why);
	else
		append_node(out, node);
	return g_string_free(out, FALSE);
}

static const struct {
	const char *name, *text, *want;
} cases[] = {
	{ "words", " [ null , true,false ]\r\n", "[N,T,F," },
	{ "empty", "", "bad: not JSON: no value where one should be" },
	{ "empty object", "{ }", "{" },
	{ "empty array", "[\t]", "[" },
	{ "members in their order", "{\"b\":1,\"a\":[\"x\",{}]}",
	    "{b=i11,a=[\"x,{,," },
	{ "integers",
	    "[0,-0,-12,9223372036854775807,-9223372036854775808,"
	    "9223372036854775808,-9223372036854775809]",
	    "[i00,i0-0,i-12-12,i92233720368547758079223372036854775807,"
	    "i-9223372036854775808-9223372036854775808,"
	    "n9223372036854775808,n-9223372036854775809," },
	{ "numbers", "[1.5,1e3,1E+3,0.0e-1]", "[n1.5,n1e3,n1E+3,n0.0e-1," },
	{ "bad numbers: zero first", "01",
	    "bad: not JSON: something behind the value" },
	{ "bad numbers: point", "1.", "bad: not JSON: a bad number" },
	{ "bad numbers: exponent", "1e+", "bad: not JSON: a bad number" },
	{ "bad numbers: plus", "+1",
	    "bad: not JSON: no value where one should be" },
	{ "bad numbers: lone minus", "-",
	    "bad: not JSON: no value where one should be" },
	{ "escapes", "\"\\\"\\\\\\/\\b\\f\\n\\r\\tx\\u0041\\u00fc\"",
	    "\"\"\\/\b\f\n\r\txA\xc3\xbc" },
	{ "surrogates", "\"\\ud83d\\ude00\"", "\"\xf0\x9f\x98\x80" },
	{ "escaped name", "{\"\\u0061b\":1}", "{ab=i11," },
	{ "lone high", "\"\\ud83d\"",
	    "bad: not JSON: half of a surrogate pair" },
	{ "lone low", "\"\\ude00\"",
	    "bad: not JSON: half of a surrogate pair" },
	{ "high and no low", "\"\\ud83d\\u0041\"",
	    "bad: not JSON: half of a surrogate pair" },
	{ "short \\u", "\"\\u004\"", "bad: not JSON: a bad \\u escape" },
	{ "no such escape", "\"\\x\"", "bad: not JSON: a bad escape" },
	{ "backslash at the end", "\"\\",
	    "bad: not JSON: a string without its end" },
	{ "escaped quote at the end", "\"\\\"",
	    "bad: not JSON: a string without its end" },
	{ "control octet", "\"a\nb\"",
	    "bad: not JSON: a control octet in a string" },
	{ "UTF-8", "\"\xc3\xbc\"", "\"\xc3\xbc" },
	{ "not UTF-8", "\"\xc3\"", "bad: not JSON: not UTF-8" },
	{ "surrogate as UTF-8", "\"\xed\xa0\xbd\"",
	    "bad: not JSON: not UTF-8" },
	{ "behind", "{} {}", "bad: not JSON: something behind the value" },
	{ "twice", "{\"a\":1,\"b\":2,\"a\":3}",
	    "bad: a member is there twice" },
	{ "twice, escaped", "{\"a\":1,\"\\u0061\":3}",
	    "bad: a member is there twice" },
	{ "twice, in other objects", "[{\"a\":1},{\"a\":{\"a\":2}}]",
	    "[{a=i11,,{a={a=i22,,," },
	{ "no comma", "[1 2]", "bad: not JSON: a bracket is not closed" },
	{ "comma at the end", "[1,]",
	    "bad: not JSON: no value where one should be" },
	{ "comma at the end of an object", "{\"a\":1,}",
	    "bad: not JSON: no name of a member" },
	{ "wrong bracket", "[1}", "bad: not JSON: a bracket is not closed" },
	{ "no colon", "{\"a\" 1}", "bad: not JSON: no colon behind a name" },
	{ "name is no string", "{a:1}", "bad: not JSON: no name of a member" },
	{ "word cut", "[tru]", "bad: not JSON: no value where one should be" },
	{ "single quotes", "'a'",
	    "bad: not JSON: no value where one should be" },
};

static void
test_cases(void)
{
	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autofree char *got = run(span_from_string(cases[i].text));

		if (strcmp(got, cases[i].want) != 0)
			g_test_message("in case \"%s\"", cases[i].name);
		g_assert_cmpstr(got, ==, cases[i].want);
	}
}

static void
test_nul(void)
{
	g_autoptr(arena_auto) arena = arena_new();
	const char *why = NULL;
	const struct json_node *node =
	    json_tree_parse(arena, SPAN("\"a\\u0000b\""), &why);
	g_autofree char *raw = run(SPAN("\"a\0b\""));
	g_autofree char *behind = run(SPAN("7\0"));

	g_assert_nonnull(node);
	if (node != NULL)
		span_assert_equal("escaped NUL", node->text, SPAN("a\0b"));
	g_assert_cmpstr(raw, ==, "bad: not JSON: a control octet in a string");
	g_assert_cmpstr(
	    behind, ==, "bad: not JSON: something behind the value");
}

static void
test_depth(void)
{
	for (size_t depth = JSON_TREE_DEPTH_MAX;
	     depth <= JSON_TREE_DEPTH_MAX + 1; depth++) {
		g_autofree char *open = g_strnfill(depth, '[');
		g_autofree char *close = g_strnfill(depth, ']');
		g_autofree char *text = g_strconcat(open, close, NULL);
		g_autofree char *got = run(span_from_string(text));

		g_assert_cmpint(strcmp(got, "bad: nested too deep") == 0, ==,
		    depth > JSON_TREE_DEPTH_MAX);
	}
}

static void
test_members(void)
{
	g_autoptr(arena_auto) arena = arena_new();
	const char *why = NULL;
	const struct json_node *object = json_tree_parse_object(
	    arena, SPAN("{\"a\":null,\"b\":\"x\",\"c\":[]}"), &why);

	g_assert_nonnull(object);
	if (object == NULL)
		return;
	g_assert_null(json_tree_get(object, "a"));
	g_assert_null(json_tree_get(object, "d"));
	g_assert_true(json_tree_is_string(json_tree_get(object, "b")));
	g_assert_false(json_tree_is_string(json_tree_get(object, "c")));
	g_assert_false(json_tree_is_string(NULL));
	g_assert_null(json_tree_parse_object(arena, SPAN("[]"), &why));
	g_assert_cmpstr(why, ==, "not a JSON object");
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_set_nonfatal_assertions();
	g_test_add_func("/json_tree/cases", test_cases);
	g_test_add_func("/json_tree/nul", test_nul);
	g_test_add_func("/json_tree/depth", test_depth);
	g_test_add_func("/json_tree/members", test_members);
	return g_test_run();
}
