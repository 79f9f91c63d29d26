/*
 * mime_frame.c - does the MIME header leave a choice how the body is read?
 * (RFC 2045 5.1, RFC 2046 5.1.1)
 *
 * Everything that is not plainly fixed is open: comments, two boundaries,
 * folded oddities are not worked out.
 */
#include "verifier/message/mime_frame.h"

#include "keysnap/base/rfc5234.h"
#include "verifier/message/mime_parameter.h"

#include <string.h>

#define BOUNDARY_MAX 70 /* RFC 2046 5.1.1 */

static bool
is_blank(struct span text)
{
	return span_trim_fws(text).n == 0;
}

/* ---- the fields ---------------------------------------------------------- */

/* No Content-Transfer-Encoding, or one that changes nothing. */
static bool
is_identity(const struct header_index *header)
{
	static const struct span fine[] = {
		{ (const uint8_t *)"7bit", 4 },
		{ (const uint8_t *)"8bit", 4 },
		{ (const uint8_t *)"binary", 6 },
	};
	const struct span name = SPAN("Content-Transfer-Encoding");
	const struct header_field *field = header_get(header, name, 0);

	if (field == NULL)
		return true;
	if (header_get(header, name, 1) != NULL)
		return false;
	for (size_t i = 0; i < G_N_ELEMENTS(fine); i++) {
		if (span_equal_nocase(span_trim_fws(field->value), fine[i]))
			return true;
	}
	return false;
}

/* RFC 2046 5.1.1: bchars, loosely, and no space at the end. */
static bool
is_boundary(struct span text)
{
	for (size_t i = 0; i < text.n; i++) {
		if (!rfc5234_is(text.p[i], RFC5234_VCHAR) && text.p[i] != ' ')
			return false;
	}
	return text.n > 0 && text.n <= BOUNDARY_MAX &&
	    text.p[text.n - 1] != ' ';
}

/* The one boundary among the parameters "rest"; start= (RFC 2387) would name
 * the part that is shown. */
static bool
find_boundary(struct span rest, struct span *boundary_out)
{
	struct span part;
	size_t n, starts;

	return mime_parameter_find(rest, SPAN("start"), &starts, &part) &&
	    starts == 0 &&
	    mime_parameter_find(rest, SPAN("boundary"), &n, boundary_out) &&
	    n == 1 && is_boundary(*boundary_out);
}

/* Does a text/plain with these parameters show the octets as they stand?
 * Any charset but those of common mail can make other letters of ASCII (utf-7)
 * or of 8-bit octets, and delsp= (RFC 3676) drops spaces. */
static bool
is_plain(struct span parameters)
{
	static const struct span fine[] = {
		{ (const uint8_t *)"us-ascii", 8 },
		{ (const uint8_t *)"utf-8", 5 },
		{ (const uint8_t *)"iso-8859-1", 10 },
		{ (const uint8_t *)"windows-1252", 12 },
	};
	struct span charset = { NULL, 0 }, other;
	size_t n;

	if (!mime_parameter_find(parameters, SPAN("delsp"), &n, &other) ||
	    n > 0)
		return false;
	if (!mime_parameter_find(parameters, SPAN("charset"), &n, &charset) ||
	    n > 1)
		return false;
	for (size_t i = 0; i < G_N_ELEMENTS(fine); i++) {
		if (n == 0 || span_equal_nocase(charset, fine[i]))
			return true;
	}
	return false;
}

/* ---- the body ------------------------------------------------------------ */

/* Where the first line that begins with "marker", which has an LF in front,
 * begins, from "at" on (the start of a line), or body.n.  Not line by line:
 * this is done for each signature, and lines can be empty. */
static size_t
find_line(struct span body, size_t at, struct span marker)
{
	struct span rest = span_from(body, at);

	if (span_starts_with(rest, span_from(marker, 1)))
		return at;
	const uint8_t *hit =
	    rest.n == 0 ? NULL : memmem(rest.p, rest.n, marker.p, marker.n);
	return hit == NULL ? body.n : (size_t)(hit - body.p) + 1;
}

/* Nothing but white space on the rest of the line from "at" on. */
static bool
line_is_blank(struct span body, size_t at)
{
	struct span rest = span_from(body, at);

	return is_blank(span_sub(rest, 0, span_find(rest, '\n')));
}

static bool
is_framed(struct span body, struct span boundary)
{
	uint8_t text[BOUNDARY_MAX + 5]; /* LF, boundary, and "--" twice */
	struct span open = { text, boundary.n + 3 };
	struct span shut = { text, boundary.n + 5 };

	memset(text, '-', sizeof(text));
	text[0] = '\n';
	memcpy(text + 3, boundary.p, boundary.n);
	size_t first = find_line(body, 0, open);
	if (first == body.n || !is_blank(span_sub(body, 0, first)) ||
	    !line_is_blank(body, first + open.n - 1))
		return false;
	size_t last = find_line(body, first, shut);
	return last < body.n && is_blank(span_from(body, last + shut.n - 1));
}

/* An edit in the body: what is stored is not what is read. */
static bool
has_body_edit(const struct message *message)
{
	size_t n = message->reading.n_edits;

	return n > 0 && message->reading.edits[n - 1].at >= message->body_at;
}

static bool
is_fixed(const struct message *message, struct span type)
{
	struct span boundary = { NULL, 0 };
	size_t semicolon = span_find(type, ';');
	struct span media = span_trim_fws(span_sub(type, 0, semicolon));
	struct span multipart = SPAN("multipart/");

	if (span_equal_nocase(media, SPAN("text/plain")))
		return is_plain(span_from(type, semicolon));
	if (!span_equal_nocase(span_sub(media, 0, multipart.n), multipart))
		return false;
	return !has_body_edit(message) &&
	    find_boundary(span_from(type, semicolon), &boundary) &&
	    is_framed(span_from(message->raw, message->body_at), boundary);
}

enum mime_frame
mime_frame_get(const struct message *message, struct arena *arena)
{
	const struct span name = SPAN("Content-Type");
	const struct header_index *header = &message->header;
	const struct header_field *field = header_get(header, name, 0);

	(void)arena; /* nothing needs memory yet */
	if (!is_identity(header) || header_get(header, name, 1) != NULL)
		return MIME_FRAME_OPEN;
	if (field == NULL)
		return MIME_FRAME_FIXED;
	return is_fixed(message, span_trim_fws(field->value)) ? MIME_FRAME_FIXED
							      : MIME_FRAME_OPEN;
}
