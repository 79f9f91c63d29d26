/* test_canon_header.c - header fields against RFC 6376 section 3.4. */
#include "verifier/dkim/canon_header.h"
#include "tests/unit/canon_oracle.h"

#include <glib.h>
#include <string.h>

#define S(text) SPAN(text)

static const struct {
	const char *name;
	struct span field, relaxed;
} cases[] = {
	/* RFC 6376 3.4.5 */
	{ "RFC 6376 A", S("A: X\r\n"), S("a:X\r\n") },
	{ "RFC 6376 B", S("B : Y\t\r\n\tZ  \r\n"), S("b:Y Z\r\n") },
	{ "empty value", S("Subject:\r\n"), S("subject:\r\n") },
	{ "value of WSP", S("Subject: \t \r\n"), S("subject:\r\n") },
	{ "value of folding", S("Subject:\r\n \r\n\t\r\n"), S("subject:\r\n") },
	{ "name in capitals", S("SUBJect:x\r\n"), S("subject:x\r\n") },
	{ "WSP before the colon", S("Subject \t: x\r\n"), S("subject:x\r\n") },
	{ "colon in the value", S("A: b : c\r\n"), S("a:b : c\r\n") },
	{ "fold with WSP round it", S("A: b \t\r\n \t c\r\n"), S("a:b c\r\n") },
	{ "empty fold at the end", S("A: b\r\n \r\n"), S("a:b\r\n") },
	{ "VT and FF stay", S("A: \vb\f \f\r\n"), S("a:\vb\f \f\r\n") },
	{ "NUL", S("A: b\0 \0\r\n"), S("a:b\0 \0\r\n") },
	{ "A0 is no white space", S("A: \xc3\xa0 \xa0\xa0\r\n"),
	    S("a:\xc3\xa0 \xa0\xa0\r\n") },
	{ "bare CR", S("A: b \r c\rd\r\n"), S("a:b \r c\rd\r\n") },
	{ "bare LF", S("A: b \n c\n\r\n"), S("a:b \n c\n\r\n") },
	{ "no final CRLF", S("A: b"), S("a:b\r\n") },
};

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

static struct header_field
field_of(struct span text)
{
	size_t colon = span_find(text, ':');
	struct header_field field = { .whole = text };

	field.name = span_trim_wsp(span_sub(text, 0, colon));
	field.value = span_from(text, colon + 1);
	if (span_ends_with(field.value, SPAN("\r\n")))
		field.value.n -= 2;
	return field;
}

static void
assert_same(const char *name, GByteArray *got, struct span want)
{
	bool same = span_equal((struct span){ got->data, got->len }, want);

	if (!same)
		g_test_message("case %s: got \"%.*s\"", name, (int)got->len,
		    (const char *)got->data);
	g_assert_true(same);
}

static void
check_field(const char *name, enum canonicalization algorithm, struct span text,
    struct span want)
{
	struct header_field field = field_of(text);
	g_autoptr(GByteArray) got = push(algorithm, &field, SPAN(""), true);

	assert_same(name, got, want);
}

static void
test_relaxed(void)
{
	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++)
		check_field(cases[i].name, CANON_RELAXED, cases[i].field,
		    cases[i].relaxed);
}

static void
test_simple(void)
{
	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++)
		if (span_ends_with(cases[i].field, SPAN("\r\n")))
			check_field(cases[i].name, CANON_SIMPLE, cases[i].field,
			    cases[i].field);
	check_field(
	    "no final CRLF", CANON_SIMPLE, SPAN("A: b"), SPAN("A: b\r\n"));
}

/* RFC 4870 3.4.2 and "nowsp": no white space; only "nowsp" lowers the name. */
static void
test_older(void)
{
	struct span text = SPAN("SuBject \t: A \tb\r\n\t c\v\xa0 \r\n");

	check_field("DomainKeys simple", CANON_DK_SIMPLE, text, text);
	check_field(
	    "nofws", CANON_DK_NOFWS, text, SPAN("SuBject:Abc\v\xa0\r\n"));
	check_field("nowsp", CANON_NOWSP, text, SPAN("subject:Abc\v\xa0\r\n"));
	check_field(
	    "nofws, empty", CANON_DK_NOFWS, SPAN("A: \r\n"), SPAN("A:\r\n"));
	check_field(
	    "nofws, no end", CANON_DK_NOFWS, SPAN("A: b"), SPAN("A:b\r\n"));
}

/* The cut is the text between "[" and "]", which are taken out first. */
static const struct {
	const char *name, *field, *simple, *relaxed;
} signatures[] = {
	{ "b= last", "DKIM-Signature: v=1; b=[abc]\r\n",
	    "DKIM-Signature: v=1; b=", "dkim-signature:v=1; b=" },
	{ "b= first", "DKIM-Signature:b=[abc] ; v=1 \r\n",
	    "DKIM-Signature:b= ; v=1 ", "dkim-signature:b= ; v=1" },
	{ "b= folded", "DKIM-Signature: b=[\r\n a\r\n b\r\n]\t; v=1\r\n",
	    "DKIM-Signature: b=\t; v=1", "dkim-signature:b= ; v=1" },
	{ "WSP round =", "DKIM-Signature: b \r\n = [ab]; v=1\r\n",
	    "DKIM-Signature: b \r\n = ; v=1", "dkim-signature:b = ; v=1" },
	{ "cut to the end", "DKIM-Signature: v=1; b =[ ab \r\n ]\r\n",
	    "DKIM-Signature: v=1; b =", "dkim-signature:v=1; b =" },
	{ "no b=", "DKIM-Signature: v=1[]\r\n", "DKIM-Signature: v=1",
	    "dkim-signature:v=1" },
};

static void
check_signature(size_t i, enum canonicalization algorithm, const char *want)
{
	g_auto(GStrv) parts = g_strsplit_set(signatures[i].field, "[]", 3);
	g_autofree char *text = g_strconcat(parts[0], parts[1], parts[2], NULL);
	struct header_field field = field_of(span_from_string(text));
	struct span cut =
	    span_sub(field.whole, strlen(parts[0]), strlen(parts[1]));

	g_autoptr(GByteArray) got = push(algorithm, &field, cut, false);
	assert_same(signatures[i].name, got, span_from_string(want));
}

/* Values longer than any stride and buffer, with folding, WSP and bare CR
 * everywhere in turn, against the oracle. */
static void
test_oracle(void)
{
	static const char *const pieces[] = { "x", "\r\n ", " ", "\r", "\t",
		"\n", "yz" };

	for (size_t step = 1; step < 40; step++) {
		g_autoptr(GString) text = g_string_new("A-Name: ");

		for (size_t i = 0; text->len < 2 * CANON_HEADER_BUFFER; i++)
			g_string_append(text,
			    i % step == 0 ? pieces[i % G_N_ELEMENTS(pieces)]
					  : "w");
		struct header_field field =
		    field_of((struct span){ (uint8_t *)text->str, text->len });
		struct span cut = span_sub(field.value, 100 * step, 50);
		g_autoptr(GByteArray) got =
		    push(CANON_RELAXED, &field, cut, false);
		g_autoptr(GByteArray) want = canon_oracle_field(&field, cut);
		assert_same(
		    "long", got, (struct span){ want->data, want->len });
	}
}

static void
test_signature(void)
{
	for (size_t i = 0; i < G_N_ELEMENTS(signatures); i++) {
		check_signature(i, CANON_SIMPLE, signatures[i].simple);
		check_signature(i, CANON_RELAXED, signatures[i].relaxed);
	}
}

/* A value longer than any buffer on the way. */
static void
test_long(void)
{
	g_autoptr(GString) field = g_string_new("Subject:");
	g_autoptr(GString) want = g_string_new("subject:");

	for (unsigned i = 0; i < 5000; i++) {
		g_string_append_printf(field, "\r\n  word%u", i);
		g_string_append_printf(want, "%sword%u", i > 0 ? " " : "", i);
	}
	g_string_append(field, "\r\n");
	g_string_append(want, "\r\n");
	check_field("long", CANON_RELAXED, span_from_string(field->str),
	    span_from_string(want->str));
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_set_nonfatal_assertions();
	g_test_add_func("/canon_header/relaxed", test_relaxed);
	g_test_add_func("/canon_header/simple", test_simple);
	g_test_add_func("/canon_header/older", test_older);
	g_test_add_func("/canon_header/signature", test_signature);
	g_test_add_func("/canon_header/long", test_long);
	g_test_add_func("/canon_header/oracle", test_oracle);
	return g_test_run();
}
