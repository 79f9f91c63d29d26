/*
 * mime_parts.c - see mime_parts.h.
 *
 * Limits: MIME_PARTS_MAX, MIME_PART_HEADER_MAX, MIME_NESTING_MAX.  Each
 * multipart costs one pass over its octets; nothing recurses.
 */
#include "verifier/message/mime_parts.h"

#include "verifier/message/mime_parameter.h"

#include <string.h>

/* ---- fields ---------------------------------------------------------------- */

enum mime_encoding
mime_part_encoding(const struct header_index *header)
{
	static const struct {
		struct span name;
		enum mime_encoding encoding;
	} known[] = {
		{ { (const uint8_t *)"7bit", 4 }, MIME_IDENTITY },
		{ { (const uint8_t *)"8bit", 4 }, MIME_IDENTITY },
		{ { (const uint8_t *)"binary", 6 }, MIME_IDENTITY },
		{ { (const uint8_t *)"base64", 6 }, MIME_BASE64 },
		{ { (const uint8_t *)"quoted-printable", 16 },
		    MIME_QUOTED_PRINTABLE },
	};
	const struct header_field *field =
	    header_get(header, SPAN("Content-Transfer-Encoding"), 0);

	if (field == NULL)
		return MIME_IDENTITY;
	for (size_t i = 0; i < G_N_ELEMENTS(known); i++) {
		if (span_equal_nocase(
			span_trim_fws(field->value), known[i].name))
			return known[i].encoding;
	}
	return MIME_ENCODING_UNKNOWN;
}

struct span
mime_content_type(const struct header_index *header, struct span *media_out)
{
	const struct header_field *field =
	    header_get(header, SPAN("Content-Type"), 0);
	struct span type =
	    field == NULL ? SPAN("") : span_trim_fws(field->value);

	*media_out = span_trim_fws(span_sub(type, 0, span_find(type, ';')));
	return type;
}

bool
mime_part_is_message(const struct mime_part *part)
{
	return span_equal_nocase(part->media, SPAN("message/rfc822")) ||
	    span_equal_nocase(part->media, SPAN("message/global")) ||
	    (part->media.n == 0 && part->in_digest);
}

/* ---- delimiters ------------------------------------------------------------ */

/* Is what stands behind a boundary the end of a delimiter line? */
static bool
ends_delimiter(struct span rest)
{
	rest = span_sub(rest, 0, span_find(rest, '\n'));
	if (span_starts_with(rest, SPAN("--")))
		rest = span_from(rest, 2);
	return span_trim_fws(rest).n == 0;
}

/* Does a CR stand behind a boundary that is not part of the line's end?  Some
 * programs end the line there. */
static bool
has_cr(struct span rest)
{
	return rest.n > 0 && span_find(rest, '\r') + 1 < span_find(rest, '\n');
}

/* Is what stands behind a boundary the end of a delimiter line?  Lines that go
 * on there are noted. */
static bool
take_delimiter(struct mime_level *level, struct span rest)
{
	bool ends = ends_delimiter(rest);

	level->odd |= !ends || has_cr(rest);
	return ends;
}

/* Where the next delimiter line begins, from "at" on (the start of a line), or
 * body.n. */
static size_t
find_delimiter(struct mime_level *level, size_t at)
{
	struct span body = level->body;
	struct span marker = { level->marker, level->marker_n };
	struct span rest = span_from(body, at);

	if (span_starts_with(rest, span_from(marker, 1)) &&
	    take_delimiter(level, span_from(rest, marker.n - 1)))
		return at;
	while (at < body.n) {
		const uint8_t *hit;

		rest = span_from(body, at);
		hit = memmem(rest.p, rest.n, marker.p, marker.n);
		if (hit == NULL)
			return body.n;
		at = (size_t)(hit - body.p) + 1;
		if (take_delimiter(level, span_from(body, at + marker.n - 1)))
			return at;
	}
	return body.n;
}

/* The line end before a delimiter belongs to it. */
static struct span
without_line_end(struct span text)
{
	if (span_ends_with(text, SPAN("\r\n")))
		return span_sub(text, 0, text.n - 2);
	return span_ends_with(text, SPAN("\n")) ? span_sub(text, 0, text.n - 1)
						: text;
}

/* Where the line of the delimiter at "at" ends; *closes_out: it is the last. */
static size_t
pass_delimiter(const struct mime_level *level, size_t at, bool *closes_out)
{
	struct span rest = span_from(level->body, at + level->marker_n - 1);

	*closes_out = span_starts_with(rest, SPAN("--"));
	return MIN(
	    level->body.n, level->body.n - rest.n + span_find(rest, '\n') + 1);
}

/* ---- the walk -------------------------------------------------------------- */

/* The last level is at its end; "closes": it has a last delimiter, behind
 * which none should come. */
static void
pop_level(struct mime_parts *parts, size_t epilogue_at, bool closes)
{
	struct mime_level *level = &parts->levels[--parts->n_levels];

	if (!closes)
		parts->unclear |= MIME_UNCLEAR_UNCLOSED;
	else if (find_delimiter(level, epilogue_at) < level->body.n)
		level->odd = true;
	if (level->odd)
		parts->unclear |= MIME_UNCLEAR_BOUNDARY;
	if (parts->n_levels == 0)
		parts->epilogue = span_from(level->body, epilogue_at);
}

/* Count the parts of the last level that are still to come. */
static void
count_rest(struct mime_parts *parts)
{
	struct mime_level *level = &parts->levels[parts->n_levels - 1];
	size_t end = level->at;
	bool closes = false;

	while (level->at < level->body.n && !closes) {
		end = pass_delimiter(level, level->at, &closes);
		if (closes || end >= level->body.n)
			break;
		parts->left_out++;
		end = level->at = find_delimiter(level, end);
	}
	pop_level(parts, end, closes);
}

/* Note what others may read otherwise. */
static void
look_at_header(struct mime_parts *parts, const struct mime_part *part)
{
	struct span kind =
	    span_sub(part->media, 0, span_find(part->media, '/'));

	if (mime_header_is_unclear(&part->header))
		parts->unclear |= MIME_UNCLEAR_FIELDS;
	if (header_get(&part->header, SPAN("Content-Type"), 0) != NULL &&
	    mime_type_is_unclear(part->media))
		parts->unclear |= MIME_UNCLEAR_TYPE;
	if ((span_equal_nocase(kind, SPAN("multipart")) ||
		span_equal_nocase(kind, SPAN("message")) || part->in_digest) &&
	    mime_part_encoding(&part->header) != MIME_IDENTITY)
		parts->unclear |= MIME_UNCLEAR_ENCODING;
}

/* Cut "raw" into the header and the body of a part. */
static bool
open_part(struct mime_parts *parts, struct mime_part *part, struct span raw)
{
	struct reading reading = parts->message->reading;
	size_t body_at;
	enum header_status status;

	status = header_index_build(&part->header, parts->arena,
	    parts->message->buffer, span_sub(raw, 0, MIME_PART_HEADER_MAX),
	    &reading, &body_at);
	part->body = span_from(raw, body_at);
	if ((!part->header.terminated && raw.n > MIME_PART_HEADER_MAX) ||
	    (status != HEADER_OK && status != HEADER_EMPTY)) {
		parts->cut = true;
		parts->left_out++;
		return false;
	}
	part->type = mime_content_type(&part->header, &part->media);
	if (!part->header.terminated && raw.n > 0 &&
	    !span_ends_with(raw, SPAN("\n")))
		parts->unclear |= MIME_UNCLEAR_FIELDS;
	look_at_header(parts, part);
	return true;
}

/* The next part of the last level, which is left when there is none. */
static bool
take_part(struct mime_parts *parts, struct mime_part *part)
{
	struct mime_level *level = &parts->levels[parts->n_levels - 1];
	bool closes;
	size_t begin;

	if (level->at >= level->body.n) {
		pop_level(parts, level->body.n, false);
		return false;
	}
	begin = pass_delimiter(level, level->at, &closes);
	if (closes || begin >= level->body.n) {
		pop_level(parts, begin, closes);
		return false;
	}
	if (parts->looked_at == MIME_PARTS_MAX) {
		parts->cut = true;
		count_rest(parts);
		return false;
	}
	parts->looked_at++;
	level->at = find_delimiter(level, begin);
	struct span raw = span_sub(level->body, begin, level->at - begin);
	if (level->at < level->body.n)
		raw = without_line_end(raw);
	*part = (struct mime_part){ .in_digest = level->digest,
		.delimited = level->at < level->body.n || level->delimited,
		.behind = level->behind,
		.nesting = parts->n_levels };
	if (level->at < level->body.n)
		part->behind = (size_t)(level->body.p - parts->message->raw.p) +
		    pass_delimiter(level, level->at, &closes);
	return open_part(parts, part, raw);
}

/* The boundary of "part" when it is a multipart that can be cut. */
static bool
get_boundary(struct mime_parts *parts, const struct mime_part *part,
    struct span *boundary_out)
{
	static const struct span multipart = { (const uint8_t *)"multipart/",
		10 };
	size_t n = 0;

	*boundary_out = SPAN("");
	if (!span_equal_nocase(
		span_sub(part->media, 0, multipart.n), multipart))
		return false;
	if (!mime_parameter_find(
		span_from(part->type, span_find(part->type, ';')),
		SPAN("boundary"), &n, boundary_out) ||
	    n != 1 || mime_boundary_is_unclear(*boundary_out))
		parts->unclear |= MIME_UNCLEAR_TYPE;
	return n > 0 && boundary_out->n > 0 &&
	    boundary_out->n <= MIME_BOUNDARY_MAX;
}

/* Does a multipart that is being walked have the marker of "level", too? */
static bool
is_marker_used(const struct mime_parts *parts, const struct mime_level *level)
{
	for (unsigned i = 0; i < parts->n_levels; i++) {
		const struct mime_level *above = &parts->levels[i];

		if (span_equal((struct span){ above->marker, above->marker_n },
			(struct span){ level->marker, level->marker_n }))
			return true;
	}
	return false;
}

/* Does the first delimiter begin a part? */
static bool
has_part(const struct mime_level *level)
{
	bool closes;

	pass_delimiter(level, level->at, &closes);
	return !closes;
}

/* Begin to walk "part" if it is a multipart that can be cut. */
static bool
push_level(struct mime_parts *parts, const struct mime_part *part)
{
	struct span boundary;
	struct mime_level *level = &parts->levels[parts->n_levels];

	if (!get_boundary(parts, part, &boundary))
		return false;
	if (parts->n_levels == MIME_NESTING_MAX) {
		parts->cut = true;
		return false;
	}
	*level = (struct mime_level){ .body = part->body,
		.behind = part->behind,
		.delimited = part->delimited,
		.marker = "\n--",
		.marker_n = boundary.n + 3,
		.digest =
		    span_equal_nocase(part->media, SPAN("multipart/digest")) };
	memcpy(level->marker + 3, boundary.p, boundary.n);
	level->at = find_delimiter(level, 0);
	if (level->at >= level->body.n) {
		parts->unclear |= MIME_UNCLEAR_BOUNDARY;
		return false;
	}
	level->odd |= is_marker_used(parts, level) || !has_part(level) ||
	    mime_has_cr_delimiter(level->body, boundary);
	parts->n_levels++;
	return true;
}

void
mime_parts_start(struct mime_parts *parts, struct arena *arena,
    const struct message *message)
{
	g_assert(message->reading.n_edits == 0);
	parts->message = message;
	parts->arena = arena;
	parts->n_levels = 0;
	parts->looked_at = parts->left_out = 0;
	parts->unclear = 0;
	parts->begun = parts->cut = parts->multipart = false;
	parts->epilogue = SPAN("");
}

bool
mime_parts_next(struct mime_parts *parts, struct mime_part *part_out)
{
	const struct message *message = parts->message;

	if (!parts->begun) {
		parts->begun = true;
		*part_out = (struct mime_part){ .header = message->header,
			.body = span_from(message->raw, message->body_at),
			.behind = message->raw.n };
		part_out->type =
		    mime_content_type(&message->header, &part_out->media);
		look_at_header(parts, part_out);
		parts->multipart = push_level(parts, part_out);
		if (!parts->multipart)
			return true;
	}
	while (parts->n_levels > 0) {
		if (take_part(parts, part_out) && !push_level(parts, part_out))
			return true;
	}
	return false;
}
