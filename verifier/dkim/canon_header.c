/*
 * canon_header.c - "simple" and "relaxed" header fields, RFC 6376 sections
 * 3.4.1, 3.4.2, and the signature field of section 3.7; the older algorithms
 * as canon_body.h names them.
 *
 * A field is pushed in pieces, so that the value of b= can be left out.
 * WSP is SP and HTAB, nothing else: VT, FF and 8-bit octets stay.
 */
#include "verifier/dkim/canon_header.h"

#include "keysnap/base/octets16.h"
#include "keysnap/base/rfc5234.h"
#include "verifier/dkim/canon_nofws.h"

#include <glib.h>

#define STRIDE 1024 /* octets looked at between two looks at the buffer */

G_STATIC_ASSERT(STRIDE < CANON_HEADER_BUFFER);

/* A relaxed value in the making. */
struct relaxed {
	struct gather *out;
	bool held_wsp; /* WSP seen, not yet written */
	bool any;      /* the value has begun */
};

static void
put_lower_case(struct gather *out, struct span name)
{
	while (name.n > 0) {
		size_t n = MIN(name.n, STRIDE);
		uint8_t *to = gather_room(out, n);

		for (size_t i = 0; i < n; i++)
			to[i] = rfc5234_lower(name.p[i]);
		out->n += n;
		name = span_from(name, n);
	}
}

/* Is what begins at "p" folding?  The header index makes sure that a CRLF
 * within a field is followed by WSP. */
static bool
is_folding(const uint8_t *p, const uint8_t *end)
{
	return end - p > 1 && p[0] == '\r' && p[1] == '\n';
}

/* Is there white space among the OCTETS16 octets at "p" that is not one SP
 * between others?  Reads one octet more. */
static bool
block_has_spot(const uint8_t *p)
{
	octets16 here = octets16_load(p);
	octets16 next = octets16_load(p + 1);

	return octets16_any(octets16_equal(here, '\t') |
	    octets16_equal(here, '\r') |
	    (octets16_equal(here, ' ') & (octets16)(next <= ' ')));
}

/* Copy blocks from "p" that need no change, but for one octet before "stop";
 * how many octets that was. */
static size_t
copy_blocks(const uint8_t *p, const uint8_t *stop, uint8_t *to)
{
	size_t n = 0;

	for (; (size_t)(stop - p) - n > OCTETS16; n += OCTETS16) {
		if (block_has_spot(p + n))
			break;
		memcpy(to + n, p + n, OCTETS16);
	}
	return n;
}

/* Write the octets from "p" to about "stop" to "to", whose end is returned.
 * WSP before the value is removed, WSP within it becomes one SP; so at most
 * one octet more comes out than goes in, a SP for WSP that was held. */
static uint8_t *
relax(struct relaxed *relaxed, const uint8_t **p_inout, const uint8_t *stop,
    const uint8_t *end, uint8_t *to)
{
	const unsigned special = RFC5234_WSP | RFC5234_CRLF;
	const uint8_t *p = *p_inout;

	while (p < stop) {
		if (rfc5234_is(*p, RFC5234_WSP)) {
			relaxed->held_wsp = true;
			p++;
		} else if (is_folding(p, end)) {
			p += 2;
		} else {
			if (relaxed->held_wsp && relaxed->any)
				*to++ = ' ';
			relaxed->held_wsp = false;
			relaxed->any = true;
			size_t n = copy_blocks(p, stop, to);
			p += n;
			to += n;
			if (n == 0) {
				do
					*to++ = *p++;
				while (p < stop && !rfc5234_is(*p, special));
			}
		}
	}
	*p_inout = p;
	return to;
}

/* A piece of a value. */
static void
put_relaxed(struct relaxed *relaxed, struct span piece)
{
	const uint8_t *p = piece.p, *end = piece.n > 0 ? p + piece.n : p;

	while (p < end) {
		size_t n = MIN((size_t)(end - p), STRIDE);
		uint8_t *to = gather_room(relaxed->out, n + 1);
		uint8_t *now = relax(relaxed, &p, p + n, end, to);

		relaxed->out->n += (size_t)(now - to);
	}
}

/* What of "span" stands before and behind "cut", a part of it or empty. */
static void
split_at(struct span span, struct span cut, struct span *before_out,
    struct span *behind_out)
{
	size_t at = cut.n > 0 ? (size_t)(cut.p - span.p) : span.n;

	g_assert(at <= span.n && cut.n <= span.n - at);
	*before_out = span_sub(span, 0, at);
	*behind_out = span_from(span, at + cut.n);
}

static void
put_simple(
    const struct header_field *field, struct span cut, struct gather *out)
{
	struct span whole = field->whole, before, behind;

	if (span_ends_with(whole, SPAN("\r\n")))
		whole.n -= 2;
	split_at(whole, cut, &before, &behind);
	gather_add(out, before);
	gather_add(out, behind);
}

static void
put_relaxed_field(
    const struct header_field *field, struct span cut, struct gather *out)
{
	struct relaxed relaxed = { .out = out };
	struct span before, behind;

	put_lower_case(out, field->name);
	gather_add(out, SPAN(":"));
	split_at(field->value, cut, &before, &behind);
	put_relaxed(&relaxed, before);
	put_relaxed(&relaxed, behind);
}

static void
put_nowsp(const struct header_field *field, struct span cut, struct gather *out)
{
	struct span before, behind;

	put_lower_case(out, field->name);
	gather_add(out, SPAN(":"));
	split_at(field->value, cut, &before, &behind);
	canon_nofws_field(before, out);
	canon_nofws_field(behind, out);
}

static void
put_nofws(const struct header_field *field, struct span cut, struct gather *out)
{
	struct span before, behind;

	split_at(field->whole, cut, &before, &behind);
	canon_nofws_field(before, out);
	canon_nofws_field(behind, out);
}

/* The field without "cut" and without its final CRLF. */
static void (*const forms[CANONS])(
    const struct header_field *field, struct span cut, struct gather *out) = {
	[CANON_SIMPLE] = put_simple,
	[CANON_RELAXED] = put_relaxed_field,
	[CANON_NOWSP] = put_nowsp,
	[CANON_DK_SIMPLE] = put_simple,
	[CANON_DK_NOFWS] = put_nofws,
};

void
canon_header_push(enum canonicalization algorithm,
    const struct header_field *field, struct gather *out)
{
	forms[algorithm](field, SPAN(""), out);
	gather_add(out, SPAN("\r\n"));
}

void
canon_header_push_signature(enum canonicalization algorithm,
    const struct header_field *field, struct span cut, struct gather *out)
{
	forms[algorithm](field, cut, out);
}
