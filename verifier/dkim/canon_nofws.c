/*
 * canon_nofws.c - bodies without white space: "nofws" of RFC 4870 section
 * 3.4.2.2, and "nowsp" of draft-allman-dkim-base.
 *
 * Both are of old mail only, so they are plain: runs of octets that stay are
 * passed on as they are.
 */
#include "verifier/dkim/canon_nofws.h"

/* RFC 4870 3.4.2.2: HTAB, LF, CR and SP are folding white space. */
static bool
is_fws(uint8_t octet)
{
	return octet == ' ' || octet == '\t' || octet == '\r' || octet == '\n';
}

/* Octets at the start of "span" that are no white space. */
static size_t
solid_length(struct span span)
{
	size_t n = 0;

	while (n < span.n && !is_fws(span.p[n]))
		n++;
	return n;
}

/* One octet of white space: only a CRLF, a line end, leaves something. */
static void
take_fws(struct canon_body *canon, uint8_t octet)
{
	if (canon->held_cr && octet == '\n')
		canon->empty_lines++;
	canon->held_cr = octet == '\r';
}

void
canon_nofws_push(struct sink *self, struct span span)
{
	struct canon_body *canon = (struct canon_body *)self;

	while (span.n > 0) {
		size_t n = solid_length(span);

		if (n > 0) {
			canon->held_cr = false;
			canon_body_settle(canon);
			canon_body_put(canon, span_sub(span, 0, n));
		} else {
			take_fws(canon, span.p[0]);
			n = 1;
		}
		span = span_from(span, n);
	}
}

void
canon_nowsp_push(struct sink *self, struct span span)
{
	struct canon_body *canon = (struct canon_body *)self;

	while (span.n > 0) {
		size_t n = solid_length(span);

		canon_body_put(canon, span_sub(span, 0, n));
		span = span_from(span, n);
		while (span.n > 0 && is_fws(span.p[0]))
			span = span_from(span, 1);
	}
}

void
canon_nofws_field(struct span text, struct gather *out)
{
	while (text.n > 0) {
		size_t n = solid_length(text);

		gather_add(out, span_sub(text, 0, n));
		text = span_from(text, n);
		while (text.n > 0 && is_fws(text.p[0]))
			text = span_from(text, 1);
	}
}
