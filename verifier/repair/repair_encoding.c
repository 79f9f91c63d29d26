/*
 * repair_encoding.c - text that was given another transfer encoding on its
 * way (RFC 2045 section 6; RFC 6152): 8bit to quoted-printable or base64, as
 * servers do for others that take 7 bits only, and back, as clients do that
 * store what they show.
 *
 * To encode leaves a choice where lines are broken: here they are as long as
 * they may be, which is what most programs do.
 */
#include "verifier/repair/repair.h"
#include "verifier/repair/stored.h"
#include "verifier/repair/stored_part.h"

#include "keysnap/base/base64.h"
#include "keysnap/base/rfc5234.h"

#include <glib.h>
#include <string.h>

#define CONTENT_MAX \
	(1u << 20) /* octets of a part that are decoded or encoded
				  as base64: these are copied */
#define BODY_MAX         (16u << 20) /* of all parts that are */
#define LINE_MAX_ENCODED 76          /* RFC 2045 6.7 (5), 6.8 */

enum encoding_variant {
	TO_8BIT,
	TO_8BIT_FROM_BASE64,
	TO_QUOTED_PRINTABLE,
	TO_BASE64,
	ENCODING_VARIANTS
};

/* What a variant takes, and makes of it. */
static const struct {
	enum stored_encoding from;
	const char *word;
} variants[ENCODING_VARIANTS] = {
	[TO_8BIT] = { ENCODING_QUOTED_PRINTABLE, "8bit" },
	[TO_8BIT_FROM_BASE64] = { ENCODING_BASE64, "8bit" },
	[TO_QUOTED_PRINTABLE] = { ENCODING_IDENTITY, "quoted-printable" },
	[TO_BASE64] = { ENCODING_IDENTITY, "base64" },
};

/* ---- quoted-printable ---------------------------------------------------- */

static int
hex_value(uint8_t c)
{
	return g_ascii_isxdigit((char)c) ? g_ascii_xdigit_value((char)c) : -1;
}

static struct span
one_octet(struct arena *arena, int octet)
{
	uint8_t *p = arena_alloc(arena, 1);

	*p = (uint8_t)octet;
	return (struct span){ p, 1 };
}

/* The octets of a soft line break that begins at "text", or 0. */
static size_t
soft_break(struct span text)
{
	if (span_starts_with(text, SPAN("=\r\n")))
		return 3;
	return span_starts_with(text, SPAN("=\n")) ? 2 : 0;
}

static void
decode_quoted(struct edit_list *edits, const struct stored_part *part)
{
	struct span content = part->content;

	for (size_t i = 0; i < content.n && !edits->full;) {
		struct span rest = span_from(content, i);
		size_t n = soft_break(rest);

		if (rest.p[0] != '=') {
			i++;
		} else if (n > 0) {
			edit_list_add(edits, part->content_at + i, n, SPAN(""));
			i += n;
		} else if (rest.n >= 3 && hex_value(rest.p[1]) >= 0 &&
		    hex_value(rest.p[2]) >= 0) {
			edit_list_add(edits, part->content_at + i, 3,
			    one_octet(edits->arena,
				hex_value(rest.p[1]) * 16 +
				    hex_value(rest.p[2])));
			i += 3;
		} else {
			i++;
		}
	}
}

/* Octet number "i" of a line as quoted-printable; of WSP only the last is
 * encoded. */
static bool
is_quoted(struct span line, size_t i)
{
	uint8_t c = line.p[i];

	if (rfc5234_is(c, RFC5234_WSP))
		return i + 1 == line.n;
	return c == '=' || !rfc5234_is(c, RFC5234_VCHAR);
}

/* A soft line break, the octet "c" encoded, or the one before the other. */
static struct span
encoded(struct arena *arena, uint8_t c, bool broken, bool quoted)
{
	static const char digits[] = "0123456789ABCDEF";
	uint8_t *text;

	if (!quoted)
		return SPAN("=\r\n");
	text = arena_alloc(arena, 6);
	memcpy(text, "=\r\n=", 4);
	text[4] = (uint8_t)digits[c >> 4];
	text[5] = (uint8_t)digits[c & 15];
	return broken ? (struct span){ text, 6 } : (struct span){ text + 3, 3 };
}

static void
encode_line(
    struct edit_list *edits, const struct stored_line *line, size_t offset)
{
	size_t column = 0;

	for (size_t i = 0; i < line->text.n && !edits->full; i++) {
		bool quoted = is_quoted(line->text, i);
		bool last = i + 1 == line->text.n;
		size_t n = quoted ? 3 : 1;
		bool broken = column + n > LINE_MAX_ENCODED - (last ? 0u : 1u);

		column = broken ? n : column + n;
		if (quoted || broken)
			edit_list_add(edits, offset + line->at + i,
			    quoted ? 1 : 0,
			    encoded(
				edits->arena, line->text.p[i], broken, quoted));
	}
}

static void
encode_quoted(struct edit_list *edits, const struct stored_part *part)
{
	struct stored_line line;
	size_t at = 0;

	while (!edits->full && stored_line_next(&line, part->content, &at))
		encode_line(edits, &line, part->content_at);
}

/* ---- base64 -------------------------------------------------------------- */

static void
replace_content(
    struct edit_list *edits, const struct stored_part *part, struct span text)
{
	edit_list_add(edits, part->content_at, part->content.n, text);
}

static void
decode_base64(struct edit_list *edits, const struct stored_part *part)
{
	struct span text;

	if (part->content.n > CONTENT_MAX ||
	    base64_decode_fws(edits->arena, part->content, &text) != BASE64_OK)
		return;
	replace_content(edits, part, text);
}

/* With CRLF, as text is encoded (RFC 2045 6.8). */
static void
encode_base64(struct edit_list *edits, const struct stored_part *part)
{
	g_autoptr(GString) text = g_string_new(NULL);
	g_autoptr(GString) encoded = g_string_new(NULL);
	g_autoptr(GString) lines = g_string_new(NULL);
	struct stored_line line;
	size_t at = 0;

	if (part->content.n > CONTENT_MAX)
		return;
	while (stored_line_next(&line, part->content, &at)) {
		g_string_append_len(
		    text, (const char *)line.text.p, (gssize)line.text.n);
		if (line.end > 0)
			g_string_append(text, "\r\n");
	}
	base64_append(
	    encoded, (struct span){ (const uint8_t *)text->str, text->len });
	for (size_t i = 0; i < encoded->len; i += LINE_MAX_ENCODED) {
		size_t n = MIN(encoded->len - i, (size_t)LINE_MAX_ENCODED);

		g_string_append_len(lines, encoded->str + i, (gssize)n);
		if (part->in_body && i + n == encoded->len)
			break;
		g_string_append(lines, "\r\n");
	}
	replace_content(edits, part,
	    arena_copy(edits->arena,
		(struct span){ (const uint8_t *)lines->str, lines->len }));
}

/* ---- repairs ------------------------------------------------------------- */

static void
change_word(struct edit_list *edits, const struct stored_part *part,
    enum encoding_variant variant)
{
	edit_list_add(edits, part->word_at, part->word_n,
	    span_from_string(variants[variant].word));
}

static void
change_content(struct edit_list *edits, const struct stored_part *part,
    enum encoding_variant variant)
{
	switch (variant) {
	case TO_8BIT:
		decode_quoted(edits, part);
		return;
	case TO_8BIT_FROM_BASE64:
		decode_base64(edits, part);
		return;
	case TO_QUOTED_PRINTABLE:
		encode_quoted(edits, part);
		return;
	case TO_BASE64:
		encode_base64(edits, part);
		return;
	case ENCODING_VARIANTS:
		return;
	}
}

static bool
fits(const struct stored_part *part, enum encoding_variant variant)
{
	return part->encoding == variants[variant].from &&
	    (part->text || variant == TO_8BIT);
}

/* Does it take copies of what it changes? */
static bool
is_copied(enum encoding_variant variant)
{
	return variant == TO_8BIT_FROM_BASE64 || variant == TO_BASE64;
}

/* The parts of the body, or where there is none the body itself. */
static bool
propose_body_encoding(struct edit_list *edits,
    const struct repair_subject *subject, unsigned variant)
{
	struct stored_parts parts = { .message = subject->message };
	struct stored_part part;
	bool any = false;

	if (variant >= ENCODING_VARIANTS)
		return false;
	if (is_copied(variant) &&
	    subject->message->raw.n - subject->message->body_at > BODY_MAX)
		return true;
	while (stored_part_next(&parts, &part)) {
		any = true;
		if (!fits(&part, variant))
			continue;
		change_word(edits, &part, variant);
		change_content(edits, &part, variant);
	}
	if (!any && stored_part_of_message(subject->message, &part) &&
	    fits(&part, variant))
		change_content(edits, &part, variant);
	return true;
}

const struct repair repair_body_encoding = { "body-encoding", REPAIR_BODY,
	REPAIR_SEEN, propose_body_encoding };

/* The message's own field, where it was signed. */
static bool
propose_encoding_field(struct edit_list *edits,
    const struct repair_subject *subject, unsigned variant)
{
	struct stored_part part;

	if (variant >= ENCODING_VARIANTS ||
	    !signature_takes(
		subject->signature, SPAN("Content-Transfer-Encoding")) ||
	    !stored_part_of_message(subject->message, &part))
		return false;
	if (part.encoding == variants[variant].from)
		change_word(edits, &part, variant);
	return true;
}

const struct repair repair_encoding_field = { "encoding-field", REPAIR_HEADER,
	REPAIR_SEEN, propose_encoding_field };
