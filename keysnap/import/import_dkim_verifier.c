/*
 * import_dkim_verifier.c - the key store of the DKIM Verifier add-on for
 * Thunderbird.
 *
 * Only "insertedAt" is a time at which DNS was asked: "lastUsedAt" is that of
 * a message that was checked with the stored key, and no sighting.  "secure"
 * is what a resolver claimed.
 */
#include "keysnap/import/import_document.h"

static const struct span secure[] = { { (const uint8_t *)"secure", 6 } };

static const json_t *
find_list(const json_t *document)
{
	const json_t *keys = json_object_get(document, "keys");

	return json_is_array(keys) ? keys : NULL;
}

/* The id of the record, a number. */
static void
set_record(struct document_record *record)
{
	const json_t *id = json_object_get(record->value, "id");
	g_autofree char *text = NULL;

	if (!json_is_integer(id))
		return;
	text = g_strdup_printf("%" JSON_INTEGER_FORMAT, json_integer_value(id));
	record->observation.record =
	    arena_copy(record->arena, span_from_string(text));
}

static const char *
take(struct document_record *record)
{
	const struct import_time none = { .at = TIMESTAMP_NONE };
	struct span selector, domain, key;
	struct import_time inserted;
	const char *fault;

	if (!document_text(record->value, "sdid", &domain) ||
	    !document_text(record->value, "selector", &selector) ||
	    !document_text(record->value, "key", &key))
		return "sdid, selector or key is not text";
	if (!document_time(record->value, "insertedAt", &inserted))
		return "insertedAt is not a time";
	fault = document_set_key(record, selector, domain);
	if (fault == NULL)
		fault = document_set_joined(record, key);
	if (fault == NULL)
		fault = import_times_set(
		    record->options, inserted, none, &record->observation);
	record->observation.method = SPAN("archive");
	if (json_is_true(json_object_get(record->value, "secure")))
		record->observation.vantage.flags =
		    (struct entry_texts){ secure, 1 };
	set_record(record);
	return fault;
}

static bool
read_dkim_verifier(FILE *stream, const char *path,
    const struct import_options *options, const struct import_output *output,
    GError **error)
{
	static const struct document_format format = { .list = find_list,
		.take = take };

	return import_document_each(
	    stream, path, &format, options, output, error);
}

static bool
recognise_dkim_verifier(struct span start)
{
	static const char *const words[] = { "\"keys\"", "\"sdid\"", NULL };

	return document_looks_like(start, '{', words);
}

const struct importer import_dkim_verifier = {
	.name = "dkim-verifier",
	.description = "key store of the DKIM Verifier add-on for Thunderbird",
	.recognise = recognise_dkim_verifier,
	.read = read_dkim_verifier,
};
