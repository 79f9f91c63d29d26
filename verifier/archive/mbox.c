/*
 * mbox.c - mbox splitting (RFC 4155 and its neighbours) over a window.
 *
 * Lines of a header section are found one by one, in a body only those that
 * begin with "F" are looked for.  A line is only judged when MBOX_LOOKAHEAD
 * octets from its start on are in view, or the end of the file is.
 */
#include "verifier/archive/mbox.h"

#include "keysnap/base/octets32.h"
#include "keysnap/base/rfc5234.h"
#include "verifier/archive/content_length.h"

#include <string.h>

#define LOOK_BACK 4 /* CR LF CR LF: an empty line and the end of one */

/* ---- the view ------------------------------------------------------------ */

static uint64_t
view_end(const struct mbox_view *view)
{
	return view->base + view->octets.n;
}

static struct span
view_from(const struct mbox_view *view, uint64_t at)
{
	return span_from(view->octets, (size_t)(at - view->base));
}

/* Offset behind the last line start that can be judged now. */
static uint64_t
view_limit(const struct mbox_view *view)
{
	if (view->at_end)
		return view_end(view);
	if (view->octets.n < MBOX_LOOKAHEAD)
		return view->base;
	return view_end(view) - MBOX_LOOKAHEAD;
}

/* The first line of "rest" with its line end. */
static struct span
first_line(struct span rest)
{
	return span_sub(rest, 0, span_find(rest, '\n') + 1);
}

/* Octets of the empty line at the start of "rest", or 0. */
static size_t
empty_line(struct span rest)
{
	if (rest.n > 0 && rest.p[0] == '\n')
		return 1;
	return span_starts_with(rest, SPAN("\r\n")) ? 2 : 0;
}

/* Octets of the empty line that ends at "at", or 0. */
static size_t
empty_line_before(
    const struct mbox *mbox, const struct mbox_view *view, uint64_t at)
{
	uint64_t first = MAX(view->base, mbox->raw_at);
	const uint8_t *end = view->octets.p + (at - view->base);
	size_t seen = (size_t)(at - first), n;

	if (seen == 0 || end[-1] != '\n')
		return 0;
	n = seen > 1 && end[-2] == '\r' ? 2 : 1;
	if (seen > n)
		return end[-(ptrdiff_t)n - 1] == '\n' ? n : 0;
	return first == mbox->raw_at ? n : 0;
}

/* Does a line start at "at", which is behind the start of the view? */
static bool
is_line_start(const struct mbox_view *view, uint64_t at)
{
	return view_from(view, at - 1).p[0] == '\n';
}

/* ---- separators ---------------------------------------------------------- */

/* What may stand between a From_ line and the first header field: a BOM, and a
 * From_ line of before, quoted (an exporter of Thunderbird's mail) or not. */
static struct span
skip_leavings(struct span rest)
{
	struct span line;

	if (span_starts_with(rest, SPAN("\xef\xbb\xbf")))
		rest = span_from(rest, 3);
	line = first_line(rest);
	if (span_starts_with(line, SPAN(">From ")) ||
	    from_line_parse(line) != FROM_LINE_NONE)
		return span_from(rest, line.n);
	return rest;
}

static bool
is_plausible_next(struct span rest)
{
	return from_line_parse(first_line(rest)) != FROM_LINE_NONE ||
	    from_line_is_field(first_line(skip_leavings(rest)));
}

static bool
starts_two_fields(struct span rest)
{
	rest = skip_leavings(rest);
	struct span line = first_line(rest);

	return from_line_is_field(line) &&
	    from_line_is_field(first_line(span_from(rest, line.n)));
}

/* Is the line at "at" a separator?  SPLIT_NONE when not. */
static enum item_split
judge(const struct mbox *mbox, const struct mbox_view *view, uint64_t at,
    bool by_length)
{
	struct span rest = span_sub(view_from(view, at), 0, MBOX_LOOKAHEAD);
	struct span line = first_line(rest);
	enum from_line kind = from_line_parse(line);

	if (kind == FROM_LINE_NONE || at == mbox->raw_at)
		return SPLIT_NONE;
	rest = span_from(rest, line.n);
	if (by_length || empty_line_before(mbox, view, at) > 0)
		return is_plausible_next(rest) ? SPLIT_FROM_LINE : SPLIT_NONE;
	if (kind == FROM_LINE_DATED && starts_two_fields(rest))
		return SPLIT_HEURISTIC;
	return SPLIT_NONE;
}

/* ---- Content-Length ------------------------------------------------------ */

/* The header section ends at "body_at": note it and where it says the body
 * ends, if that is a place that can be looked at within the limit. */
static void
end_header(struct mbox *mbox, const struct mbox_view *view, uint64_t body_at)
{
	uint64_t length = 0, size = body_at - mbox->raw_at;

	mbox->has_body = true;
	mbox->body_at = body_at;
	if (size > mbox->limit || mbox->raw_at < view->base)
		return;
	struct span section =
	    span_sub(view_from(view, mbox->raw_at), 0, (size_t)size);
	if (!content_length_find(section, mbox->limit - size, &length))
		return;
	mbox->has_target = true;
	mbox->target = body_at + length;
}

/* Does the target lie on a separator or on the end?  Then *end_out is where
 * the message ends, the empty line before the separator included. */
static bool
lands(const struct mbox *mbox, const struct mbox_view *view, uint64_t *end_out)
{
	uint64_t end = view_end(view);

	if (mbox->target > end)
		return false;
	*end_out = mbox->target;
	if (mbox->target == end ||
	    (is_line_start(view, mbox->target) &&
		judge(mbox, view, mbox->target, true) != SPLIT_NONE))
		return true;
	*end_out += empty_line(view_from(view, mbox->target));
	if (*end_out == mbox->target)
		return false;
	return *end_out == end ||
	    judge(mbox, view, *end_out, true) != SPLIT_NONE;
}

/* Does "rest" begin with a header section of mail?  One that goes on past
 * "rest", which is "cut", is taken for one. */
static bool
starts_mail(struct span rest, bool cut)
{
	bool mail = false;
	size_t fields = 0;

	rest = skip_leavings(rest);
	while (rest.n > 0 && empty_line(rest) == 0) {
		struct span line = first_line(rest);
		if (cut && line.n == rest.n)
			return true;
		if (fields == 0 || !rfc5234_is(rest.p[0], RFC5234_WSP)) {
			if (!from_line_is_field(line))
				break;
			fields++;
			mail |= from_line_is_mail_field(line);
		}
		rest = span_from(rest, line.n);
	}
	return fields >= 2 && mail;
}

/* Does the From_ line at "at", before a place where the message may end, look
 * like the start of another message? */
static bool
starts_message(
    const struct mbox *mbox, const struct mbox_view *view, uint64_t at)
{
	struct span rest = span_sub(view_from(view, at), 0, MBOX_LOOKAHEAD);
	struct span line = first_line(rest);

	return judge(mbox, view, at, false) != SPLIT_NONE &&
	    !from_line_is_patch(line) &&
	    starts_mail(span_from(rest, line.n), rest.n == MBOX_LOOKAHEAD);
}

/*
 * Is there such a line before the target, which is in view?  No octet is
 * looked at twice for this, however many messages claim to reach far: what was
 * found clear for one is clear for the next.
 */
static bool
is_denied(struct mbox *mbox, const struct mbox_view *view)
{
	static const struct span start = { (const uint8_t *)"\nFrom ", 6 };
	uint64_t at = MAX(mbox->body_at, mbox->clear_to);

	while (at < mbox->target) {
		/* The line end before, which may be that of the header. */
		struct span rest = span_sub(view_from(view, at - 1), 0,
		    (size_t)(mbox->target - at) + start.n);
		const uint8_t *hit = memmem(rest.p, rest.n, start.p, start.n);
		at = hit == NULL ? mbox->target : at + (uint64_t)(hit - rest.p);
		if (at < mbox->target && starts_message(mbox, view, at)) {
			mbox->clear_to = at;
			return true;
		}
		at++;
	}
	mbox->clear_to = MAX(mbox->clear_to, mbox->target);
	return false;
}

/* ---- messages ------------------------------------------------------------ */

static void
begin(struct mbox *mbox, const struct mbox_view *view)
{
	struct span line = first_line(view_from(view, mbox->from_at));

	mbox->raw_at = mbox->from_at + line.n;
	while (line.n > 0 && rfc5234_is(line.p[line.n - 1], RFC5234_CRLF))
		line.n--;
	mbox->n_envelope = line.n;
	memcpy(mbox->envelope, line.p, line.n);
	mbox->scan = mbox->raw_at;
	mbox->line_start = true;
	mbox->has_body = mbox->has_target = mbox->doubtful = false;
	mbox->begun = true;
}

/* The message ends at "end"; "split" is how that was found. */
static enum mbox_step
finish(struct mbox *mbox, const struct mbox_view *view, uint64_t end,
    enum item_split split, struct mbox_message *out)
{
	uint64_t trimmed = end;

	if (!(mbox->has_body && mbox->body_at == end))
		trimmed -= empty_line_before(mbox, view, end);
	out->envelope = (struct span){ mbox->envelope, mbox->n_envelope };
	out->offset = mbox->raw_at;
	out->length = trimmed - mbox->raw_at;
	if (mbox->doubtful)
		split = SPLIT_HEURISTIC;
	out->split = mbox->heuristic ? SPLIT_HEURISTIC : split;
	out->too_large = out->length > mbox->limit;
	mbox->scan = end;
	mbox->from_at = end;
	mbox->begun = false;
	mbox->ended = view->at_end && end == view_end(view);
	mbox->heuristic = split == SPLIT_HEURISTIC;
	return MBOX_MESSAGE;
}

/* The start of the next line, or rest.n. */
static size_t
next_line(struct span rest)
{
	return MIN(span_find(rest, '\n') + 1, rest.n);
}

/* Where the first step begins that may hold a line that begins with "F", or
 * that the text is too short for. */
OCTETS32_CLONES static size_t
skip_without_f_line(struct span rest)
{
	size_t at = 0;

	for (; rest.n - at > OCTETS32_STEP; at += OCTETS32_STEP) {
		octets32 found = { 0 };

		for (size_t i = 0; i < OCTETS32_STEP; i += OCTETS32) {
			octets32 here, next;
			octets32_load(&here, rest.p + at + i);
			octets32_load(&next, rest.p + at + i + 1);
			found |=
			    (octets32)(here == '\n') & (octets32)(next == 'F');
		}
		if (octets32_any(&found))
			break;
	}
	return at;
}

/* The start of the next line that begins with "F", or rest.n.  Most of a
 * mailbox passes here: in blocks, not line by line. */
static size_t
next_f_line(struct span rest)
{
	size_t at = skip_without_f_line(rest);

	while (at < rest.n) {
		at += span_find(span_from(rest, at), '\n') + 1;
		if (at < rest.n && rest.p[at] == 'F')
			return at;
	}
	return rest.n;
}

/* Go to the start of the next line in view that may matter (in the body, only
 * a From_ line does), or to the end of the view. */
static void
skip_line(struct mbox *mbox, const struct mbox_view *view)
{
	struct span rest = view_from(view, mbox->scan);
	size_t n = mbox->has_body ? next_f_line(rest) : next_line(rest);

	mbox->line_start = n > 0 && rest.p[n - 1] == '\n';
	mbox->scan += n;
}

/* Look at the line that starts at "scan": SPLIT_NONE when it is no separator.
 * The first empty line ends the header section. */
static enum item_split
look(struct mbox *mbox, const struct mbox_view *view)
{
	struct span rest = view_from(view, mbox->scan);
	size_t n;

	if (rest.p[0] == 'F' && span_starts_with(rest, SPAN("From ")))
		return judge(mbox, view, mbox->scan, false);
	if (!mbox->has_body && (n = empty_line(rest)) > 0)
		end_header(mbox, view, mbox->scan + n);
	return SPLIT_NONE;
}

/* Is as much in view as the Content-Length needs to be judged? */
static bool
target_in_view(const struct mbox *mbox, const struct mbox_view *view)
{
	/* An empty line may come before the separator. */
	return view->at_end ||
	    view_end(view) >= mbox->target + 2 + MBOX_LOOKAHEAD;
}

static enum mbox_step
scan(struct mbox *mbox, const struct mbox_view *view, struct mbox_message *out)
{
	uint64_t limit = view_limit(view), end;

	while (mbox->scan < limit) {
		enum item_split split = SPLIT_NONE;
		if (mbox->line_start && !mbox->has_target)
			split = look(mbox, view);
		if (split != SPLIT_NONE)
			return finish(mbox, view, mbox->scan, split, out);
		if (mbox->has_target) {
			if (!target_in_view(mbox, view))
				return MBOX_MORE;
			if (lands(mbox, view, &end)) {
				mbox->doubtful = is_denied(mbox, view);
				if (!mbox->doubtful)
					return finish(
					    mbox, view, end, SPLIT_LENGTH, out);
			}
			mbox->has_target = false;
		}
		skip_line(mbox, view);
	}
	if (!view->at_end)
		return MBOX_MORE;
	return finish(mbox, view, view_end(view), SPLIT_FROM_LINE, out);
}

/* Does "rest" begin with what is meant for a From_ line, though it is none, as
 * its date is in another language? */
static bool
is_odd_start(struct span rest)
{
	struct span line = first_line(rest);

	return line.n <= FROM_LINE_MAX &&
	    (span_starts_with(line, SPAN("From ")) ||
		span_starts_with(line, SPAN(">From "))) &&
	    from_line_is_field(first_line(span_from(rest, line.n)));
}

/* ---- public -------------------------------------------------------------- */

bool
mbox_open(struct mbox *mbox, uint64_t limit, struct span start)
{
	struct span rest = start;
	size_t n;

	if (span_starts_with(rest, SPAN("\xef\xbb\xbf")))
		rest = span_from(rest, 3);
	while ((n = empty_line(rest)) > 0)
		rest = span_from(rest, n);
	mbox_init(mbox, limit);
	mbox->from_at = start.n - rest.n;
	if (from_line_parse(first_line(rest)) != FROM_LINE_NONE)
		return true;
	mbox->heuristic = true;
	return is_odd_start(rest);
}

void
mbox_init(struct mbox *mbox, uint64_t limit)
{
	*mbox = (struct mbox){ .limit = limit };
}

bool
mbox_is_inside(struct span message)
{
	const struct mbox mbox = { .limit = 0 };
	const struct mbox_view view = { message, 0, true };
	size_t at = next_f_line(message);

	while (at < message.n) {
		struct span rest = span_from(message, at);
		if (span_starts_with(rest, SPAN("From ")) &&
		    starts_message(&mbox, &view, at))
			return true;
		at += next_f_line(rest);
	}
	return false;
}

enum mbox_step
mbox_next(struct mbox *mbox, const struct mbox_view *view,
    struct mbox_message *message_out)
{
	if (mbox->ended)
		return MBOX_END;
	if (!mbox->begun) {
		if (mbox->from_at >= view_limit(view) && !view->at_end)
			return MBOX_MORE;
		begin(mbox, view);
	}
	return scan(mbox, view, message_out);
}

uint64_t
mbox_keep(const struct mbox *mbox)
{
	uint64_t start = mbox->begun ? mbox->raw_at : mbox->from_at;

	if (mbox->begun && mbox->scan - mbox->raw_at > mbox->limit + LOOK_BACK)
		start = mbox->scan - LOOK_BACK;
	return start;
}
