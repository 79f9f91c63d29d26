/*
 * repair_subject.c - what mailing lists and filters put before a Subject:
 * "[list] ", "***SPAM*** ", "[EXTERNAL] ".
 */
#include "keysnap/base/rfc5234.h"
#include "verifier/repair/repair.h"
#include "verifier/repair/stored.h"

#define TAG_MAX  80 /* octets of one tag */
#define TAGS_MAX 3  /* taken off one after the other */

static size_t
wsp_at(struct span text, size_t at)
{
	size_t n = 0;

	while (at + n < text.n && rfc5234_is(text.p[at + n], RFC5234_WSP))
		n++;
	return n;
}

/* Octets of "Re: ", "Fwd: " and the like at "at", again and again. */
static size_t
reply_at(struct span text, size_t at)
{
	static const char *const words[] = {
		"Re:", "Fwd:", "Fw:", "Aw:", "Tr:"
	};
	size_t n = 0;

	for (size_t i = 0; i < G_N_ELEMENTS(words); i++) {
		struct span word = span_from_string(words[i]);

		if (span_equal_nocase(span_sub(text, at + n, word.n), word)) {
			n += word.n;
			n += wsp_at(text, at + n);
			i = (size_t)-1;
		}
	}
	return n;
}

/* Octets of the tag at "at" and the WSP behind it, or 0. */
static size_t
tag_at(struct span text, size_t at)
{
	struct span rest = span_from(text, at);
	size_t n;

	if (span_starts_with(rest, SPAN("["))) {
		n = span_find(rest, ']') + 1;
	} else if (span_starts_with(rest, SPAN("*"))) {
		for (n = 0; n < rest.n && rest.p[n] != ' '; n++)
			;
		if (n < 3 || rest.p[n - 1] != '*')
			return 0;
	} else {
		return 0;
	}
	if (n > rest.n || n > TAG_MAX)
		return 0;
	return n + wsp_at(text, at + n);
}

static void
take_tags(
    struct edit_list *edits, const struct stored_field *field, unsigned tags)
{
	size_t start = wsp_at(field->value, 0), n = 0;

	start += reply_at(field->value, start);
	for (unsigned i = 0; i < tags; i++)
		n += tag_at(field->value, start + n);
	if (n > 0)
		edit_list_add(edits, field->value_at + start, n, SPAN(""));
}

/* Variants: one tag, two, three. */
static bool
propose_subject_tag(struct edit_list *edits,
    const struct repair_subject *subject, unsigned variant)
{
	const struct message *message = subject->message;
	struct stored_field field;
	size_t at = 0;

	if (variant >= TAGS_MAX)
		return false;
	while (stored_field_next(&field, message->raw, message->body_at, &at)) {
		if (span_equal_nocase(field.name, SPAN("Subject")) &&
		    signature_takes(subject->signature, field.name))
			take_tags(edits, &field, variant + 1);
	}
	return true;
}

const struct repair repair_subject_tag = { "subject-tag", REPAIR_HEADER,
	REPAIR_SEEN, propose_subject_tag };
