/*
 * canon_header.c - "simple" and "relaxed" header fields, RFC 6376 sections
 * 3.4.1, 3.4.2, and the signature field of section 3.7.
 *
 * A field is pushed in pieces, so that the value of b= can be left out.
 * WSP is SP and HTAB, nothing else: VT, FF and 8-bit octets stay.
 */
#include "verifier/dkim/canon_header.h"

#include "keysnap/base/rfc5234.h"

#include <glib.h>

#define HEADER_BUFFER 1024 /* most fields fit */

/* A relaxed value in the making. */
struct relaxed {
	struct gather *out;
	bool held_wsp; /* WSP seen, not yet written */
	bool any;      /* the value has begun */
};

static void
put_lower_case(struct gather *out, struct span name)
{
	for (size_t i = 0; i < name.n; i++) {
		uint8_t lower = rfc5234_lower(name.p[i]);

		gather_add(out, (struct span){ &lower, 1 });
	}
}

/* Octets up to the next WSP or CR. */
static size_t
plain_run(struct span span)
{
	size_t n = 0;

	while (n < span.n && span.p[n] != '\r' &&
	    !rfc5234_is(span.p[n], RFC5234_WSP))
		n++;
	return n;
}

static void
put_run(struct relaxed *relaxed, struct span run)
{
	/* WSP before the value is removed, WSP within it becomes one SP. */
	if (relaxed->held_wsp && relaxed->any)
		gather_add(relaxed->out, SPAN(" "));
	gather_add(relaxed->out, run);
	relaxed->held_wsp = false;
	relaxed->any = true;
}

/* A piece of a value.  The header index makes sure that a CRLF within a field
 * is followed by WSP, so every CRLF here is folding. */
static void
put_relaxed(struct relaxed *relaxed, struct span piece)
{
	while (piece.n > 0) {
		size_t n = plain_run(piece);

		if (n > 0) {
			put_run(relaxed, span_sub(piece, 0, n));
		} else if (rfc5234_is(piece.p[0], RFC5234_WSP)) {
			relaxed->held_wsp = true;
			n = 1;
		} else if (span_starts_with(piece, SPAN("\r\n"))) {
			n = 2;
		} else {
			put_run(relaxed, SPAN("\r"));
			n = 1;
		}
		piece = span_from(piece, n);
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

/* The field without its final CRLF. */
static void
put_field(enum canonicalization algorithm, const struct header_field *field,
    struct span cut, struct gather *out)
{
	struct relaxed relaxed = { .out = out };
	struct span whole = field->whole, before, behind;

	if (algorithm == CANON_SIMPLE) {
		if (span_ends_with(whole, SPAN("\r\n")))
			whole.n -= 2;
		split_at(whole, cut, &before, &behind);
		gather_add(out, before);
		gather_add(out, behind);
		return;
	}
	put_lower_case(out, field->name);
	gather_add(out, SPAN(":"));
	split_at(field->value, cut, &before, &behind);
	put_relaxed(&relaxed, before);
	put_relaxed(&relaxed, behind);
}

void
canon_header_push(enum canonicalization algorithm,
    const struct header_field *field, struct sink *out)
{
	uint8_t buffer[HEADER_BUFFER];
	struct gather gather;

	gather_start(&gather, buffer, sizeof(buffer), out);
	put_field(algorithm, field, SPAN(""), &gather);
	gather_add(&gather, SPAN("\r\n"));
	gather_flush(&gather);
}

void
canon_header_push_signature(enum canonicalization algorithm,
    const struct header_field *field, struct span cut, struct sink *out)
{
	uint8_t buffer[HEADER_BUFFER];
	struct gather gather;

	gather_start(&gather, buffer, sizeof(buffer), out);
	put_field(algorithm, field, cut, &gather);
	gather_flush(&gather);
}
