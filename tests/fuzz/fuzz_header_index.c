/*
 * fuzz_header_index.c - fields lie in the section, in order; what is found
 * can be found again and selected.  The first octet chooses the reading.
 */
#include "verifier/message/header_select.h"
#include "verifier/message/mime_frame.h"

static void
check_fields(const struct header_index *index)
{
	const uint8_t *at = index->section.p;

	for (size_t i = 0; i < index->n; i++) {
		const struct header_field *field = &index->fields[i];
		g_assert(field->whole.p >= at && field->whole.n > 0);
		at = field->whole.p + field->whole.n;
		g_assert(at <= index->section.p + index->section.n);
		g_assert(field->name.p == field->whole.p);
		g_assert(field->name.n < field->whole.n);
		g_assert(field->value.p + field->value.n <= at);
	}
}

/* All names, bottom up: every field must be selected. */
static void
check_select(const struct header_index *index, struct arena *arena)
{
	struct header_selection selection;
	struct span *names = arena_alloc_array(arena, index->n, sizeof(*names));

	for (size_t i = 0; i < index->n; i++)
		names[i] = index->fields[i].name;
	header_select(&selection, arena, index, names, index->n, NULL);
	for (size_t i = 0; i < index->n; i++)
		g_assert(selection.fields[i] != NULL &&
		    selection.signed_fields[i] == 1);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static uint8_t buffer[READING_BUFFER];
	struct reading reading = { QUOTING_KEPT, LINE_ENDS_CRLF, NULL, 0,
		false };
	struct message message;

	if (size < 1)
		return 0;
	if ((data[0] & 1) != 0)
		reading.line_ends = LINE_ENDS_KEPT;
	if ((data[0] & 2) != 0)
		reading.quoting = QUOTING_MBOXRD;
	struct arena *arena = arena_new();
	message_open(&message, arena, buffer,
	    (struct span){ data + 1, size - 1 }, &reading);
	g_assert(message.body_at <= size - 1);
	check_fields(&message.header);
	check_select(&message.header, arena);
	mime_frame_get(&message, arena);
	arena_free(arena);
	return 0;
}
