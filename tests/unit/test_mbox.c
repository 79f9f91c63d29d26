/* test_mbox.c - where messages begin and end, whatever the window shows. */
#include "verifier/archive/mbox.h"

#include <glib.h>
#include <string.h>

#define F            "From a@b Mon Jan  1 00:00:00 2024\n"
#define F_CRLF       "From a@b Mon Jan  1 00:00:00 2024\r\n"
#define MAX_MESSAGES 4

static const struct {
	const char *name, *file;
	const char *raw[MAX_MESSAGES]; /* NULL: no more */
	enum item_split split;         /* of the first */
} cases[] = {
	{ "one", F "S: x\n\nbody\n", { "S: x\n\nbody\n" }, SPLIT_FROM_LINE },
	{ "only a From_ line", F, { "" }, SPLIT_FROM_LINE },
	{ "two", F "S: x\n\nbody\n\n" F "S: y\n\nmore\n\n",
	    { "S: x\n\nbody\n", "S: y\n\nmore\n" }, SPLIT_FROM_LINE },
	{ "CRLF", F_CRLF "S: x\r\n\r\nbody\r\n\r\n" F_CRLF "S: y\r\n\r\nz",
	    { "S: x\r\n\r\nbody\r\n", "S: y\r\n\r\nz" }, SPLIT_FROM_LINE },
	{ "the blank line that ends the header stays",
	    F "S: x\n\n" F "S: y\n\n", { "S: x\n\n", "S: y\n\n" },
	    SPLIT_FROM_LINE },
	{ "one of two blank lines goes", F "S: x\n\nb\n\n\n" F "S: y\n",
	    { "S: x\n\nb\n\n", "S: y\n" }, SPLIT_FROM_LINE },
	{ "no header field behind it: body", F "S: x\n\nb\n\n" F "just text\n",
	    { "S: x\n\nb\n\n" F "just text\n" }, SPLIT_FROM_LINE },
	{ "prose", F "S: x\n\nb\n\nFrom here on\nS: y\n",
	    { "S: x\n\nb\n\nFrom here on\nS: y\n" }, SPLIT_FROM_LINE },
	{ "neighbouring header fields From : x",
	    F "S: x\n\nb\n\nFrom : x\nFrom : y\n",
	    { "S: x\n\nb\n\nFrom : x\nFrom : y\n" }, SPLIT_FROM_LINE },
	{ "a second From_ line belongs to the message", F F "S: x\n\nb\n",
	    { F "S: x\n\nb\n" }, SPLIT_FROM_LINE },
	{ "a quoted From_ line before the header",
	    F ">" F "S: x\n\nb\n\n" F ">" F "S: y\n",
	    { ">" F "S: x\n\nb\n", ">" F "S: y\n" }, SPLIT_FROM_LINE },
	{ "a quoted From_ line in prose",
	    F "S: x\n\nb\n\n" F ">From here on\nall is text\n",
	    { "S: x\n\nb\n\n" F ">From here on\nall is text\n" },
	    SPLIT_FROM_LINE },
	{ "a BOM before the header", F "S: x\n\nb\n\n" F "\xef\xbb\xbfS: y\n",
	    { "S: x\n\nb\n", "\xef\xbb\xbfS: y\n" }, SPLIT_FROM_LINE },
	{ "relaxed, a quoted From_ line",
	    F "S: x\n\nb\n" F ">" F "S: y\nT: z\n\nc\n",
	    { "S: x\n\nb\n", ">" F "S: y\nT: z\n\nc\n" }, SPLIT_HEURISTIC },
	{ "relaxed", F "S: x\n\nb\n" F "S: y\nT: z\n\nc\n",
	    { "S: x\n\nb\n", "S: y\nT: z\n\nc\n" }, SPLIT_HEURISTIC },
	{ "relaxed wants two fields", F "S: x\n\nb\n" F "S: y\n\nc\n",
	    { "S: x\n\nb\n" F "S: y\n\nc\n" }, SPLIT_FROM_LINE },
	{ "Content-Length lands",
	    F "Content-Length: 42\n\nb\n\n" F "S: y\n\n" F "S: z\n",
	    { "Content-Length: 42\n\nb\n\n" F "S: y\n", "S: z\n" },
	    SPLIT_LENGTH },
	{ "Content-Length lands on the end",
	    F "content-length:  42 \n\nb\n\n" F "S: y\n",
	    { "content-length:  42 \n\nb\n\n" F "S: y\n" }, SPLIT_LENGTH },
	{ "Content-Length misses",
	    F "Content-Length: 41\n\nb\n\n" F "S: y\n\n" F "S: z\n",
	    { "Content-Length: 41\n\nb\n", "S: y\n\n", "S: z\n" },
	    SPLIT_FROM_LINE },
	{ "two Content-Lengths are none",
	    F "Content-Length: 42\nContent-Length: 42\n\nb\n\n" F "S: y\n\n" F
	      "S: z\n",
	    { "Content-Length: 42\nContent-Length: 42\n\nb\n", "S: y\n\n",
		"S: z\n" },
	    SPLIT_FROM_LINE },
	{ "a huge Content-Length",
	    F "Content-Length: 99999999999999999999999\n\nb\n",
	    { "Content-Length: 99999999999999999999999\n\nb\n" },
	    SPLIT_FROM_LINE },
};

/* Show "file" in pieces of "step" octets and check each message. */
static void
check_steps(size_t i, struct span file, size_t step)
{
	static struct mbox mbox;
	struct mbox_view view = { span_sub(file, 0, step), 0, false };
	struct mbox_message message;
	size_t n = 0;

	mbox_init(&mbox, ARCHIVE_MESSAGE_MAX);
	for (;;) {
		uint64_t end = view.base + view.octets.n;
		switch (mbox_next(&mbox, &view, &message)) {
		case MBOX_END:
			g_assert_true(
			    n == MAX_MESSAGES || cases[i].raw[n] == NULL);
			return;
		case MBOX_MORE:
			g_assert_false(view.at_end);
			view.base = mbox_keep(&mbox);
			view.octets = span_sub(file, (size_t)view.base,
			    (size_t)(end - view.base) + step);
			view.at_end = end == file.n;
			continue;
		case MBOX_MESSAGE:
			break;
		}
		g_assert_true(n < MAX_MESSAGES && cases[i].raw[n] != NULL);
		g_assert_cmpuint(message.offset, >=, view.base);
		g_assert_true(span_equal(span_sub(file, (size_t)message.offset,
					     (size_t)message.length),
		    span_from_string(cases[i].raw[n])));
		g_assert_true(span_starts_with(message.envelope,
		    SPAN("From a@b Mon Jan  1 00:00:00 2024")));
		if (n++ == 0)
			g_assert_cmpint(message.split, ==, cases[i].split);
	}
}

static void
test_split(void)
{
	static struct mbox mbox;

	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		struct span file = span_from_string(cases[i].file);
		g_test_message("%s", cases[i].name);
		g_assert_true(mbox_open(&mbox, ARCHIVE_MESSAGE_MAX, file));
		for (size_t step = 1; step <= file.n; step++)
			check_steps(i, file, step);
	}
}

/* A message over the limit has its right place, and the view stays small. */
static void
test_too_large(void)
{
	static struct mbox mbox;
	struct mbox_message message;
	g_autoptr(GString) text = g_string_new(F "S: x\n\n");
	struct mbox_view view = { { NULL, 0 }, 0, false };
	size_t seen = 0, step = 1000, largest = 0;

	for (int i = 0; i < 10000; i++)
		g_string_append(text, "a line\n\n");
	g_string_append(text, F "S: y\n\nsmall\n");
	struct span file = { (uint8_t *)text->str, text->len };
	mbox_init(&mbox, 20000);
	for (;;) {
		uint64_t end = view.base + view.octets.n;
		enum mbox_step got = mbox_next(&mbox, &view, &message);
		if (got == MBOX_END)
			break;
		if (got == MBOX_MORE) {
			view.base = mbox_keep(&mbox);
			view.octets = span_sub(file, (size_t)view.base,
			    (size_t)(end - view.base) + step);
			view.at_end = end == file.n;
			largest = MAX(largest, view.octets.n);
			continue;
		}
		g_assert_cmpint(message.too_large, ==, seen == 0);
		g_assert_cmpuint(
		    message.length, ==, seen == 0 ? 6 + 80000 - 1 : 12);
		seen++;
	}
	g_assert_cmpuint(seen, ==, 2);
	g_assert_cmpuint(largest, <, 20000 + 2 * MBOX_LOOKAHEAD);
}

/* Starts of files: where the From_ line is, and is it taken on faith? */
static void
test_open(void)
{
	static const struct {
		const char *name, *start;
		int from_at; /* -1: no mbox */
		bool heuristic;
	} starts[] = {
		{ "empty", "", -1, false },
		{ "a From_ line", F "S: x\n", 0, false },
		{ "a From_ line alone", F, 0, false },
		{ "no header field is asked for", F "text\n", 0, false },
		{ "empty lines", "\n\r\n" F "S: x\n", 3, false },
		{ "BOM", "\xef\xbb\xbf" F "S: x\n", 3, false },
		{ "BOM and empty line", "\xef\xbb\xbf\n" F "S: x\n", 4, false },
		{ "another language", "From a@b Do 3. Nov 2016\nS: x\n", 0,
		    true },
		{ "quoted", ">" F "S: x\n", 0, true },
		{ "quoted, behind an empty line", "\n>From a\nS: x\n", 1,
		    true },
		{ "prose", "From here on\nall is text\n", -1, false },
		{ "a field", "From: x\nS: x\n", -1, false },
		{ "text first", "text\n\n" F "S: x\n", -1, false },
		{ "empty lines alone", "\n\n\n", -1, false },
	};
	static struct mbox mbox;

	for (size_t i = 0; i < G_N_ELEMENTS(starts); i++) {
		bool open =
		    mbox_open(&mbox, 1000, span_from_string(starts[i].start));

		g_test_message("%s", starts[i].name);
		g_assert_cmpint(open, ==, starts[i].from_at >= 0);
		if (!open)
			continue;
		g_assert_cmpint((int)mbox.from_at, ==, starts[i].from_at);
		g_assert_cmpint(mbox.heuristic, ==, starts[i].heuristic);
	}
}

/* A From_ line longer than what is kept of one is none. */
static void
test_open_long(void)
{
	static struct mbox mbox;

	for (size_t n = FROM_LINE_MAX - 1; n <= FROM_LINE_MAX + 1; n++) {
		g_autofree char *line = g_strnfill(n - 6, 'x');
		g_autofree char *file =
		    g_strdup_printf("From %s\nS: x\n\nb\n", line);
		struct mbox_view view = { span_from_string(file), 0, true };
		struct mbox_message message;

		g_assert_cmpint(mbox_open(&mbox, 1000, view.octets), ==,
		    n <= FROM_LINE_MAX);
		if (n > FROM_LINE_MAX)
			continue;
		g_assert_cmpint(
		    mbox_next(&mbox, &view, &message), ==, MBOX_MESSAGE);
		g_assert_cmpuint(message.offset, ==, n);
		g_assert_cmpint(message.split, ==, SPLIT_HEURISTIC);
	}
}

static void
test_inside(void)
{
	static const struct {
		const char *name, *message;
		bool inside;
	} messages[] = {
		{ "empty", "", false },
		{ "one", "From: a\n\nb\n", false },
		{ "another", "From: a\n\nb\n\n" F "From: c\nTo: d\n\ne\n",
		    true },
		{ "CRLF",
		    "From: a\r\n\r\nb\r\n\r\nFrom a@b Mon Jan  1 00:00:00 "
		    "2024\r\nFrom: c\r\nTo: d\r\n\r\ne\r\n",
		    true },
		{ "quoted", "From: a\n\nb\n\n>" F "From: c\nTo: d\n\ne\n",
		    false },
		{ "no fields of mail", "From: a\n\nb\n\n" F "A: c\nB: d\n",
		    false },
		{ "a patch",
		    "From: a\n\nb\n\n"
		    "From 0123456789012345678901234567890123456789 Mon Sep 17 "
		    "00:00:00 2001\nFrom: c\nDate: d\n",
		    false },
		{ "prose first",
		    "From: a\n\nFrom here\nFrom there\n\n" F "From: c\nTo: d\n",
		    true },
	};

	for (size_t i = 0; i < G_N_ELEMENTS(messages); i++) {
		g_test_message("%s", messages[i].name);
		g_assert_cmpint(
		    mbox_is_inside(span_from_string(messages[i].message)), ==,
		    messages[i].inside);
	}
}

/* Line starts are looked for in large steps: each must be found in every
 * place, and nothing in the octets before it. */
static void
test_inside_every_place(void)
{
	static const char second[] = "\n" F "From: c\nTo: d\n\ne\n";

	for (size_t at = 0; at < 600; at++) {
		g_autofree char *body = g_strnfill(at, 'F');
		g_autofree char *text =
		    g_strconcat("From: a\n\n", body, second, NULL);

		g_assert_true(mbox_is_inside(span_from_string(text)));
		text[strlen(text) - strlen(second) + 1] = 'f';
		g_assert_false(mbox_is_inside(span_from_string(text)));
	}
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_set_nonfatal_assertions();
	g_test_add_func("/mbox/split", test_split);
	g_test_add_func("/mbox/too-large", test_too_large);
	g_test_add_func("/mbox/open", test_open);
	g_test_add_func("/mbox/open/long", test_open_long);
	g_test_add_func("/mbox/inside", test_inside);
	g_test_add_func("/mbox/inside/every-place", test_inside_every_place);
	return g_test_run();
}
