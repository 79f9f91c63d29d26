/*
 * record_read.c - a line of results.jsonl taken back.
 *
 * The shape of a record stands in the tables of record_shape.c: what
 * verifier.5 says, checked.  Members that are not in the tables are kept and
 * not looked at.  The text must be canonical, so that writing the value again
 * gives the same octets.  Nesting is bounded by JSON_DEPTH_MAX and by the
 * tables.
 */
#include "verifier/report/record.h"

#include "keysnap/base/base64.h"
#include "keysnap/base/timestamp.h"
#include "verifier/report/record_shape.h"

/* What a check needs besides the value, and what it found. */
struct reader {
	struct arena *arena;
	const char *why; /* of the first fault */
};

static struct span
string_span(const json_t *string)
{
	return (struct span){
		(const uint8_t *)json_string_value(string),
		json_string_length(string),
	};
}

static bool
are_texts(const json_t *value)
{
	if (!json_is_array(value))
		return false;
	for (size_t i = 0; i < json_array_size(value); i++) {
		if (!json_is_string(json_array_get(value, i)))
			return false;
	}
	return true;
}

static bool
is_count(const json_t *value)
{
	return json_is_integer(value) && json_integer_value(value) >= 0;
}

static bool
are_counts(const json_t *value)
{
	if (!json_is_array(value))
		return false;
	for (size_t i = 0; i < json_array_size(value); i++) {
		if (!is_count(json_array_get(value, i)))
			return false;
	}
	return true;
}

static bool
is_base64(struct arena *arena, const json_t *value)
{
	struct span octets;

	return json_is_string(value) &&
	    base64_decode_strict(arena, string_span(value), &octets);
}

static bool
is_sha256(const json_t *value)
{
	uint8_t sha256[DIGEST_SHA256_SIZE];

	return json_is_string(value) &&
	    digest_from_hex(string_span(value), sha256);
}

static bool
is_time(const json_t *value)
{
	int64_t at;

	return json_is_string(value) &&
	    timestamp_parse(string_span(value), &at);
}

static bool object_fits(
    struct reader *reader, const json_t *object, const struct member *members);

static bool
objects_fit(
    struct reader *reader, const json_t *array, const struct member *members)
{
	if (!json_is_array(array))
		return false;
	for (size_t i = 0; i < json_array_size(array); i++) {
		if (!object_fits(reader, json_array_get(array, i), members))
			return false;
	}
	return true;
}

static bool
value_fits(
    struct reader *reader, const json_t *value, const struct member *member)
{
	switch (member->kind) {
	case KIND_TEXT:
		return json_is_string(value);
	case KIND_BASE64:
		return is_base64(reader->arena, value);
	case KIND_TIME:
		return is_time(value);
	case KIND_SHA256:
		return is_sha256(value);
	case KIND_COUNT:
		return is_count(value);
	case KIND_BOOL:
		return json_is_boolean(value);
	case KIND_TEXTS:
		return are_texts(value);
	case KIND_COUNTS:
		return are_counts(value);
	case KIND_OBJECT:
		return object_fits(reader, value, member->members);
	case KIND_OBJECTS:
		return objects_fit(reader, value, member->members);
	}
	return false;
}

static bool
member_fits(
    struct reader *reader, const json_t *object, const struct member *member)
{
	const json_t *value = json_object_get(object, member->name);

	if (value == NULL)
		return member->need == NEED_NOT ||
		    member->need == NEED_OPTIONAL;
	if (json_is_null(value))
		return member->need == NEED_OR_NULL ||
		    member->need == NEED_OPTIONAL;
	return value_fits(reader, value, member);
}

static bool
object_fits(
    struct reader *reader, const json_t *object, const struct member *members)
{
	if (!json_is_object(object))
		return false;
	for (; members->name != NULL; members++) {
		if (member_fits(reader, object, members))
			continue;
		if (reader->why == NULL)
			reader->why = members->name;
		return false;
	}
	return true;
}

/* "member NAME is missing or of a wrong type" */
static const char *
explain(const struct reader *reader)
{
	g_autofree char *text = g_strdup_printf(
	    "member \"%s\" is missing or of a wrong type", reader->why);

	return (const char *)arena_copy(reader->arena, span_from_string(text))
	    .p;
}

/* The octets of the path: exact where it is not UTF-8. */
static struct span
get_path(struct arena *arena, const json_t *source)
{
	struct span exact;

	if (json_object_get(source, "path_b64") != NULL &&
	    base64_decode_strict(
		arena, record_get_string(source, "path_b64"), &exact))
		return exact;
	return arena_copy(arena, record_get_string(source, "path"));
}

/* The verdicts are words of the table, and "best" names a signature. */
static const char *
check_values(const json_t *record)
{
	const json_t *best = json_object_get(record, "best");
	const json_t *signatures = json_object_get(record, "signatures");
	enum verdict verdict;

	if (!verdict_from_code(record_get_string(record, "verdict"), &verdict))
		return "unknown verdict";
	for (size_t i = 0; i < json_array_size(signatures); i++) {
		const json_t *signature = json_array_get(signatures, i);

		if (!verdict_from_code(
			record_get_string(signature, "verdict"), &verdict))
			return "unknown verdict of a signature";
	}
	if (json_is_integer(best) &&
	    (uint64_t)json_integer_value(best) >= json_array_size(signatures))
		return "\"best\" names no signature";
	return NULL;
}

static const char *
read_header(struct record_view *view, struct reader *reader)
{
	if (!span_equal(
		record_get_string(view->json, "schema"), SPAN(RECORD_SCHEMA)))
		return "not of schema " RECORD_SCHEMA;
	if (!object_fits(reader, view->json, record_header_shape))
		return explain(reader);
	return NULL;
}

static const char *
read_message(struct record_view *view, struct reader *reader)
{
	const char *why;

	if (!object_fits(reader, view->json, record_message_shape))
		return explain(reader);
	why = check_values(view->json);
	if (why != NULL)
		return why;
	view->seq =
	    (uint64_t)json_integer_value(json_object_get(view->json, "seq"));
	view->size =
	    (uint64_t)json_integer_value(json_object_get(view->json, "size"));
	verdict_from_code(
	    record_get_string(view->json, "verdict"), &view->verdict);
	view->sha256 =
	    arena_copy(reader->arena, record_get_string(view->json, "sha256"));
	view->path =
	    get_path(reader->arena, json_object_get(view->json, "source"));
	return NULL;
}

static const char *
read_line(
    struct record_view *view, enum record_kind *kind_out, struct reader *reader)
{
	struct span type = record_get_string(view->json, "type");

	if (span_equal(type, SPAN("header"))) {
		*kind_out = RECORD_HEADER;
		return read_header(view, reader);
	}
	if (span_equal(type, SPAN("message"))) {
		*kind_out = RECORD_MESSAGE;
		return read_message(view, reader);
	}
	return "unknown type of record";
}

struct span
record_get_string(const json_t *object, const char *name)
{
	const json_t *value = json_object_get(object, name);

	return json_is_string(value) ? string_span(value) : (struct span){ 0 };
}

bool
record_read(struct record_view *view, enum record_kind *kind_out,
    struct arena *arena, struct span line, const char **why_out)
{
	struct reader reader = { arena, NULL };

	*view = (struct record_view){ 0 };
	if (line.n > RECORD_LINE_MAX) {
		*why_out = "line too long";
		return false;
	}
	view->json = json_parse_line(arena, line, true, why_out);
	if (view->json == NULL)
		return false;
	*why_out = read_line(view, kind_out, &reader);
	if (*why_out == NULL)
		return true;
	record_view_clear(view);
	return false;
}

void
record_view_clear(struct record_view *view)
{
	json_decref(view->json);
	*view = (struct record_view){ 0 };
}
