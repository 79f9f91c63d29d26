/*
 * fuzz_mbox.c - messages are the same whatever the window shows, lie in
 * order, and nothing but From_ lines and empty lines lies between them.
 * The first octet chooses how much comes into the window at once.
 */
#include "verifier/archive/mbox.h"

#include <glib.h>

static void
check_gap(struct span gap)
{
	/* The empty line before the From_ line, then the line itself. */
	if (span_starts_with(gap, SPAN("\r\n")))
		gap = span_from(gap, 2);
	else if (span_starts_with(gap, SPAN("\n")))
		gap = span_from(gap, 1);
	g_assert(span_starts_with(gap, SPAN("From ")) ||
	    span_starts_with(gap, SPAN(">From ")));
	g_assert(span_find(gap, '\n') + 1 >= gap.n);
}

static GArray *
split(struct span file, size_t step)
{
	GArray *messages =
	    g_array_new(FALSE, FALSE, sizeof(struct mbox_message));
	struct mbox *mbox = g_new(struct mbox, 1);
	struct mbox_view view = { span_sub(file, 0, step), 0, false };
	struct mbox_message message;
	enum mbox_step got;
	uint64_t last = 0;

	g_assert(mbox_open(mbox, 2000, span_sub(file, 0, MBOX_LOOKAHEAD)));
	mbox_is_inside(file);
	last = mbox->from_at;
	while ((got = mbox_next(mbox, &view, &message)) != MBOX_END) {
		uint64_t end = view.base + view.octets.n;
		if (got == MBOX_MESSAGE) {
			g_assert(
			    message.too_large || message.offset >= view.base);
			g_assert(message.offset >= last);
			check_gap(span_sub(file, (size_t)last,
			    (size_t)(message.offset - last)));
			last = message.offset + message.length;
			g_assert(last <= file.n);
			g_array_append_val(messages, message);
			continue;
		}
		g_assert(!view.at_end);
		g_assert(mbox_keep(mbox) >= view.base);
		view.base = mbox_keep(mbox);
		view.octets = span_sub(
		    file, (size_t)view.base, (size_t)(end - view.base) + step);
		view.at_end = end == file.n;
	}
	g_free(mbox);
	return messages;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	if (size < 1)
		return 0;
	struct span file = { data + 1, size - 1 };
	struct mbox mbox;
	if (!mbox_open(&mbox, 2000, span_sub(file, 0, MBOX_LOOKAHEAD)))
		return 0;
	GArray *whole = split(file, file.n + 1);
	GArray *cut = split(file, 1 + 16 * (size_t)data[0]);
	g_assert(whole->len == cut->len);
	for (guint i = 0; i < whole->len; i++) {
		const struct mbox_message *a =
		    &g_array_index(whole, struct mbox_message, i);
		const struct mbox_message *b =
		    &g_array_index(cut, struct mbox_message, i);
		g_assert(a->offset == b->offset && a->length == b->length &&
		    a->split == b->split && a->too_large == b->too_large);
	}
	g_array_unref(whole);
	g_array_unref(cut);
	return 0;
}
