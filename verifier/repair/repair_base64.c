/*
 * repair_base64.c - base64 (RFC 2045 6.8) that was wrapped anew.
 *
 * A block is two or more lines of nothing but base64, all but the last of one
 * length.  A client that stores an attachment again wraps it at a length of
 * its own; what it decodes to stays the same, so a reader sees no change.
 */
#include "verifier/repair/repair.h"
#include "verifier/repair/stored.h"

#include "keysnap/base/rfc5234.h"

#define BLOCK_LINES_MIN 2
#define LINE_MIN        20 /* shorter lines of letters are words */

/* The line lengths in use: RFC 2045's, PEM's, and those of other clients. */
static const size_t lengths[] = { 76, 72, 64, 60 };

struct block {
	size_t at;     /* of its first line */
	size_t length; /* of its lines but the last */
	size_t lines;
	size_t octets; /* of base64 */
	size_t end;    /* of the lines' ends: 1 or 2 */
};

static bool
is_base64(struct span text)
{
	if (text.n == 0)
		return false;
	for (size_t i = 0; i < text.n; i++) {
		uint8_t c = text.p[i];

		if (!rfc5234_is(c, RFC5234_ALPHA | RFC5234_DIGIT) && c != '+' &&
		    c != '/' && c != '=')
			return false;
	}
	return true;
}

static bool
belongs(const struct block *block, const struct stored_line *line)
{
	return line->text.n <= block->length && is_base64(line->text) &&
	    (line->end == block->end || line->end == 0);
}

/* Take the block that begins with "line"; *at_inout moves behind it. */
static void
take_block(struct block *block, const struct stored_line *line, struct span raw,
    size_t *at_inout)
{
	struct stored_line next;
	size_t at = *at_inout;

	*block = (struct block){ .at = line->at,
		.length = line->text.n,
		.lines = 1,
		.octets = line->text.n,
		.end = line->end };
	while (stored_line_next(&next, raw, &at) && belongs(block, &next)) {
		block->lines++;
		block->octets += next.text.n;
		*at_inout = at;
		if (next.text.n < block->length)
			break;
	}
}

/* Where octet number "i" of the block's base64 is stored. */
static size_t
place(const struct block *block, size_t i)
{
	return block->at + i + i / block->length * block->end;
}

/* Take the line ends of the block away and put others in. */
static void
wrap(struct edit_list *edits, const struct block *block, size_t length)
{
	size_t old = block->length, new = length;

	while (old < block->octets || new < block->octets) {
		if (old == new) {
			old += block->length;
			new += length;
		} else if (old < new) {
			edit_list_add(edits, place(block, old) - block->end,
			    block->end, SPAN(""));
			old += block->length;
		} else {
			edit_list_add(
			    edits, place(block, new), 0, SPAN("\r\n"));
			new += length;
		}
	}
}

static bool
propose_base64_lines(struct edit_list *edits,
    const struct repair_subject *subject, unsigned variant)
{
	struct span raw = subject->message->raw;
	size_t at = subject->message->body_at;
	struct stored_line line;

	if (variant >= G_N_ELEMENTS(lengths) || !subject->traits->base64)
		return false;
	while (stored_line_next(&line, raw, &at)) {
		struct block block;

		if (line.text.n < LINE_MIN || !is_base64(line.text))
			continue;
		take_block(&block, &line, raw, &at);
		if ((block.lines >= BLOCK_LINES_MIN ||
			block.length > lengths[0]) &&
		    block.length != lengths[variant])
			wrap(edits, &block, lengths[variant]);
	}
	return true;
}

const struct repair repair_base64_lines = { "base64-lines", REPAIR_BODY,
	REPAIR_UNSEEN, propose_base64_lines };
