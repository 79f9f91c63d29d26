/*
 * embedded.c - see embedded.h.
 *
 * Limits: EMBEDDED_MAX, EMBEDDED_PARTS_MAX, EMBEDDED_HEADER_MAX,
 * EMBEDDED_NESTING_MAX.
 */
#include "verifier/message/embedded.h"

#include "verifier/message/mime_parameter.h"

#include <string.h>

#define BOUNDARY_MAX 70 /* RFC 2046 5.1.1 */

struct finder {
	struct embedded_list *list;
	struct arena *arena;
	const struct message *message;
	size_t parts; /* looked at */
};

/* A part: its header and the octets behind it. */
struct part {
	struct header_index header;
	struct span body;
	bool in_digest; /* RFC 2046 5.1.5: a message unless it says so */
};

static bool
is_identity(const struct header_index *header)
{
	static const struct span fine[] = {
		{ (const uint8_t *)"7bit", 4 },
		{ (const uint8_t *)"8bit", 4 },
		{ (const uint8_t *)"binary", 6 },
	};
	const struct header_field *field =
	    header_get(header, SPAN("Content-Transfer-Encoding"), 0);

	if (field == NULL)
		return true;
	for (size_t i = 0; i < G_N_ELEMENTS(fine); i++) {
		if (span_equal_nocase(span_trim_fws(field->value), fine[i]))
			return true;
	}
	return false;
}

/* The value of Content-Type, its media type in *media_out. */
static struct span
content_type(const struct header_index *header, struct span *media_out)
{
	const struct header_field *field =
	    header_get(header, SPAN("Content-Type"), 0);
	struct span type =
	    field == NULL ? SPAN("") : span_trim_fws(field->value);

	*media_out = span_trim_fws(span_sub(type, 0, span_find(type, ';')));
	return type;
}

static bool
begins_nocase(struct span text, struct span start)
{
	return span_equal_nocase(span_sub(text, 0, start.n), start);
}

/* Is "text", behind the name Content-Type, a type that can be or hold a
 * message? */
static bool
is_message_type(struct span text)
{
	text = span_trim_fws(span_sub(text, 0, EMBEDDED_HEADER_MAX));
	if (!span_starts_with(text, SPAN(":")))
		return false;
	text = span_trim_fws(span_from(text, 1));
	return begins_nocase(text, SPAN("message/")) ||
	    begins_nocase(text, SPAN("multipart/digest"));
}

/* Does a Content-Type in the body name such a type?  Hyphens are looked for,
 * as base64, which most octets of mail are, has none. */
static bool
names_message(struct span body)
{
	const struct span before = SPAN("content"), behind = SPAN("-type");

	for (size_t at = 0;; at++) {
		at += span_find(span_from(body, at), '-');
		if (at >= body.n)
			return false;
		if (at >= before.n &&
		    begins_nocase(span_from(body, at), behind) &&
		    begins_nocase(span_from(body, at - before.n), before) &&
		    is_message_type(span_from(body, at + behind.n)))
			return true;
	}
}

static void
add_part(struct finder *finder, const struct part *part)
{
	struct embedded_list *list = finder->list;

	if (list->n == EMBEDDED_MAX) {
		list->left_out++;
		return;
	}
	list->parts[list->n++] =
	    (struct embedded_part){ part->body, !is_identity(&part->header) };
}

/* ---- multiparts ------------------------------------------------------------ */

/* Is what stands behind a boundary the end of a delimiter line? */
static bool
ends_delimiter(struct span rest)
{
	rest = span_sub(rest, 0, span_find(rest, '\n'));
	if (span_starts_with(rest, SPAN("--")))
		rest = span_from(rest, 2);
	return span_trim_fws(rest).n == 0;
}

/* Where the next delimiter line begins, from "at" on (the start of a line), or
 * body.n.  "marker" is LF, "--" and the boundary. */
static size_t
find_delimiter(struct span body, size_t at, struct span marker)
{
	bool first = true;

	while (at < body.n) {
		struct span rest = span_from(body, at);
		const uint8_t *hit;

		if (first && span_starts_with(rest, span_from(marker, 1)) &&
		    ends_delimiter(span_from(rest, marker.n - 1)))
			return at;
		first = false;
		hit = memmem(rest.p, rest.n, marker.p, marker.n);
		if (hit == NULL)
			return body.n;
		at = (size_t)(hit - body.p) + 1;
		if (ends_delimiter(span_from(body, at + marker.n - 1)))
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

/* Cut "raw" into the header and the body of a part. */
static bool
open_part(struct finder *finder, struct part *part, struct span raw)
{
	struct reading reading = finder->message->reading;
	size_t body_at;
	enum header_status status;

	reading.edits = NULL;
	reading.n_edits = 0;
	status = header_index_build(&part->header, finder->arena,
	    finder->message->buffer, span_sub(raw, 0, EMBEDDED_HEADER_MAX),
	    &reading, &body_at);
	part->body = span_from(raw, body_at);
	if (!part->header.terminated && raw.n > EMBEDDED_HEADER_MAX) {
		finder->list->cut = true;
		return false;
	}
	return status == HEADER_OK || status == HEADER_EMPTY;
}

static void walk(
    struct finder *finder, const struct part *part, unsigned nesting);

static void
walk_parts(struct finder *finder, struct span body, struct span marker,
    bool digest, unsigned nesting)
{
	size_t at = find_delimiter(body, 0, marker);

	while (at < body.n) {
		struct span rest = span_from(body, at + marker.n - 1);
		size_t begin = body.n - rest.n + span_find(rest, '\n') + 1;
		struct part part = { .in_digest = digest };

		if (span_starts_with(rest, SPAN("--")) || begin >= body.n)
			return;
		if (finder->parts++ == EMBEDDED_PARTS_MAX) {
			finder->list->cut = true;
			return;
		}
		at = find_delimiter(body, begin, marker);
		struct span raw = span_sub(body, begin, at - begin);
		if (at < body.n)
			raw = without_line_end(raw);
		if (open_part(finder, &part, raw))
			walk(finder, &part, nesting);
	}
}

static void
walk_multipart(struct finder *finder, const struct part *part, struct span type,
    bool digest, unsigned nesting)
{
	uint8_t text[BOUNDARY_MAX + 3] = "\n--";
	struct span boundary = { NULL, 0 };
	size_t n;

	if (!mime_parameter_find(span_from(type, span_find(type, ';')),
		SPAN("boundary"), &n, &boundary) ||
	    n == 0 || boundary.n == 0 || boundary.n > BOUNDARY_MAX)
		return;
	if (nesting == EMBEDDED_NESTING_MAX) {
		finder->list->cut = true;
		return;
	}
	memcpy(text + 3, boundary.p, boundary.n);
	walk_parts(finder, part->body, (struct span){ text, boundary.n + 3 },
	    digest, nesting + 1);
}

static void
walk(struct finder *finder, const struct part *part, unsigned nesting)
{
	struct span media, type = content_type(&part->header, &media);

	if (span_equal_nocase(media, SPAN("message/rfc822")) ||
	    span_equal_nocase(media, SPAN("message/global")) ||
	    (media.n == 0 && part->in_digest))
		add_part(finder, part);
	else if (begins_nocase(media, SPAN("multipart/")))
		walk_multipart(finder, part, type,
		    span_equal_nocase(media, SPAN("multipart/digest")),
		    nesting);
}

void
embedded_find(struct embedded_list *list, struct arena *arena,
    const struct message *message)
{
	struct finder finder = { list, arena, message, 0 };
	struct part whole = { .header = message->header,
		.body = span_from(message->raw, message->body_at) };
	struct span media;

	g_assert(message->reading.n_edits == 0);
	*list = (struct embedded_list){ .n = 0 };
	content_type(&message->header, &media);
	if (begins_nocase(media, SPAN("message/")) ||
	    span_equal_nocase(media, SPAN("multipart/digest")) ||
	    (begins_nocase(media, SPAN("multipart/")) &&
		names_message(whole.body)))
		walk(&finder, &whole, 0);
}
