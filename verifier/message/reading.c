/*
 * reading.c - the octets of a message as a reading has them.
 *
 * Lines are found with memchr(); what lies between two changes is one run and
 * goes out in one piece.  Pieces under DIRECT_MIN are gathered in the
 * caller's buffer, larger ones are passed on without a copy.  Lines that get
 * a CR, all of them in most mailboxes, are put there one by one.
 *
 * A ">" at the start of a line is dropped or kept only when it is known
 * whether "From " follows.  Since all ">" of a run are the same octet, it is
 * enough to hold the last one back: the state stays small for any depth.
 */
#include "verifier/message/reading.h"

#include "keysnap/base/octets32.h"

#include <glib.h>
#include <string.h>

#define DIRECT_MIN 4096 /* below this a copy costs less than another call */

static const uint8_t from[5] = { 'F', 'r', 'o', 'm', ' ' };

static struct span
span_between(const uint8_t *start, const uint8_t *end)
{
	return (struct span){ start, (size_t)(end - start) };
}

/* ---- traits -------------------------------------------------------------- */

/* Note the line at "p" if it is quoted. */
static void
traits_line(struct reading_traits *traits, const uint8_t *p, const uint8_t *end)
{
	const uint8_t *q = p;

	while (q < end && *q == '>')
		q++;
	if (q == p || (size_t)(end - q) < sizeof(from) ||
	    memcmp(q, from, sizeof(from)) != 0)
		return;
	traits->quoted = true;
	if (q - p > 1)
		traits->quoted_deep = true;
}

/* Look at one octet, and the one before it. */
static void
traits_octet(struct reading_traits *traits, struct span raw, size_t at)
{
	const uint8_t *p = raw.p + at;

	if (*p == '\n' && at > 0 && p[-1] == '\r')
		traits->crlf = true;
	else if (*p == '\n')
		traits->bare_lf = true;
	else if (*p == '>' && (at == 0 || p[-1] == '\n'))
		traits_line(traits, p, raw.p + raw.n);
}

/* What blocks of octets hold: line ends, and ">" at the start of a line. */
struct block_traits {
	octets32 crlfs, bare_lfs, quotes;
};

/* Reads one octet before "p", too. */
static inline void
look_at_block(struct block_traits *found, const uint8_t *p)
{
	octets32 here, before;

	octets32_load(&here, p);
	octets32_load(&before, p - 1);
	octets32 lf = (octets32)(here == '\n');
	octets32 cr_before = (octets32)(before == '\r');
	found->crlfs |= lf & cr_before;
	found->bare_lfs |= lf & ~cr_before;
	found->quotes |= (octets32)(before == '\n') & (octets32)(here == '>');
}

/*
 * Look at the octets from "at" on, which is not 0, step by step; returns where
 * those begin that are left over.  Only steps with a ">" at the start of a
 * line are looked at more closely.
 */
OCTETS32_CLONES static size_t
traits_blocks(struct reading_traits *traits, struct span raw, size_t at)
{
	struct block_traits found = { .quotes = { 0 } };

	for (; raw.n - at >= OCTETS32_STEP; at += OCTETS32_STEP) {
		for (size_t i = 0; i < OCTETS32_STEP; i += OCTETS32)
			look_at_block(&found, raw.p + at + i);
		if (!octets32_any(&found.quotes))
			continue;
		for (size_t i = 0; i < OCTETS32_STEP; i++)
			if (raw.p[at + i] == '>')
				traits_octet(traits, raw, at + i);
		found.quotes = (octets32){ 0 };
	}
	traits->crlf = traits->crlf || octets32_any(&found.crlfs);
	traits->bare_lf = traits->bare_lf || octets32_any(&found.bare_lfs);
	return at;
}

void
reading_traits_get(struct reading_traits *traits, struct span raw)
{
	size_t at = 0;

	*traits = (struct reading_traits){ .crlf = false };
	if (raw.n > 0)
		traits_octet(traits, raw, at++);
	at = traits_blocks(traits, raw, at);
	for (; at < raw.n; at++)
		traits_octet(traits, raw, at);
	traits->final_crlf = span_ends_with(raw, SPAN("\r\n"));
}

/* ---- candidates ---------------------------------------------------------- */

/* "reading" in the plainest words that give the same octets. */
static struct reading
simplify(const struct reading_traits *traits, struct reading reading)
{
	if (!(traits->crlf && traits->bare_lf))
		reading.line_ends = LINE_ENDS_CRLF;
	if (!traits->quoted)
		reading.quoting = QUOTING_KEPT;
	else if (!traits->quoted_deep && reading.quoting == QUOTING_MBOXO)
		reading.quoting = QUOTING_MBOXRD;
	reading.verbatim = reading.quoting == QUOTING_KEPT && !traits->bare_lf;
	return reading;
}

static bool
is_among(const struct reading *list, size_t n, const struct reading *reading)
{
	for (size_t i = 0; i < n; i++) {
		if (list[i].quoting == reading->quoting &&
		    list[i].line_ends == reading->line_ends)
			return true;
	}
	return false;
}

size_t
reading_candidates(const struct reading_traits *traits, bool mbox,
    struct reading out[READINGS_MAX])
{
	static const struct reading order[READINGS_MAX] = {
		{ QUOTING_MBOXRD, LINE_ENDS_CRLF, NULL, 0, false },
		{ QUOTING_KEPT, LINE_ENDS_KEPT, NULL, 0, false },
		{ QUOTING_MBOXO, LINE_ENDS_CRLF, NULL, 0, false },
		{ QUOTING_KEPT, LINE_ENDS_CRLF, NULL, 0, false },
		{ QUOTING_MBOXRD, LINE_ENDS_KEPT, NULL, 0, false },
		{ QUOTING_MBOXO, LINE_ENDS_KEPT, NULL, 0, false },
	};
	size_t n = 0;

	for (size_t i = 0; i < READINGS_MAX; i++) {
		struct reading reading = order[i];
		if (!mbox)
			reading.quoting = QUOTING_KEPT;
		reading = simplify(traits, reading);
		if (!is_among(out, n, &reading))
			out[n++] = reading;
	}
	return n;
}

const char *
reading_dialect(const struct reading *reading)
{
	switch (reading->quoting) {
	case QUOTING_MBOXRD:
		return "mboxrd";
	case QUOTING_MBOXO:
		return "mboxo";
	case QUOTING_KEPT:
		break;
	}
	return "mbox";
}

/* ---- the way out --------------------------------------------------------- */

static void
flush(struct reading_stream *stream)
{
	sink_push(
	    stream->out, (struct span){ stream->buffer, stream->n_buffer });
	stream->n_buffer = 0;
}

static void
note_end(struct reading_stream *stream, struct span span)
{
	uint8_t last = span.p[span.n - 1];
	bool cr_before =
	    span.n > 1 ? span.p[span.n - 2] == '\r' : stream->out_cr;

	stream->ends_crlf = cr_before && last == '\n';
	stream->out_cr = last == '\r';
	stream->n_out += span.n;
}

static void
emit(struct reading_stream *stream, struct span span)
{
	if (span.n == 0)
		return;
	note_end(stream, span);
	if (span.n > READING_BUFFER - stream->n_buffer || span.n >= DIRECT_MIN)
		flush(stream);
	if (span.n >= DIRECT_MIN) {
		sink_push(stream->out, span);
		return;
	}
	memcpy(stream->buffer + stream->n_buffer, span.p, span.n);
	stream->n_buffer += span.n;
}

/* ---- quoting ------------------------------------------------------------- */

static bool
undoes(const struct reading_stream *stream)
{
	return stream->reading->quoting == QUOTING_MBOXRD ||
	    (stream->reading->quoting == QUOTING_MBOXO &&
		stream->quote_depth == 1);
}

/* Let go of the ">" that is held, but for "drop", and of what was matched. */
static void
release(struct reading_stream *stream, bool drop)
{
	if (stream->quote_depth > 0 && !drop)
		emit(stream, SPAN(">"));
	emit(stream, (struct span){ from, stream->n_matched });
	stream->quote_depth = 0;
	stream->n_matched = 0;
	stream->at_line_start = false;
}

/* Go on with a run of ">" of which the last is held.  Returns where it ends. */
static const uint8_t *
take_quotes(struct reading_stream *stream, const uint8_t *p, const uint8_t *end)
{
	const uint8_t *q = p;

	while (q < end && *q == '>')
		q++;
	size_t n = (size_t)(q - p);
	if (n == 0)
		return p;
	/* The one held before goes out, the last of these is held instead. */
	emit(stream, (struct span){ p, stream->quote_depth > 0 ? n : n - 1 });
	stream->quote_depth = n + stream->quote_depth > 1 ? 2 : 1;
	return q;
}

/*
 * The start of a line, or its continuation after a cut: returns the first
 * octet that is not held.  When all of [p, end) is held, that is "end".
 */
static const uint8_t *
take_line_start(
    struct reading_stream *stream, const uint8_t *p, const uint8_t *end)
{
	if (stream->n_matched == 0)
		p = take_quotes(stream, p, end);
	while (stream->quote_depth > 0 && p < end &&
	    *p == from[stream->n_matched]) {
		p++;
		if (++stream->n_matched == sizeof(from)) {
			release(stream, undoes(stream));
			return p;
		}
	}
	if (p < end)
		release(stream, false);
	return p;
}

/* Is it plain that this line start, wholly in [p, end), is not quoted? */
static bool
is_plain(
    const struct reading_stream *stream, const uint8_t *p, const uint8_t *end)
{
	if (stream->quote_depth > 0)
		return false;
	while (p < end && *p == '>')
		p++;
	return p < end && *p != 'F';
}

/* ---- lines --------------------------------------------------------------- */

/*
 * Where one LF was bare others follow: take whole lines from "p", the start of
 * a line, on, straight into the buffer.  Returns the start of the first line
 * that does not fit, does not end or may be quoted.
 */
static const uint8_t *
take_lines(struct reading_stream *stream, const uint8_t *p, const uint8_t *end,
    bool unquote)
{
	uint8_t *start = stream->buffer + stream->n_buffer, *to = start;
	const uint8_t *limit = stream->buffer + READING_BUFFER - 2;

	while (p < end && !(unquote && *p == '>')) {
		const uint8_t *lf = memchr(p, '\n', (size_t)(end - p));
		if (lf == NULL || lf - p > limit - to)
			break;
		to = mempcpy(to, p, (size_t)(lf - p));
		if (lf == p || lf[-1] != '\r')
			*to++ = '\r';
		*to++ = '\n';
		p = lf + 1;
	}
	if (to > start) {
		stream->out_cr = false;
		stream->ends_crlf = true;
		stream->n_out += (size_t)(to - start);
		stream->n_buffer += (size_t)(to - start);
	}
	return p;
}

/* Push octets that edits have been applied to. */
static void
feed(struct reading_stream *stream, struct span span)
{
	bool unquote = stream->reading->quoting != QUOTING_KEPT;
	bool convert = stream->reading->line_ends == LINE_ENDS_CRLF;
	const uint8_t *run = span.p, *p = span.p, *end = span.p + span.n;

	while (p < end) {
		if (unquote && stream->at_line_start) {
			if (!is_plain(stream, p, end)) {
				emit(stream, span_between(run, p));
				run = p = take_line_start(stream, p, end);
				continue;
			}
			stream->at_line_start = false;
		}
		const uint8_t *lf = memchr(p, '\n', (size_t)(end - p));
		if (lf == NULL)
			break;
		bool cr = lf > span.p ? lf[-1] == '\r' : stream->fed_cr;
		if (convert && !cr) {
			emit(stream, span_between(run, lf));
			emit(stream, SPAN("\r\n"));
			run = p = take_lines(stream, lf + 1, end, unquote);
		} else {
			p = lf + 1;
		}
		stream->at_line_start = true;
	}
	emit(stream, span_between(run, end));
	stream->fed_cr = end[-1] == '\r';
}

static void
feed_plain(struct reading_stream *stream, struct span span)
{
	const struct reading *reading = stream->reading;

	if ((reading->quoting == QUOTING_KEPT &&
		reading->line_ends == LINE_ENDS_KEPT) ||
	    (reading->verbatim && reading->n_edits == 0))
		emit(stream, span);
	else if (span.n > 0)
		feed(stream, span);
}

/* ---- edits --------------------------------------------------------------- */

static const struct edit *
pending_edit(const struct reading_stream *stream)
{
	if (stream->next_edit >= stream->reading->n_edits)
		return NULL;
	return &stream->reading->edits[stream->next_edit];
}

/* Begin every edit that lies at the present offset. */
static void
begin_edits(struct reading_stream *stream)
{
	const struct edit *edit;

	while (stream->removing == 0 && (edit = pending_edit(stream)) != NULL &&
	    edit->at == stream->offset) {
		feed_plain(stream, edit->insert);
		stream->removing = edit->remove;
		stream->next_edit++;
	}
}

/* How many octets of "raw" are treated alike: all removed, or all kept. */
static size_t
stretch(const struct reading_stream *stream, struct span raw)
{
	const struct edit *edit = pending_edit(stream);
	uint64_t n = raw.n;

	if (stream->removing > 0)
		n = stream->removing;
	else if (edit != NULL && edit->at > stream->offset)
		n = edit->at - stream->offset;
	return n < raw.n ? (size_t)n : raw.n;
}

/* ---- the stream ---------------------------------------------------------- */

void
reading_start(struct reading_stream *stream, const struct reading *reading,
    uint8_t *buffer, struct sink *out)
{
	*stream = (struct reading_stream){
		.reading = reading,
		.out = out,
		.at_line_start = true,
		.buffer = buffer,
	};
}

void
reading_seek(struct reading_stream *stream, uint64_t offset)
{
	const struct edit *edit;

	stream->offset = offset;
	while ((edit = pending_edit(stream)) != NULL && edit->at < offset)
		stream->next_edit++;
}

void
reading_push(struct reading_stream *stream, struct span raw)
{
	while (raw.n > 0) {
		begin_edits(stream);
		size_t n = stretch(stream, raw);
		if (stream->removing > 0)
			stream->removing -= n;
		else
			feed_plain(stream, span_sub(raw, 0, n));
		stream->offset += n;
		raw = span_from(raw, n);
	}
}

void
reading_finish(struct reading_stream *stream, bool final_crlf)
{
	begin_edits(stream);
	release(stream, false);
	if (final_crlf && stream->n_out > 0 && !stream->ends_crlf)
		emit(stream, SPAN("\r\n"));
	flush(stream);
}
