/* fuzz_canon_header.c - any header, field by field: "simple" gives the field
 * back, "relaxed" has the shape of its definition and changes no second time;
 * a cut takes away what it names and nothing else. */
#include "verifier/dkim/canon_header.h"
#include "tests/unit/canon_oracle.h"

#include "keysnap/base/rfc5234.h"

#include <glib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct collector {
	struct sink sink;
	GByteArray *octets;
};

static void
collect(struct sink *self, struct span span)
{
	struct collector *collector = (struct collector *)self;

	g_byte_array_append(collector->octets, span.p, (guint)span.n);
}

/* What comes of "field" without "cut"; "whole": with its CRLF. */
static GByteArray *
push(enum canonicalization algorithm, const struct header_field *field,
    struct span cut, bool whole)
{
	struct collector out = { { collect }, g_byte_array_new() };
	uint8_t buffer[CANON_HEADER_BUFFER];
	struct gather gather;

	gather_start(&gather, buffer, sizeof(buffer), &out.sink);
	if (whole)
		canon_header_push(algorithm, field, &gather);
	else
		canon_header_push_signature(algorithm, field, cut, &gather);
	gather_flush(&gather);
	return out.octets;
}

static struct span
text_of(GByteArray *octets)
{
	return (struct span){ octets->data, octets->len };
}

static GByteArray *
canonical(enum canonicalization algorithm, const struct header_field *field)
{
	return push(algorithm, field, SPAN(""), true);
}

/* No WSP at the ends of the value, none twice, no TAB. */
static void
check_shape(struct span field, size_t name_n)
{
	struct span value = span_from(field, name_n + 1);

	g_assert_true(span_ends_with(value, SPAN("\r\n")));
	value.n -= 2;
	g_assert_true(span_trim_wsp(value).n == value.n);
	for (size_t i = 0; i < value.n; i++) {
		g_assert_true(value.p[i] != '\t');
		g_assert_true(
		    i == 0 || value.p[i] != ' ' || value.p[i - 1] != ' ');
	}
}

static void
check_field(const struct header_field *field)
{
	g_autoptr(GByteArray) simple = canonical(CANON_SIMPLE, field);
	g_autoptr(GByteArray) relaxed = canonical(CANON_RELAXED, field);
	struct span text = text_of(relaxed);

	g_assert_true(span_starts_with(text_of(simple), field->whole));
	check_shape(text, field->name.n);

	struct header_field again = { .whole = text,
		.name = span_sub(text, 0, field->name.n),
		.value = span_sub(
		    text, field->name.n + 1, text.n - field->name.n - 3) };
	g_autoptr(GByteArray) twice = canonical(CANON_RELAXED, &again);
	/* A CR that stood before folding may now stand before an LF. */
	if (memmem(again.value.p, again.value.n, "\r\n", 2) == NULL)
		g_assert_true(span_equal(text_of(twice), text));
}

/* Cut some part of the value out. */
static void
check_cut(const struct header_field *field, size_t from, size_t n)
{
	struct span cut =
	    span_sub(field->value, from % (field->value.n + 1), n);
	size_t whole_n = field->whole.n -
	    (span_ends_with(field->whole, SPAN("\r\n")) ? 2 : 0);
	g_autoptr(GByteArray) simple = push(CANON_SIMPLE, field, cut, false);
	g_autoptr(GByteArray) relaxed = push(CANON_RELAXED, field, cut, false);
	g_autoptr(GByteArray) oracle = canon_oracle_field(field, cut);

	g_assert_cmpuint(simple->len, ==, whole_n - cut.n);
	g_assert_true(span_equal(text_of(relaxed), text_of(oracle)));
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const struct reading kept = { .line_ends = LINE_ENDS_KEPT };
	g_autoptr(arena_auto) arena = arena_new();
	uint8_t *buffer = arena_alloc(arena, READING_BUFFER);
	struct header_index index;
	size_t body_at;

	if (size < 2)
		return 0;
	header_index_build(&index, arena, buffer,
	    (struct span){ data + 2, size - 2 }, &kept, &body_at);
	for (size_t i = 0; i < index.n; i++) {
		check_field(&index.fields[i]);
		check_cut(&index.fields[i], data[0], data[1]);
	}
	return 0;
}
