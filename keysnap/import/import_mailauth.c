/*
 * import_mailauth.c - the DNS cache of mailauth (--dns-cache): names, types,
 * and lists of records, each a list of its character-strings.
 */
#include "keysnap/import/import_document.h"

#define STRING_MAX 255 /* octets of a character-string, RFC 1035 3.3 */

/* One character-string. */
static const char *
read_string(const json_t *value, struct span *string_out)
{
	if (!json_is_string(value))
		return "a record that is not a list of strings";
	*string_out = (struct span){
		(const uint8_t *)json_string_value(value),
		json_string_length(value),
	};
	return string_out->n > STRING_MAX ? "a character-string over 255 octets"
					  : NULL;
}

static const char *
read_strings(struct document_record *record)
{
	size_t n = json_array_size(record->value), total = 0;
	struct span *strings;

	if (n == 0)
		return "a record that is not a list of strings";
	if (n > ENTRY_STRINGS_MAX)
		return "more character-strings than a record can hold";
	strings = arena_alloc_array(record->arena, n, sizeof(*strings));
	for (size_t i = 0; i < n; i++) {
		const char *fault =
		    read_string(json_array_get(record->value, i), &strings[i]);

		if (fault != NULL)
			return fault;
		total += strings[i].n + 1; /* each with its length octet */
	}
	record->observation.strings = strings;
	record->observation.n_strings = n;
	record->observation.joined = JOIN_EXACT;
	return total > ENTRY_TXT_MAX ? "longer than a TXT record can be" : NULL;
}

static const char *
take(struct document_record *record, const char *name)
{
	const char *fault = document_set_name(record, span_from_string(name));

	if (fault != NULL || record->is_other)
		return fault;
	fault = read_strings(record);
	record->observation.method = SPAN("archive");
	if (fault == NULL &&
	    !import_default_time(record->options, &record->observation))
		fault = import_needs_time;
	return fault;
}

/* Records are numbered through the whole document. */
static void
take_name(struct document_record *record, const char *name,
    const json_t *answers, uint64_t *item)
{
	const struct import_output *output = record->output;
	const struct document_record empty = *record;
	const json_t *records = json_object_get(answers, "TXT");

	if (!json_is_array(records)) {
		output->other(output->user, ++*item);
		return;
	}
	for (size_t i = 0; i < json_array_size(records); i++) {
		*record = empty;
		record->observation.item = ++*item;
		record->value = json_array_get(records, i);
		document_finish(record, take(record, name));
		arena_reset(record->arena);
	}
}

static bool
read_mailauth(FILE *stream, const char *path,
    const struct import_options *options, const struct import_output *output,
    GError **error)
{
	g_autoptr(arena_auto) arena = arena_new();
	struct document_record record = { .arena = arena,
		.options = options,
		.output = output,
		.observation.ttl = -1 };
	const struct document_record empty = record;
	json_t *document = import_document_read(stream, path, error), *answers;
	const char *name;
	uint64_t item = 0;
	bool ok = json_is_object(document);

	/* jansson keeps the order of the text. */
	json_object_foreach(document, name, answers)
	{
		record = empty;
		take_name(&record, name, answers, &item);
	}
	if (document != NULL && !ok)
		import_document_refuse(
		    path, "not a document of this format", error);
	json_decref(document);
	return ok;
}

static bool
recognise_mailauth(struct span start)
{
	static const char *const words[] = { "\"TXT\":", NULL };

	return document_looks_like(start, '{', words);
}

const struct importer import_mailauth = {
	.name = "mailauth",
	.description = "DNS cache of mailauth",
	.recognise = recognise_mailauth,
	.read = read_mailauth,
};
