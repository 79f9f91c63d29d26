/* test_checksum_list.c - the spellings of lists of digests, line by line and
 * read in pieces of any size. */
#include "verifier/archive/checksum_list.h"

#include "tests/unit/span_assert.h"
#include "verifier/archive/archive.h"
#include "verifier/archive/line_reader.h"

#include <glib.h>
#include <string.h>

#define MD5  "900150983cd24fb0d6963f7d28e17f72"
#define SHA1 "a9993e364706816aba3e25717850c26c9cd0d89d"
#define SHA256 \
	"ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
#define SHA512 \
	SHA256 \
	"2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f"

#define ANY CHECKSUM_FORM_ANY
#define BAG CHECKSUM_FORM_BAG

static const struct {
	const char *line;
	enum checksum_form form;
	enum checksum_algorithm algorithm;
	const char *want; /* NULL: a bad line; "": nothing */
} cases[] = {
	{ MD5 "  a.mbox\n", ANY, CHECKSUM_MD5, "a.mbox" },
	{ MD5 "  a.mbox\r\n", ANY, CHECKSUM_MD5, "a.mbox" },
	{ SHA1 " *a b.mbox", ANY, CHECKSUM_SHA1, "a b.mbox" },
	{ SHA256 " a.mbox", ANY, CHECKSUM_SHA256, "a.mbox" },
	{ SHA512 "\ta.mbox", ANY, CHECKSUM_SHA512, "a.mbox" },
	{ MD5 "   a", ANY, CHECKSUM_MD5, " a" },
	{ MD5 "  *a", ANY, CHECKSUM_MD5, "*a" },
	{ MD5 "  a\\nb", ANY, CHECKSUM_MD5, "a\\nb" },
	{ "\\" MD5 "  a\\nb\\\\c\\r", ANY, CHECKSUM_MD5, "a\nb\\c\r" },
	{ "\\" MD5 "  a\\", ANY, CHECKSUM_MD5, NULL },
	{ "\\" MD5 "  a\\x", ANY, CHECKSUM_MD5, NULL },
	{ MD5, ANY, CHECKSUM_MD5, NULL },
	{ MD5 "  ", ANY, CHECKSUM_MD5, NULL },
	{ MD5 "0  a", ANY, CHECKSUM_MD5, NULL },
	{ MD5 "x  a", ANY, CHECKSUM_MD5, NULL },
	{ SHA512 "0  a", ANY, CHECKSUM_MD5, NULL },
	{ "\xef\xbb\xbf" MD5 "  a", ANY, CHECKSUM_MD5, "a" },
	/* BSD and OpenSSL */
	{ "MD5 (a b) = " MD5, ANY, CHECKSUM_MD5, "a b" },
	{ "SHA2-256(a)= " SHA256, ANY, CHECKSUM_SHA256, "a" },
	{ "SHA512 (a (1)) = x) = " SHA512, ANY, CHECKSUM_SHA512, "a (1)) = x" },
	{ "\\MD5 (a\\nb) = " MD5, ANY, CHECKSUM_MD5, "a\nb" },
	{ "MD5 () = " MD5, ANY, CHECKSUM_MD5, NULL },
	{ "SHA1 (a) = " MD5, ANY, CHECKSUM_MD5, NULL },
	{ "BLAKE2b (a) = " SHA512, ANY, CHECKSUM_MD5, NULL },
	{ "MD5 (a) = ", ANY, CHECKSUM_MD5, NULL },
	{ "MD5 (a)=" MD5, ANY, CHECKSUM_MD5, NULL },
	{ ") = " MD5, ANY, CHECKSUM_MD5, NULL },
	{ "= " MD5, ANY, CHECKSUM_MD5, NULL },
	/* CSV */
	{ "a.zip," MD5, ANY, CHECKSUM_MD5, "a.zip" },
	{ "a,b.zip, " MD5, ANY, CHECKSUM_MD5, "a,b.zip" },
	{ MD5 ",a.zip", ANY, CHECKSUM_MD5, "a.zip" },
	{ "\"a, \"\"b\"\".zip\",\"" MD5 "\"", ANY, CHECKSUM_MD5,
	    "a, \"b\".zip" },
	{ "\"a," MD5, ANY, CHECKSUM_MD5, NULL },
	{ "\"a\"b\"," MD5, ANY, CHECKSUM_MD5, NULL },
	{ "\"," MD5, ANY, CHECKSUM_MD5, NULL },
	{ "\"\"," MD5, ANY, CHECKSUM_MD5, NULL },
	{ "," MD5, ANY, CHECKSUM_MD5, NULL },
	{ "File Name,MD5 Hash", ANY, CHECKSUM_MD5, "" },
	{ "a.zip,missing", ANY, CHECKSUM_MD5, NULL },
	{ "MD5 Hash", ANY, CHECKSUM_MD5, NULL },
	/* neither */
	{ "\n", ANY, CHECKSUM_MD5, "" },
	{ " \r\n", ANY, CHECKSUM_MD5, "" },
	{ "# comment", ANY, CHECKSUM_MD5, "" },
	{ "; comment", ANY, CHECKSUM_MD5, "" },
	{ "some text", ANY, CHECKSUM_MD5, NULL },
	{ "\\", ANY, CHECKSUM_MD5, NULL },
	/* bags */
	{ SHA512 "  data/a\n", BAG, CHECKSUM_SHA512, "data/a" },
	{ SHA512 " \t data/a b\r\n", BAG, CHECKSUM_SHA512, "data/a b" },
	{ MD5 " *data/a", BAG, CHECKSUM_MD5, "data/a" },
	{ MD5 " data/%0a%0D%25%20%", BAG, CHECKSUM_MD5, "data/\n\r%%20%" },
	{ MD5 " data/%2", BAG, CHECKSUM_MD5, "data/%2" },
	{ MD5 " data/%2525", BAG, CHECKSUM_MD5, "data/%25" },
	{ MD5 " data/a\\nb", BAG, CHECKSUM_MD5, "data/a\\nb" },
	{ MD5, BAG, CHECKSUM_MD5, NULL },
	{ MD5 "  ", BAG, CHECKSUM_MD5, NULL },
	{ "# comment", BAG, CHECKSUM_MD5, NULL },
	{ "MD5 (a) = " MD5, BAG, CHECKSUM_MD5, NULL },
	{ "data/a," MD5, BAG, CHECKSUM_MD5, NULL },
	{ "\xef\xbb\xbf" MD5 "  data/a", BAG, CHECKSUM_MD5, NULL },
};

static void
test_lines(void)
{
	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		uint8_t scratch[512];
		struct checksum_entry entry = { .algorithm = CHECKSUM_MD5 };
		const char *why = NULL, *want = cases[i].want;
		enum checksum_line what =
		    checksum_line_parse(span_from_string(cases[i].line), 1,
			cases[i].form, scratch, &entry, &why);

		g_test_message("%s", cases[i].line);
		g_assert_cmpint(what, ==,
		    want == NULL        ? CHECKSUM_BAD
			: *want == '\0' ? CHECKSUM_NOTHING
					: CHECKSUM_ENTRY);
		g_assert_true((why != NULL) == (want == NULL));
		if (what != CHECKSUM_ENTRY)
			continue;
		span_assert_equal(
		    cases[i].line, entry.name, span_from_string(want));
		g_assert_cmpint(
		    (int)entry.algorithm, ==, (int)cases[i].algorithm);
		g_assert_cmpuint(entry.digest[0], ==,
		    entry.algorithm == CHECKSUM_MD5        ? 0x90
			: entry.algorithm == CHECKSUM_SHA1 ? 0xa9
							   : 0xba);
	}
}

/* A heading is one in the first line only; a BOM too. */
static void
test_second_line(void)
{
	uint8_t scratch[512];
	struct checksum_entry entry;
	const char *why;

	g_assert_cmpint(checksum_line_parse(SPAN("File Name,MD5 Hash"), 2, ANY,
			    scratch, &entry, &why),
	    ==, CHECKSUM_BAD);
	g_assert_cmpint(checksum_line_parse(SPAN("\xef\xbb\xbf" MD5 "  a"), 2,
			    ANY, scratch, &entry, &why),
	    ==, CHECKSUM_BAD);
}

static void
test_names(void)
{
	static const char *const lists[] = { "case.md5", "x/SHA256SUMS",
		"md5sum.txt", "Case 7-md5.txt", "case-MD5.csv",
		"File checksums", "checksums.txt", "a.mbox.sha512" };
	static const char *const others[] = { "", "md5", "a.mbox", "a.md5.eml",
		"checksums.eml", "b2sums", "metadata.csv" };

	for (size_t i = 0; i < G_N_ELEMENTS(lists); i++)
		g_assert_true(
		    checksum_list_is_name(span_from_string(lists[i])));
	for (size_t i = 0; i < G_N_ELEMENTS(others); i++)
		g_assert_false(
		    checksum_list_is_name(span_from_string(others[i])));
}

/* ---- lists --------------------------------------------------------------- */

/* A source over memory that gives at most "step" octets at once. */
struct memory {
	struct source source; /* first */
	struct span rest;
	size_t step;
	bool changes;
};

static gssize
memory_read(struct source *self, uint8_t *out, size_t n, GError **error)
{
	struct memory *memory = (struct memory *)self;
	struct span got = span_sub(memory->rest, 0, MIN(n, memory->step));

	(void)error;
	memcpy(out, got.p, got.n);
	memory->rest = span_from(memory->rest, got.n);
	return (gssize)got.n;
}

static bool
memory_finish(struct source *self, GError **error)
{
	struct memory *memory = (struct memory *)self;

	if (memory->changes)
		g_set_error_literal(
		    error, ARCHIVE_ERROR, ARCHIVE_ERROR_CHANGED, "changed");
	return !memory->changes;
}

static void
memory_close(struct source *self)
{
	(void)self;
}

static const struct source_class memory_class = {
	memory_read,
	NULL,
	memory_finish,
	memory_close,
};

/* The list as text: line number, name or reason, one per line. */
static char *
describe(struct span text, size_t step, enum checksum_form form)
{
	struct memory memory = { { &memory_class, 0, false }, text, step,
		false };
	struct checksum_list *list = checksum_list_new(&memory.source, form);
	GString *out = g_string_new(NULL);
	struct checksum_item item;
	int got;

	while ((got = checksum_list_next(list, &item, NULL)) == 1) {
		g_string_append_printf(out, "%d ", (int)item.number);
		if (item.why != NULL)
			g_string_append(out, item.why);
		else
			g_string_append_len(out,
			    (const char *)item.entry.name.p,
			    (gssize)MIN(item.entry.name.n, 8));
		g_string_append_c(out, '\n');
	}
	g_assert_cmpint(got, ==, 0);
	checksum_list_free(list);
	return g_string_free(out, FALSE);
}

static void
test_list(void)
{
	struct span text = SPAN("Name,MD5\r\n"
				"a," MD5 "\r\n"
				"\r\n"
				"b," MD5 "\r\n"
				"what\r\n"
				"# x\r\n"
				"c," MD5);

	for (size_t step = 1; step <= text.n; step++) {
		g_autofree char *got = describe(text, step, ANY);
		g_assert_cmpstr(
		    got, ==, "2 a\n4 b\n5 not a digest and a name\n7 c\n");
	}
	g_autofree char *empty = describe(SPAN(""), 1, ANY);
	g_assert_cmpstr(empty, ==, "");
	g_autofree char *bag = describe(SPAN(MD5 "  a\n\n" MD5 " b\n"), 7, BAG);
	g_assert_cmpstr(bag, ==, "1 a\n3 b\n");
}

/* The longest line, and one octet more, with and without a line end. */
static void
test_limits(void)
{
	for (int more = 0; more < 2; more++) {
		g_autoptr(GString) text = g_string_new(MD5 "  ");
		const char *want =
		    more == 0 ? "1 xxxxxxxx\n" : "1 the line is too long\n";
		while (text->len < (size_t)(LINE_READER_MAX - 1 + more))
			g_string_append_c(text, 'x');
		g_autofree char *open = describe(
		    (struct span){ (uint8_t *)text->str, text->len }, 999, ANY);
		g_assert_cmpstr(open, ==, want);
		g_string_append(text, "\n" MD5 "  y\n");
		g_autofree char *both = describe(
		    (struct span){ (uint8_t *)text->str, text->len }, 999, ANY);
		g_autofree char *want_both = g_strconcat(want, "2 y\n", NULL);
		g_assert_cmpstr(both, ==, want_both);
	}
	g_autoptr(GString) huge = g_string_new(NULL);
	for (int i = 0; i < 10 * LINE_READER_MAX; i++)
		g_string_append_c(huge, 'x');
	g_autofree char *got = describe(span_from_string(huge->str), 999, ANY);
	g_assert_cmpstr(got, ==, "1 the line is too long\n");
}

static void
test_change(void)
{
	struct memory memory = { { &memory_class, 0, false }, SPAN(MD5 "  a\n"),
		100, true };
	struct checksum_list *list = checksum_list_new(&memory.source, ANY);
	g_autoptr(GError) error = NULL;
	struct checksum_item item;

	g_assert_cmpint(checksum_list_next(list, &item, &error), ==, 1);
	g_assert_cmpint(checksum_list_next(list, &item, &error), ==, -1);
	g_assert_error(error, ARCHIVE_ERROR, ARCHIVE_ERROR_CHANGED);
	checksum_list_free(list);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_set_nonfatal_assertions();
	g_test_add_func("/checksum-list/lines", test_lines);
	g_test_add_func("/checksum-list/second-line", test_second_line);
	g_test_add_func("/checksum-list/names", test_names);
	g_test_add_func("/checksum-list/list", test_list);
	g_test_add_func("/checksum-list/limits", test_limits);
	g_test_add_func("/checksum-list/change", test_change);
	return g_test_run();
}
