/*
 * import_zkemail.c - what /api/key of the zkemail archive gives: a list of
 * records without signature.
 *
 * Its rows do not say how they were found.  Where one has a "source" and that
 * is not live DNS, the key was calculated or given by somebody: then the
 * method says so, and no sighting in DNS is made of it.
 */
#include "keysnap/import/import_document.h"

static const json_t *
find_list(const json_t *document)
{
	return json_is_array(document) ? document : NULL;
}

static const char *
set_method(struct document_record *record)
{
	struct span source;

	if (!document_text(record->value, "source", &source))
		return "source is not text";
	record->observation.method = SPAN("archive-api");
	if (source.n > 0 && !span_equal(source, SPAN("live_dns")))
		record->observation.method =
		    span_equal_nocase(span_sub(source, 0, 3), SPAN("gcd"))
		    ? SPAN("gcd")
		    : SPAN("asserted");
	return NULL;
}

static const char *
take(struct document_record *record)
{
	struct span selector, domain, value;
	struct import_time first, last;
	const char *fault;

	if (!document_text(record->value, "domain", &domain) ||
	    !document_text(record->value, "selector", &selector) ||
	    !document_text(record->value, "value", &value))
		return "domain, selector or value is not text";
	if (!document_time(record->value, "firstSeenAt", &first))
		return "firstSeenAt is not a time";
	if (!document_time(record->value, "lastSeenAt", &last))
		return "lastSeenAt is not a time";
	fault = document_set_key(record, selector, domain);
	if (fault == NULL)
		fault = document_set_text(record, value);
	if (fault == NULL)
		fault = import_times_set(
		    record->options, first, last, &record->observation);
	return fault != NULL ? fault : set_method(record);
}

static bool
read_zkemail(FILE *stream, const char *path,
    const struct import_options *options, const struct import_output *output,
    GError **error)
{
	static const struct document_format format = { .list = find_list,
		.take = take };

	return import_document_each(
	    stream, path, &format, options, output, error);
}

static bool
recognise_zkemail(struct span start)
{
	static const char *const words[] = { "\"firstSeenAt\"", "\"selector\"",
		NULL };

	return document_looks_like(start, '[', words);
}

const struct importer import_zkemail = {
	.name = "zkemail",
	.description = "list of /api/key of the zkemail archive",
	.recognise = recognise_zkemail,
	.read = read_zkemail,
};
