/*
 * repair_folding.c - header fields that were folded anew (RFC 5322 2.2.3).
 * It matters to "simple" only.
 *
 * Where a field was folded before is guessed: as many programs do it, with
 * the same white space throughout.  All fields that the signature takes are
 * changed alike, then each long one alone; the signature field itself only
 * where its folds are kept.
 */
#include "keysnap/base/rfc5234.h"
#include "verifier/repair/repair.h"
#include "verifier/repair/stored.h"

#define SINGLE_FIELDS_MAX 8  /* long fields that are tried one by one */
#define LONG_FIELD        60 /* octets of a value that may have been folded */

enum fold_place { KEEP_FOLDS, NO_FOLDS, AT_COMMAS, AT_SPACES, AT_WIDTH };

/* How a value is folded anew. */
struct style {
	enum fold_place where;
	const char *space; /* the WSP of a continuation, its first octet where
			      folds are kept; NULL: what is there */
	size_t width;      /* AT_WIDTH: octets of a line */
};

static const struct style styles[] = {
	{ KEEP_FOLDS, " ", 0 },
	{ KEEP_FOLDS, "\t", 0 },
	{ NO_FOLDS, NULL, 0 },
	{ NO_FOLDS, " ", 0 },
	{ AT_COMMAS, " ", 0 },
	{ AT_COMMAS, "\t", 0 },
	{ AT_COMMAS, "    ", 0 },
	{ AT_SPACES, " ", 0 },
	{ AT_SPACES, "\t", 0 },
	{ AT_WIDTH, NULL, 78 },
	{ AT_WIDTH, "\t", 78 },
	{ AT_WIDTH, NULL, 76 },
	{ AT_WIDTH, NULL, 72 },
};

/* The white space at "at": folds and WSP; 0 when there is none. */
static size_t
space_at(struct span value, size_t at, bool *fold_out)
{
	size_t n = 0;

	*fold_out = false;
	while (at + n < value.n) {
		uint8_t c = value.p[at + n];

		if (c == '\n')
			*fold_out = true;
		else if (c != '\r' && !rfc5234_is(c, RFC5234_WSP))
			break;
		n++;
	}
	return n;
}

/* Octets from "at" to the next white space. */
static size_t
word_at(struct span value, size_t at)
{
	bool fold;
	size_t n = 0;

	while (at + n < value.n && space_at(value, at + n, &fold) == 0)
		n++;
	return n;
}

/* Fields that are lists: of addresses, of message identifiers. */
static bool
is_listed(struct span name, enum fold_place where)
{
	static const char *const addresses[] = { "From", "Sender", "Reply-To",
		"To", "Cc", "Bcc" };
	static const char *const identifiers[] = { "References",
		"In-Reply-To" };
	const char *const *names = where == AT_COMMAS ? addresses : identifiers;
	size_t n = where == AT_COMMAS ? G_N_ELEMENTS(addresses)
				      : G_N_ELEMENTS(identifiers);

	for (size_t i = 0; i < n; i++) {
		if (span_equal_nocase(name, span_from_string(names[i])))
			return true;
	}
	return false;
}

/* Is the white space at "at", with what is behind it, to begin a line? */
static bool
folds_here(const struct style *style, struct span value, size_t at, size_t n,
    bool fold, size_t column)
{
	switch (style->where) {
	case KEEP_FOLDS:
		return fold;
	case NO_FOLDS:
		return false;
	case AT_COMMAS:
		return at > 0 && value.p[at - 1] == ',';
	case AT_SPACES:
		return at > 0;
	case AT_WIDTH:
		break;
	}
	return at > 0 && column + 1 + word_at(value, at + n) > style->width;
}

static struct span
span_join(struct arena *arena, struct span a, struct span b)
{
	uint8_t *p = arena_alloc(arena, a.n + b.n);

	memcpy(p, a.p, a.n);
	memcpy(p + a.n, b.p, b.n);
	return (struct span){ p, a.n + b.n };
}

/* The WSP of the white space in "space", without its line ends. */
static struct span
wsp_of(struct arena *arena, struct span space)
{
	uint8_t *p = arena_alloc(arena, space.n);
	size_t n = 0;

	for (size_t i = 0; i < space.n; i++) {
		if (rfc5234_is(space.p[i], RFC5234_WSP))
			p[n++] = space.p[i];
	}
	return (struct span){ p, n };
}

/* The WSP that is to stand for "old", which is a fold or not. */
static struct span
new_wsp(struct arena *arena, const struct style *style, struct span old,
    bool changed)
{
	struct span wsp = wsp_of(arena, old);

	if (style->space == NULL || !changed)
		return wsp;
	/* Only the octet that continues the line is another. */
	if (style->where == KEEP_FOLDS && wsp.n > 1)
		return span_join(
		    arena, span_from_string(style->space), span_from(wsp, 1));
	return span_from_string(style->space);
}

static struct span
new_space(struct arena *arena, const struct style *style, struct span old,
    bool folded, bool was_fold)
{
	struct span wsp = new_wsp(arena, style, old,
	    folded || (was_fold && style->where == NO_FOLDS));

	return folded ? span_join(arena, SPAN("\r\n"), wsp) : wsp;
}

/* Line ends as the edits write them: a stored LF is read as CRLF. */
static bool
is_same(struct span old, struct span new)
{
	size_t i = 0, j = 0;

	while (i < old.n || j < new.n) {
		i += i < old.n && old.p[i] == '\r';
		j += j < new.n &&new.p[j] == '\r';
		if (i >= old.n || j >= new.n || old.p[i++] != new.p[j++])
			return false;
	}
	return true;
}

static void
fold(struct edit_list *edits, const struct repair_subject *subject,
    const struct stored_field *field, const struct style *style)
{
	struct span value = field->value;
	size_t column = field->value_at - field->at;

	for (size_t at = 0; at < value.n && !edits->full;) {
		bool was_fold;
		size_t n = space_at(value, at, &was_fold);

		if (n == 0) {
			n = word_at(value, at);
			column += n;
		} else if (at + n < value.n) {
			bool folded =
			    folds_here(style, value, at, n, was_fold, column);
			struct span old = span_sub(value, at, n);
			struct span new = new_space(
			    subject->arena, style, old, folded, was_fold);

			if (!is_same(old, new))
				edit_list_add(
				    edits, field->value_at + at, n, new);
			column = folded ? new.n - 2 : column + new.n;
		}
		at += n;
	}
}

static bool
may_fold(const struct repair_subject *subject, const struct stored_field *field,
    const struct style *style)
{
	if (!signature_takes(subject->signature, field->name))
		return false;
	if (style->where == AT_COMMAS || style->where == AT_SPACES)
		return is_listed(field->name, style->where);
	return style->where == KEEP_FOLDS ||
	    !span_equal_nocase(field->name, subject->signature->field->name);
}

static bool
is_long(const struct stored_field *field)
{
	return field->value.n > LONG_FIELD ||
	    span_find(field->value, '\n') < field->value.n;
}

/* Variants: each style for all fields, then each for the first long field,
 * then each for the second ... */
static bool
propose_folding(struct edit_list *edits, const struct repair_subject *subject,
    unsigned variant)
{
	const struct message *message = subject->message;
	const struct style *style = &styles[variant % G_N_ELEMENTS(styles)];
	size_t single = variant / G_N_ELEMENTS(styles);
	struct stored_field field;
	size_t at = 0, n = 0;

	if (subject->signature->header_canon != CANON_SIMPLE ||
	    single > SINGLE_FIELDS_MAX)
		return false;
	while (stored_field_next(&field, message->raw, message->body_at, &at)) {
		if (!may_fold(subject, &field, style) ||
		    (single > 0 && (!is_long(&field) || ++n != single)))
			continue;
		fold(edits, subject, &field, style);
	}
	return true;
}

const struct repair repair_folding = { "folding", REPAIR_HEADER, REPAIR_UNSEEN,
	propose_folding };
