/*
 * fuzz_json_tree.c - our tree is that of jansson.
 *
 * What it takes as canonical is what jansson's tree, written again, is.
 *
 * jansson refuses integers past 64 bits, numbers past a double, and names
 * with a NUL, which we take, and takes NUL octets behind the text, which we
 * refuse; texts with these are not compared.
 */
#include "keysnap/base/json_tree.h"

#include "keysnap/base/json.h"
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static bool
is_taken_by_jansson(const struct json_node *node)
{
	if (node->type == JSON_NODE_NUMBER ||
	    span_find(node->name, '\0') < node->name.n)
		return false;
	for (const struct json_node *item = node->first; item != NULL;
	     item = item->next) {
		if (!is_taken_by_jansson(item))
			return false;
	}
	return true;
}

static void check_same(const struct json_node *node, const json_t *value);

static void
check_items(const struct json_node *node, const json_t *value)
{
	bool object = node->type == JSON_NODE_OBJECT;
	size_t i = 0;

	g_assert(node->n ==
	    (object ? json_object_size(value) : json_array_size(value)));
	for (const struct json_node *item = node->first; item != NULL;
	     item = item->next) {
		g_autofree char *name = span_dup(item->name);

		check_same(item,
		    object ? json_object_get(value, name)
			   : json_array_get(value, i));
		i++;
	}
}

static void
check_same(const struct json_node *node, const json_t *value)
{
	static const int types[] = { JSON_NULL, JSON_FALSE, JSON_TRUE,
		JSON_INTEGER, JSON_REAL, JSON_STRING, JSON_ARRAY, JSON_OBJECT };
	struct span text;

	g_assert(value != NULL);
	g_assert((int)json_typeof(value) == types[node->type]);
	if (node->type == JSON_NODE_INTEGER)
		g_assert(node->integer == json_integer_value(value));
	if (node->type == JSON_NODE_STRING) {
		text = (struct span){ (const uint8_t *)json_string_value(value),
			json_string_length(value) };
		g_assert(span_equal(node->text, text));
	}
	if (node->type >= JSON_NODE_ARRAY)
		check_items(node, value);
}

static void
check_canonical(struct arena *arena, struct span text)
{
	const char *why = NULL, *other = NULL;
	const struct json_node *node =
	    json_tree_parse_canonical(arena, text, &why);
	json_t *value = json_parse_line(arena, text, true, &other);

	g_assert((node == NULL) == (why != NULL));
	g_assert((node == NULL) == (value == NULL));
	if (node != NULL)
		check_same(node, value);
	json_decref(value);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena *arena = arena_new();
	const char *why = NULL;
	const struct json_node *node =
	    json_tree_parse(arena, (struct span){ data, size }, &why);
	json_t *value = json_loadb(size == 0 ? "" : (const char *)data, size,
	    JSON_REJECT_DUPLICATES | JSON_ALLOW_NUL | JSON_DECODE_ANY, NULL);

	g_assert((node == NULL) == (why != NULL));
	if (node != NULL && is_taken_by_jansson(node)) {
		g_assert(value != NULL);
		check_same(node, value);
	} else if (node == NULL && value != NULL &&
	    memchr(data, '\0', size) == NULL) {
		/* jansson nests deeper. */
		g_assert_cmpstr(why, ==, "nested too deep");
	}
	json_decref(value);
	check_canonical(arena, (struct span){ data, size });
	arena_free(arena);
	return 0;
}
