/* mime_unclear.c - see mime_unclear.h. */
#include "verifier/message/mime_unclear.h"

#include <string.h>

#define CR_MARKER_MAX 80

const char *
mime_unclear_name(unsigned kind)
{
	static const char *const names[] = { "boundary", "encoding", "fields",
		"framing", "type", "unclosed" };

	return kind < sizeof(names) / sizeof(names[0]) ? names[kind] : NULL;
}

/* A line of nothing but white space: some end the header there. */
static bool
has_blank_line(struct span section)
{
	while (section.n > 0) {
		size_t n = span_find(section, '\n');

		if (span_trim_fws(span_sub(section, 0, n)).n == 0)
			return true;
		section = span_from(section, n + 1);
	}
	return false;
}

bool
mime_header_is_unclear(const struct header_index *header)
{
	static const struct span once[] = {
		{ (const uint8_t *)"Content-Type", 12 },
		{ (const uint8_t *)"Content-Transfer-Encoding", 25 },
		{ (const uint8_t *)"Content-Disposition", 19 },
	};

	if (header->no_field_lines > 0 || header->stray_octets > 0 ||
	    has_blank_line(header->section))
		return true;
	for (size_t i = 0; i < sizeof(once) / sizeof(once[0]); i++) {
		const struct header_field *field =
		    header_get(header, once[i], 0);

		if (field == NULL)
			continue;
		if (field->whole.p[field->name.n] != ':' ||
		    header_get(header, once[i], 1) != NULL)
			return true;
	}
	return false;
}

/* token of RFC 2045 5.1. */
static bool
is_token(struct span text)
{
	const struct span specials = SPAN("()<>@,;:\\\"/[]?=");

	for (size_t i = 0; i < text.n; i++) {
		if (!rfc5234_is(text.p[i], RFC5234_VCHAR) ||
		    span_find(specials, text.p[i]) < specials.n)
			return false;
	}
	return text.n > 0;
}

bool
mime_type_is_unclear(struct span media)
{
	size_t slash = span_find(media, '/');

	return !is_token(span_sub(media, 0, slash)) ||
	    !is_token(span_from(media, slash + 1)) || slash + 1 >= media.n;
}

bool
mime_boundary_is_unclear(struct span boundary)
{
	for (size_t i = 0; i < boundary.n; i++) {
		if (!rfc5234_is(boundary.p[i], RFC5234_VCHAR))
			return true;
	}
	return false;
}

bool
mime_has_cr_delimiter(struct span body, struct span boundary)
{
	uint8_t marker[CR_MARKER_MAX] = "\r--";

	if (body.n == 0 || boundary.n > sizeof(marker) - 3)
		return false;
	memcpy(marker + 3, boundary.p, boundary.n);
	return memmem(body.p, body.n, marker, boundary.n + 3) != NULL;
}
