/* stored.c - lines and fields of a message as it is stored (stored.h). */
#include "verifier/repair/stored.h"

#include "keysnap/base/rfc5234.h"

bool
stored_line_next(struct stored_line *line, struct span raw, size_t *at_inout)
{
	struct span rest = span_from(raw, *at_inout);
	size_t lf = span_find(rest, '\n');

	if (rest.n == 0 || *at_inout >= raw.n)
		return false;
	line->at = *at_inout;
	line->end = lf == rest.n ? 0 : lf > 0 && rest.p[lf - 1] == '\r' ? 2 : 1;
	line->text = span_sub(rest, 0, lf + (lf < rest.n) - line->end);
	*at_inout += line->text.n + line->end;
	return true;
}

static bool
is_folded_on(struct span raw, size_t at, size_t end)
{
	return at < end && rfc5234_is(raw.p[at], RFC5234_WSP);
}

/* The name, WSP and colon of the field in "line"; false when it has none. */
static bool
parse_name(struct stored_field *field, const struct stored_line *line)
{
	struct span text = line->text;
	size_t name = 0, colon;

	while (name < text.n && rfc5234_is(text.p[name], RFC5322_FTEXT))
		name++;
	for (colon = name; colon < text.n; colon++) {
		if (!rfc5234_is(text.p[colon], RFC5234_WSP))
			break;
	}
	if (name == 0 || colon == text.n || text.p[colon] != ':')
		return false;
	field->at = line->at;
	field->name = span_sub(text, 0, name);
	field->value_at = line->at + colon + 1;
	return true;
}

bool
stored_field_next(
    struct stored_field *field, struct span raw, size_t end, size_t *at_inout)
{
	struct span header = span_sub(raw, 0, end);
	struct stored_line line;

	while (stored_line_next(&line, header, at_inout)) {
		size_t value_end = line.at + line.text.n;
		bool is_field = parse_name(field, &line);

		while (is_folded_on(header, *at_inout, header.n) &&
		    stored_line_next(&line, header, at_inout))
			value_end = line.at + line.text.n;
		if (!is_field)
			continue;
		field->value =
		    span_sub(raw, field->value_at, value_end - field->value_at);
		return true;
	}
	return false;
}

ssize_t
stored_from_depth(struct span text)
{
	size_t depth = 0;

	while (depth < text.n && text.p[depth] == '>')
		depth++;
	return span_starts_with(span_from(text, depth), SPAN("From "))
	    ? (ssize_t)depth
	    : -1;
}
