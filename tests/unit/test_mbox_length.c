/* test_mbox_length.c - when a Content-Length is believed (mboxcl, mboxcl2),
 * and that none makes the reader swallow a message. */
#include "verifier/archive/mbox.h"

#include "tests/unit/span_assert.h"

#include <glib.h>
#include <string.h>

#define F       "From a@b Mon Jan  1 00:00:00 2024\n"
#define HEADER  "Date: x\nSubject: y\n"
#define MESSAGE HEADER "\nthe second\n"
#define PATCH                                            \
	"From 0123456789abcdef0123456789abcdef01234567 " \
	"Mon Sep 17 00:00:00 2001\n"

#define MAX_MESSAGES 4

/*
 * The file is a first message with the given header and body, and "rest".  In
 * the header "%d" stands for the octets of the body and what is added to them.
 * Each of "ends" is where in body and rest a message ends and the next From_
 * line starts, by the text that stands there.
 */
static const struct {
	const char *name, *header;
	int more; /* added to the length */
	const char *body, *rest;
	enum item_split splits[MAX_MESSAGES];
	size_t n;     /* messages */
	size_t first; /* octets of the first body; 0: all of "body" */
} cases[] = {
	{ "mboxcl: quoted, and counted with the quotes", "Content-Length: %d\n",
	    0, "x\n\n>" F HEADER "\ny\n", "\n" F MESSAGE,
	    { SPLIT_LENGTH, SPLIT_FROM_LINE }, 2, 0 },
	{ "mboxcl2: prose begins with From", "Content-Length: %d\n", 0,
	    "x\n\nFrom here on\nS: y\n", "\n" F MESSAGE,
	    { SPLIT_LENGTH, SPLIT_FROM_LINE }, 2, 0 },
	{ "mboxcl2: prose, then a header", "Content-Length: %d\n", 0,
	    "x\n\nFrom here on\n" HEADER, "\n" F MESSAGE,
	    { SPLIT_LENGTH, SPLIT_FROM_LINE }, 2, 0 },
	{ "mboxcl2: a From_ line that would not separate",
	    "Content-Length: %d\n", 0, "x\nFrom -\n" HEADER, "\n" F MESSAGE,
	    { SPLIT_LENGTH, SPLIT_FROM_LINE }, 2, 0 },
	{ "mboxcl2: a From_ line and no field behind it",
	    "Content-Length: %d\n", 0, "x\n\n" F "y\n", "\n" F MESSAGE,
	    { SPLIT_LENGTH, SPLIT_FROM_LINE }, 2, 0 },
	{ "mboxcl2: a From_ line and one field", "Content-Length: %d\n", 0,
	    "x\n\n" F "Date: x\n\ny\n", "\n" F MESSAGE,
	    { SPLIT_LENGTH, SPLIT_FROM_LINE }, 2, 0 },
	{ "mboxcl2: a From_ line and fields of no mail", "Content-Length: %d\n",
	    0, "x\n\n" F "A: x\nB: y\n\ny\n", "\n" F MESSAGE,
	    { SPLIT_LENGTH, SPLIT_FROM_LINE }, 2, 0 },
	{ "mboxcl2: a patch", "Content-Length: %d\n", 0,
	    "x\n\n" PATCH "From: a\nDate: x\nSubject: y\n\ny\n", "\n" F MESSAGE,
	    { SPLIT_LENGTH, SPLIT_FROM_LINE }, 2, 0 },
	{ "no empty line behind the body", "Content-Length: %d\n", 0, "x\n",
	    F "A: x\nB: y\n", { SPLIT_LENGTH, SPLIT_FROM_LINE }, 2, 0 },
	{ "no line end behind the body", "Content-Length: %d\n", 0, "x",
	    "\n" F MESSAGE, { SPLIT_LENGTH, SPLIT_FROM_LINE }, 2, 2 },
	{ "no body", "Content-Length: %d\n", 0, "", "\n" F MESSAGE,
	    { SPLIT_LENGTH, SPLIT_FROM_LINE }, 2, 0 },
	{ "the last message", "Content-Length: %d\n", 0, "x\n\n" F "y: z\n", "",
	    { SPLIT_LENGTH }, 1, 0 },
	{ "the last message, and an empty line", "Content-Length: %d\n", 0,
	    "x\n\n" F "y: z\n", "\n", { SPLIT_LENGTH }, 1, 0 },
	{ "the last message, without a line end", "Content-Length: %d\n", 0,
	    "x\n\n" F "y: z", "", { SPLIT_LENGTH }, 1, 0 },
	/* wrong lengths: the separators decide */
	{ "one short", "Content-Length: %d\n", -1, "x\n", "\n" F MESSAGE,
	    { SPLIT_FROM_LINE, SPLIT_FROM_LINE }, 2, 0 },
	{ "two long", "Content-Length: %d\n", 2, "x\n", "\n" F MESSAGE,
	    { SPLIT_FROM_LINE, SPLIT_FROM_LINE }, 2, 0 },
	{ "CRLF became LF: as many too many as there are lines",
	    "Content-Length: %d\n", 3, "x\ny\nz\n", "\n" F MESSAGE,
	    { SPLIT_FROM_LINE, SPLIT_FROM_LINE }, 2, 0 },
	{ "LF became CRLF: as many too few", "Content-Length: %d\r\n", -3,
	    "x\r\ny\r\nz\r\n", "\r\n" F MESSAGE,
	    { SPLIT_FROM_LINE, SPLIT_FROM_LINE }, 2, 0 },
	{ "none", "Content-Length: 0\n", 0, "x\n", "\n" F MESSAGE,
	    { SPLIT_FROM_LINE, SPLIT_FROM_LINE }, 2, 0 },
	{ "behind the end of the file", "Content-Length: %d\n", 1000, "x\n",
	    "\n" F MESSAGE, { SPLIT_FROM_LINE, SPLIT_FROM_LINE }, 2, 0 },
	{ "one octet behind the end", "Content-Length: %d\n", 1, "x\n", "",
	    { SPLIT_FROM_LINE }, 1, 0 },
	{ "past 64 bits", "Content-Length: 18446744073709551618\n", 0, "x\n",
	    "\n" F MESSAGE, { SPLIT_FROM_LINE, SPLIT_FROM_LINE }, 2, 0 },
	{ "negative", "Content-Length: -2\n", 0, "x\n", "\n" F MESSAGE,
	    { SPLIT_FROM_LINE, SPLIT_FROM_LINE }, 2, 0 },
	{ "a sign", "Content-Length: +%d\n", 0, "x\n\n" F "y: z\n",
	    "\n" F MESSAGE,
	    { SPLIT_FROM_LINE, SPLIT_FROM_LINE, SPLIT_FROM_LINE }, 3, 2 },
	{ "twice", "Content-Length: 0\nContent-Length: %d\n", 0,
	    "x\n\n" F "y: z\n", "\n" F MESSAGE,
	    { SPLIT_FROM_LINE, SPLIT_FROM_LINE, SPLIT_FROM_LINE }, 3, 2 },
	{ "in the next line", "Content-Length:\n %d\n", 0, "x\n\n" F "y: z\n",
	    "\n" F MESSAGE,
	    { SPLIT_FROM_LINE, SPLIT_FROM_LINE, SPLIT_FROM_LINE }, 3, 2 },
	{ "goes on in the next line", "Content-Length: %d\n\t7\n", 0,
	    "x\n\n" F "y: z\n", "\n" F MESSAGE,
	    { SPLIT_FROM_LINE, SPLIT_FROM_LINE, SPLIT_FROM_LINE }, 3, 2 },
	{ "in a folded field", "X: y\n Content-Length: %d\n", 0,
	    "x\n\n" F "y: z\n", "\n" F MESSAGE,
	    { SPLIT_FROM_LINE, SPLIT_FROM_LINE, SPLIT_FROM_LINE }, 3, 2 },
	{ "in the body", "", 0, "Content-Length: 22\n\n" F "y: z\n",
	    "\n" F MESSAGE,
	    { SPLIT_FROM_LINE, SPLIT_FROM_LINE, SPLIT_FROM_LINE }, 3, 19 },
	{ "lands on a From_ line inside a line", "Content-Length: %d\n", 0,
	    "x ", F MESSAGE, { SPLIT_FROM_LINE }, 1,
	    sizeof("x " F MESSAGE) - 1 },
	/* lengths that would swallow a message */
	{ "lands, and a message lies between", "Content-Length: %d\n", 0,
	    "x\n\n" F MESSAGE, "\n" F MESSAGE,
	    { SPLIT_HEURISTIC, SPLIT_HEURISTIC, SPLIT_FROM_LINE }, 3, 2 },
	{ "the same up to the end of the file", "Content-Length: %d\n", 0,
	    "x\n\n" F MESSAGE, "", { SPLIT_HEURISTIC, SPLIT_HEURISTIC }, 2, 2 },
	{ "the same, folded", "Content-Length: %d\n", 0,
	    "x\n\n" F "Received: x\n\ty\n z\nX: y\n\nz\n", "\n" F MESSAGE,
	    { SPLIT_HEURISTIC, SPLIT_HEURISTIC, SPLIT_FROM_LINE }, 3, 2 },
	{ "the same without an empty line before", "Content-Length: %d\n", 0,
	    "x\n" F MESSAGE, "\n" F MESSAGE,
	    { SPLIT_HEURISTIC, SPLIT_HEURISTIC, SPLIT_FROM_LINE }, 3, 2 },
	{ "the same at the start of the body", "Content-Length: %d\n", 0,
	    F MESSAGE, "\n" F MESSAGE,
	    { SPLIT_HEURISTIC, SPLIT_HEURISTIC, SPLIT_FROM_LINE }, 3,
	    SIZE_MAX },
	{ "the same without a body", "Content-Length: %d\n", 0,
	    "x\n\n" F HEADER, "", { SPLIT_HEURISTIC, SPLIT_HEURISTIC }, 2, 2 },
	{ "two messages between", "Content-Length: %d\n", 0,
	    "x\n\n" F MESSAGE "\n" F MESSAGE, "\n" F MESSAGE,
	    { SPLIT_HEURISTIC, SPLIT_HEURISTIC, SPLIT_FROM_LINE,
		SPLIT_FROM_LINE },
	    4, 2 },
	{ "a patch, then a message", "Content-Length: %d\n", 0,
	    "x\n" PATCH "A: x\n\n" F MESSAGE, "",
	    { SPLIT_HEURISTIC, SPLIT_HEURISTIC }, 2,
	    sizeof("x\n" PATCH "A: x\n") - 1 },
};

/* Split "file", shown in pieces of "step" octets; each message is added. */
static void
split(struct span file, size_t step, GArray *messages)
{
	static struct mbox mbox;
	struct mbox_view view = { span_sub(file, 0, step), 0, step >= file.n };
	struct mbox_message message;

	g_array_set_size(messages, 0);
	mbox_init(&mbox, ARCHIVE_MESSAGE_MAX);
	for (;;) {
		uint64_t end = view.base + view.octets.n;
		enum mbox_step got = mbox_next(&mbox, &view, &message);
		if (got == MBOX_END)
			return;
		if (got == MBOX_MESSAGE) {
			g_array_append_val(messages, message);
			continue;
		}
		view.base = mbox_keep(&mbox);
		view.octets = span_sub(
		    file, (size_t)view.base, (size_t)(end - view.base) + step);
		view.at_end = view.base + view.octets.n == file.n;
	}
}

static char *
make_file(size_t i)
{
	const char *at = strstr(cases[i].header, "%d");
	GString *file = g_string_new(F);

	if (at == NULL) {
		g_string_append(file, cases[i].header);
	} else {
		g_string_append_len(
		    file, cases[i].header, at - cases[i].header);
		g_string_append_printf(file, "%d%s",
		    (int)strlen(cases[i].body) + cases[i].more, at + 2);
	}
	g_string_append(
	    file, strchr(cases[i].header, '\r') != NULL ? "\r\n" : "\n");
	g_string_append(file, cases[i].body);
	g_string_append(file, cases[i].rest);
	return g_string_free(file, FALSE);
}

static void
check_messages(size_t i, struct span file, const GArray *messages)
{
	size_t first = cases[i].first;
	const struct mbox_message *message =
	    &g_array_index(messages, struct mbox_message, 0);
	size_t header = file.n - strlen(cases[i].body) - strlen(cases[i].rest) -
	    (sizeof(F) - 1);

	if (first == 0)
		first = strlen(cases[i].body);
	else if (first == SIZE_MAX)
		first = 0;
	g_assert_cmpuint(messages->len, ==, cases[i].n);
	g_assert_cmpuint(message->offset, ==, sizeof(F) - 1);
	g_assert_cmpuint(message->length, ==, header + first);
	for (guint k = 0; k < messages->len && k < cases[i].n; k++) {
		message = &g_array_index(messages, struct mbox_message, k);
		g_assert_cmpint(message->split, ==, cases[i].splits[k]);
	}
	if (cases[i].n > 1 && g_str_has_suffix(cases[i].rest, MESSAGE))
		span_assert_equal(cases[i].name,
		    span_sub(
			file, (size_t)message->offset, (size_t)message->length),
		    SPAN(MESSAGE));
}

static void
test_length(void)
{
	g_autoptr(GArray) messages =
	    g_array_new(FALSE, FALSE, sizeof(struct mbox_message));

	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autofree char *text = make_file(i);
		struct span file = span_from_string(text);
		g_test_message("%s", cases[i].name);
		for (size_t step = 1; step <= file.n; step++) {
			split(file, step, messages);
			check_messages(i, file, messages);
		}
	}
}

/* A header section that is too long to be seen whole may be mail's. */
static void
test_long_header(void)
{
	g_autoptr(GArray) messages =
	    g_array_new(FALSE, FALSE, sizeof(struct mbox_message));
	g_autofree char *name = g_strnfill(MBOX_LOOKAHEAD, 'y');

	for (int folded = 0; folded < 2; folded++) {
		g_autofree char *body = g_strdup_printf(
		    "x\n\n" F "X:%s%s\n\n", folded != 0 ? "\n " : " ", name);
		g_autofree char *text =
		    g_strdup_printf(F "Content-Length: %d\n\n%s\n" F MESSAGE,
			(int)strlen(body), body);
		for (size_t step = 100; step < 20000; step += 4999) {
			split(span_from_string(text), step, messages);
			g_assert_cmpuint(messages->len, ==, 3);
		}
	}
}

/* Messages that all claim to reach far, with separators that would be taken but
 * for the length, take time linear in the file. */
static void
test_time(void)
{
	g_autoptr(GArray) messages =
	    g_array_new(FALSE, FALSE, sizeof(struct mbox_message));
	const guint n = 100000;
	g_autoptr(GString) text = g_string_new(NULL);
	char line[64];
	size_t each = 0;

	for (guint i = 0; i < n; i++) {
		size_t before = text->len;
		g_snprintf(line, sizeof(line), "Content-Length: %09d\n\n",
		    each == 0 ? 0
			      : (int)((n - i) * each - strlen(F) - 27 +
				    strlen(F MESSAGE)));
		g_string_append(text, F);
		g_string_append(text, line);
		g_string_append(text, "x\n\n");
		each = text->len - before;
	}
	g_string_append(text, F MESSAGE);
	split((struct span){ (uint8_t *)text->str, text->len }, 1 << 18,
	    messages);
	g_assert_cmpuint(messages->len, ==, n + 1);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_set_nonfatal_assertions();
	g_test_add_func("/mbox-length/cases", test_length);
	g_test_add_func("/mbox-length/long-header", test_long_header);
	g_test_add_func("/mbox-length/time", test_time);
	return g_test_run();
}
