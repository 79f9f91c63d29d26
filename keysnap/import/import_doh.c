/*
 * import_doh.c - answers of DNS over HTTPS in JSON (as the resolvers of Google
 * and Cloudflare give them): one, or a list of them.
 *
 * "AD" is what the resolver says.  It writes TXT data in master file form or
 * joined; RFC 8484's wire form says more.
 */
#include "keysnap/import/dns_answer.h"
#include "keysnap/import/import_document.h"
#include "keysnap/import/import_record.h"
#include "keysnap/import/txt_dialect.h"
#include "keysnap/key/dns_name.h"

#define TYPE_CNAME 5
#define TYPE_SOA   6
#define TYPE_TXT   16

/* An integer member, or -1. */
static int64_t
get_integer(const json_t *object, const char *member)
{
	const json_t *value = json_object_get(object, member);

	return json_is_integer(value) ? json_integer_value(value) : -1;
}

static bool
get_name(struct arena *arena, const json_t *object, const char *member,
    struct span *name_out)
{
	struct span text;

	return document_text(object, member, &text) &&
	    dns_name_canonical(arena, text, name_out) == DNS_NAME_OK;
}

static unsigned
read_flags(const json_t *document)
{
	static const struct {
		const char *member;
		unsigned flag;
	} flags[] = {
		{ "AA", DNS_FLAG_AA },
		{ "AD", DNS_FLAG_AD },
		{ "CD", DNS_FLAG_CD },
		{ "RA", DNS_FLAG_RA },
		{ "RD", DNS_FLAG_RD },
		{ "TC", DNS_FLAG_TC },
	};
	unsigned found = 0;

	for (size_t i = 0; i < G_N_ELEMENTS(flags); i++) {
		if (json_is_true(json_object_get(document, flags[i].member)))
			found |= flags[i].flag;
	}
	return found;
}

static const char *
read_txt(
    struct arena *arena, struct span data, struct dns_answer_record *record)
{
	struct txt_dialect dialect;
	const char *fault = txt_dialect_read(arena, data, &dialect);

	if (fault != NULL)
		return fault;
	record->strings = dialect.strings;
	record->n_strings = dialect.n;
	record->joined = dialect.joined;
	record->warnings = import_warning_words(arena, dialect.warnings);
	return NULL;
}

/* One element of "Answer". */
static const char *
read_answer(
    struct arena *arena, const json_t *value, struct dns_answer_record *record)
{
	struct span data;

	*record = (struct dns_answer_record){
		.ttl = get_integer(value, "TTL"),
	};
	if (record->ttl < 0 || record->ttl > INT32_MAX)
		record->ttl = -1;
	if (!get_name(arena, value, "name", &record->owner))
		return "a record of a name that no key has";
	if (!document_text(value, "data", &data) || data.n == 0)
		return "a record without data";
	if (get_integer(value, "type") == TYPE_TXT)
		return read_txt(arena, data, record);
	return dns_name_canonical(arena, data, &record->target) == DNS_NAME_OK
	    ? NULL
	    : "a CNAME to a name that no key name has";
}

static const char *
read_answers(
    struct arena *arena, const json_t *document, struct dns_answer *answer)
{
	const json_t *list = json_object_get(document, "Answer");
	size_t n = json_array_size(list);
	struct dns_answer_record *records =
	    arena_alloc_array(arena, n + 1, sizeof(*records));

	answer->records = records;
	for (size_t i = 0; i < n; i++) {
		const json_t *value = json_array_get(list, i);
		int64_t type = get_integer(value, "type");
		const char *fault;

		if (type != TYPE_TXT && type != TYPE_CNAME)
			continue;
		fault =
		    read_answer(arena, value, &records[answer->n_records++]);
		if (fault != NULL)
			return fault;
	}
	return NULL;
}

static bool
has_soa(const json_t *document)
{
	const json_t *list = json_object_get(document, "Authority");

	for (size_t i = 0; i < json_array_size(list); i++) {
		if (get_integer(json_array_get(list, i), "type") == TYPE_SOA)
			return true;
	}
	return false;
}

/* The server, of "Response from 192.0.2.1." */
static struct span
read_server(const json_t *document)
{
	static const char before[] = "Response from ";
	struct span comment;

	if (!document_text(document, "Comment", &comment) ||
	    !span_starts_with(comment, span_from_string(before)))
		return (struct span){ NULL, 0 };
	comment = span_from(comment, sizeof(before) - 1);
	if (span_ends_with(comment, SPAN(".")))
		comment.n--;
	return comment.n <= IMPORT_TEXT_MAX ? comment
					    : (struct span){ NULL, 0 };
}

/* The question must be one for the TXT records of a name; false when it is
 * none of a key. */
static const char *
read_question(
    struct document_record *record, struct dns_answer *answer, bool *is_key_out)
{
	const json_t *list = json_object_get(record->value, "Question");
	const json_t *question = json_array_get(list, 0);
	struct span selector, domain;

	*is_key_out = false;
	if (json_array_size(list) != 1 || get_integer(question, "type") < 0)
		return "not an answer to one question";
	if (get_integer(question, "type") != TYPE_TXT ||
	    !get_name(record->arena, question, "name", &answer->name))
		return NULL;
	*is_key_out = dns_name_split_key(answer->name, &selector, &domain);
	return NULL;
}

static const char *
emit(struct document_record *record, struct dns_answer *answer)
{
	struct entry_observation *observation = &record->observation;
	const char *fault = read_answers(record->arena, record->value, answer);
	size_t n = 0;

	if (fault != NULL)
		return fault;
	if (!import_default_time(record->options, observation))
		return import_needs_time;
	observation->method = SPAN("doh");
	observation->vantage.transport = SPAN("https");
	observation->vantage.server = read_server(record->value);
	fault = dns_answer_emit(
	    record->arena, answer, observation, record->output, &n);
	record->is_other = n == 0;
	record->is_done = n > 0;
	return fault;
}

static const char *
take(struct document_record *record)
{
	int64_t status = get_integer(record->value, "Status");
	struct dns_answer answer = {
		.rcode = (unsigned)status,
		.flags = read_flags(record->value),
		.soa = has_soa(record->value),
	};
	const char *fault;
	bool is_key;

	if (status < 0 || status > 4095)
		return "an answer without a status";
	fault = read_question(record, &answer, &is_key);
	if (fault != NULL || is_key)
		return fault != NULL ? fault : emit(record, &answer);
	record->is_other = true;
	return NULL;
}

static const json_t *
find_list(const json_t *document)
{
	return json_is_array(document) ? document : NULL;
}

static bool
read_doh(FILE *stream, const char *path, const struct import_options *options,
    const struct import_output *output, GError **error)
{
	static const struct document_format format = {
		.list = find_list, .take = take, .single = true
	};

	return import_document_each(
	    stream, path, &format, options, output, error);
}

static bool
recognise_doh(struct span start)
{
	static const char *const words[] = { "\"Status\"", "\"Question\"",
		NULL };

	return document_looks_like(start, '{', words) ||
	    document_looks_like(start, '[', words);
}

const struct importer import_doh = {
	.name = "doh",
	.description = "answers of DNS over HTTPS in JSON",
	.recognise = recognise_doh,
	.read = read_doh,
};
