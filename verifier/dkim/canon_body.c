/*
 * canon_body.c - "simple" and "relaxed" bodies, RFC 6376 sections 3.4.3, 3.4.4,
 * and the older ones, which canon_nofws.c has.
 *
 * Almost every octet of a body is its own canonical form.  So spans are
 * passed on whole, and only the rare spots that need a change are looked at
 * octet by octet.  What may turn out to be the end of a line or of the body
 * is held back as counts, so memory does not grow with the body.
 */
#include "verifier/dkim/canon_body.h"

#include "keysnap/base/octets16.h"
#include "keysnap/base/octets32.h"
#include "keysnap/base/rfc5234.h"
#include "verifier/dkim/canon_nofws.h"

#include <glib.h>

#define LOOKAHEAD 2 /* octets behind a spot that decide what it is */

void
canon_body_put(struct canon_body *canon, struct span span)
{
	canon->any = canon->any || span.n > 0;
	gather_add(&canon->gather, span);
}

/* Write the line ends that turned out not to end the body. */
static void
put_empty_lines(struct canon_body *canon)
{
	static const uint8_t crlfs[] = "\r\n\r\n\r\n\r\n\r\n\r\n\r\n\r\n"
				       "\r\n\r\n\r\n\r\n\r\n\r\n\r\n\r\n";
	const uint64_t most = (sizeof(crlfs) - 1) / 2;

	while (canon->empty_lines > 0) {
		uint64_t now = MIN(canon->empty_lines, most);

		canon_body_put(canon, (struct span){ crlfs, (size_t)now * 2 });
		canon->empty_lines -= now;
	}
}

/* Write what was held back before an octet that stays. */
void
canon_body_settle(struct canon_body *canon)
{
	put_empty_lines(canon);
	if (canon->held_wsp)
		canon_body_put(canon, SPAN(" "));
	if (canon->held_cr)
		canon_body_put(canon, SPAN("\r"));
	canon->held_wsp = canon->held_cr = false;
}

/* The octet behind a CR that was held back: a line end, or a bare CR. */
static void
end_held_cr(struct canon_body *canon, bool is_line_end)
{
	if (!is_line_end) {
		canon_body_settle(canon);
		return;
	}
	canon->held_wsp = canon->held_cr = false;
	canon->empty_lines++;
}

/* CRLFs at the end of "span", whose count is returned, are cut off. */
static uint64_t
cut_final_crlfs(struct span *span)
{
	uint64_t n = 0;

	while (span_ends_with(*span, SPAN("\r\n"))) {
		span->n -= 2;
		n++;
	}
	return n;
}

/* RFC 6376 3.4.3: only CRLFs at the end of the body can change. */
static void
push_simple(struct sink *self, struct span span)
{
	struct canon_body *canon = (struct canon_body *)self;

	if (canon->held_cr) {
		bool is_line_end = span.p[0] == '\n';

		end_held_cr(canon, is_line_end);
		span = span_from(span, is_line_end ? 1 : 0);
	}

	bool ends_cr = span_ends_with(span, SPAN("\r"));
	span.n -= ends_cr ? 1 : 0;
	uint64_t crlfs = cut_final_crlfs(&span);
	if (span.n > 0) {
		canon_body_settle(canon);
		canon_body_put(canon, span);
	}
	canon->empty_lines += crlfs;
	canon->held_cr = ends_cr;
}

static bool
is_space(uint8_t octet)
{
	return octet == ' ' || octet == '\t' || octet == '\r';
}

/* Must "relaxed" look at the octet at "at"?  TAB, WSP before more WSP or a
 * CR, a line end before what may be an empty line; and yes where the octets
 * behind it are not there yet. */
static bool
is_spot(struct span span, size_t at)
{
	const uint8_t *p = span.p + at;
	size_t n = span.n - at;

	if (p[0] == '\t')
		return true;
	if (p[0] == ' ')
		return n < 2 || is_space(p[1]);
	if (p[0] == '\r')
		return n < 3 || (p[1] == '\n' && is_space(p[2]));
	return false;
}

/* Where spots may be among the OCTETS16 octets at "p".  Reads LOOKAHEAD octets
 * more.  Says yes too often (any control character for white space; CR, any
 * octet, CR), never too seldom. */
static octets16
likely_spots(const uint8_t *p)
{
	octets16 here = octets16_load(p);
	octets16 next = octets16_load(p + 1);
	octets16 second = octets16_load(p + 2);

	return octets16_equal(here, '\t') |
	    (octets16_equal(here, ' ') & (octets16)(next <= ' ')) |
	    (octets16_equal(here, '\r') & (octets16)(second <= ' '));
}

/* The same of the octets at "p", added to "spots". */
static inline void
add_likely_spots(octets32 *spots, const uint8_t *p)
{
	octets32 here, next, second;

	octets32_load(&here, p);
	octets32_load(&next, p + 1);
	octets32_load(&second, p + 2);
	*spots |= (octets32)(here == '\t') |
	    ((octets32)(here == ' ') & (octets32)(next <= ' ')) |
	    ((octets32)(here == '\r') & (octets32)(second <= ' '));
}

/* Where the first step from "at" on begins that may hold a spot, or that the
 * text is too short for. */
OCTETS32_CLONES static size_t
skip_spotless(struct span span, size_t at)
{
	for (; span.n - at >= OCTETS32_STEP + LOOKAHEAD; at += OCTETS32_STEP) {
		octets32 spots = { 0 };

		for (size_t i = 0; i < OCTETS32_STEP; i += OCTETS32)
			add_likely_spots(&spots, span.p + at + i);
		if (octets32_any(&spots))
			break;
	}
	return at;
}

/* Offset of the first spot from "at" to "end", or "end". */
static size_t
find_spot_before(struct span span, size_t at, size_t end)
{
	for (; at < end && span.n - at >= OCTETS16 + LOOKAHEAD;
	     at += OCTETS16) {
		octets16 likely = likely_spots(span.p + at);

		if (!octets16_any(likely))
			continue;
		for (size_t i = 0; i < OCTETS16; i++)
			if (likely[i] && is_spot(span, at + i))
				return at + i;
	}
	while (at < end && !is_spot(span, at))
		at++;
	return at;
}

/* Offset of the first spot from "at" on, or span.n. */
static size_t
find_spot(struct span span, size_t at)
{
	while (at < span.n) {
		at = skip_spotless(span, at);
		size_t end = MIN(span.n, at + OCTETS32_STEP);
		size_t spot = find_spot_before(span, at, end);
		if (spot < end)
			return spot;
		at = spot;
	}
	return at;
}

/* Take one octet, whatever is held back. */
static void
step_relaxed(struct canon_body *canon, struct span octet)
{
	uint8_t c = octet.p[0];

	if (canon->held_cr) {
		end_held_cr(canon, c == '\n');
		if (c == '\n')
			return;
	}
	if (rfc5234_is(c, RFC5234_WSP)) {
		canon->held_wsp = true;
	} else if (c == '\r') {
		canon->held_cr = true;
	} else {
		canon_body_settle(canon);
		canon_body_put(canon, octet);
	}
}

/* RFC 6376 3.4.4. */
static void
push_relaxed(struct sink *self, struct span span)
{
	struct canon_body *canon = (struct canon_body *)self;
	size_t at = 0;

	while (at < span.n) {
		if (canon->empty_lines == 0 && !canon->held_wsp &&
		    !canon->held_cr) {
			size_t spot = find_spot(span, at);

			canon_body_put(canon, span_sub(span, at, spot - at));
			at = spot;
		}
		if (at < span.n)
			step_relaxed(canon, span_sub(span, at++, 1));
	}
}

/* What the end of the body adds. */
enum ending { ENDING_NONE, ENDING_CRLF, ENDING_CRLF_ALWAYS };

static const struct {
	void (*push)(struct sink *self, struct span span);
	enum ending ending;
	bool with_separator;
} forms[CANONS] = {
	[CANON_SIMPLE] = { push_simple, ENDING_CRLF_ALWAYS, false },
	[CANON_RELAXED] = { push_relaxed, ENDING_CRLF, false },
	[CANON_NOWSP] = { canon_nowsp_push, ENDING_NONE, false },
	[CANON_DK_SIMPLE] = { push_simple, ENDING_CRLF, true },
	[CANON_DK_NOFWS] = { canon_nofws_push, ENDING_CRLF, true },
};

void
canon_body_start(
    struct canon_body *canon, enum canonicalization algorithm, struct sink *out)
{
	canon->sink.push = forms[algorithm].push;
	gather_start(&canon->gather, canon->buffer, sizeof(canon->buffer), out);
	canon->algorithm = algorithm;
	canon->empty_lines = forms[algorithm].with_separator ? 1 : 0;
	canon->held_wsp = canon->held_cr = canon->any = false;
}

void
canon_body_finish(struct canon_body *canon)
{
	enum ending ending = forms[canon->algorithm].ending;

	/* A CR without LF stays, but where white space goes; WSP held back
	 * ends the last line. */
	if (canon->held_cr && canon->algorithm != CANON_DK_NOFWS)
		canon_body_settle(canon);
	if (ending == ENDING_CRLF_ALWAYS ||
	    (ending == ENDING_CRLF && canon->any))
		canon_body_put(canon, SPAN("\r\n"));
	gather_flush(&canon->gather);
}
