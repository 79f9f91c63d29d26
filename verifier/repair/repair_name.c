/*
 * repair_name.c - names of header fields: their letters, and the white space
 * round the colon.  It matters to "simple" only (RFC 6376 3.4.1).
 */
#include "keysnap/base/rfc5234.h"
#include "verifier/repair/repair.h"
#include "verifier/repair/stored.h"

#define SINGLE_FIELDS_MAX 24 /* fields that are tried one by one */

static bool
is_of_use(const struct repair_subject *subject)
{
	return subject->signature->header_canon == CANON_SIMPLE;
}

/* Names that are not spelled with one capital for each word. */
static const char *const spellings[] = { "MIME-Version", "Message-ID",
	"Content-ID", "List-ID", "DKIM-Signature" };

enum { AS_SIGNED, AS_CUSTOMARY, AS_WORDS, LOWER_CASE, CASE_VARIANTS };

/* As h= spells it; the signature field itself is not in h=. */
static struct span
signed_spelling(const struct signature *signature, struct span name)
{
	for (size_t i = 0; i < signature->n_names; i++) {
		if (span_equal_nocase(signature->names[i], name))
			return signature->names[i];
	}
	return SPAN("DKIM-Signature");
}

/* One capital for each word between hyphens, or none with "lower". */
static struct span
worded(struct arena *arena, struct span name, bool lower)
{
	struct span copy = arena_copy(arena, name);
	uint8_t *p = (uint8_t *)copy.p;
	bool first = true;

	for (size_t i = 0; i < copy.n; i++) {
		p[i] = rfc5234_lower(p[i]);
		if (first && !lower && p[i] >= 'a' && p[i] <= 'z')
			p[i] = (uint8_t)(p[i] - 'a' + 'A');
		first = p[i] == '-';
	}
	return copy;
}

static struct span
respelled(
    const struct repair_subject *subject, struct span name, unsigned variant)
{
	if (variant == AS_SIGNED)
		return signed_spelling(subject->signature, name);
	for (size_t i = 0;
	     variant == AS_CUSTOMARY && i < G_N_ELEMENTS(spellings); i++) {
		struct span spelling = span_from_string(spellings[i]);

		if (span_equal_nocase(spelling, name))
			return spelling;
	}
	return worded(subject->arena, name, variant == LOWER_CASE);
}

static bool
propose_name_case(struct edit_list *edits, const struct repair_subject *subject,
    unsigned variant)
{
	const struct message *message = subject->message;
	struct stored_field field;
	size_t at = 0;

	if (variant >= CASE_VARIANTS || !is_of_use(subject))
		return false;
	while (stored_field_next(&field, message->raw, message->body_at, &at)) {
		struct span name;

		if (!signature_takes(subject->signature, field.name))
			continue;
		name = respelled(subject, field.name, variant);
		if (!span_equal(name, field.name))
			edit_list_add(edits, field.at, field.name.n, name);
	}
	return true;
}

const struct repair repair_name_case = { "name-case", REPAIR_HEADER,
	REPAIR_UNSEEN, propose_name_case };

enum { TAKE_BEHIND, PUT_BEHIND, TAKE_BEFORE, SINGLE_FIELDS };

static void
change_colon(struct edit_list *edits, const struct stored_field *field,
    bool take, bool put)
{
	size_t colon = field->value_at - 1;
	bool spaced = span_starts_with(field->value, SPAN(" "));

	if (spaced && take)
		edit_list_add(edits, colon + 1, 1, SPAN(""));
	else if (!spaced && put)
		edit_list_add(edits, colon + 1, 0, SPAN(" "));
}

static void
change_before_colon(struct edit_list *edits, const struct stored_field *field)
{
	size_t end = field->at + field->name.n;

	if (field->value_at - 1 > end)
		edit_list_add(edits, end, field->value_at - 1 - end, SPAN(""));
}

static bool
propose_colon_space(struct edit_list *edits,
    const struct repair_subject *subject, unsigned variant)
{
	const struct message *message = subject->message;
	struct stored_field field;
	size_t at = 0, n = 0;

	if (variant >= SINGLE_FIELDS + SINGLE_FIELDS_MAX || !is_of_use(subject))
		return false;
	while (stored_field_next(&field, message->raw, message->body_at, &at)) {
		bool single = variant >= SINGLE_FIELDS;

		if (!signature_takes(subject->signature, field.name))
			continue;
		if (single && n++ != variant - SINGLE_FIELDS)
			continue;
		if (variant == TAKE_BEFORE)
			change_before_colon(edits, &field);
		else
			change_colon(edits, &field,
			    single || variant == TAKE_BEHIND,
			    single || variant == PUT_BEHIND);
	}
	return variant < SINGLE_FIELDS || n > variant - SINGLE_FIELDS;
}

const struct repair repair_colon_space = { "colon-space", REPAIR_HEADER,
	REPAIR_UNSEEN, propose_colon_space };
