/* coverage.c - what a signature leaves out. */
#include "verifier/verdict/coverage.h"

#include <stdlib.h>

enum field_kind { FIELD_OTHER, FIELD_READ, FIELD_MIME };

/* The fields that people and programs read a message by. */
#define NAME(literal)                                           \
	{                                                       \
		(const uint8_t *)(literal), sizeof(literal) - 1 \
	}
static const struct span read_fields[] = { NAME("From"), NAME("Sender"),
	NAME("Reply-To"), NAME("To"), NAME("Cc"), NAME("Date"), NAME("Subject"),
	NAME("Message-ID"), NAME("In-Reply-To"), NAME("References") };
#undef NAME

static enum field_kind
kind_of(struct span name)
{
	const struct span content = SPAN("Content-");

	/* What mailboxes count messages with; MIME knows no such field. */
	if (span_equal_nocase(name, SPAN("Content-Length")))
		return FIELD_OTHER;
	if (span_equal_nocase(span_sub(name, 0, content.n), content) ||
	    span_equal_nocase(name, SPAN("MIME-Version")))
		return FIELD_MIME;
	for (size_t i = 0; i < G_N_ELEMENTS(read_fields); i++) {
		if (span_equal_nocase(name, read_fields[i]))
			return FIELD_READ;
	}
	return FIELD_OTHER;
}

bool
coverage_is_displayed(struct span name)
{
	return kind_of(name) != FIELD_OTHER;
}

static int
compare(const void *a, const void *b)
{
	return span_compare(*(const struct span *)a, *(const struct span *)b);
}

static void
sort_distinct(struct span *list, size_t *n)
{
	size_t kept = 0;

	if (*n > 1)
		qsort(list, *n, sizeof(*list), compare);
	for (size_t i = 0; i < *n; i++) {
		if (kept == 0 || !span_equal(list[kept - 1], list[i]))
			list[kept++] = list[i];
	}
	*n = kept;
}

static void
add_uncovered(struct coverage *coverage, struct arena *arena,
    const struct header_index *header, size_t at)
{
	if (coverage->uncovered == NULL)
		coverage->uncovered = arena_alloc_array(
		    arena, header->n - at, sizeof(struct span));
	coverage->uncovered[coverage->n_uncovered++] =
	    header_name_lower(arena, header->fields[at].name);
}

static void
cover_header(struct coverage *coverage, struct arena *arena,
    const struct signature_facts *facts, const struct header_index *header)
{
	const uint8_t *is_signed =
	    facts->header_hashed ? facts->selection.signed_fields : NULL;

	for (size_t i = 0; i < header->n; i++) {
		if (is_signed != NULL && is_signed[i])
			continue;
		enum field_kind kind = kind_of(header->fields[i].name);
		if (kind == FIELD_OTHER)
			continue;
		if (kind == FIELD_READ)
			coverage->headers_full = false;
		else
			coverage->mime_signed = false;
		add_uncovered(coverage, arena, header, i);
	}
	sort_distinct(coverage->uncovered, &coverage->n_uncovered);
}

void
coverage_get(struct coverage *coverage, struct arena *arena,
    const struct signature_facts *facts, const struct message *message)
{
	*coverage =
	    (struct coverage){ .headers_full = true, .mime_signed = true };
	coverage->body_full = facts->body.state != BODY_NOT_HASHED &&
	    facts->body.covered >= facts->body.total;
	cover_header(coverage, arena, facts, &message->header);
	coverage->mime_fixed = !coverage->mime_signed &&
	    mime_frame_get(message, arena) == MIME_FRAME_FIXED;
}
