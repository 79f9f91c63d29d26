/*
 * test_repair.c - what each repair proposes, variant by variant: the octets
 * that the message has with its edits.
 */
#include "verifier/repair/repair.h"

#include <glib.h>

#include "tests/unit/span_assert.h"

#define S(text) SPAN(text)
#define SIMPLE                                                              \
	"DKIM-Signature: v=1; a=rsa-sha256; c=simple/simple; d=a.example; " \
	"s=s; h=From:To:Subject:References; bh=AAAA; b=AAAA\r\n"
#define RELAXED                                                               \
	"DKIM-Signature: v=1; a=rsa-sha256; c=relaxed/relaxed; d=a.example; " \
	"s=s; h=From:To:Subject:References; bh=AAAA; b=AAAA\r\n"
#define HEAD SIMPLE "From: a\r\n"

/* "wants" ends with an empty span: what comes of each variant that proposes
 * something, in their order. */
static const struct {
	const char *name;
	const struct repair *repair;
	struct span raw;
	struct span wants[9];
} cases[] = {
	/* Body repairs: what stands behind the header. */
	{ "nothing quoted", &repair_from_quoting, S(HEAD "\r\nFrom\r\n>x\r\n"),
	    { S("") } },
	{ "one quoted line", &repair_from_quoting, S(HEAD "\r\n>From x\r\n"),
	    { S(HEAD "\r\nFrom x\r\n"), S(HEAD "\r\nFrom x\r\n"),
		S(HEAD "\r\n>>From x\r\n"), S(HEAD "\r\nFrom x\r\n"), S("") } },
	{ "quoted twice", &repair_from_quoting, S(HEAD "\r\n>>From x\r\n"),
	    { S(HEAD "\r\n>From x\r\n"), S(HEAD "\r\n>From x\r\n"),
		S(HEAD "\r\n>>>From x\r\n"), S("") } },
	{ "two lines, all subsets", &repair_from_quoting,
	    S(HEAD "\n>From x\nFrom y\n"),
	    { S(HEAD "\nFrom x\nFrom y\n"), S(HEAD "\nFrom x\nFrom y\n"),
		S(HEAD "\n>From x\n>From y\n"), S(HEAD "\n>>From x\n>From y\n"),
		S(HEAD "\nFrom x\nFrom y\n"), S(HEAD "\n>From x\n>From y\n"),
		S(HEAD "\nFrom x\n>From y\n"), S("") } },
	{ "dots", &repair_dot_stuffing, S(HEAD "\r\n..a\r\n.\r\n..\r\n.b"),
	    { S(HEAD "\r\n.a\r\n.\r\n.\r\n.b"), S("") } },
	{ "doubled CR", &repair_line_ends, S(HEAD "\r\na\r\r\nb\r\r\r\n"),
	    { S(HEAD "\r\na\r\nb\r\n"), S(HEAD "\r\na\r\n\r\nb\r\n\r\n\r\n"),
		S("") } },
	{ "bare CR", &repair_line_ends, S(HEAD "\r\na\rb\r"),
	    { S(HEAD "\r\na\r\nb\r\n"), S("") } },
	{ "end marks", &repair_end_marks, S(HEAD "\r\na\r\n\x1a\0\0"),
	    { S(HEAD "\r\na\r\n"), S("") } },
	{ "nothing but end marks", &repair_end_marks, S(HEAD "\r\n\0"),
	    { S(HEAD "\r\n"), S("") } },
	{ "trailing space", &repair_trailing_space,
	    S(HEAD "\r\na \t\r\n \r\nb "),
	    { S(HEAD "\r\na\r\n\r\nb"), S("") } },
	{ "trailing space, relaxed", &repair_trailing_space,
	    S(RELAXED "\r\na \r\n"), { S("") } },
	{ "dashes", &repair_signature_dashes, S(HEAD "\r\n--\r\n-- \r\n--"),
	    { S(HEAD "\r\n-- \r\n-- \r\n-- "), S("") } },
	{ "spaces to tabs", &repair_tabs,
	    S(HEAD "\n        a        b         c\n"),
	    { S(HEAD "\n\ta\tb         c\n"),
		S(HEAD "\n\ta        b         c\n"), S("") } },
	{ "sixteen in front", &repair_tabs, S(HEAD "\n                a\n"),
	    { S(HEAD "\n\t\ta\n"), S("") } },
	{ "tabs to spaces", &repair_tabs, S(HEAD "\n\ta\t\n"),
	    { S(HEAD "\n        a        \n"), S(HEAD "\n a \n"), S("") } },
	{ "first line lost", &repair_leading_line, S(HEAD "\na\n"),
	    { S(HEAD "\n\r\na\n"), S("") } },
	{ "first line more", &repair_leading_line, S(HEAD "\n\n\na\n"),
	    { S(HEAD "\n\na\n"), S("") } },
	{ "base64 of 24", &repair_base64_lines,
	    S(HEAD "\n\nAAAAAAAAAAAAAAAAAAAAAAAA\nBBBBBBBBBBBBBBBBBBBBBBBB\n"
		   "CCCCCCCCCCCCCCCCCCCCCCCC\nDDDDDDD=\n"),
	    { S(HEAD "\n\nAAAAAAAAAAAAAAAAAAAAAAAABBBBBBBBBBBBBBBBBBBBBBBBCCCC"
		     "CCCCCCCCCCCCCCCCCCCCDDDD\r\nDDD=\n"),
		S(HEAD "\n\nAAAAAAAAAAAAAAAAAAAAAAAABBBBBBBBBBBBBBBBBBBBBBBBCCC"
		       "CCCCCCCCCCCCCCCCCCCCC\nDDDDDDD=\n"),
		S(HEAD "\n\nAAAAAAAAAAAAAAAAAAAAAAAABBBBBBBBBBBBBBBBBBBBBBBBCCC"
		       "CCCCCCCCCCCCC\r\nCCCCCCCCDDDDDDD=\n"),
		S(HEAD "\n\nAAAAAAAAAAAAAAAAAAAAAAAABBBBBBBBBBBBBBBBBBBBBBBBCCC"
		       "CCCCCCCCC\r\nCCCCCCCCCCCCDDDDDDD=\n"),
		S("") } },
	{ "no base64", &repair_base64_lines, S(HEAD "\n\nhardly any words\n"),
	    { S("") } },
	{ "footer", &repair_list_footer,
	    S(HEAD "\r\ntext\r\n____\r\nlist\r\n\r\nmore\r\n"),
	    { S(HEAD "\r\ntext\r\n____\r\nlist\r\n\r\n"),
		S(HEAD "\r\ntext\r\n"), S("") } },
	{ "behind the last delimiter", &repair_list_footer,
	    S(HEAD "\r\n--b\r\n\r\nx\r\n--b--\r\nadvertisement\r\n"),
	    { S(HEAD "\r\n--b\r\n\r\nx\r\n--b--\r\n"),
		S(HEAD "\r\n--b\r\n\r\n"), S("") } },
	{ "all of it is no footer", &repair_list_footer,
	    S(HEAD "\r\n-----\r\nx\r\n"), { S("") } },
	{ "Latin-1 of UTF-8", &repair_charset, S(HEAD "\r\n\xc3\xbc\r\n"),
	    { S(HEAD "\r\n\xfc\r\n"), S(HEAD "\r\n\xfc\r\n"),
		S(HEAD "\r\n\xc3\x83\xc2\xbc\r\n"),
		S(HEAD "\r\n\xc3\x83\xc2\xbc\r\n"), S("") } },
	{ "Windows-1252 of UTF-8", &repair_charset,
	    S(HEAD "\r\n\xe2\x82\xac\r\n"),
	    { S(HEAD "\r\n\x80\r\n"),
		S(HEAD "\r\n\xc3\xa2\xc2\x82\xc2\xac\r\n"),
		S(HEAD "\r\n\xc3\xa2\xe2\x80\x9a\xc2\xac\r\n"), S("") } },
	{ "neither", &repair_charset, S(HEAD "\r\n\x81\xe2\r\n"),
	    { S(HEAD "\r\n\xc2\x81\xc3\xa2\r\n"), S("") } },
#define PART(word) HEAD "\r\n--b\r\nContent-Transfer-Encoding: " word "\r\n"
	{ "quoted-printable to 8bit", &repair_body_encoding,
	    S(PART("Quoted-Printable") "\r\n=C3=bcx=\r\n=3D= =4\r\n--b--"),
	    { S(PART("8bit") "\r\n\xc3\xbcx== =4\r\n--b--"), S("") } },
	{ "base64 to 8bit, of text alone", &repair_body_encoding,
	    S(PART("base64") "Content-type: TEXT/html\r\n\r\nw7wN\r\nCg==\r\n"
			     "--b\r\nContent-Transfer-Encoding: base64\r\n"
			     "Content-Type: image/png\r\n\r\nAAAA\r\n--b--"),
	    { S(PART(
		  "8bit") "Content-type: TEXT/html\r\n\r\n\xc3\xbc\r\n"
			  "\r\n--b\r\nContent-Transfer-Encoding: base64"
			  "\r\nContent-Type: image/png\r\n\r\nAAAA\r\n--b--"),
		S("") } },
	{ "8bit to both", &repair_body_encoding,
	    S(PART("8BIT") "\n\xc3\xbc =\t\n\nx\n--b--"),
	    { S(PART("quoted-printable") "\n=C3=BC =3D=09\n\nx\n--b--"),
		S(PART("base64") "\nw7wgPQkNCg0KeA==\n--b--"), S("") } },
	{ "no part", &repair_body_encoding,
	    S(HEAD "\r\n--b\r\nno header, then\r\n--b\r\n\r\n=41\r\n--b--"),
	    { S("") } },
	{ "the whole body", &repair_body_encoding,
	    S(HEAD "Content-Transfer-Encoding: quoted-printable\n\n=41\n"),
	    { S(HEAD "Content-Transfer-Encoding: quoted-printable\n\nA\n"),
		S("") } },
#define E75 \
	"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
#define CODED(word) HEAD "Content-Transfer-Encoding: " word "\r\n\r\n"
	{ "lines of 76", &repair_body_encoding, S(CODED("8bit") E75 "b\r\n"),
	    { S(CODED("8bit") "YWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFh"
			      "YWFhYWFhYWFhYWFhYWFhYWFhYWFh\r\nYWFhYWFhYWFhYW"
			      "FhYWFhYWFhYg0K\r\n"),
		S("") } },
	{ "and longer", &repair_body_encoding, S(CODED("8bit") E75 "bc\r\n"),
	    { S(CODED("8bit") E75 "=\r\nbc\r\n"),
		S(CODED(
		    "8bit") "YWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFh"
			    "YWFhYWFhYWFhYWFhYWFhYWFhYWFh\r\nYWFhYWFhYWFhYW"
			    "FhYWFhYWFhYmMNCg==\r\n"),
		S("") } },
	{ "an octet is not broken", &repair_body_encoding,
	    S(CODED("8bit") E75 "\xff\r\n"),
	    { S(CODED("8bit") E75 "=\r\n=FF\r\n"),
		S(CODED(
		    "8bit") "YWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFh"
			    "YWFhYWFhYWFhYWFhYWFhYWFhYWFh\r\nYWFhYWFhYWFhYW"
			    "FhYWFhYWFh/w0K\r\n"),
		S("") } },
	/* Header repairs. */
	{ "a field that was not signed", &repair_encoding_field,
	    S(CODED("8bit") "x\r\n"), { S("") } },
	{ "names", &repair_name_case, S(SIMPLE "from: a\r\nx-b: c\r\n\r\n"),
	    { S(SIMPLE "From: a\r\nx-b: c\r\n\r\n"),
		S(SIMPLE "From: a\r\nx-b: c\r\n\r\n"),
		S("Dkim-Signature" /* as words, then all lower case */),
		S("dkim-signature"), S("") } },
	{ "names, relaxed", &repair_name_case, S(RELAXED "from: a\r\n\r\n"),
	    { S("") } },
	{ "tag", &repair_subject_tag, S(RELAXED "Subject: [l] [m] x\r\n\r\n"),
	    { S(RELAXED "Subject: [m] x\r\n\r\n"),
		S(RELAXED "Subject: x\r\n\r\n"),
		S(RELAXED "Subject: x\r\n\r\n"), S("") } },
	{ "tag in a reply", &repair_subject_tag,
	    S(RELAXED "Subject: Re: AW: [l] x\r\n\r\n"),
	    { S(RELAXED "Subject: Re: AW: x\r\n\r\n"),
		S(RELAXED "Subject: Re: AW: x\r\n\r\n"),
		S(RELAXED "Subject: Re: AW: x\r\n\r\n"), S("") } },
	{ "stars", &repair_subject_tag,
	    S(RELAXED "Subject: ***SPAM*** x\r\n\r\n"),
	    { S(RELAXED "Subject: x\r\n\r\n"), S(RELAXED "Subject: x\r\n\r\n"),
		S(RELAXED "Subject: x\r\n\r\n"), S("") } },
	{ "no tag", &repair_subject_tag,
	    S(RELAXED "Subject: x [y]\r\nSubject: [z\r\n\r\n"), { S("") } },
};

struct collector {
	struct sink sink; /* first */
	GByteArray *octets;
};

static void
collect(struct sink *self, struct span span)
{
	struct collector *collector = (struct collector *)self;

	g_byte_array_append(collector->octets, span.p, (guint)span.n);
}

/* "raw" with the edits, and nothing else changed. */
static GByteArray *
apply(struct span raw, const struct edit_list *edits)
{
	static uint8_t buffer[READING_BUFFER];
	struct collector out = { { collect }, g_byte_array_new() };
	const struct reading reading = { QUOTING_KEPT, LINE_ENDS_KEPT,
		edits->edits, edits->n, false };
	struct reading_stream stream;

	reading_start(&stream, &reading, buffer, &out.sink);
	reading_push(&stream, raw);
	reading_finish(&stream, false);
	return out.octets;
}

/* What "want" has is what "got" begins with; all of it unless it is one of
 * the wants that name a beginning only. */
static void
compare(const char *name, const GByteArray *got, struct span want)
{
	struct span all = { got->data, got->len };

	if (span_equal_nocase(want, S("DKIM-Signature")))
		all = span_sub(all, 0, want.n);
	span_assert_equal(name, all, want);
}

static void
test_variants(void)
{
	static uint8_t buffer[READING_BUFFER];
	const struct reading reading = { QUOTING_KEPT, LINE_ENDS_CRLF, NULL, 0,
		false };

	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autoptr(arena_auto) arena = arena_new();
		struct repair_subject subject = { .arena = arena };
		struct body_traits traits;
		struct message message;
		struct signatures signatures;
		struct edit_list edits;
		size_t wanted = 0;

		message_open(&message, arena, buffer, cases[i].raw, &reading);
		signatures_find(&signatures, arena, &message.header);
		g_assert_cmpuint(signatures.n, ==, 1);
		body_traits_get(&traits, &message);
		subject.message = &message;
		subject.signature = &signatures.list[0];
		subject.traits = &traits;
		for (unsigned variant = 0;; variant++) {
			edit_list_init(&edits, arena);
			if (!cases[i].repair->propose(
				&edits, &subject, variant))
				break;
			if (edits.n == 0)
				continue;
			g_autoptr(GByteArray) got = apply(cases[i].raw, &edits);
			compare(cases[i].name, got, cases[i].wants[wanted]);
			wanted += cases[i].wants[wanted].n > 0 ? 1 : 0;
		}
		g_assert_cmpuint(cases[i].wants[wanted].n, ==, 0);
	}
}

/* Every repair is in the table, under a name of its own. */
static void
test_table(void)
{
	g_autoptr(GHashTable) names = g_hash_table_new(g_str_hash, g_str_equal);

	for (size_t i = 0; repair_table[i] != NULL; i++) {
		g_assert_true(g_hash_table_add(
		    names, (gpointer)(uintptr_t)repair_table[i]->name));
		g_assert_cmpint(repair_table[i]->effect, !=, REPAIR_NONE);
	}
	g_assert_cmpuint(g_hash_table_size(names), >=, 15);
}

static void
test_scopes(void)
{
	enum repair_scope scope;

	g_assert_true(repair_scope_from_name(S("container"), &scope));
	g_assert_cmpint(scope, ==, REPAIRS_CONTAINER);
	g_assert_cmpstr(repair_scope_name(REPAIRS_NONE), ==, "none");
	g_assert_false(repair_scope_from_name(S("All"), &scope));
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_set_nonfatal_assertions();
	g_test_add_func("/repair/variants", test_variants);
	g_test_add_func("/repair/table", test_table);
	g_test_add_func("/repair/scopes", test_scopes);
	return g_test_run();
}
