/* test_seven_header.c - headers of 7z files that ask for too much. */
#include "verifier/archive/seven_header.h"

#include "verifier/archive/source_memory.h"
#include "verifier/archive/source_prefix.h"

#include <glib.h>
#include <string.h>
#include <zlib.h>

#define NO_ERROR (-1)

/* One pack stream of 3 octets and a folder of it, by COPY. */
#define PACK     "\6\0\1\x09\3\0"
#define FOLDER   "\7\x0b\1\0\1\1\0\x0c\3\0"
#define CHECKED  "\7\x0b\1\0\1\1\0\x0c\3\x0a\1\1\2\3\4\0"

#define X10      "xxxxxxxxxx"
#define X100     X10 X10 X10 X10 X10 X10 X10 X10 X10 X10
/* The number 1001, and as many octets. */
#define MANY     "\x83\xe9" X100 X100 X100 X100 X100 X100 X100 X100 X100 X100 "x"

static const struct {
	const char *name;
	struct span header;
	int want; /* error */
	bool unchecked, encrypted;
} cases[] = {
	{ "nothing in it", SPAN("\1\0"), NO_ERROR, false, false },
	{ "a member with its checksum",
	    SPAN("\1\4" PACK CHECKED "\x08\0"
		 "\0"
		 "\5\1"),
	    NO_ERROR, false, false },
	{ "a member without one",
	    SPAN("\1\4" PACK FOLDER "\x08\0"
		 "\0"
		 "\5\1"),
	    NO_ERROR, true, false },
	{ "two members with theirs",
	    SPAN("\1\4" PACK FOLDER "\x08\x0d\2\x09\1\x0a\1"
		 "12341234"
		 "\0"
		 "\0"
		 "\5\2"),
	    NO_ERROR, false, false },
	{ "one of two has one",
	    SPAN("\1\4" PACK FOLDER "\x08\x0d\2\x09\1\x0a\0\x80"
		 "1234"
		 "\0"
		 "\0"
		 "\5\2"),
	    NO_ERROR, true, false },
	{ "properties", SPAN("\1\2\x19\2xx\0\0"), NO_ERROR, false, false },
	{ "another start", SPAN("\2\0"), ARCHIVE_ERROR_CONTAINER, false,
	    false },
	{ "cut", SPAN("\1\4" PACK), ARCHIVE_ERROR_CONTAINER, false, false },
	{ "another property", SPAN("\1\x55"), ARCHIVE_ERROR_CONTAINER, false,
	    false },
	{ "as many files as may be", SPAN("\1\5\x83\xe8"), NO_ERROR, false,
	    false },
	{ "one file too many", SPAN("\1\5\x83\xe9"), ARCHIVE_ERROR_LIMIT, false,
	    false },
	{ "2^64-1 files", SPAN("\1\5\xff\xff\xff\xff\xff\xff\xff\xff\xff"),
	    ARCHIVE_ERROR_LIMIT, false, false },
	{ "2^56 pack streams", SPAN("\1\4\6\0\xfe\0\0\0\0\0\0\0"),
	    ARCHIVE_ERROR_CONTAINER, false, false },
	{ "2^56 folders", SPAN("\1\4" PACK "\7\x0b\xfe\0\0\0\0\0\0\0"),
	    ARCHIVE_ERROR_CONTAINER, false, false },
	{ "many pack streams", SPAN("\1\4\6\0" MANY), ARCHIVE_ERROR_LIMIT,
	    false, false },
	{ "too many members of a folder",
	    SPAN("\1\4" PACK FOLDER "\x08\x0d\x83\xe9\0\0"),
	    ARCHIVE_ERROR_LIMIT, false, false },
	{ "no coder", SPAN("\1\4" PACK "\7\x0b\1\0\0\x0c\3\0"),
	    ARCHIVE_ERROR_CONTAINER, false, false },
	{ "LZMA with 64 KB",
	    SPAN(
		"\1\4" PACK "\7\x0b\1\0\1\x23\3\1\1\5\x5d\0\0\1\0\x0c\3\0\0\0"),
	    NO_ERROR, false, false },
	{ "LZMA with 2 GB",
	    SPAN(
		"\1\4" PACK "\7\x0b\1\0\1\x23\3\1\1\5\x5d\0\0\0\x80\x0c\3\0\0"),
	    ARCHIVE_ERROR_LIMIT, false, false },
	{ "LZMA2 with 4 GB",
	    SPAN("\1\4" PACK "\7\x0b\1\0\1\x21\x21\1\x28\x0c\3\0\0"),
	    ARCHIVE_ERROR_LIMIT, false, false },
	{ "LZMA2 with 64 KB",
	    SPAN("\1\4" PACK "\7\x0b\1\0\1\x21\x21\1\x08\x0c\3\0\0\0"),
	    NO_ERROR, false, false },
	{ "PPMd with 1 GB",
	    SPAN("\1\4" PACK "\7\x0b\1\0\1\x23\3\4\1\5\6\0\0\0\x40\x0c\3\0\0"),
	    ARCHIVE_ERROR_LIMIT, false, false },
	{ "BCJ2 with 2 GB",
	    SPAN(
		"\1\4" PACK "\7\x0b\1\0\1\4\3\3\1\x1b\x0c\xf0\0\0\0\x80\0\0\0"),
	    ARCHIVE_ERROR_LIMIT, false, false },
	{ "COPY with 2 GB",
	    SPAN("\1\4" PACK "\7\x0b\1\0\1\1\0\x0c\xf0\0\0\0\x80\0\0\0"),
	    NO_ERROR, false, false },
	{ "two coders, together too much",
	    SPAN("\1\4" PACK "\7\x0b\1\0\2\x21\x21\1\x12\x21\x21\1\x12"
		 "\0\1\x0c\3\3\0\0"),
	    ARCHIVE_ERROR_LIMIT, false, false },
	{ "encrypted header",
	    SPAN("\x17" PACK "\7\x0b\1\0\1\4\6\xf1\7\1\x0c\3\0\0"), NO_ERROR,
	    false, true },
	{ "packed header that is too long",
	    SPAN("\x17" PACK "\7\x0b\1\0\1\1\0\x0c\xf0\0\0\0\x10\0\0"),
	    ARCHIVE_ERROR_LIMIT, false, false },
	{ "packed header that lies elsewhere",
	    SPAN("\x17\6\xf0\0\0\0\x10\1\x09\3\0" FOLDER "\0"),
	    ARCHIVE_ERROR_CONTAINER, false, false },
};

static const struct container_limits limits = {
	.members = 1000,
	.memory = 1u << 20,
};

static struct source *
make_source(struct span packed, struct span header)
{
	GByteArray *out = g_byte_array_new();
	const guint8 zeros[8] = { 0 };
	struct source *stream, *memory;
	uLong sum;

	g_byte_array_append(
	    out, (const guint8 *)"7z\xbc\xaf\x27\x1c\0\4\0\0\0\0", 12);
	for (size_t i = 0; i < 2; i++) {
		size_t n = i == 0 ? packed.n : header.n;
		guint8 octets[2] = { (guint8)n, (guint8)(n >> 8) };
		g_byte_array_append(out, octets, 2);
		g_byte_array_append(out, zeros, 6);
	}
	g_byte_array_append(out, zeros, 4);
	sum = crc32_z(0, out->data + 12, 20);
	for (size_t i = 0; i < 4; i++)
		out->data[8 + i] = (guint8)(sum >> 8 * i);
	g_byte_array_append(out, packed.p, (guint)packed.n);
	g_byte_array_append(out, header.p, (guint)header.n);
	stream = source_prefix_new((struct span){ out->data, out->len }, NULL);
	memory = source_memory_new(stream, UINT64_MAX, NULL);
	source_close(stream);
	g_byte_array_unref(out);
	return memory;
}

static void
check_case(gconstpointer data)
{
	size_t i = GPOINTER_TO_SIZE(data);
	struct span header = cases[i].header;
	struct seven_header got;

	for (size_t n = 0; n <= header.n; n++) {
		g_autoptr(GError) problem = NULL;
		struct source *source =
		    make_source(SPAN("abc"), span_sub(header, 0, n));
		bool good = seven_header_read(source, &limits, &got, &problem);
		g_assert_cmpint(good, ==, problem == NULL);
		g_assert_cmpuint(got.end, ==, source->size);
		source_close(source);
		if (n < header.n)
			continue; /* cut: any answer, but no crash */
		g_assert_cmpint(
		    good ? NO_ERROR : problem->code, ==, cases[i].want);
		if (!good)
			continue;
		g_assert_cmpint(got.unchecked, ==, cases[i].unchecked);
		g_assert_cmpint(got.encrypted, ==, cases[i].encrypted);
	}
}

/* A header in a header; but not for ever. */
static void
test_nested(void)
{
	struct span self =
	    SPAN("\x17\6\0\1\x09\x12\0\7\x0b\1\0\1\1\0\x0c\x12\0\0");
	struct span plain = SPAN("\1\5\xff\xff\xff\xff\xff\xff\xff\xff\xff");
	struct span outer =
	    SPAN("\x17\6\0\1\x09\x0b\0\7\x0b\1\0\1\1\0\x0c\x0b\0\0");
	g_autoptr(GError) problem = NULL;
	struct seven_header got;
	struct source *source = make_source(plain, outer);

	g_assert_false(seven_header_read(source, &limits, &got, &problem));
	g_assert_error(problem, ARCHIVE_ERROR, ARCHIVE_ERROR_LIMIT);
	g_clear_error(&problem);
	source_close(source);

	source = make_source(self, self);
	g_assert_false(seven_header_read(source, &limits, &got, &problem));
	g_assert_error(problem, ARCHIVE_ERROR, ARCHIVE_ERROR_CONTAINER);
	source_close(source);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_set_nonfatal_assertions();
	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autofree char *path =
		    g_strconcat("/seven_header/", cases[i].name, NULL);
		g_test_add_data_func(path, GSIZE_TO_POINTER(i), check_case);
	}
	g_test_add_func("/seven_header/nested", test_nested);
	return g_test_run();
}
