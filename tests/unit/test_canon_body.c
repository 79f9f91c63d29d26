/* test_canon_body.c - bodies against RFC 6376 and against a plain oracle. */
#include "verifier/dkim/canon_body.h"

#include "tests/unit/canon_oracle.h"

#include <glib.h>
#include <string.h>

#define S(text) SPAN(text)

static const struct {
	const char *name;
	struct span body, simple, relaxed;
} cases[] = {
	/* RFC 6376 3.4.5 */
	{ "RFC 6376 3.4.5", S(" C \r\nD \t E\r\n\r\n\r\n"),
	    S(" C \r\nD \t E\r\n"), S(" C\r\nD E\r\n") },
	{ "empty", S(""), S("\r\n"), S("") },
	{ "CRLF", S("\r\n"), S("\r\n"), S("") },
	{ "three CRLF", S("\r\n\r\n\r\n"), S("\r\n"), S("") },
	{ "only WSP", S(" \t "), S(" \t \r\n"), S("") },
	{ "a line of WSP", S(" \t\r\n"), S(" \t\r\n"), S("") },
	{ "last line of WSP", S("a\r\n \r\n"), S("a\r\n \r\n"), S("a\r\n") },
	{ "WSP line inside", S("a\r\n \r\nb\r\n"), S("a\r\n \r\nb\r\n"),
	    S("a\r\n\r\nb\r\n") },
	{ "no final CRLF", S("a"), S("a\r\n"), S("a\r\n") },
	{ "WSP at the end, no CRLF", S("a \t"), S("a \t\r\n"), S("a\r\n") },
	{ "WSP line at the end, no CRLF", S("a\r\n "), S("a\r\n \r\n"),
	    S("a\r\n") },
	{ "bare CR", S("abc\rdef\r\n"), S("abc\rdef\r\n"), S("abc\rdef\r\n") },
	{ "bare CR at the end", S("a\r"), S("a\r\r\n"), S("a\r\r\n") },
	{ "only a bare CR", S("\r"), S("\r\r\n"), S("\r\r\n") },
	{ "WSP before a bare CR", S("a \t\rb\r\n"), S("a \t\rb\r\n"),
	    S("a \rb\r\n") },
	{ "WSP behind a bare CR", S("a\r \r\n"), S("a\r \r\n"), S("a\r\r\n") },
	{ "CR CRLF", S("a\r\r\n\r\n"), S("a\r\r\n"), S("a\r\r\n") },
	{ "bare LF", S("a\nb \n\n"), S("a\nb \n\n\r\n"), S("a\nb \n\n\r\n") },
	{ "WSP before a bare LF", S("a  \n\r\n"), S("a  \n\r\n"),
	    S("a \n\r\n") },
	{ "NUL", S("a\0 \0\r\n\0"), S("a\0 \0\r\n\0\r\n"),
	    S("a\0 \0\r\n\0\r\n") },
	{ "VT and FF stay", S("a \v\f \r\n\f\r\n"), S("a \v\f \r\n\f\r\n"),
	    S("a \v\f\r\n\f\r\n") },
	{ "8-bit", S("\xc3\xa0 \xa0\xa0\r\n"), S("\xc3\xa0 \xa0\xa0\r\n"),
	    S("\xc3\xa0 \xa0\xa0\r\n") },
	{ "empty lines inside", S("\r\n\r\na\r\n\r\n\r\nb\r\n\r\n"),
	    S("\r\n\r\na\r\n\r\n\r\nb\r\n"), S("\r\n\r\na\r\n\r\n\r\nb\r\n") },
	{ "WSP at line starts", S(" \ta\r\n\tb\r\n"), S(" \ta\r\n\tb\r\n"),
	    S(" a\r\n b\r\n") },
	{ "spot behind a clean stretch",
	    S("0123456789abcdef0123456789abcdef0123456789abcd  "
	      "0123456789abcdef0123456789abcdef \r\n\r\n0123456789abcdef"),
	    S("0123456789abcdef0123456789abcdef0123456789abcd  "
	      "0123456789abcdef0123456789abcdef \r\n\r\n0123456789abcdef\r\n"),
	    S("0123456789abcdef0123456789abcdef0123456789abcd "
	      "0123456789abcdef0123456789abcdef\r\n\r\n0123456789abcdef\r\n") },
};

static const enum canonicalization algorithms[] = { CANON_SIMPLE, CANON_RELAXED,
	CANON_NOWSP, CANON_DK_SIMPLE, CANON_DK_NOFWS };

/* RFC 4870 3.4.2 and "nowsp". */
static const struct {
	const char *name;
	struct span body, dk_simple, dk_nofws, nowsp;
} older[] = {
	{ "empty", S(""), S(""), S(""), S("") },
	{ "empty lines", S("\r\n\r\n"), S(""), S(""), S("") },
	{ "a line of WSP", S(" \t\r\n"), S("\r\n \t\r\n"), S(""), S("") },
	{ "a line", S("a b\r\n"), S("\r\na b\r\n"), S("\r\nab\r\n"), S("ab") },
	{ "no final CRLF", S("a b "), S("\r\na b \r\n"), S("\r\nab\r\n"),
	    S("ab") },
	{ "empty lines first", S("\r\n\r\na\r\n"), S("\r\n\r\n\r\na\r\n"),
	    S("\r\n\r\n\r\na\r\n"), S("a") },
	{ "WSP line inside", S("a\r\n \r\nb\r\n"), S("\r\na\r\n \r\nb\r\n"),
	    S("\r\na\r\n\r\nb\r\n"), S("ab") },
	{ "WSP lines at the end", S("a\r\n \r\n\t\r\n\r\n"),
	    S("\r\na\r\n \r\n\t\r\n"), S("\r\na\r\n"), S("a") },
	{ "bare CR and LF", S("a\rb\nc\r"), S("\r\na\rb\nc\r\r\n"),
	    S("\r\nabc\r\n"), S("abc") },
	{ "CR CRLF", S("a\r\r\nb\r\n"), S("\r\na\r\r\nb\r\n"),
	    S("\r\na\r\nb\r\n"), S("ab") },
	{ "NUL, VT, FF, 8-bit", S("\0 \v\f\xa0\r\n"), S("\r\n\0 \v\f\xa0\r\n"),
	    S("\r\n\0\v\f\xa0\r\n"), S("\0\v\f\xa0") },
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

/* The canonical form of "body", pushed in pieces that end at "cuts". */
static GByteArray *
canonical(enum canonicalization algorithm, struct span body, const size_t *cuts,
    size_t n_cuts)
{
	struct collector out = { { collect }, g_byte_array_new() };
	g_autofree struct canon_body *canon = g_new(struct canon_body, 1);
	size_t at = 0;

	canon_body_start(canon, algorithm, &out.sink);
	for (size_t i = 0; i < n_cuts; i++) {
		sink_push(&canon->sink, span_sub(body, at, cuts[i] - at));
		at = cuts[i];
	}
	sink_push(&canon->sink, span_from(body, at));
	canon_body_finish(canon);
	return out.octets;
}

static void
assert_same(const char *name, GByteArray *got, struct span want)
{
	bool same = span_equal((struct span){ got->data, got->len }, want);

	if (!same) {
		g_autofree char *text =
		    g_strndup((const char *)got->data, got->len);
		g_autofree char *shown = g_strescape(text, NULL);
		g_test_message("case %s: got \"%s\"", name, shown);
	}
	g_assert_true(same);
}

static void
test_cases(void)
{
	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autoptr(GByteArray) simple =
		    canonical(CANON_SIMPLE, cases[i].body, NULL, 0);
		g_autoptr(GByteArray) relaxed =
		    canonical(CANON_RELAXED, cases[i].body, NULL, 0);

		assert_same(cases[i].name, simple, cases[i].simple);
		assert_same(cases[i].name, relaxed, cases[i].relaxed);
	}
}

static void
test_older(void)
{
	for (size_t i = 0; i < G_N_ELEMENTS(older); i++) {
		g_autoptr(GByteArray) simple =
		    canonical(CANON_DK_SIMPLE, older[i].body, NULL, 0);
		g_autoptr(GByteArray) nofws =
		    canonical(CANON_DK_NOFWS, older[i].body, NULL, 0);
		g_autoptr(GByteArray) nowsp =
		    canonical(CANON_NOWSP, older[i].body, NULL, 0);

		assert_same(older[i].name, simple, older[i].dk_simple);
		assert_same(older[i].name, nofws, older[i].dk_nofws);
		assert_same(older[i].name, nowsp, older[i].nowsp);
	}
}

/* Every cut of "body" into two, and into three around one octet. */
static void
check_splits(
    const char *name, enum canonicalization algorithm, struct span body)
{
	g_autoptr(GByteArray) want = canon_oracle(algorithm, body);

	for (size_t cut = 0; cut <= body.n; cut++) {
		size_t cuts[2] = { cut, MIN(cut + 1, body.n) };
		g_autoptr(GByteArray) two = canonical(algorithm, body, cuts, 1);
		g_autoptr(GByteArray) three =
		    canonical(algorithm, body, cuts, 2);

		assert_same(name, two, (struct span){ want->data, want->len });
		assert_same(
		    name, three, (struct span){ want->data, want->len });
	}
}

static void
test_splits(void)
{
	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		for (size_t j = 0; j < G_N_ELEMENTS(algorithms); j++)
			check_splits(
			    cases[i].name, algorithms[j], cases[i].body);
	}
}

/* Every body of up to seven octets out of those that matter. */
static void
test_all_short(void)
{
	static const char alphabet[] = { 'a', ' ', '\t', '\r', '\n' };
	uint8_t body[7];

	for (unsigned number = 0; number < 5 * 5 * 5 * 5 * 5 * 5 * 5;
	     number++) {
		unsigned rest = number;
		for (size_t i = 0; i < sizeof(body); i++, rest /= 5)
			body[i] = (uint8_t)alphabet[rest % 5];
		for (size_t a = 0; a < G_N_ELEMENTS(algorithms); a++) {
			size_t cut = number % (sizeof(body) + 1);
			struct span span = { body, sizeof(body) };
			g_autoptr(GByteArray) want =
			    canon_oracle(algorithms[a], span);
			g_autoptr(GByteArray) got =
			    canonical(algorithms[a], span, &cut, 1);

			assert_same("short", got,
			    (struct span){ want->data, want->len });
		}
	}
}

/* Long bodies: spans larger than the buffer, spots at every distance. */
static void
test_long(void)
{
	g_autoptr(GByteArray) body = g_byte_array_new();

	for (unsigned i = 0; body->len < 5 * CANON_BUFFER; i++) {
		g_autofree char *line = g_strnfill(i % 97, 'x');
		static const char *const ends[] = { "\r\n", " \r\n", "  y\r\n",
			"\t", "\r\n\r\n", "\r" };
		const char *end = ends[i % G_N_ELEMENTS(ends)];

		g_byte_array_append(body, (const uint8_t *)line, i % 97);
		g_byte_array_append(
		    body, (const uint8_t *)end, (guint)strlen(end));
	}
	for (size_t a = 0; a < G_N_ELEMENTS(algorithms); a++) {
		struct span span = { body->data, body->len };
		g_autoptr(GByteArray) want = canon_oracle(algorithms[a], span);
		g_autoptr(GByteArray) got =
		    canonical(algorithms[a], span, NULL, 0);

		assert_same(
		    "long", got, (struct span){ want->data, want->len });
	}
}

/* Spots are looked for in large steps: each must be found in every place. */
static void
test_every_place(void)
{
	static const struct span spots[] = { S("\t"), S("  "), S(" \r\n"),
		S(" \t"), S("\r\n "), S("\r\n\r\n"), S("\r\n\t"), S(" \r") };
	const size_t n = 400; /* three steps and what is left over */

	for (size_t at = 0; at + 4 <= n; at++) {
		for (size_t i = 0; i < G_N_ELEMENTS(spots); i++) {
			g_autofree char *text = g_strnfill(n, 'x');
			struct span body = { (uint8_t *)text, n };
			memcpy(text + at, spots[i].p, spots[i].n);
			g_autoptr(GByteArray) want =
			    canon_oracle(CANON_RELAXED, body);
			g_autoptr(GByteArray) got =
			    canonical(CANON_RELAXED, body, NULL, 0);

			assert_same("every place", got,
			    (struct span){ want->data, want->len });
		}
	}
}

/* So must the first of the empty lines that end a body. */
static void
test_every_end(void)
{
	for (size_t at = 0; at < 300; at++) {
		g_autoptr(GString) body = g_string_new(NULL);

		for (size_t i = 0; i < at; i++)
			g_string_append_c(body, 'x');
		for (size_t i = 0; i < 300; i++)
			g_string_append(body, "\r\n");
		struct span span = { (uint8_t *)body->str, body->len };
		g_autoptr(GByteArray) want = canon_oracle(CANON_RELAXED, span);
		g_autoptr(GByteArray) got =
		    canonical(CANON_RELAXED, span, NULL, 0);

		assert_same(
		    "every end", got, (struct span){ want->data, want->len });
	}
}

/* CRLFs by the thousand are held back as a number, and come out again. */
static void
test_many_empty_lines(void)
{
	g_autoptr(GByteArray) body = g_byte_array_new();

	g_byte_array_append(body, (const uint8_t *)"a", 1);
	for (unsigned i = 0; i < 100001; i++)
		g_byte_array_append(body, (const uint8_t *)"\r\n", 2);
	for (size_t a = 0; a <= CANON_RELAXED; a++) {
		struct span span = { body->data, body->len };
		g_autoptr(GByteArray) cut =
		    canonical(algorithms[a], span, NULL, 0);

		assert_same("cut", cut, SPAN("a\r\n"));
	}
	g_byte_array_append(body, (const uint8_t *)"b\r\n", 3);
	for (size_t a = 0; a <= CANON_RELAXED; a++) {
		struct span span = { body->data, body->len };
		g_autoptr(GByteArray) kept =
		    canonical(algorithms[a], span, NULL, 0);

		assert_same("kept", kept, span);
	}
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_set_nonfatal_assertions();
	g_test_add_func("/canon_body/cases", test_cases);
	g_test_add_func("/canon_body/older", test_older);
	g_test_add_func("/canon_body/splits", test_splits);
	g_test_add_func("/canon_body/all_short", test_all_short);
	g_test_add_func("/canon_body/long", test_long);
	g_test_add_func("/canon_body/every_place", test_every_place);
	g_test_add_func("/canon_body/every_end", test_every_end);
	g_test_add_func("/canon_body/many_empty_lines", test_many_empty_lines);
	return g_test_run();
}
