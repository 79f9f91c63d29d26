/*
 * json_value.c - JSON read by jansson, and written back canonically.
 *
 * Recursion goes JSON_DEPTH_MAX levels at most; jansson itself stops at 2048
 * (JSON_PARSER_MAX_DEPTH).
 */
#include "keysnap/base/json.h"
#include "keysnap/base/json_order.h"

#include <stdlib.h>
#include <string.h>

static bool value_fits(const json_t *value, int depth);

static bool
object_fits(const json_t *object, int depth)
{
	const char *name;
	json_t *member;

	/* jansson's iterators take a pointer to a value that is not const,
	 * but change nothing. */
	json_object_foreach((json_t *)object, name, member)
	{
		if (!value_fits(member, depth))
			return false;
	}
	return true;
}

static bool
array_fits(const json_t *array, int depth)
{
	for (size_t i = 0; i < json_array_size(array); i++) {
		if (!value_fits(json_array_get(array, i), depth))
			return false;
	}
	return true;
}

/* May "value" stand inside "depth" open levels? */
static bool
value_fits(const json_t *value, int depth)
{
	json_int_t integer;

	switch (json_typeof(value)) {
	case JSON_OBJECT:
		return depth < JSON_DEPTH_MAX && object_fits(value, depth + 1);
	case JSON_ARRAY:
		return depth < JSON_DEPTH_MAX && array_fits(value, depth + 1);
	case JSON_INTEGER:
		integer = json_integer_value(value);
		return integer >= -JSON_INTEGER_MAX &&
		    integer <= JSON_INTEGER_MAX;
	case JSON_REAL:
		return false;
	default:
		return true;
	}
}

static bool
nests_too_deep(const json_t *value, int depth)
{
	const char *name;
	json_t *member;
	size_t i;

	if (!json_is_object(value) && !json_is_array(value))
		return false;
	if (depth == JSON_DEPTH_MAX)
		return true;
	json_object_foreach((json_t *)value, name, member)
	{
		if (nests_too_deep(member, depth + 1))
			return true;
	}
	json_array_foreach(value, i, member)
	{
		if (nests_too_deep(member, depth + 1))
			return true;
	}
	return false;
}

static int
order_names(const void *a, const void *b)
{
	return json_order(*(const char *const *)a, *(const char *const *)b);
}

static void put_value(
    struct json_writer *writer, const char *name, const json_t *value);

static void
put_object(struct json_writer *writer, const char *name, const json_t *object)
{
	size_t n = json_object_size(object), i = 0;
	g_autofree const char **names = g_new(const char *, n);
	const char *member_name;
	json_t *member;

	json_object_foreach((json_t *)object, member_name, member) names[i++] =
	    member_name;
	if (n > 0)
		qsort(names, n, sizeof(*names), order_names);
	json_open_object(writer, name);
	for (i = 0; i < n; i++)
		put_value(writer, names[i], json_object_get(object, names[i]));
	json_close_object(writer);
}

static void
put_array(struct json_writer *writer, const char *name, const json_t *array)
{
	json_open_array(writer, name);
	for (size_t i = 0; i < json_array_size(array); i++)
		put_value(writer, NULL, json_array_get(array, i));
	json_close_array(writer);
}

static void
put_string(struct json_writer *writer, const char *name, const json_t *string)
{
	struct span text = {
		(const uint8_t *)json_string_value(string),
		json_string_length(string),
	};

	/* jansson's strings are valid UTF-8, so no second member follows. */
	json_write_text(writer, name, NULL, text);
}

/* "value" fits. */
static void
put_value(struct json_writer *writer, const char *name, const json_t *value)
{
	switch (json_typeof(value)) {
	case JSON_OBJECT:
		put_object(writer, name, value);
		break;
	case JSON_ARRAY:
		put_array(writer, name, value);
		break;
	case JSON_STRING:
		put_string(writer, name, value);
		break;
	case JSON_INTEGER:
		json_write_integer(writer, name, json_integer_value(value));
		break;
	case JSON_TRUE:
	case JSON_FALSE:
		json_write_bool(writer, name, json_is_true(value));
		break;
	default:
		json_write_null(writer, name);
		break;
	}
}

bool
json_write_value(
    struct json_writer *writer, const char *name, const json_t *value)
{
	if (!value_fits(value, writer->depth))
		return false;
	put_value(writer, name, value);
	return true;
}

static bool
is_canonical(const json_t *value, struct span line)
{
	g_autoptr(GString) again = g_string_sized_new(line.n + 1);
	struct json_writer writer;

	json_writer_init(&writer, again);
	return json_write_value(&writer, NULL, value) &&
	    span_equal(
		line, (struct span){ (const uint8_t *)again->str, again->len });
}

/* What is wrong with a line that jansson took, or NULL. */
static const char *
find_fault(const json_t *value, struct span line, bool canonical)
{
	if (!json_is_object(value))
		return "not a JSON object";
	if (nests_too_deep(value, 0))
		return "nested too deep";
	if (canonical && !is_canonical(value, line))
		return "not in canonical form (RFC 8785)";
	return NULL;
}

json_t *
json_parse_line(
    struct arena *arena, struct span line, bool canonical, const char **why_out)
{
	json_error_t error;
	json_t *value;

	if (span_find(line, '\n') < line.n) {
		*why_out = "a line feed inside the line";
		return NULL;
	}
	value = json_loadb(line.n == 0 ? "" : (const char *)line.p, line.n,
	    JSON_REJECT_DUPLICATES | JSON_ALLOW_NUL, &error);
	if (value == NULL) {
		*why_out = (const char *)arena_copy(
		    arena, span_from_string(error.text))
			       .p;
		return NULL;
	}
	*why_out = find_fault(value, line, canonical);
	if (*why_out == NULL)
		return value;
	json_decref(value);
	return NULL;
}
