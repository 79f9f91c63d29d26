/*
 * import_securitytrails.c - /v1/history/NAME/dns/txt of SecurityTrails.
 *
 * Its dates are days, in UTC, and stand for all of the day.  The name stands
 * in "endpoint" only.  A record has all values that were seen between its
 * dates; they are numbered through the whole document.
 */
#include "keysnap/import/import_document.h"

#define BEFORE "/v1/history/"
#define AFTER  "/dns/txt"

/* The name in "endpoint"; false when it is none. */
static bool
read_endpoint(const json_t *document, struct span *name_out)
{
	struct span text;

	if (!document_text(document, "endpoint", &text) ||
	    !span_starts_with(text, SPAN(BEFORE)) ||
	    !span_ends_with(text, SPAN(AFTER)) ||
	    text.n <= sizeof(BEFORE AFTER) - 1)
		return false;
	*name_out = span_sub(
	    text, sizeof(BEFORE) - 1, text.n - (sizeof(BEFORE AFTER) - 1));
	return true;
}

static const char *
take(struct document_record *record, struct span name, const json_t *value)
{
	struct import_time first, last;
	struct span text;
	const char *fault;

	if (!document_time(record->value, "first_seen", &first))
		return "first_seen is not a time";
	if (!document_time(record->value, "last_seen", &last))
		return "last_seen is not a time";
	if (!document_text(value, "value", &text) || text.n == 0)
		return "a value that is not text";
	fault = document_set_name(record, name);
	if (fault == NULL)
		fault = document_set_text(record, text);
	if (fault == NULL)
		fault = import_times_set(
		    record->options, first, last, &record->observation);
	record->observation.method = SPAN("pdns");
	return fault;
}

static void
take_record(struct document_record *record, struct span name)
{
	const struct document_record empty = *record;
	const json_t *values = json_object_get(record->value, "values");
	uint64_t item = record->observation.item;

	if (json_array_size(values) == 0) {
		record->observation.item = item + 1;
		document_finish(record, "a record without values");
		return;
	}
	for (size_t i = 0; i < json_array_size(values); i++) {
		*record = empty;
		record->observation.item = ++item;
		document_finish(
		    record, take(record, name, json_array_get(values, i)));
		arena_reset(record->arena);
	}
}

/* Of a record without values, one number is used up. */
static uint64_t
count_values(const json_t *record)
{
	return MAX(json_array_size(json_object_get(record, "values")), 1);
}

static void
take_records(const json_t *records, struct span name,
    const struct import_options *options, const struct import_output *output)
{
	g_autoptr(arena_auto) arena = arena_new();
	uint64_t item = 0;

	for (size_t i = 0; i < json_array_size(records); i++) {
		struct document_record record = {
			.arena = arena,
			.value = json_array_get(records, i),
			.options = options,
			.output = output,
			.observation = { .item = item, .ttl = -1 },
		};

		item += count_values(record.value);
		take_record(&record, name);
	}
}

static bool
read_securitytrails(FILE *stream, const char *path,
    const struct import_options *options, const struct import_output *output,
    GError **error)
{
	json_t *document = import_document_read(stream, path, error);
	const json_t *records = json_object_get(document, "records");
	struct span name;
	bool ok = json_is_array(records) && read_endpoint(document, &name);

	if (ok)
		take_records(records, name, options, output);
	else if (document != NULL)
		import_document_refuse(
		    path, "not a history of TXT records", error);
	json_decref(document);
	return ok;
}

static bool
recognise_securitytrails(struct span start)
{
	static const char *const words[] = { "\"endpoint\"", BEFORE, NULL };

	return document_looks_like(start, '{', words);
}

const struct importer import_securitytrails = {
	.name = "securitytrails",
	.description = "history of TXT records of SecurityTrails, JSON",
	.recognise = recognise_securitytrails,
	.read = read_securitytrails,
};
