/*
 * import_jsonl.c - one JSON object per line, one TXT record per object.
 *
 *   domain, selector   required; the name is selector._domainkey.domain
 *   txt                the record: a string (joined by the source), or a list
 *                      of its character-strings (each at most 255 octets);
 *                      octets are the UTF-8 of the text
 *   txt_b64            instead of txt, the same in base64, for octets that
 *                      are not text
 *   kind               "nxdomain" or "nodata" instead of a record
 *   first_seen, last_seen   text (timestamp_parse_lenient()) or Unix seconds;
 *                      one alone is a single sighting
 *   source, method     of this line; else --source and "archive"
 *
 * Other members are passed over.
 */
#include "keysnap/base/base64.h"
#include "keysnap/base/rfc5234.h"
#include "keysnap/import/import_times.h"
#include "keysnap/import/json_lines.h"
#include "keysnap/import/recognise.h"
#include "keysnap/key/dns_name.h"

#include <string.h>

#define STRING_MAX 255 /* octets of a character-string, RFC 1035 3.3 */

/* One line on its way to an observation. */
struct line {
	struct arena *arena;
	const struct json_node *object;
	const struct import_options *options;
	struct entry_observation observation;
};

/* The text of a member; *text_out is empty when it is absent.  False when it
 * is not a string. */
static bool
get_text(const struct line *line, const char *member, struct span *text_out)
{
	const struct json_node *value = json_tree_get(line->object, member);

	*text_out = (struct span){ NULL, 0 };
	if (json_tree_is_string(value))
		*text_out = value->text;
	return value == NULL || json_tree_is_string(value);
}

static const char *
name_fault(enum dns_name_status status)
{
	switch (status) {
	case DNS_NAME_OK:
		return NULL;
	case DNS_NAME_EMPTY:
		return "domain or selector is empty, or has an empty label";
	case DNS_NAME_TOO_LONG:
		return "domain or selector is too long for a DNS name";
	case DNS_NAME_BAD_CHARACTER:
		return "domain or selector has a character that no key name has";
	case DNS_NAME_BAD_IDN:
		break;
	}
	return "domain or selector is no valid internationalised name";
}

static const char *
read_name(struct line *line)
{
	struct span domain, selector;

	if (!get_text(line, "domain", &domain) ||
	    !get_text(line, "selector", &selector))
		return "domain or selector is not a string";
	if (domain.n == 0)
		return "no domain";
	if (selector.n == 0)
		return "no selector";
	return name_fault(dns_name_of_key(
	    line->arena, selector, domain, &line->observation.name));
}

/* One character-string, or a whole record that the source has joined. */
static const char *
read_string(struct line *line, const struct json_node *value, bool base64,
    size_t max, struct span *octets_out)
{
	if (!json_tree_is_string(value))
		return "txt is neither a string nor a list of strings";
	*octets_out = value->text;
	if (base64 &&
	    !base64_decode_strict(line->arena, value->text, octets_out))
		return "txt_b64 is not base64";
	if (octets_out->n > max)
		return max == STRING_MAX
		    ? "a character-string over 255 octets"
		    : "txt is longer than a TXT record can be";
	return NULL;
}

static const char *
read_list(struct line *line, const struct json_node *list, bool base64)
{
	const struct json_node *item = list->first;
	size_t n = list->n, total = 0;
	struct span *strings;

	if (n == 0)
		return "txt is an empty list";
	if (n > ENTRY_STRINGS_MAX)
		return "txt has more character-strings than a record can hold";
	strings = arena_alloc_array(line->arena, n, sizeof(*strings));
	for (size_t i = 0; i < n; i++) {
		const char *fault =
		    read_string(line, item, base64, STRING_MAX, &strings[i]);

		if (fault != NULL)
			return fault;
		total += strings[i].n + 1; /* each with its length octet */
		item = item->next;
	}
	if (total > ENTRY_TXT_MAX)
		return "txt is longer than a TXT record can be";
	line->observation.strings = strings;
	line->observation.n_strings = n;
	line->observation.joined = JOIN_EXACT;
	return NULL;
}

static const char *
read_record(struct line *line, const struct json_node *value, bool base64)
{
	struct span *string;
	const char *fault;

	if (value->type == JSON_NODE_ARRAY)
		return read_list(line, value, base64);
	string = arena_alloc(line->arena, sizeof(*string));
	fault = read_string(line, value, base64, ENTRY_TXT_MAX, string);
	line->observation.strings = string;
	line->observation.n_strings = 1;
	line->observation.joined = JOIN_SOURCE;
	return fault;
}

static const char *
read_txt(struct line *line)
{
	const struct json_node *txt = json_tree_get(line->object, "txt");
	const struct json_node *exact = json_tree_get(line->object, "txt_b64");
	struct span kind;

	if (!get_text(line, "kind", &kind))
		return "kind is not a string";
	if (kind.n > 0 && !span_equal(kind, SPAN("present"))) {
		if (txt != NULL || exact != NULL)
			return "kind says absent, but there is a txt";
		if (span_equal(kind, SPAN("nxdomain")))
			line->observation.kind = OBSERVATION_NXDOMAIN;
		else if (span_equal(kind, SPAN("nodata")))
			line->observation.kind = OBSERVATION_NODATA;
		else
			return "kind is not present, nxdomain or nodata";
		return NULL;
	}
	if ((txt == NULL) == (exact == NULL))
		return txt == NULL ? "no txt" : "both txt and txt_b64";
	return txt != NULL ? read_record(line, txt, false)
			   : read_record(line, exact, true);
}

/* A time member; of an integer, any time that can be written is taken. */
static bool
read_time(
    const struct line *line, const char *member, struct import_time *time_out)
{
	const struct json_node *value = json_tree_get(line->object, member);

	*time_out = (struct import_time){ TIMESTAMP_NONE, TIMESTAMP_SECOND };
	if (value == NULL)
		return true;
	if (value->type == JSON_NODE_STRING)
		return timestamp_parse_lenient(
		    value->text, &time_out->at, &time_out->precision);
	if (value->type != JSON_NODE_INTEGER)
		return false;
	time_out->at = value->integer;
	return value->integer >= TIMESTAMP_MIN &&
	    value->integer <= TIMESTAMP_MAX;
}

static const char *
read_times(struct line *line)
{
	struct import_time first, last;

	if (!read_time(line, "first_seen", &first))
		return "first_seen is not a time";
	if (!read_time(line, "last_seen", &last))
		return "last_seen is not a time";
	return import_times_set(line->options, first, last, &line->observation);
}

static bool
is_word(struct span text)
{
	for (size_t i = 0; i < text.n; i++) {
		if (!rfc5234_is(text.p[i], RFC5234_ALPHA | RFC5234_DIGIT) &&
		    memchr("-._/", text.p[i], 4) == NULL)
			return false;
	}
	return text.n > 0 && text.n <= IMPORT_WORD_MAX;
}

static const char *
read_origin(struct line *line)
{
	struct entry_observation *o = &line->observation;

	if (!get_text(line, "source", &o->observer))
		return "source is not a string";
	if (o->observer.n > IMPORT_TEXT_MAX)
		return "source is too long";
	if (!get_text(line, "method", &o->method))
		return "method is not a string";
	if (o->method.n == 0)
		o->method = SPAN("archive");
	if (!is_word(o->method))
		return "method is not a word of letters, digits and -._/";
	if (span_equal(o->observer, line->options->observer))
		o->observer.n = 0;
	return NULL;
}

static const char *
read_object(struct line *line)
{
	static const char *(*const steps[])(
	    struct line *) = { read_name, read_txt, read_times, read_origin };
	const char *fault = NULL;

	for (size_t i = 0; i < G_N_ELEMENTS(steps) && fault == NULL; i++)
		fault = steps[i](line);
	return fault;
}

/* Where the lines go. */
struct jsonl {
	const struct import_options *options;
	const struct import_output *output;
};

static bool
take(void *user, struct arena *arena, const struct json_node *object,
    uint64_t number, GError **error)
{
	const struct jsonl *jsonl = user;
	const struct import_output *output = jsonl->output;
	struct line line = {
		.arena = arena,
		.object = object,
		.options = jsonl->options,
		.observation = { .line = number, .ttl = -1 },
	};
	const char *fault = read_object(&line);

	(void)error;
	if (fault != NULL)
		output->bad(output->user, number, fault);
	else
		output->observation(output->user, &line.observation);
	return true;
}

static bool
read_jsonl(FILE *stream, const char *path, const struct import_options *options,
    const struct import_output *output, GError **error)
{
	struct jsonl jsonl = { options, output };

	return json_lines_read(stream, path,
	    &(const struct json_lines){ &jsonl, take }, output, error);
}

static bool
recognise_jsonl(struct span start)
{
	static const char *const members[] = { "domain", "selector", NULL };

	return recognise_members(start, members);
}

const struct importer import_jsonl = {
	.name = "jsonl",
	.description = "one JSON object per line: domain, selector, txt, "
		       "first_seen, last_seen, source, method",
	.recognise = recognise_jsonl,
	.read = read_jsonl,
};
