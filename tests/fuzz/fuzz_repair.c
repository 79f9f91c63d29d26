/*
 * fuzz_repair.c - whatever a repair proposes for whatever message: edits lie
 * in their order, in the octets, and on their side of the body's start; and
 * the message can be read with them.
 */
#include "verifier/repair/repair.h"

#include <glib.h>

#define VARIANTS_MAX 300 /* more than any repair has */

static void
check_place(const struct repair *repair, const struct message *message,
    const struct edit_list *edits)
{
	size_t end = 0;

	for (size_t i = 0; i < edits->n; i++) {
		const struct edit *edit = &edits->edits[i];

		g_assert(edit->at >= end);
		end = edit->at + edit->remove;
		g_assert(end >= edit->at);
		if (repair->place == REPAIR_BODY)
			g_assert(edit->at >= message->body_at);
		else
			g_assert(end <= message->body_at);
	}
	g_assert(end <= message->raw.n);
}

static void
try_repair(const struct repair *repair, const struct repair_subject *subject)
{
	static uint8_t buffer[READING_BUFFER];
	unsigned variant = 0;

	for (;; variant++) {
		struct reading reading = subject->message->reading;
		struct message mended;
		struct edit_list edits;

		edit_list_init(&edits, subject->arena);
		if (!repair->propose(&edits, subject, variant))
			break;
		g_assert(variant < VARIANTS_MAX);
		check_place(repair, subject->message, &edits);
		reading.edits = edits.edits;
		reading.n_edits = edits.n;
		reading.verbatim = false;
		message_open(&mended, subject->arena, buffer,
		    subject->message->raw, &reading);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static uint8_t buffer[READING_BUFFER];
	const struct reading reading = { QUOTING_MBOXRD, LINE_ENDS_CRLF, NULL,
		0, false };
	g_autoptr(arena_auto) arena = arena_new();
	struct signatures signatures;
	struct body_traits traits;
	struct message message;

	message_open(
	    &message, arena, buffer, (struct span){ data, size }, &reading);
	if (message.status != HEADER_OK)
		return 0;
	signatures_find(&signatures, arena, &message.header);
	body_traits_get(&traits, &message);
	for (size_t i = 0; i < signatures.n && i < 2; i++) {
		const struct repair_subject subject = { &message,
			&signatures.list[i], &traits, arena };

		for (size_t j = 0; repair_table[j] != NULL; j++)
			try_repair(repair_table[j], &subject);
	}
	return 0;
}
