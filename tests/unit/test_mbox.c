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
	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		struct span file = span_from_string(cases[i].file);
		g_test_message("%s", cases[i].name);
		g_assert_true(mbox_is_mbox(file));
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

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_set_nonfatal_assertions();
	g_test_add_func("/mbox/split", test_split);
	g_test_add_func("/mbox/too-large", test_too_large);
	return g_test_run();
}
