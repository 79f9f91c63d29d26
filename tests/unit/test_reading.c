/* test_reading.c - readings: what they push, however the input is cut. */
#include "verifier/message/reading.h"
#include "tests/unit/reading_oracle.h"

#include <glib.h>
#include <string.h>

struct collect {
	struct sink sink; /* first */
	GByteArray *bytes;
};

static void
collect_push(struct sink *sink, struct span span)
{
	g_byte_array_append(
	    ((struct collect *)sink)->bytes, span.p, (guint)span.n);
}

static const struct edit edits[] = {
	{ 0, 3, { NULL, 0 } },
	{ 5, 0, { (const uint8_t *)"\n>From ", 7 } },
	{ 6, 1, { (const uint8_t *)"XY", 2 } },
};

#define TEXT(literal)                                           \
	{                                                       \
		(const uint8_t *)(literal), sizeof(literal) - 1 \
	}
#define RD                                                     \
	{                                                      \
		QUOTING_MBOXRD, LINE_ENDS_CRLF, NULL, 0, false \
	}
#define O                                                     \
	{                                                     \
		QUOTING_MBOXO, LINE_ENDS_CRLF, NULL, 0, false \
	}
#define KEEP                                                 \
	{                                                    \
		QUOTING_KEPT, LINE_ENDS_KEPT, NULL, 0, false \
	}
#define EDITED                                                  \
	{                                                       \
		QUOTING_MBOXRD, LINE_ENDS_CRLF, edits, 3, false \
	}

static const struct {
	const char *name;
	struct reading reading;
	struct span in, out;
} cases[] = {
	{ "empty", RD, TEXT(""), TEXT("") },
	{ "LF becomes CRLF", RD, TEXT("a\nb\n"), TEXT("a\r\nb\r\n") },
	{ "mixed, bare CR kept", RD, TEXT("a\r\nb\nc\rd"),
	    TEXT("a\r\nb\r\nc\rd\r\n") },
	{ "final CRLF added after CR", RD, TEXT("a\r"), TEXT("a\r\r\n") },
	{ "only line ends", RD, TEXT("\n\n\r\n"), TEXT("\r\n\r\n\r\n") },
	{ "NUL", RD, TEXT("a\0\nb"), TEXT("a\0\r\nb\r\n") },
	{ "one level", RD, TEXT(">From x\n"), TEXT("From x\r\n") },
	{ "two levels", RD, TEXT("\n>>From x\n"), TEXT("\r\n>From x\r\n") },
	{ "many levels", RD, TEXT(">>>>>>>>>>>>From x"),
	    TEXT(">>>>>>>>>>>From x\r\n") },
	{ "not at line start", RD, TEXT("a>From x\n"), TEXT("a>From x\r\n") },
	{ "nearly", RD, TEXT(">Fro\n>Fromm\n>>F\n>\n"),
	    TEXT(">Fro\r\n>Fromm\r\n>>F\r\n>\r\n") },
	{ "ends in what is held", RD, TEXT("a\n>>Fro"),
	    TEXT("a\r\n>>Fro\r\n") },
	{ "ends in From_", RD, TEXT("a\n>From "), TEXT("a\r\nFrom \r\n") },
	{ "unquoted", RD, TEXT("From x\nFrom y"),
	    TEXT("From x\r\nFrom y\r\n") },
	{ "quoted twice over", RD, TEXT(">From >From "),
	    TEXT("From >From \r\n") },
	{ "mboxo takes one level", O, TEXT(">From x\n>>From y\n"),
	    TEXT("From x\r\n>>From y\r\n") },
	{ "kept", KEEP, TEXT("a\n>From \r\nb"), TEXT("a\n>From \r\nb") },
	{ "edits", EDITED,
	    TEXT("\xef\xbb\xbf"
		 "ab-c\n"),
	    TEXT("ab\r\nFrom -XY\r\n") },
};

static void
push_cut(struct collect *collect, size_t i, size_t cut)
{
	static uint8_t buffer[READING_BUFFER];
	const struct reading *reading = &cases[i].reading;
	struct reading_stream stream;

	g_byte_array_set_size(collect->bytes, 0);
	reading_start(&stream, reading, buffer, &collect->sink);
	reading_push(&stream, span_sub(cases[i].in, 0, cut));
	reading_push(&stream, span_from(cases[i].in, cut));
	reading_finish(&stream, reading->line_ends == LINE_ENDS_CRLF);
	g_assert_cmpuint(stream.n_out, ==, collect->bytes->len);
}

static void
test_every_cut(void)
{
	struct collect collect = { { collect_push }, g_byte_array_new() };

	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		for (size_t cut = 0; cut <= cases[i].in.n; cut++) {
			push_cut(&collect, i, cut);
			struct span got = { collect.bytes->data,
				collect.bytes->len };
			if (span_equal(got, cases[i].out))
				continue;
			g_test_message("%s, cut at %zu: %.*s", cases[i].name,
			    cut, (int)got.n, (const char *)got.p);
			g_test_fail();
		}
	}
	g_byte_array_unref(collect.bytes);
}

/* Octet by octet, and a body larger than the buffer. */
static void
test_large(void)
{
	static uint8_t buffer[READING_BUFFER];
	struct collect collect = { { collect_push }, g_byte_array_new() };
	const struct reading reading = RD;
	struct reading_stream stream;
	g_autoptr(GString) in = g_string_new(NULL);
	g_autoptr(GString) want = g_string_new(NULL);

	for (int i = 0; i < 9000; i++) {
		g_string_append_printf(
		    in, ">>From line %d\nand\n\none\r\nmore\r\r\n", i);
		g_string_append_printf(
		    want, ">From line %d\r\nand\r\n\r\none\r\nmore\r\r\n", i);
	}
	for (int i = 0; i < 200000; i++)
		g_string_append_c(in, '>');
	g_string_append_len(want, in->str + in->len - 200000, 200000);
	g_string_append(want, "\r\n");
	for (size_t step = 1; step < 100000; step = 7 * step + 1) {
		struct span rest = { (uint8_t *)in->str, in->len };
		g_byte_array_set_size(collect.bytes, 0);
		reading_start(&stream, &reading, buffer, &collect.sink);
		for (; rest.n > 0; rest = span_from(rest, step))
			reading_push(&stream, span_sub(rest, 0, step));
		reading_finish(&stream, true);
		g_assert_true(span_equal(
		    (struct span){ collect.bytes->data, collect.bytes->len },
		    (struct span){ (uint8_t *)want->str, want->len }));
	}
	g_byte_array_unref(collect.bytes);
}

/* Traits are looked for in blocks: each must be found in every place. */
static void
test_traits(void)
{
	static const struct span tokens[] = { TEXT("\n"), TEXT("\r\n"),
		TEXT("\n>From "), TEXT("\r\n>>From "), TEXT("\n>from "),
		TEXT(">From "), TEXT("\r"), TEXT("\n\n>\r") };

	for (size_t n = 0; n < 330; n += 5) {
		for (size_t at = 0; at <= n; at++) {
			for (size_t i = 0; i < G_N_ELEMENTS(tokens); i++) {
				g_autofree char *text = g_strnfill(350, 'x');
				memcpy(text + at, tokens[i].p, tokens[i].n);
				reading_oracle_check(
				    (struct span){ (uint8_t *)text, n });
			}
		}
	}
}

static const struct {
	struct span raw;
	bool mbox;
	size_t n;
	const char *dialects; /* first letters after "mbox", "-" for none */
} candidates[] = {
	{ TEXT("a\r\n"), false, 1, "-" },
	{ TEXT("a\n"), false, 1, "-" },
	{ TEXT("a\n"), true, 1, "-" },
	{ TEXT("a\nb\r\n"), false, 2, "--" },
	{ TEXT(">From \n"), false, 1, "-" },
	{ TEXT(">From \n"), true, 2, "r-" },
	{ TEXT(">From \n>>From \n"), true, 3, "r-o" },
	{ TEXT(">From \n>>From \r\n"), true, 6, "r-o-ro" },
};

static void
test_candidates(void)
{
	for (size_t i = 0; i < G_N_ELEMENTS(candidates); i++) {
		struct reading_traits traits;
		struct reading got[READINGS_MAX];
		reading_traits_get(&traits, candidates[i].raw);
		size_t n = reading_candidates(&traits, candidates[i].mbox, got);
		g_assert_cmpuint(n, ==, candidates[i].n);
		for (size_t k = 0; k < n; k++) {
			const char *word = reading_dialect(&got[k]);
			char letter = candidates[i].dialects[k];
			g_assert_cmpint(
			    word[4] != 0 ? word[4] : '-', ==, letter);
		}
		g_assert_true(n == 1 || got[1].quoting == QUOTING_KEPT);
	}
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_set_nonfatal_assertions();
	g_test_add_func("/reading/every-cut", test_every_cut);
	g_test_add_func("/reading/large", test_large);
	g_test_add_func("/reading/traits", test_traits);
	g_test_add_func("/reading/candidates", test_candidates);
	return g_test_run();
}
