/*
 * arc_set.c - the ARC fields of a header, by their instance.
 */
#include "verifier/dkim/arc_set.h"

#include "keysnap/base/rfc5234.h"
#include "verifier/dkim/signature_tags.h"
#include "verifier/message/comment.h"

static void
skip_cfws(struct span *text)
{
	for (;;) {
		size_t n = 0;

		while (n < text->n &&
		    rfc5234_is(text->p[n], RFC5234_WSP | RFC5234_CRLF))
			n++;
		if (n < text->n && text->p[n] == '(')
			n += rfc5322_comment_length(span_from(*text, n));
		if (n == 0)
			return;
		bool was_comment = text->p[n - 1] == ')';
		*text = span_from(*text, n);
		if (!was_comment)
			return;
	}
}

static bool
skip_octet(struct span *text, uint8_t octet)
{
	skip_cfws(text);
	if (text->n == 0 || text->p[0] != octet)
		return false;
	*text = span_from(*text, 1);
	skip_cfws(text);
	return true;
}

/* instance = [CFWS] %s"i" [CFWS] "=" [CFWS] 1*2DIGIT [CFWS], then ";" */
unsigned
arc_results_instance(struct span value)
{
	uint64_t number = 0;
	size_t digits = 0;

	if (!skip_octet(&value, 'i') || !skip_octet(&value, '='))
		return 0;
	while (digits < value.n && rfc5234_is(value.p[digits], RFC5234_DIGIT))
		digits++;
	if (!signature_tag_number(span_sub(value, 0, digits), 2, &number))
		return 0;
	value = span_from(value, digits);
	if (!skip_octet(&value, ';') || number > ARC_SETS_MAX)
		return 0;
	return (unsigned)number;
}

static struct arc_set *
set_of(struct arc *arc, unsigned instance)
{
	if (instance == 0) {
		arc->no_instance++;
		return NULL;
	}
	arc->highest = MAX(arc->highest, instance);
	return &arc->sets[instance];
}

static void
add_results(struct arc *arc, const struct header_field *field)
{
	struct arc_set *set = set_of(arc, arc_results_instance(field->value));

	if (set != NULL && set->n_results++ == 0)
		set->results = field;
}

static void
add_signature(struct arc *arc, const struct signature *signature)
{
	struct arc_set *set = set_of(arc, signature->instance);

	if (set == NULL)
		return;
	if (signature->kind == SIGNATURE_ARC_SEAL && set->n_seals++ == 0)
		set->seal = signature;
	if (signature->kind == SIGNATURE_ARC_MESSAGE && set->n_messages++ == 0)
		set->message = signature;
}

struct arc *
arc_collect(struct arena *arena, const struct header_index *header,
    const struct signatures *signatures)
{
	const struct span name = SPAN("ARC-Authentication-Results");
	size_t n = 0;

	if (signatures->arc_fields == 0)
		return NULL;
	struct arc *arc = arena_alloc(arena, sizeof(*arc));
	arc->n_seals = signatures->arc_seals;
	for (size_t i = 0; i < signatures->n; i++) {
		if (signature_kind_decides(signatures->list[i].kind))
			continue;
		add_signature(arc, &signatures->list[i]);
		n++;
	}
	for (size_t i = 0; i < header->n; i++) {
		if (!span_equal_nocase(header->fields[i].name, name))
			continue;
		add_results(arc, &header->fields[i]);
		n++;
	}
	arc->no_instance += signatures->arc_fields - n;
	return arc;
}

bool
arc_set_is_complete(const struct arc_set *set)
{
	return set->n_results == 1 && set->n_messages == 1 && set->n_seals == 1;
}
