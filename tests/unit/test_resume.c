/*
 * test_resume.c - what is left of a journal that is cut or changed anywhere,
 * and how another input is told.
 */
#include "verifier/run/resume.h"

#include "verifier/run/run.h"
#include "verifier/run/trace.h"

#include <glib/gstdio.h>
#include <string.h>

#define RUN_LINE "{\"run\":{\"tool\":\"t\"}}\n"

/* A journal of two blocks, over four items. */
struct fixture {
	struct crypto *crypto;
	char *path;
	GString *traces[4];
	GString *text;        /* of the journal */
	size_t first, second; /* where the blocks end */
};

static void
append_trace(GString *out, uint64_t offset)
{
	const struct item item = { .path = SPAN("in.mbox"), .offset = offset };

	trace_append(out, &item);
}

static struct span
span_of(const GString *string)
{
	return (struct span){ (const uint8_t *)string->str, string->len };
}

/* The block of items "from" to "to". */
static void
append_block(struct fixture *f, struct digest *items, size_t from, size_t to,
    struct span lines, const char *sender)
{
	g_autoptr(GString) block = g_string_new(NULL);
	struct journal_point point = {
		.records = to,
		.octets = 100 * to,
		.path = SPAN("in.mbox"),
	};
	uint8_t sha256[DIGEST_MAX_SIZE];
	struct tally more, known;

	for (size_t i = from; i < to; i++)
		digest_add(items, span_of(f->traces[i]));
	digest_peek(items, sha256);
	memcpy(point.items_sha256, sha256, DIGEST_SHA256_SIZE);
	point.counts.verdicts[0] = to - from;
	tally_init(&more);
	tally_init(&known);
	tally_add_sender(&more, span_from_string(sender));
	journal_write_lines(block, JOURNAL_INPUT, lines);
	journal_write_tally(block, &more, &known);
	journal_write_point(block, &point);
	journal_write_end(block, f->crypto);
	g_string_append_len(f->text, block->str, (gssize)block->len);
	tally_clear(&more);
	tally_clear(&known);
}

static void
fixture_init(struct fixture *f)
{
	struct digest items;
	int fd;

	f->crypto = crypto_open(NULL);
	f->text = g_string_new(RUN_LINE);
	for (size_t i = 0; i < G_N_ELEMENTS(f->traces); i++) {
		f->traces[i] = g_string_new(NULL);
		append_trace(f->traces[i], 10 * i);
	}
	digest_init(&items, f->crypto, DIGEST_SHA256);
	append_block(f, &items, 0, 1, SPAN("{\"path\":\"a\"}\n"), "a@b");
	f->first = f->text->len;
	append_block(f, &items, 1, 3,
	    SPAN("{\"path\":\"b\"}\n{\"path\":\"c\"}\n"), "c@d");
	f->second = f->text->len;
	digest_clear(&items);
	fd = g_file_open_tmp("test_resume-XXXXXX", &f->path, NULL);
	g_assert_cmpint(fd, >=, 0);
	g_close(fd, NULL);
}

static void
fixture_clear(struct fixture *f)
{
	for (size_t i = 0; i < G_N_ELEMENTS(f->traces); i++)
		g_string_free(f->traces[i], TRUE);
	g_string_free(f->text, TRUE);
	g_unlink(f->path);
	g_free(f->path);
	crypto_close(f->crypto);
}

/* Open "text" as a journal. */
static struct resume *
open_text(const struct fixture *f, struct span text, GError **error)
{
	g_assert_true(g_file_set_contents(
	    f->path, (const char *)text.p, (gssize)text.n, NULL));
	return resume_open(f->path, SPAN(RUN_LINE), f->crypto, error);
}

/* What holds of a journal of which the first "n" octets are good. */
static size_t
holds(const struct fixture *f, size_t n)
{
	size_t run = strlen(RUN_LINE);

	return n >= f->second ? f->second
	    : n >= f->first   ? f->first
	    : n >= run        ? run
			      : 0;
}

static void
assert_holds(const struct fixture *f, struct resume *resume, size_t want)
{
	struct tally tally;

	g_assert_nonnull(resume);
	if (resume == NULL)
		return;
	tally_init(&tally);
	resume_restore(resume, &tally);
	g_assert_cmpuint(resume_length(resume), ==, want);
	g_assert_cmpuint(resume_point(resume)->records, ==,
	    want == f->second      ? 3
		: want == f->first ? 1
				   : 0);
	g_assert_cmpuint(
	    tally.counts.messages, ==, resume_point(resume)->records);
	tally_finish(&tally);
	g_assert_cmpuint(tally.counts.senders, ==,
	    want == f->second      ? 2
		: want == f->first ? 1
				   : 0);
	tally_clear(&tally);
	resume_close(resume);
}

/* Cut at every octet; cut, and zeros behind it. */
static void
test_cut(void)
{
	struct fixture f;

	fixture_init(&f);
	for (size_t n = 0; n <= f.text->len; n++) {
		g_autoptr(GString) zeros =
		    g_string_new_len(f.text->str, (gssize)n);

		assert_holds(&f,
		    open_text(&f, span_sub(span_of(f.text), 0, n), NULL),
		    holds(&f, n));
		for (size_t i = 0; i < 100; i++)
			g_string_append_c(zeros, '\0');
		assert_holds(
		    &f, open_text(&f, span_of(zeros), NULL), holds(&f, n));
	}
	fixture_clear(&f);
}

/* One octet changed anywhere behind the first line: its block does not hold,
 * nor does what follows it. */
static void
test_flip(void)
{
	struct fixture f;

	fixture_init(&f);
	for (size_t i = strlen(RUN_LINE); i < f.text->len; i++) {
		f.text->str[i] ^= 1;
		assert_holds(
		    &f, open_text(&f, span_of(f.text), NULL), holds(&f, i));
		f.text->str[i] ^= 1;
	}
	fixture_clear(&f);
}

static void
test_other_run(void)
{
	static const char *const firsts[] = {
		"{\"run\":{\"tool\":\"u\"}}\n",
		"{\"end\":1}\n",
		"{}\n",
		"\n",
	};
	struct fixture f;

	fixture_init(&f);
	for (size_t i = 0; i < G_N_ELEMENTS(firsts); i++) {
		g_autoptr(GError) error = NULL;

		g_assert_null(
		    open_text(&f, span_from_string(firsts[i]), &error));
		g_assert_error(error, RUN_ERROR, RUN_ERROR_EXISTS);
	}
	fixture_clear(&f);
}

/* ---- another input ------------------------------------------------------- */

/* The items and files that the archive gives now. */
static const struct {
	const char *name;
	int items[5]; /* numbers of traces, -1 at the end */
	const char *inputs;
	bool want;
} readings[] = {
	{ "the same", { 0, 1, 2, -1 },
	    "{\"path\":\"a\"}\n{\"path\":\"b\"}\n{\"path\":\"c\"}\n", true },
	{ "and more", { 0, 1, 2, 3, -1 },
	    "{\"path\":\"a\"}\n{\"path\":\"b\"}\n{\"path\":\"c\"}\n"
	    "{\"path\":\"d\"}\n",
	    true },
	{ "an item less", { 0, 1, -1 },
	    "{\"path\":\"a\"}\n{\"path\":\"b\"}\n{\"path\":\"c\"}\n", false },
	{ "another first item", { 3, 1, 2, -1 },
	    "{\"path\":\"a\"}\n{\"path\":\"b\"}\n{\"path\":\"c\"}\n", false },
	{ "another last item", { 0, 1, 3, -1 },
	    "{\"path\":\"a\"}\n{\"path\":\"b\"}\n{\"path\":\"c\"}\n", false },
	{ "another order", { 0, 2, 1, -1 },
	    "{\"path\":\"a\"}\n{\"path\":\"b\"}\n{\"path\":\"c\"}\n", false },
	{ "a file less", { 0, 1, 2, -1 },
	    "{\"path\":\"a\"}\n{\"path\":\"b\"}\n", false },
	{ "another file", { 0, 1, 2, -1 },
	    "{\"path\":\"a\"}\n{\"path\":\"x\"}\n{\"path\":\"c\"}\n", false },
	{ "nothing", { -1 }, "", false },
};

static bool
reads_again(const struct fixture *f, size_t number, GError **error)
{
	struct resume *resume = open_text(f, span_of(f->text), NULL);
	struct span inputs = span_from_string(readings[number].inputs);
	struct digest items;
	bool good = resume_lines(resume, JOURNAL_INPUT, &inputs, error);

	digest_init(&items, f->crypto, DIGEST_SHA256);
	for (const int *item = readings[number].items; good && *item >= 0;
	     item++)
		good = resume_items(
		    resume, &items, span_of(f->traces[*item]), error);
	good = good && resume_is_through(resume, error);
	if (good)
		g_assert_cmpuint(inputs.n, ==,
		    number == 1 ? strlen("{\"path\":\"d\"}\n") : 0);
	digest_clear(&items);
	resume_close(resume);
	return good;
}

static void
test_readings(void)
{
	struct fixture f;

	fixture_init(&f);
	for (size_t i = 0; i < G_N_ELEMENTS(readings); i++) {
		g_autoptr(GError) error = NULL;
		bool got = reads_again(&f, i, &error);

		if (got != readings[i].want)
			g_test_message("%s", readings[i].name);
		g_assert_true(got == readings[i].want);
		if (!got)
			g_assert_error(error, RUN_ERROR, RUN_ERROR_DIFFERS);
	}
	fixture_clear(&f);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_set_nonfatal_assertions();
	g_test_add_func("/resume/cut", test_cut);
	g_test_add_func("/resume/flip", test_flip);
	g_test_add_func("/resume/other-run", test_other_run);
	g_test_add_func("/resume/readings", test_readings);
	return g_test_run();
}
