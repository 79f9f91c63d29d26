/*
 * fuzz_reading.c - any cutting of the input gives the same output.
 *
 * The first octet chooses the reading, the second where to cut.
 */
#include "verifier/message/reading.h"
#include "tests/unit/reading_oracle.h"

#include <glib.h>
#include <string.h>

struct collect {
	struct sink sink; /* first */
	GByteArray *bytes;
};

static void
collect_push(struct sink *sink, struct span span)
{
	g_byte_array_append(
	    ((struct collect *)sink)->bytes, span.p, (guint)span.n);
}

static GByteArray *
push_cut(const struct reading *reading, struct span raw, size_t step)
{
	static uint8_t buffer[READING_BUFFER];
	struct collect collect = { { collect_push }, g_byte_array_new() };
	struct reading_stream stream;

	reading_start(&stream, reading, buffer, &collect.sink);
	for (; raw.n > 0; raw = span_from(raw, step))
		reading_push(&stream, span_sub(raw, 0, step));
	reading_finish(&stream, reading->line_ends == LINE_ENDS_CRLF);
	g_assert(stream.n_out == collect.bytes->len);
	return collect.bytes;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct reading reading = { QUOTING_KEPT, LINE_ENDS_CRLF, NULL, 0,
		false };
	struct reading_traits traits;
	struct reading list[READINGS_MAX];

	if (size < 2)
		return 0;
	struct span raw = { data + 2, size - 2 };
	reading_oracle_check(raw);
	reading_traits_get(&traits, raw);
	size_t n = reading_candidates(&traits, true, list);
	reading = list[data[0] % n];
	GByteArray *whole = push_cut(&reading, raw, raw.n + 1);
	GByteArray *cut = push_cut(&reading, raw, 1u + data[1]);
	g_assert(whole->len == cut->len);
	if (whole->len > 0)
		g_assert(memcmp(whole->data, cut->data, cut->len) == 0);
	g_byte_array_unref(whole);
	g_byte_array_unref(cut);
	return 0;
}
