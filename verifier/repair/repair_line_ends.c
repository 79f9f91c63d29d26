/*
 * repair_line_ends.c - line ends that were doubled or lost half, and what old
 * systems put behind the last line: NUL, and ^Z (CP/M's end of file).
 */
#include "verifier/repair/repair.h"
#include "verifier/repair/stored.h"

#define CONTROL_Z 0x1a

enum { DOUBLED_CR, BARE_CR, LINE_END_VARIANTS };

/* CR CR LF, as a program makes of CRLF that takes it for a LF. */
static void
undo_doubled(struct edit_list *edits, const struct message *message)
{
	struct stored_line line;
	size_t at = message->body_at;

	while (stored_line_next(&line, message->raw, &at)) {
		size_t n = line.text.n;

		while (n > 0 && line.text.p[n - 1] == '\r')
			n--;
		if (line.end == 2 && n < line.text.n)
			edit_list_add(
			    edits, line.at + n, line.text.n - n, SPAN(""));
	}
}

/* CR alone, as a line ended on old Macintoshes. */
static void
undo_bare(struct edit_list *edits, const struct message *message)
{
	struct span raw = message->raw;

	for (size_t at = message->body_at; at < raw.n; at++) {
		at += span_find(span_from(raw, at), '\r');
		if (at < raw.n && (at + 1 == raw.n || raw.p[at + 1] != '\n'))
			edit_list_add(edits, at + 1, 0, SPAN("\n"));
	}
}

static bool
propose_line_ends(struct edit_list *edits, const struct repair_subject *subject,
    unsigned variant)
{
	if (variant >= LINE_END_VARIANTS)
		return false;
	if (variant == DOUBLED_CR && subject->traits->doubled_cr)
		undo_doubled(edits, subject->message);
	if (variant == BARE_CR && subject->traits->bare_cr)
		undo_bare(edits, subject->message);
	return true;
}

const struct repair repair_line_ends = { "line-ends", REPAIR_BODY,
	REPAIR_UNSEEN, propose_line_ends };

static bool
propose_end_marks(struct edit_list *edits, const struct repair_subject *subject,
    unsigned variant)
{
	struct span raw = subject->message->raw;
	size_t end = raw.n;

	if (variant > 0)
		return false;
	while (end > subject->message->body_at &&
	    (raw.p[end - 1] == '\0' || raw.p[end - 1] == CONTROL_Z))
		end--;
	if (end < raw.n)
		edit_list_add(edits, end, raw.n - end, SPAN(""));
	return true;
}

const struct repair repair_end_marks = { "end-marks", REPAIR_BODY,
	REPAIR_UNSEEN, propose_end_marks };
