/* test_gunzip.c - streams with gzip undone. */
#include "keysnap/import/gunzip.h"
#include "tests/unit/span_assert.h"

#include <errno.h>
#include <glib.h>
#include <string.h>

/* What is below: some octets, given "step" at a time. */
struct below {
	struct span rest;
	size_t step;
	bool fails; /* at the end */
};

static ssize_t
read_below(void *user, char *out, size_t size)
{
	struct below *below = user;
	size_t n = MIN(MIN(size, below->step), below->rest.n);

	if (n == 0 && below->fails) {
		errno = EIO;
		return -1;
	}
	if (n > 0)
		memcpy(out, below->rest.p, n);
	below->rest = span_from(below->rest, n);
	return (ssize_t)n;
}

static void
append_gzip(GByteArray *out, struct span text)
{
	uint8_t block[4096];
	z_stream stream = { .next_in = (Bytef *)(uintptr_t)text.p,
		.avail_in = (uInt)text.n };

	deflateInit2(
	    &stream, 6, Z_DEFLATED, MAX_WBITS + 16, 8, Z_DEFAULT_STRATEGY);
	do {
		stream.next_out = block;
		stream.avail_out = sizeof(block);
		deflate(&stream, Z_FINISH);
		g_byte_array_append(
		    out, block, (guint)(sizeof(block) - stream.avail_out));
	} while (stream.avail_out == 0);
	deflateEnd(&stream);
}

/* The text behind "octets", or why there is none. */
static GString *
run(struct span octets, size_t step, bool fails)
{
	struct below below = { octets, step, fails };
	GString *out = g_string_new(NULL);
	struct gunzip gunzip;
	FILE *stream;
	char block[1000];
	size_t n;

	gunzip_init(&gunzip, read_below, &below);
	stream = gunzip_stream(&gunzip);
	g_assert_nonnull(stream);
	while ((n = fread(block, 1, sizeof(block), stream)) > 0)
		g_string_append_len(out, block, (gssize)n);
	if (gunzip.why != NULL)
		g_string_assign(out, gunzip.why);
	else if (ferror(stream))
		g_string_assign(out, "read error");
	fclose(stream);
	gunzip_clear(&gunzip);
	return out;
}

static void
check(const char *name, struct span octets, struct span want)
{
	static const size_t steps[] = { 1, 2, 3, 7, 1 << 20 };

	for (size_t i = 0; i < G_N_ELEMENTS(steps); i++) {
		g_autoptr(GString) got = run(octets, steps[i], false);

		span_assert_equal(name,
		    (struct span){ (const uint8_t *)got->str, got->len }, want);
	}
}

static struct span
bytes(const GByteArray *array)
{
	return (struct span){ array->data, array->len };
}

static void
test_plain(void)
{
	check("empty", SPAN(""), SPAN(""));
	check("one octet", SPAN("\x1f"), SPAN("\x1f"));
	check("first octet of gzip", SPAN("\x1fx"), SPAN("\x1fx"));
	check("text", SPAN("{\"domain\":1}\n"), SPAN("{\"domain\":1}\n"));
}

static void
test_members(void)
{
	g_autoptr(GByteArray) out = g_byte_array_new();
	g_autofree char *large = g_strnfill(3 * GUNZIP_BUFFER, 'x');

	append_gzip(out, SPAN("one "));
	check("one member", bytes(out), SPAN("one "));
	append_gzip(out, SPAN(""));
	append_gzip(out, SPAN("two"));
	check("three members", bytes(out), SPAN("one two"));
	g_byte_array_set_size(out, 0);
	append_gzip(out, span_from_string(large));
	check("large", bytes(out), span_from_string(large));
}

static void
test_damage(void)
{
	g_autoptr(GByteArray) out = g_byte_array_new();
	struct span whole;

	append_gzip(out, SPAN("some text, some text"));
	whole = bytes(out);
	for (size_t n = 2; n < whole.n; n++)
		check("cut", span_sub(whole, 0, n),
		    SPAN("the gzip data is cut short"));
	out->data[out->len - 5] ^= 1; /* of the CRC */
	check("checksum", whole, SPAN("the gzip data is damaged"));
	out->data[out->len - 5] ^= 1;
	g_byte_array_append(out, (const guint8 *)"x", 1);
	check("behind", bytes(out),
	    SPAN("what follows the gzip data is not gzip data"));
	out->data[out->len - 1] = 0;
	check("zero behind", bytes(out),
	    SPAN("what follows the gzip data is not gzip data"));
	out->data[out->len - 1] = 0x1f;
	check("half a header behind", bytes(out),
	    SPAN("the gzip data is cut short"));
}

static void
test_read_error(void)
{
	g_autoptr(GByteArray) out = g_byte_array_new();
	GString *got;

	append_gzip(out, SPAN("text"));
	out->len -= 3;
	got = run(bytes(out), 5, true);
	g_assert_cmpstr(got->str, ==, "read error");
	g_string_free(got, TRUE);
	got = run(SPAN("plain"), 5, true);
	g_assert_cmpstr(got->str, ==, "read error");
	g_string_free(got, TRUE);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_set_nonfatal_assertions();
	g_test_add_func("/gunzip/plain", test_plain);
	g_test_add_func("/gunzip/members", test_members);
	g_test_add_func("/gunzip/damage", test_damage);
	g_test_add_func("/gunzip/read-error", test_read_error);
	return g_test_run();
}
