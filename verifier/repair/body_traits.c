/* body_traits.c - see body_traits.h. */
#include "verifier/repair/body_traits.h"

#include "keysnap/base/octets16.h"
#include "keysnap/base/rfc5234.h"
#include "verifier/repair/stored.h"

#define BASE64_LINE_MIN 20 /* shorter lines of letters are words */

/* Is any octet of "text" above 127? */
static bool
has_high_octet(struct span text)
{
	size_t at = 0;

	for (; text.n - at >= OCTETS16; at += OCTETS16)
		if (octets16_any(octets16_load(text.p + at) & 0x80))
			return true;
	while (at < text.n && text.p[at] < 0x80)
		at++;
	return at < text.n;
}

static bool
has_eight_spaces(struct span text)
{
	return text.n > 0 && memmem(text.p, text.n, "        ", 8) != NULL;
}

/* A CR within the line, as its end is CRLF or LF. */
static void
look_at_cr(struct body_traits *traits, const struct stored_line *line)
{
	size_t n = line->text.n;

	while (n > 0 && line->text.p[n - 1] == '\r')
		n--;
	if (n < line->text.n && line->end == 2)
		traits->doubled_cr = true;
	if (n < line->text.n || span_find(line->text, '\r') < line->text.n)
		traits->bare_cr = true;
}

static void
look_at_line(struct body_traits *traits, const struct stored_line *line)
{
	struct span text = line->text;

	if (text.n == 0)
		return;
	uint8_t first = text.p[0], last = text.p[text.n - 1];

	if ((first == '>' || first == 'F') && stored_from_depth(text) >= 0)
		traits->from_lines++;
	traits->leading_dots |= span_starts_with(text, SPAN(".."));
	traits->dashes |= span_equal(text, SPAN("--"));
	traits->trailing_space |= rfc5234_is(last, RFC5234_WSP);
	traits->base64 |= text.n >= BASE64_LINE_MIN &&
	    span_find(span_sub(text, 0, BASE64_LINE_MIN), ' ') ==
		BASE64_LINE_MIN;
	look_at_cr(traits, line);
}

void
body_traits_get(struct body_traits *traits, const struct message *message)
{
	struct span body = span_from(message->raw, message->body_at);
	struct stored_line line;
	size_t at = message->body_at;

	*traits = (struct body_traits){
		.tab = span_find(body, '\t') < body.n,
		.eight_spaces = has_eight_spaces(body),
		.high_octets = has_high_octet(body),
		.leading_empty = span_starts_with(body, SPAN("\r\n")) ||
		    span_starts_with(body, SPAN("\n")),
		.leading_dashes = span_starts_with(body, SPAN("--")),
	};
	while (stored_line_next(&line, message->raw, &at))
		look_at_line(traits, &line);
}
