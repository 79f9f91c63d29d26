/*
 * repair_space.c - white space in the body: blanks at the ends of lines, the
 * blank of a signature separator (RFC 3676 4.3), tabs turned into spaces and
 * back, an empty line before the first one.  All but the last matter to
 * "simple" only, and "relaxed" is spared the look.
 */
#include "verifier/repair/repair.h"
#include "verifier/repair/stored.h"

#include "keysnap/base/rfc5234.h"

#define EIGHT SPAN("        ")

static bool
is_of_use(const struct repair_subject *subject)
{
	return subject->signature->body_canon == CANON_SIMPLE;
}

static size_t
blanks_at_end(struct span text)
{
	size_t n = text.n;

	while (n > 0 && rfc5234_is(text.p[n - 1], RFC5234_WSP))
		n--;
	return text.n - n;
}

static bool
propose_trailing_space(struct edit_list *edits,
    const struct repair_subject *subject, unsigned variant)
{
	size_t at = subject->message->body_at;
	struct stored_line line;

	if (variant > 0 || !is_of_use(subject) ||
	    !subject->traits->trailing_space)
		return false;
	while (stored_line_next(&line, subject->message->raw, &at)) {
		size_t n = blanks_at_end(line.text);

		if (n > 0)
			edit_list_add(
			    edits, line.at + line.text.n - n, n, SPAN(""));
	}
	return true;
}

const struct repair repair_trailing_space = { "trailing-space", REPAIR_BODY,
	REPAIR_UNSEEN, propose_trailing_space };

static bool
propose_signature_dashes(struct edit_list *edits,
    const struct repair_subject *subject, unsigned variant)
{
	size_t at = subject->message->body_at;
	struct stored_line line;

	if (variant > 0 || !is_of_use(subject) || !subject->traits->dashes)
		return false;
	while (stored_line_next(&line, subject->message->raw, &at)) {
		if (span_equal(line.text, SPAN("--")))
			edit_list_add(edits, line.at + 2, 0, SPAN(" "));
	}
	return true;
}

const struct repair repair_signature_dashes = { "signature-dashes", REPAIR_BODY,
	REPAIR_UNSEEN, propose_signature_dashes };

enum { EIGHT_TO_TAB, LEADING_TO_TAB, TAB_TO_EIGHT, TAB_TO_ONE, TAB_VARIANTS };

static size_t
spaces_at(struct span text, size_t at)
{
	size_t n = 0;

	while (at + n < text.n && text.p[at + n] == ' ')
		n++;
	return n;
}

/* Runs of eight spaces of one line to tabs; with "leading" only those at its
 * start, with all eights in them; else each run of just eight. */
static void
eights_to_tabs(
    struct edit_list *edits, const struct stored_line *line, bool leading)
{
	for (size_t at = 0; at < line->text.n; at++) {
		size_t n = spaces_at(line->text, at);

		if (leading) {
			for (size_t i = 0; i < n / 8; i++)
				edit_list_add(
				    edits, line->at + 8 * i, 8, SPAN("\t"));
			return;
		}
		if (n == 8)
			edit_list_add(edits, line->at + at, 8, SPAN("\t"));
		at += n;
	}
}

static void
tabs_to_spaces(
    struct edit_list *edits, const struct stored_line *line, struct span spaces)
{
	for (size_t at = 0; at < line->text.n; at++) {
		at += span_find(span_from(line->text, at), '\t');
		if (at < line->text.n)
			edit_list_add(edits, line->at + at, 1, spaces);
	}
}

static bool
propose_tabs(struct edit_list *edits, const struct repair_subject *subject,
    unsigned variant)
{
	size_t at = subject->message->body_at;
	struct stored_line line;

	if (variant >= TAB_VARIANTS || !is_of_use(subject))
		return false;
	if (variant >= TAB_TO_EIGHT ? !subject->traits->tab
				    : !subject->traits->eight_spaces)
		return true;
	while (stored_line_next(&line, subject->message->raw, &at)) {
		if (variant == TAB_TO_EIGHT || variant == TAB_TO_ONE)
			tabs_to_spaces(edits, &line,
			    variant == TAB_TO_ONE ? SPAN(" ") : EIGHT);
		else
			eights_to_tabs(edits, &line, variant == LEADING_TO_TAB);
	}
	return true;
}

const struct repair repair_tabs = { "tabs", REPAIR_BODY, REPAIR_UNSEEN,
	propose_tabs };

/* An empty first line lost, or one too many. */
static bool
propose_leading_line(struct edit_list *edits,
    const struct repair_subject *subject, unsigned variant)
{
	size_t at = subject->message->body_at;
	struct stored_line line;

	if (variant > 0)
		return false;
	if (!subject->traits->leading_empty)
		edit_list_add(edits, at, 0, SPAN("\r\n"));
	else if (stored_line_next(&line, subject->message->raw, &at))
		edit_list_add(edits, line.at, line.end, SPAN(""));
	return true;
}

const struct repair repair_leading_line = { "leading-line", REPAIR_BODY,
	REPAIR_UNSEEN, propose_leading_line };
