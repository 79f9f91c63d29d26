/*
 * repair_quoting.c - ">" before "From " put back or taken off, and leading
 * dots.
 *
 * mboxo quotes "From " but not ">From ", so what was quoted twice cannot be
 * told from what was never quoted: where there are few such lines every way
 * to read them is tried.  A transfer by SMTP doubles a dot at the start of a
 * line (RFC 5321 4.5.2); a program that stored what it received without
 * undoing that left it there.
 */
#include "verifier/repair/repair.h"
#include "verifier/repair/stored.h"

#define FROM_LINES_MAX 6 /* all subsets of so many lines are tried: 63 */

enum { STRIP_ALL, STRIP_SINGLE, STRIP_DEEP, ADD_TO_BARE, ADD_TO_ALL, SUBSETS };

/* What the message's own reading undoes of a stored depth. */
static size_t
undone(const struct message *message, size_t depth)
{
	return message->reading.quoting == QUOTING_MBOXRD && depth > 0 ? 1 : 0;
}

/* The depth that a line which is read with "depth" is to get; "bit" tells
 * whether it belongs to the subset. */
static size_t
wanted_depth(unsigned variant, size_t depth, bool bit)
{
	switch (variant) {
	case STRIP_ALL:
		return depth > 0 ? depth - 1 : 0;
	case STRIP_SINGLE:
		return depth == 1 ? 0 : depth;
	case STRIP_DEEP:
		return depth > 1 ? depth - 1 : depth;
	case ADD_TO_BARE:
		return depth == 0 ? 1 : depth;
	case ADD_TO_ALL:
		return depth + 1;
	default:
		return bit ? 1 - depth : depth;
	}
}

/* Store a line of the reading's "depth" so that it is read with "wanted". */
static void
set_depth(struct edit_list *edits, const struct message *message, size_t at,
    size_t stored, size_t wanted)
{
	size_t store = wanted;

	if (message->reading.quoting == QUOTING_MBOXRD && wanted > 0)
		store = wanted + 1;
	if (store > stored)
		edit_list_add(
		    edits, at, 0, span_sub(SPAN(">>>"), 0, store - stored));
	else if (store < stored)
		edit_list_add(edits, at, stored - store, SPAN(""));
}

static size_t
count_shallow(const struct message *message)
{
	struct stored_line line;
	size_t at = message->body_at, n = 0;

	while (stored_line_next(&line, message->raw, &at)) {
		ssize_t stored = stored_from_depth(line.text);

		if (stored >= 0 &&
		    (size_t)stored - undone(message, (size_t)stored) <= 1)
			n++;
	}
	return n;
}

static bool
propose_from_quoting(struct edit_list *edits,
    const struct repair_subject *subject, unsigned variant)
{
	const struct message *message = subject->message;
	unsigned mask = variant >= SUBSETS ? variant - SUBSETS + 1 : 0;
	size_t at = message->body_at, shallow = 0;
	struct stored_line line;

	if (subject->traits->from_lines == 0 ||
	    message->reading.quoting == QUOTING_MBOXO)
		return false;
	if (variant >= SUBSETS) {
		size_t n = count_shallow(message);

		if (n == 0 || n > FROM_LINES_MAX || mask >= 1u << n)
			return false;
	}
	while (stored_line_next(&line, message->raw, &at)) {
		ssize_t stored = stored_from_depth(line.text);
		size_t depth;
		bool bit;

		if (stored < 0)
			continue;
		depth = (size_t)stored - undone(message, (size_t)stored);
		bit = depth <= 1 && (mask >> shallow & 1) != 0;
		shallow += variant >= SUBSETS && depth <= 1 ? 1 : 0;
		set_depth(edits, message, line.at, (size_t)stored,
		    wanted_depth(variant, depth, bit));
	}
	return true;
}

const struct repair repair_from_quoting = { "from-quoting", REPAIR_BODY,
	REPAIR_UNSEEN, propose_from_quoting };

static bool
propose_dot_stuffing(struct edit_list *edits,
    const struct repair_subject *subject, unsigned variant)
{
	size_t at = subject->message->body_at;
	struct stored_line line;

	if (variant > 0 || !subject->traits->leading_dots)
		return false;
	while (stored_line_next(&line, subject->message->raw, &at)) {
		if (span_starts_with(line.text, SPAN("..")))
			edit_list_add(edits, line.at, 1, SPAN(""));
	}
	return true;
}

const struct repair repair_dot_stuffing = { "dot-stuffing", REPAIR_BODY,
	REPAIR_UNSEEN, propose_dot_stuffing };
