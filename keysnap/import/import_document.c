/*
 * import_document.c - files that are one JSON document.
 */
#include "keysnap/import/import_document.h"
#include "keysnap/base/text.h"
#include "keysnap/import/import_lines.h"
#include "keysnap/import/import_record.h"
#include "keysnap/import/txt_dialect.h"
#include "keysnap/key/dns_name.h"

#include <errno.h>

bool
import_document_refuse(const char *path, const char *why, GError **error)
{
	g_set_error(error, G_FILE_ERROR, G_FILE_ERROR_INVAL,
	    "cannot read %s: %s", path, why);
	return false;
}

static bool
has_too_many_values(struct span text)
{
	size_t n = 0;

	for (size_t i = 0; i < text.n; i++)
		n += text.p[i] == '[' || text.p[i] == '{' || text.p[i] == ',';
	return n > IMPORT_DOCUMENT_VALUES;
}

/* The parser quotes what it stumbles over. */
static void
refuse_text(const char *path, const json_error_t *fault, GError **error)
{
	g_autoptr(GString) why = g_string_new("not JSON: ");

	text_append_terminal(why, span_from_string(fault->text));
	g_string_append_printf(why, " (line %d)", fault->line);
	import_document_refuse(path, why->str, error);
}

static json_t *
parse(struct span text, const char *path, GError **error)
{
	json_error_t fault;
	json_t *document;

	if (span_starts_with(text, SPAN("\xef\xbb\xbf")))
		text = span_from(text, 3);
	if (has_too_many_values(text)) {
		import_document_refuse(
		    path, "it has too many values; split it", error);
		return NULL;
	}
	document = json_loadb(text.n == 0 ? "" : (const char *)text.p, text.n,
	    JSON_REJECT_DUPLICATES | JSON_ALLOW_NUL, &fault);
	if (document == NULL)
		refuse_text(path, &fault, error);
	return document;
}

/* All octets, or one more than a document may have. */
static GByteArray *
read_octets(FILE *stream)
{
	g_autofree uint8_t *block = g_malloc(IMPORT_LINES_BUFFER);
	GByteArray *octets = g_byte_array_new();
	size_t n;

	while (octets->len <= IMPORT_DOCUMENT_MAX &&
	    (n = fread(block, 1, IMPORT_LINES_BUFFER, stream)) > 0)
		g_byte_array_append(octets, block, (guint)n);
	return octets;
}

json_t *
import_document_read(FILE *stream, const char *path, GError **error)
{
	g_autoptr(GByteArray) octets = read_octets(stream);

	if (ferror(stream)) {
		import_set_read_error(error, path, errno != 0 ? errno : EIO);
		return NULL;
	}
	if (octets->len > IMPORT_DOCUMENT_MAX) {
		import_document_refuse(
		    path, "a JSON document over 16 MiB; split it", error);
		return NULL;
	}
	return parse((struct span){ octets->data, octets->len }, path, error);
}

void
document_finish(struct document_record *record, const char *fault)
{
	const struct import_output *output = record->output;
	uint64_t item = record->observation.item;

	if (fault != NULL)
		output->bad(output->user, item, fault);
	else if (record->is_other)
		output->other(output->user, item);
	else if (!record->is_done)
		output->observation(output->user, &record->observation);
}

static void
take_record(const struct document_format *format, struct arena *arena,
    const json_t *value, uint64_t item, const struct import_options *options,
    const struct import_output *output)
{
	struct document_record record = {
		.arena = arena,
		.value = value,
		.options = options,
		.output = output,
		.observation = { .item = item, .ttl = -1 },
	};

	document_finish(&record, format->take(&record));
	arena_reset(arena);
}

bool
import_document_each(FILE *stream, const char *path,
    const struct document_format *format, const struct import_options *options,
    const struct import_output *output, GError **error)
{
	g_autoptr(arena_auto) arena = arena_new();
	json_t *document = import_document_read(stream, path, error);
	bool single = format->single && json_is_object(document);
	const json_t *list = single ? NULL : format->list(document);

	if (single)
		take_record(format, arena, document, 1, options, output);
	else if (document != NULL && list == NULL)
		import_document_refuse(
		    path, "not a document of this format", error);
	for (size_t i = 0; i < json_array_size(list); i++)
		take_record(format, arena, json_array_get(list, i), i + 1,
		    options, output);
	json_decref(document);
	return single || list != NULL;
}

bool
document_text(const json_t *object, const char *member, struct span *text_out)
{
	const json_t *value = json_object_get(object, member);

	*text_out = (struct span){ NULL, 0 };
	if (value == NULL || json_is_null(value))
		return true;
	if (!json_is_string(value))
		return false;
	*text_out = (struct span){
		(const uint8_t *)json_string_value(value),
		json_string_length(value),
	};
	return true;
}

bool
document_time(
    const json_t *object, const char *member, struct import_time *time_out)
{
	struct span text;

	*time_out = (struct import_time){ .at = TIMESTAMP_NONE };
	if (!document_text(object, member, &text))
		return false;
	return text.n == 0 ||
	    timestamp_parse_lenient(text, &time_out->at, &time_out->precision);
}

const char *
document_set_key(
    struct document_record *record, struct span selector, struct span domain)
{
	if (selector.n == 0 || domain.n == 0)
		return "no selector or no domain";
	if (dns_name_of_key(record->arena, selector, domain,
		&record->observation.name) != DNS_NAME_OK)
		return "not the selector and domain of a key";
	return NULL;
}

const char *
document_set_name(struct document_record *record, struct span name)
{
	struct span selector, domain;

	if (dns_name_canonical(
		record->arena, name, &record->observation.name) != DNS_NAME_OK)
		return "not a name that a key can have";
	record->is_other =
	    !dns_name_split_key(record->observation.name, &selector, &domain);
	return NULL;
}

const char *
document_set_joined(struct document_record *record, struct span text)
{
	if (text.n == 0)
		return "no record";
	if (text.n > ENTRY_TXT_MAX)
		return "longer than a TXT record can be";
	record->string = text;
	record->observation.strings = &record->string;
	record->observation.n_strings = 1;
	record->observation.joined = JOIN_SOURCE;
	return NULL;
}

const char *
document_set_text(struct document_record *record, struct span text)
{
	struct txt_dialect dialect;
	const char *fault = txt_dialect_read(record->arena, text, &dialect);

	if (fault != NULL)
		return fault;
	record->observation.strings = dialect.strings;
	record->observation.n_strings = dialect.n;
	record->observation.joined = dialect.joined;
	record->observation.warnings =
	    import_warning_words(record->arena, dialect.warnings);
	return NULL;
}

bool
document_looks_like(struct span start, uint8_t open, const char *const *words)
{
	start = span_trim_fws(start);
	if (start.n == 0 || start.p[0] != open)
		return false;
	for (; *words != NULL; words++) {
		if (memmem(start.p, start.n, *words, strlen(*words)) == NULL)
			return false;
	}
	return true;
}
