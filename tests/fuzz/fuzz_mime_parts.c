/* fuzz_mime_parts.c - any message: its parts are slices of it, in order, none
 * lies in another or ends behind its delimiter, each has a hash, and there are
 * no more than are looked at. */
#include "verifier/message/display.h"
#include "verifier/verdict/attachments.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const struct reading wire = { .line_ends = LINE_ENDS_CRLF };
	static uint8_t buffer[READING_BUFFER];
	static struct crypto *crypto;
	static struct digest digest;
	g_autoptr(arena_auto) arena = arena_new();
	const struct attachments *found;
	struct message message;
	uint64_t at = 0;

	if (crypto == NULL) {
		g_assert(display_init() == NULL);
		crypto = crypto_open(NULL);
		g_assert_nonnull(crypto);
		digest_init(&digest, crypto, DIGEST_SHA256);
	}
	message_open(
	    &message, arena, buffer, (struct span){ data, size }, &wire);
	if (message.status != HEADER_OK)
		return 0;
	found =
	    attachments_get(arena, &digest, &message, CANON_RELAXED, size / 2);
	g_assert_cmpuint(found->n_places, <=, MIME_PARTS_MAX + 1);
	g_assert_cmpuint(found->n, <=, found->n_places);
	for (size_t i = 0; i < found->n_places; i++) {
		const struct part_place *place = &found->places[i];

		g_assert_cmpuint(place->behind, >=, place->at + place->n);
		g_assert_cmpuint(place->behind, <=, size);
		if (place->n == 0)
			continue;
		g_assert_cmpuint(place->at, >=, at);
		at = place->at + place->n;
		g_assert_cmpuint(at, <=, size);
	}
	return 0;
}
