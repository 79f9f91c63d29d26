/* stored_part.c - see stored_part.h. */
#include "verifier/repair/stored_part.h"

#include "keysnap/base/rfc5234.h"
#include "verifier/repair/stored.h"

#include <glib.h>

#define FIELD_ENCODING SPAN("Content-Transfer-Encoding")
#define FIELD_TYPE     SPAN("Content-Type")

static const struct {
	struct span word;
	enum stored_encoding encoding;
} words[] = {
	{ { (const uint8_t *)"7bit", 4 }, ENCODING_IDENTITY },
	{ { (const uint8_t *)"8bit", 4 }, ENCODING_IDENTITY },
	{ { (const uint8_t *)"binary", 6 }, ENCODING_IDENTITY },
	{ { (const uint8_t *)"quoted-printable", 16 },
	    ENCODING_QUOTED_PRINTABLE },
	{ { (const uint8_t *)"base64", 6 }, ENCODING_BASE64 },
};

/* Take the encoding's word, at "value_at", into "part". */
static bool
take_encoding(struct stored_part *part, struct span value, size_t value_at)
{
	struct span word = span_trim_fws(value);

	for (size_t i = 0; i < G_N_ELEMENTS(words); i++) {
		if (!span_equal_nocase(word, words[i].word))
			continue;
		part->encoding = words[i].encoding;
		part->word_at = value_at + (size_t)(word.p - value.p);
		part->word_n = word.n;
		return true;
	}
	return false;
}

static bool
is_text(struct span value)
{
	return span_equal_nocase(
	    span_sub(span_trim_fws(value), 0, 5), SPAN("text/"));
}

/* Take the fields from "at" to "end"; false when there is no encoding that is
 * known. */
static bool
take_fields(struct stored_part *part, struct span raw, size_t at, size_t end)
{
	struct stored_field field;
	bool found = false;

	part->text = true;
	while (stored_field_next(&field, raw, end, &at)) {
		if (span_equal_nocase(field.name, FIELD_ENCODING))
			found =
			    take_encoding(part, field.value, field.value_at);
		else if (span_equal_nocase(field.name, FIELD_TYPE))
			part->text = is_text(field.value);
	}
	return found;
}

static bool
is_delimiter(const struct stored_line *line)
{
	return span_starts_with(line->text, SPAN("--")) && line->text.n > 2;
}

/* Move behind the next empty line; false at the end, or at a delimiter: then
 * what was there is no header. */
static bool
skip_header(struct span raw, size_t *at_inout, size_t *end_out)
{
	struct stored_line line;
	size_t at = *at_inout;

	while (stored_line_next(&line, raw, &at)) {
		if (is_delimiter(&line))
			return false;
		*end_out = line.at;
		*at_inout = at;
		if (line.text.n == 0)
			return true;
	}
	*at_inout = raw.n;
	return false;
}

/* The content from "at" to the next delimiter, whose line end before it is
 * its own; *at_inout moves there. */
static void
take_content(struct stored_part *part, struct span raw, size_t *at_inout)
{
	struct stored_line line;
	size_t at = *at_inout, end = at, last = at;

	part->content_at = at;
	while (stored_line_next(&line, raw, &at)) {
		if (is_delimiter(&line)) {
			end = last;
			at = line.at;
			break;
		}
		last = line.at + line.text.n;
		end = at;
	}
	*at_inout = at;
	part->content = span_sub(raw, part->content_at, end - part->content_at);
}

bool
stored_part_next(struct stored_parts *parts, struct stored_part *part)
{
	struct span raw = parts->message->raw;
	struct stored_line line;

	if (!parts->begun)
		parts->at = parts->message->body_at;
	parts->begun = true;
	*part = (struct stored_part){ .in_body = true };
	while (stored_line_next(&line, raw, &parts->at)) {
		size_t header = parts->at, end;

		if (!is_delimiter(&line) ||
		    !skip_header(raw, &parts->at, &end) ||
		    !take_fields(part, raw, header, end))
			continue;
		take_content(part, raw, &parts->at);
		return true;
	}
	return false;
}

bool
stored_part_of_message(const struct message *message, struct stored_part *part)
{
	*part = (struct stored_part){ .in_body = false };
	if (!take_fields(part, message->raw, 0, message->body_at))
		return false;
	part->content_at = message->body_at;
	part->content = span_from(message->raw, message->body_at);
	return true;
}
