/* fuzz_embedded.c - any message: those attached are slices of it, in order,
 * and none lies in another. */
#include "verifier/message/embedded.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const struct reading wire = { .line_ends = LINE_ENDS_CRLF };
	static uint8_t buffer[READING_BUFFER];
	g_autoptr(arena_auto) arena = arena_new();
	struct embedded_list list;
	struct message message;
	const uint8_t *at = data;

	message_open(
	    &message, arena, buffer, (struct span){ data, size }, &wire);
	if (message.status != HEADER_OK)
		return 0;
	embedded_find(&list, arena, &message);
	g_assert_cmpuint(list.n, <=, EMBEDDED_MAX);
	for (size_t i = 0; i < list.n; i++) {
		struct span raw = list.parts[i].raw;

		if (raw.n == 0)
			continue;
		g_assert_true(raw.p >= at);
		at = raw.p + raw.n;
		g_assert_true(at <= data + size);
	}
	return 0;
}
