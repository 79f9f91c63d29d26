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
#include "keysnap/import/import_lines.h"
#include "keysnap/import/import_times.h"
#include "keysnap/import/importer.h"
#include "keysnap/import/recognise.h"
#include "keysnap/key/dns_name.h"

#include <string.h>

#define STRING_MAX 255 /* octets of a character-string, RFC 1035 3.3 */

/* One line on its way to an observation. */
struct line {
	struct arena *arena;
	const json_t *object;
	const struct import_options *options;
	struct entry_observation observation;
};

static struct span
text_of(const json_t *string)
{
	return (struct span){
		(const uint8_t *)json_string_value(string),
		json_string_length(string),
	};
}

/* The text of a member; *text_out is empty when it is absent.  False when it
 * is not a string. */
static bool
get_text(const struct line *line, const char *member, struct span *text_out)
{
	const json_t *value = json_object_get(line->object, member);

	*text_out = (struct span){ NULL, 0 };
	if (value == NULL || json_is_null(value))
		return true;
	if (!json_is_string(value))
		return false;
	*text_out = text_of(value);
	return true;
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
read_string(struct line *line, const json_t *value, bool base64, size_t max,
    struct span *octets_out)
{
	if (!json_is_string(value))
		return "txt is neither a string nor a list of strings";
	*octets_out = text_of(value);
	if (base64 &&
	    !base64_decode_strict(line->arena, text_of(value), octets_out))
		return "txt_b64 is not base64";
	if (octets_out->n > max)
		return max == STRING_MAX
		    ? "a character-string over 255 octets"
		    : "txt is longer than a TXT record can be";
	return NULL;
}

static const char *
read_list(struct line *line, const json_t *list, bool base64)
{
	size_t n = json_array_size(list), total = 0;
	struct span *strings;

	if (n == 0)
		return "txt is an empty list";
	if (n > ENTRY_STRINGS_MAX)
		return "txt has more character-strings than a record can hold";
	strings = arena_alloc_array(line->arena, n, sizeof(*strings));
	for (size_t i = 0; i < n; i++) {
		const char *fault = read_string(line, json_array_get(list, i),
		    base64, STRING_MAX, &strings[i]);

		if (fault != NULL)
			return fault;
		total += strings[i].n + 1; /* each with its length octet */
	}
	if (total > ENTRY_TXT_MAX)
		return "txt is longer than a TXT record can be";
	line->observation.strings = strings;
	line->observation.n_strings = n;
	line->observation.joined = JOIN_EXACT;
	return NULL;
}

static const char *
read_record(struct line *line, const json_t *value, bool base64)
{
	struct span *string;
	const char *fault;

	if (json_is_array(value))
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
	const json_t *txt = json_object_get(line->object, "txt");
	const json_t *exact = json_object_get(line->object, "txt_b64");
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

/* A time member; *at_out is TIMESTAMP_NONE when it is absent. */
static bool
read_time(const struct line *line, const char *member, int64_t *at_out,
    enum timestamp_precision *precision_out)
{
	const json_t *value = json_object_get(line->object, member);

	*at_out = TIMESTAMP_NONE;
	*precision_out = TIMESTAMP_SECOND;
	if (value == NULL || json_is_null(value))
		return true;
	if (json_is_string(value))
		return timestamp_parse_lenient(
		    text_of(value), at_out, precision_out);
	if (!json_is_integer(value))
		return false;
	*at_out = json_integer_value(value);
	return *at_out >= TIMESTAMP_MIN && *at_out <= TIMESTAMP_MAX;
}

static const char *
read_times(struct line *line)
{
	struct import_time first, last;

	if (!read_time(line, "first_seen", &first.at, &first.precision))
		return "first_seen is not a time";
	if (!read_time(line, "last_seen", &last.at, &last.precision))
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

static void
take_line(struct arena *arena, struct span text, uint64_t number,
    const struct import_options *options, const struct import_output *output)
{
	const char *fault = NULL;
	json_t *object = json_parse_line(arena, text, false, &fault);
	struct line line = {
		.arena = arena,
		.object = object,
		.options = options,
		.observation = { .line = number, .ttl = -1 },
	};

	if (object != NULL)
		fault = read_object(&line);
	if (fault != NULL)
		output->bad(output->user, number, fault);
	else
		output->observation(output->user, &line.observation);
	json_decref(object);
}

static bool
read_jsonl(FILE *stream, const char *path, const struct import_options *options,
    const struct import_output *output, GError **error)
{
	g_autoptr(arena_auto) arena = arena_new();
	struct import_lines lines;
	struct span text;
	bool failed;

	import_lines_init(&lines, stream);
	while (import_lines_next(&lines, &text)) {
		if (lines.too_long)
			output->bad(
			    output->user, lines.number, "line too long");
		else if (span_trim_wsp(text).n > 0)
			take_line(arena, text, lines.number, options, output);
		arena_reset(arena);
	}
	failed = import_lines_failed(&lines, path, error);
	import_lines_clear(&lines);
	return !failed;
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
