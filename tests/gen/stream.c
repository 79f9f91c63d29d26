/* stream.c - see stream.h. */
#include "tests/gen/stream.h"

#include <glib.h>
#include <openssl/evp.h>
#include <string.h>

static void
sha256(const void *data, size_t n, uint8_t out[32])
{
	int ok = EVP_Digest(data, n, out, NULL, EVP_sha256(), NULL);

	g_assert(ok == 1);
}

static void
put_be64(uint8_t out[8], uint64_t value)
{
	for (int i = 7; i >= 0; i--, value >>= 8)
		out[i] = (uint8_t)value;
}

void
stream_init(struct stream *stream, uint64_t seed, const char *label)
{
	g_autoptr(GByteArray) text = g_byte_array_new();
	uint8_t number[8];

	put_be64(number, seed);
	g_byte_array_append(text, number, sizeof(number));
	g_byte_array_append(text, (const uint8_t *)label, (guint)strlen(label));
	memset(stream, 0, sizeof(*stream));
	sha256(text->data, text->len, stream->key);
}

static void
next_block(struct stream *stream)
{
	uint8_t text[40];

	memcpy(text, stream->key, 32);
	put_be64(text + 32, stream->counter++);
	sha256(text, sizeof(text), stream->block);
	stream->left = sizeof(stream->block);
}

void
stream_octets(struct stream *stream, uint8_t *out, size_t n)
{
	while (n > 0) {
		if (stream->left == 0)
			next_block(stream);
		size_t part = MIN(n, stream->left);
		memcpy(out, stream->block + 32 - stream->left, part);
		stream->left -= part;
		out += part;
		n -= part;
	}
}

uint32_t
stream_below(struct stream *stream, uint32_t n)
{
	uint8_t octets[4];

	stream_octets(stream, octets, sizeof(octets));
	uint32_t value = (uint32_t)octets[0] << 24 | (uint32_t)octets[1] << 16 |
	    (uint32_t)octets[2] << 8 | octets[3];
	return value % n;
}
