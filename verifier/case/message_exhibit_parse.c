/*
 * message_exhibit_parse.c - taking exhibits of messages back.  Each line is
 * canonical JSON, so that there is one spelling, in the one order there is.
 */
#include "verifier/case/message_exhibit.h"

#include "keysnap/base/base64.h"

#include <string.h>

struct parser {
	struct message_exhibit *exhibit;
	struct arena *arena;
	const struct crypto *crypto;
	struct span all, rest;
	size_t at; /* of the line looked at */
	json_t *line;
	const char *why;
};

static bool
refuse(struct parser *parser, const char *why)
{
	if (parser->why == NULL)
		parser->why = why;
	return false;
}

/* Look at the next line. */
static bool
advance(struct parser *parser)
{
	size_t end = span_find(parser->rest, '\n');
	const char *why;

	json_decref(parser->line);
	parser->line = NULL;
	if (parser->rest.n == 0)
		return refuse(parser, "it ends too early");
	if (end == parser->rest.n)
		return refuse(parser, "it does not end with a line feed");
	parser->at = parser->all.n - parser->rest.n;
	parser->line = json_parse_line(
	    parser->arena, span_sub(parser->rest, 0, end), true, &why);
	parser->rest = span_from(parser->rest, end + 1);
	return parser->line != NULL || refuse(parser, why);
}

/* Is the line of this type, with as many members? */
static bool
is_type(const struct parser *parser, const char *type, size_t members)
{
	return span_equal(record_get_string(parser->line, "type"),
		   span_from_string(type)) &&
	    json_object_size(parser->line) == members;
}

static bool
get_text(struct parser *parser, const json_t *value, struct span *text_out)
{
	if (!json_is_string(value))
		return refuse(parser, "a member is missing, or no text");
	*text_out = arena_copy(parser->arena,
	    (struct span){ (const uint8_t *)json_string_value(value),
		json_string_length(value) });
	return true;
}

static bool
get_member(struct parser *parser, const char *name, struct span *text_out)
{
	return get_text(parser, json_object_get(parser->line, name), text_out);
}

static bool
get_octets(struct parser *parser, const char *name, struct span *octets_out)
{
	const json_t *value = json_object_get(parser->line, name);
	struct span text = { (const uint8_t *)json_string_value(value),
		json_string_length(value) };

	return (json_is_string(value) &&
		   base64_decode_strict(parser->arena, text, octets_out)) ||
	    refuse(parser, "octets that are not in base64");
}

static bool
get_list(struct parser *parser, const char *name, size_t most,
    struct span **list_out, size_t *n_out)
{
	const json_t *list = json_object_get(parser->line, name);
	size_t n = json_array_size(list);

	if (!json_is_array(list) || n > most)
		return refuse(parser, "a list that is none, or too long");
	*list_out = arena_alloc_array(parser->arena, n + 1, sizeof(**list_out));
	for (*n_out = 0; *n_out < n; (*n_out)++) {
		if (!get_text(parser, json_array_get(list, *n_out),
			&(*list_out)[*n_out]))
			return false;
	}
	return true;
}

static bool
parse_head(struct parser *parser)
{
	struct message_exhibit *exhibit = parser->exhibit;
	struct span format;

	if (!advance(parser) || !is_type(parser, "exhibit", 2) ||
	    !get_member(parser, "format", &format) ||
	    !span_equal(format, SPAN("verifier-exhibit 1")))
		return refuse(parser, "it is not a verifier-exhibit 1");
	if (!advance(parser) || !is_type(parser, "header", 2) ||
	    !get_member(parser, "line", &exhibit->header))
		return refuse(parser, "it has no header of results");
	return (advance(parser) && is_type(parser, "record", 2) &&
		   get_member(parser, "line", &exhibit->record)) ||
	    refuse(parser, "it has no record");
}

static bool
parse_options(struct parser *parser)
{
	struct message_exhibit *exhibit = parser->exhibit;
	struct policy *policy = &exhibit->policy;
	const json_t *gap, *equivalences;

	if (!advance(parser) || !is_type(parser, "options", 6))
		return refuse(parser, "it has no options");
	gap = json_object_get(parser->line, "max_gap_days");
	equivalences = json_object_get(parser->line, "equivalences_sha256");
	policy->max_gap_days = json_integer_value(gap);
	exhibit->has_equivalences = json_is_string(equivalences);
	return (json_is_integer(gap) && policy->max_gap_days >= 0 &&
		   grade_from_name(record_get_string(parser->line, "min_grade"),
		       &policy->min_grade) &&
		   repair_scope_from_name(
		       record_get_string(parser->line, "repairs"),
		       &policy->repairs) &&
		   digest_from_hex(record_get_string(parser->line,
				       "public_suffix_list_sha256"),
		       exhibit->suffix_list) &&
		   (exhibit->has_equivalences
			   ? digest_from_hex(record_get_string(parser->line,
						 "equivalences_sha256"),
				 exhibit->equivalences)
			   : json_is_null(equivalences))) ||
	    refuse(parser, "its options are none");
}

static bool
parse_message(struct parser *parser)
{
	struct message_exhibit *exhibit = parser->exhibit;

	if (!advance(parser) || !is_type(parser, "message", 3) ||
	    !get_octets(parser, "envelope", &exhibit->envelope) ||
	    !get_octets(parser, "octets", &exhibit->octets))
		return refuse(parser, "it has no message");
	return exhibit->octets.n <= MESSAGE_EXHIBIT_OCTETS ||
	    refuse(parser, "its message is too large");
}

static bool
parse_keys(struct parser *parser)
{
	struct message_exhibit *exhibit = parser->exhibit;

	exhibit->keys = arena_alloc_array(
	    parser->arena, MESSAGE_EXHIBIT_NAMES, sizeof(*exhibit->keys));
	while (advance(parser) && is_type(parser, "keys", 3)) {
		struct message_exhibit_keys *keys =
		    &exhibit->keys[exhibit->n_keys];

		if (exhibit->n_keys == MESSAGE_EXHIBIT_NAMES)
			return refuse(parser, "too many keys");
		if (!get_member(parser, "name", &keys->name) ||
		    !get_member(parser, "text", &keys->text))
			return false;
		if (exhibit->n_keys++ > 0 &&
		    span_compare(keys[-1].name, keys->name) >= 0)
			return refuse(parser, "its keys are not in order");
	}
	return parser->line != NULL;
}

/* The digest of all that is before the last line, which is the present one. */
static bool
check_end(struct parser *parser)
{
	uint8_t wanted[DIGEST_SHA256_SIZE], got[DIGEST_SHA256_SIZE];

	if (!is_type(parser, "end", 2) ||
	    !digest_from_hex(
		record_get_string(parser->line, "sha256"), wanted) ||
	    parser->rest.n > 0)
		return refuse(parser, "it has no end, or more behind it");
	digest_sha256(
	    parser->crypto, span_sub(parser->all, 0, parser->at), got);
	return memcmp(wanted, got, sizeof(got)) == 0 ||
	    refuse(parser, "it has not the digest that it ends with");
}

static bool
parse_rest(struct parser *parser)
{
	struct message_exhibit *exhibit = parser->exhibit;

	if (!is_type(parser, "absent", 2) ||
	    !get_list(parser, "names", MESSAGE_EXHIBIT_NAMES, &exhibit->absent,
		&exhibit->n_absent))
		return refuse(parser, "it does not say what is absent");
	if (!advance(parser) || !is_type(parser, "steps", 2) ||
	    !get_list(parser, "steps", MESSAGE_EXHIBIT_STEPS, &exhibit->steps,
		&exhibit->n_steps))
		return refuse(parser, "it has no steps");
	return advance(parser) && check_end(parser);
}

bool
message_exhibit_parse(struct message_exhibit *exhibit, struct arena *arena,
    const struct crypto *crypto, struct span octets, const char **why_out)
{
	struct parser parser = {
		.exhibit = exhibit,
		.arena = arena,
		.crypto = crypto,
		.all = octets,
		.rest = octets,
	};
	bool good;

	*exhibit = (struct message_exhibit){ .n_keys = 0 };
	good = parse_head(&parser) && parse_options(&parser) &&
	    parse_message(&parser) && parse_keys(&parser) &&
	    parse_rest(&parser);
	json_decref(parser.line);
	*why_out = good ? NULL : parser.why;
	return good;
}
