/*
 * repair_footer.c - text that was put behind the body, or lost before it.
 *
 * Mailing lists and virus scanners append a footer behind a line of one
 * repeated character, behind "-- ", as a last paragraph, or behind the last
 * delimiter of a multipart.  What stands before the first delimiter is lost
 * when a program writes the parts of a message anew.
 */
#include "verifier/repair/repair.h"
#include "verifier/repair/stored.h"

#define CUTS_MAX      6 /* separators looked at, from the last one up */
#define SEPARATOR_MIN 3 /* octets of a line of one repeated character */

/* A ring of the last offsets at which the body may have ended. */
struct cuts {
	size_t at[CUTS_MAX];
	size_t n; /* all there were */
};

static void
add_cut(struct cuts *cuts, size_t at)
{
	if (cuts->n > 0 && cuts->at[(cuts->n - 1) % CUTS_MAX] == at)
		return;
	cuts->at[cuts->n++ % CUTS_MAX] = at;
}

/* "____", "-----", "=====": one character again and again. */
static bool
is_rule(struct span text)
{
	size_t n = 0;

	while (text.n > 0 && text.p[text.n - 1] == ' ')
		text.n--;
	while (n < text.n && text.p[n] == text.p[0])
		n++;
	return n >= SEPARATOR_MIN && n == text.n &&
	    memchr("_-=*~#+", text.p[0], 7) != NULL;
}

static bool
is_signature_separator(struct span text)
{
	return span_equal(text, SPAN("-- ")) || span_equal(text, SPAN("--"));
}

/* "--boundary--" */
static bool
is_last_delimiter(struct span text)
{
	return text.n > 4 && span_starts_with(text, SPAN("--")) &&
	    span_ends_with(text, SPAN("--")) && !is_rule(text);
}

static void
find_cuts(struct cuts *cuts, const struct message *message)
{
	struct stored_line line;
	size_t at = message->body_at;
	bool after_empty = false;

	*cuts = (struct cuts){ .n = 0 };
	while (stored_line_next(&line, message->raw, &at)) {
		if (line.text.n == 0) {
			after_empty = true;
			continue;
		}
		if (after_empty || is_rule(line.text) ||
		    is_signature_separator(line.text))
			add_cut(cuts, line.at);
		if (is_last_delimiter(line.text) && at < message->raw.n)
			add_cut(cuts, at);
		after_empty = false;
	}
}

static bool
propose_list_footer(struct edit_list *edits,
    const struct repair_subject *subject, unsigned variant)
{
	const struct message *message = subject->message;
	struct cuts cuts;

	if (variant >= CUTS_MAX)
		return false;
	find_cuts(&cuts, message);
	if (variant >= cuts.n)
		return false;
	size_t at = cuts.at[(cuts.n - 1 - variant) % CUTS_MAX];

	/* The whole body is no footer. */
	if (at > message->body_at)
		edit_list_add(edits, at, message->raw.n - at, SPAN(""));
	return true;
}

const struct repair repair_list_footer = { "list-footer", REPAIR_BODY,
	REPAIR_SEEN, propose_list_footer };

#define LINE_END "\r\n"

/* What programs write before the first delimiter. */
static const char *const preambles[] = {
	"This is a multi-part message in MIME format." LINE_END,
	"This is a multi-part message in MIME format." LINE_END LINE_END,
	"This is a multipart message in MIME format." LINE_END LINE_END,
	"This is a MIME-encapsulated message" LINE_END LINE_END,
	"This is a cryptographically signed message in MIME format." LINE_END
	    LINE_END,
	"This is an OpenPGP/MIME signed message (RFC 4880 and 3156)" LINE_END,
};

static bool
propose_preamble(struct edit_list *edits, const struct repair_subject *subject,
    unsigned variant)
{
	if (variant >= G_N_ELEMENTS(preambles) ||
	    !subject->traits->leading_dashes)
		return false;
	edit_list_add(edits, subject->message->body_at, 0,
	    span_from_string(preambles[variant]));
	return true;
}

const struct repair repair_preamble = { "preamble", REPAIR_BODY, REPAIR_SEEN,
	propose_preamble };
