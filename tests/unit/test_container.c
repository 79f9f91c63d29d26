/* test_container.c - what files are, limits, and what is compressed. */
#include "tests/unit/container_case.h"

#include "verifier/archive/source_prefix.h"

#include <glib.h>
#include <string.h>
#include <zstd.h>

#define MAIL "From: a@b\n\nx\n"

/* ---- what files are ------------------------------------------------------ */

static const struct {
	const char *name;
	struct span start;
	enum container_format want;
} starts[] = {
	{ "nothing", { NULL, 0 }, CONTAINER_NONE },
	{ "mail", SPAN("From: a@b\n"), CONTAINER_NONE },
	{ "zip", SPAN("PK\3\4x"), CONTAINER_ZIP },
	{ "empty zip", SPAN("PK\5\6"), CONTAINER_ZIP },
	{ "marked zip", SPAN("PK\7\x08PK\3\4"), CONTAINER_ZIP },
	{ "half a mark", SPAN("PK\7\x08PK"), CONTAINER_NONE },
	{ "PK", SPAN("PK"), CONTAINER_NONE },
	{ "7z", SPAN("7z\xbc\xaf\x27\x1c"), CONTAINER_7Z },
	{ "7z in text", SPAN("7z is a format"), CONTAINER_NONE },
	{ "gzip", SPAN("\x1f\x8b\x08"), CONTAINER_GZIP },
	{ "gzip of another method", SPAN("\x1f\x8b\x07"), CONTAINER_NONE },
	{ "bzip2", SPAN("BZh9\x31\x41\x59\x26\x53\x59"), CONTAINER_BZIP2 },
	{ "empty bzip2", SPAN("BZh1\x17\x72\x45\x38\x50\x90"),
	    CONTAINER_BZIP2 },
	{ "bzip2 in text", SPAN("BZh9: a word\n"), CONTAINER_NONE },
	{ "xz",
	    SPAN("\xfd"
		 "7zXZ\0"),
	    CONTAINER_XZ },
	{ "zstd", SPAN("\x28\xb5\x2f\xfd"), CONTAINER_ZSTD },
	{ "skippable zstd", SPAN("\x5f\x2a\x4d\x18"), CONTAINER_ZSTD },
};

static void
test_starts(void)
{
	for (size_t i = 0; i < G_N_ELEMENTS(starts); i++) {
		g_test_message("%s", starts[i].name);
		g_assert_cmpint(
		    container_format_of(starts[i].start), ==, starts[i].want);
	}
}

/* Every octet of a tar header counts, unless it has the magic. */
static void
test_tar_start(void)
{
	const struct case_file file = { .name = "a", .text = MAIL };
	const char *const formats[] = { "v7tar", "ustar", "gnutar", "pax" };

	for (size_t i = 0; i < G_N_ELEMENTS(formats); i++) {
		GByteArray *tar = case_pack(formats[i], NULL, &file, 1);
		struct span start = { tar->data, tar->len };
		g_assert_cmpint(container_format_of(start), ==, CONTAINER_TAR);
		g_assert_cmpint(container_format_of(span_sub(start, 0, 511)),
		    ==, CONTAINER_NONE);
		tar->data[100] ^= 1;
		g_assert_cmpint(container_format_of(start), ==,
		    i == 0 ? CONTAINER_NONE : CONTAINER_TAR);
		g_byte_array_unref(tar);
	}
}

/* ---- compression --------------------------------------------------------- */

static const struct {
	const char *filter, *name, *with_tar;
	size_t check; /* octets from the end: part of a checksum */
} filters[] = {
	{ "gzip", "gzip", "tar.gz", 8 },
	{ "bzip2", "bzip2", "tar.bz2", 4 },
	{ "xz", "xz", "tar.xz", 12 },
	{ "zstd", "zstd", "tar.zst", 1 },
};

/* libarchive's zstd has no checksum, which zstd itself writes. */
static GByteArray *
squeezed_zstd(const char *text)
{
	ZSTD_CCtx *zstd = ZSTD_createCCtx();
	GByteArray *out = g_byte_array_new();
	size_t n = strlen(text);

	g_byte_array_set_size(out, (guint)ZSTD_compressBound(n));
	ZSTD_CCtx_setParameter(zstd, ZSTD_c_checksumFlag, 1);
	n = ZSTD_compress2(zstd, out->data, out->len, text, n);
	g_assert_false(ZSTD_isError(n));
	g_byte_array_set_size(out, (guint)n);
	ZSTD_freeCCtx(zstd);
	return out;
}

static GByteArray *
squeezed(const char *filter, const char *text)
{
	const struct case_file file = { .name = "a", .text = text };

	if (strcmp(filter, "zstd") == 0)
		return squeezed_zstd(text);
	return case_pack("raw", filter, &file, 1);
}

static void
assert_list(GByteArray *file, const char *name, const char *want)
{
	g_autofree char *got = case_list_array(file);
	g_autofree char *all = g_strdup_printf("%s\n%s", name, want);

	g_assert_cmpstr(got, ==, all);
}

static void
test_compressed(void)
{
	const struct case_file files[] = {
		{ .name = "a", .text = "one" },
		{ .name = "b", .text = "two" },
	};

	for (size_t i = 0; i < G_N_ELEMENTS(filters); i++) {
		const char *filter = filters[i].filter;
		GByteArray *two = squeezed(filter, "one ");
		GByteArray *more = squeezed(filter, "two");
		assert_list(
		    squeezed(filter, "one"), filters[i].name, "-: one\n");
		assert_list(case_pack("gnutar", filter, files, 2),
		    filters[i].with_tar, "a: one\nb: two\n");
		/* Streams one behind the other are one file. */
		g_byte_array_append(two, more->data, more->len);
		assert_list(two, filters[i].name, "-: one two\n");
		/* Zeros behind it are padding. */
		g_byte_array_append(more, (const guint8 *)"\0\0\0\0", 4);
		assert_list(more, filters[i].name, "-: two\n");
	}
}

static void
test_compressed_empty(void)
{
	static const char bzip2[] = "BZh9\x17\x72\x45\x38\x50\x90\0\0\0\0";
	static const char gzip[] =
	    "\x1f\x8b\x08\0\0\0\0\0\0\3\3\0\0\0\0\0\0\0\0\0";
	GByteArray *file = g_byte_array_new();

	g_byte_array_append(file, (const guint8 *)bzip2, sizeof(bzip2) - 1);
	assert_list(file, "bzip2", "-: \n");
	file = g_byte_array_new();
	g_byte_array_append(file, (const guint8 *)gzip, sizeof(gzip) - 1);
	assert_list(file, "gzip", "-: \n");
}

static void
test_compressed_damaged(void)
{
	for (size_t i = 0; i < G_N_ELEMENTS(filters); i++) {
		const char *filter = filters[i].filter;
		GByteArray *cut = squeezed(filter, "one");
		GByteArray *wrong = squeezed(filter, "one");
		GByteArray *trail = squeezed(filter, "one");
		g_autofree char *list = NULL, *want = NULL;

		g_byte_array_append(trail, (const guint8 *)"\0From", 5);
		want = g_strdup_printf("-: one\n"
				       " ! damaged: other octets follow "
				       "what is compressed with %s",
		    filter);
		assert_list(trail, filters[i].name, want);

		g_byte_array_set_size(cut, cut->len - 1);
		list = case_list_array(cut);
		g_assert_nonnull(strstr(list, ": is cut"));
		g_free(list);

		wrong->data[wrong->len - filters[i].check] ^= 1;
		list = case_list_array(wrong);
		g_assert_nonnull(strstr(list, "damaged, or a checksum"));
	}
}

/* ---- limits -------------------------------------------------------------- */

static char *
list_with(GByteArray *file, const struct container_limits *limits)
{
	struct span span = { file->data, file->len };
	char *list = case_list(span, container_format_of(span), limits);

	g_byte_array_unref(file);
	return list;
}

static void
test_member_size(void)
{
	const struct case_file files[] = {
		{ .name = "a", .text = "12345" },
		{ .name = "b", .text = "1234" },
	};
	struct container_limits limits = container_limits_default;
	const char *const formats[] = { "gnutar", "zip", "7zip" };
	const char *const names[] = { "tar", "zip", "7z" };

	limits.member_size = 4;
	for (size_t i = 0; i < G_N_ELEMENTS(formats); i++) {
		g_autofree char *list =
		    list_with(case_pack(formats[i], NULL, files, 2), &limits);
		g_autofree char *want = g_strconcat(names[i],
		    "\na (limit): has 5 octets, more than 4 "
		    "(--max-member-size)\nb: 1234\n",
		    NULL);
		g_assert_cmpstr(list, ==, want);
	}
	g_autofree char *list = list_with(squeezed("gzip", "12345"), &limits);
	g_assert_cmpstr(list, ==,
	    "gzip\n-: 1234 ! limit: has more than 4 octets "
	    "(--max-member-size)\n");
	g_free(list);
	list = list_with(squeezed("gzip", "1234"), &limits);
	g_assert_cmpstr(list, ==, "gzip\n-: 1234\n");
}

static void
test_members(void)
{
	const struct case_file files[] = {
		{ .name = "a", .text = "1" },
		{ .name = "b", .text = "2" },
		{ .name = "c", .text = "3" },
	};
	struct container_limits limits = container_limits_default;
	const char *const formats[] = { "gnutar", "zip", "7zip" };
	const char *const names[] = { "tar", "zip", "7z" };

	for (size_t i = 0; i < G_N_ELEMENTS(formats); i++) {
		limits.members = 2;
		g_autofree char *list =
		    list_with(case_pack(formats[i], NULL, files, 3), &limits);
		g_autofree char *want = g_strconcat(names[i],
		    i == 2 ? "\n ! limit: 7z: it has"
			   : "\na: 1\nb: 2\n ! limit: has",
		    " more than 2 members (--max-members)", NULL);
		g_assert_cmpstr(list, ==, want);
		g_free(list);
		limits.members = 3;
		list =
		    list_with(case_pack(formats[i], NULL, files, 3), &limits);
		g_assert_null(strstr(list, "!"));
	}
}

static void
test_ratio(void)
{
	g_autofree char *zeros = g_strnfill(4 * CONTAINER_RATIO_FREE, 'x');
	const struct case_file files[] = {
		{ .name = "a", .text = "one" },
		{ .name = "b", .text = zeros },
		{ .name = "c", .text = "two" },
	};
	struct container_limits limits = container_limits_default;

	limits.ratio = 20;
	for (size_t i = 0; i < G_N_ELEMENTS(filters); i++) {
		g_autofree char *list =
		    list_with(squeezed(filters[i].filter, zeros), &limits);
		g_assert_nonnull(strstr(list,
		    "! limit: expands to more than 20 times its size "
		    "(--max-ratio)"));
		g_free(list);
		list = list_with(
		    case_pack("gnutar", filters[i].filter, files, 3), &limits);
		g_assert_nonnull(strstr(list, "--max-ratio"));
		g_assert_null(strstr(list, "two"));
	}
	/* In a zip the others can still be read; in a 7z they cannot. */
	g_autofree char *zip =
	    list_with(case_pack("zip", NULL, files, 3), &limits);
	g_assert_nonnull(strstr(zip, "--max-ratio)\nc: two\n"));
	g_autofree char *seven =
	    list_with(case_pack("7zip", NULL, files, 3), &limits);
	g_assert_nonnull(strstr(seven, "--max-ratio"));
	g_assert_null(strstr(seven, "two"));
}

/* A stream is copied; a decoder needs its dictionary. */
static void
test_memory(void)
{
	const struct case_file file = { .name = "a", .text = MAIL };
	struct container_limits limits = container_limits_default;
	GByteArray *zip = case_pack("zip", NULL, &file, 1);
	struct span span = { zip->data, zip->len };
	GError *problem = NULL;
	struct member member;

	limits.memory = zip->len;
	g_autofree char *list = case_list(span, CONTAINER_ZIP, &limits);
	g_assert_nonnull(strstr(list, "\na: "));
	limits.memory--;
	struct container *container =
	    container_open(case_source(span, true), CONTAINER_ZIP, &limits);
	g_assert_cmpint(container_next(container, &member, &problem), ==, -1);
	container_close(container);
	g_assert_error(problem, ARCHIVE_ERROR, ARCHIVE_ERROR_LIMIT);
	g_assert_nonnull(strstr(problem->message, "--max-memory"));
	g_clear_error(&problem);
	g_byte_array_unref(zip);

	limits.memory = 1000000;
	g_free(list);
	list = list_with(squeezed("xz", MAIL), &limits);
	g_assert_cmpstr(list, ==,
	    "xz\n ! limit: xz: needs more than 1000000 octets of memory to "
	    "be read (--max-memory)");
	g_free(list);
	list = list_with(case_pack("7zip", NULL, &file, 1), &limits);
	g_assert_cmpstr(list, ==,
	    "7z\n ! limit: 7z: to be read it needs more than 1000000 octets "
	    "of memory (--max-memory)");
}

/* ---- sources ------------------------------------------------------------- */

/* A stream that says at its end that it changed, and counts. */
struct changed {
	struct source source; /* first */
	struct source *under;
	uint64_t *taken;
	bool *ended;
};

static gssize
changed_read(struct source *self, uint8_t *out, size_t n, GError **error)
{
	struct changed *changed = (struct changed *)self;
	gssize got = changed->under->class->read(changed->under, out, n, error);

	*changed->taken += (uint64_t)got;
	*changed->ended = *changed->ended || got == 0;
	return got;
}

static bool
changed_finish(struct source *self, GError **error)
{
	(void)self;
	g_set_error(error, ARCHIVE_ERROR, ARCHIVE_ERROR_CHANGED, "changed");
	return false;
}

static void
changed_close(struct source *self)
{
	source_close(((struct changed *)self)->under);
	g_free(self);
}

static const struct source_class changed_class = {
	changed_read,
	NULL,
	changed_finish,
	changed_close,
};

static struct source *
changed_new(GByteArray *file, uint64_t *taken, bool *ended)
{
	struct changed *changed = g_new0(struct changed, 1);

	changed->source.class = &changed_class;
	changed->under =
	    case_source((struct span){ file->data, file->len }, true);
	changed->taken = taken;
	changed->ended = ended;
	return &changed->source;
}

/* The end comes only when all was read and nothing changed; members need not
 * be read for it. */
static void
check_changed(GByteArray *file)
{
	struct span span = { file->data, file->len };
	GError *problem = NULL;
	uint64_t taken = 0;
	bool ended = false;
	struct member member;
	int got;
	struct container *container =
	    container_open(changed_new(file, &taken, &ended),
		container_format_of(span), &container_limits_default);

	while ((got = container_next(container, &member, &problem)) > 0)
		source_close(member.source);
	g_assert_cmpint(got, ==, -1);
	g_assert_error(problem, ARCHIVE_ERROR, ARCHIVE_ERROR_CHANGED);
	g_assert_cmpuint(taken, ==, file->len);
	g_assert_true(ended);
	g_clear_error(&problem);
	container_close(container);
	g_byte_array_unref(file);
}

static void
test_changed(void)
{
	const struct case_file file = { .name = "a", .text = MAIL };

	check_changed(case_pack("gnutar", NULL, &file, 1));
	check_changed(case_pack("zip", NULL, &file, 1));
	check_changed(case_pack("7zip", NULL, &file, 1));
	for (size_t i = 0; i < G_N_ELEMENTS(filters); i++) {
		const char *filter = filters[i].filter;
		check_changed(case_pack("gnutar", filter, &file, 1));
		check_changed(squeezed(filter, MAIL));
	}
}

/* After an error the rest can still be read, for its digest. */
static void
test_drain(void)
{
	g_autofree char *long_text = g_strnfill(1000000, 'x');
	const struct case_file file = { .name = "a", .text = long_text };
	GByteArray *tar = case_pack("gnutar", NULL, &file, 1);
	GError *problem = NULL;
	uint64_t taken = 0;
	bool ended = false;
	struct member member;
	struct container *container;

	tar->data[0] ^= 1;
	container = container_open(changed_new(tar, &taken, &ended),
	    CONTAINER_TAR, &container_limits_default);
	g_assert_cmpint(container_next(container, &member, &problem), ==, -1);
	g_assert_error(problem, ARCHIVE_ERROR, ARCHIVE_ERROR_CONTAINER);
	g_clear_error(&problem);
	g_assert_false(ended);
	g_assert_false(container_drain(container, &problem));
	g_assert_error(problem, ARCHIVE_ERROR, ARCHIVE_ERROR_CHANGED);
	g_assert_cmpuint(taken, ==, tar->len);
	g_clear_error(&problem);
	container_close(container);
	g_byte_array_unref(tar);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_set_nonfatal_assertions();
	g_test_add_func("/container/starts", test_starts);
	g_test_add_func("/container/tar_start", test_tar_start);
	g_test_add_func("/container/compressed", test_compressed);
	g_test_add_func("/container/compressed_empty", test_compressed_empty);
	g_test_add_func(
	    "/container/compressed_damaged", test_compressed_damaged);
	g_test_add_func("/container/member_size", test_member_size);
	g_test_add_func("/container/members", test_members);
	g_test_add_func("/container/ratio", test_ratio);
	g_test_add_func("/container/memory", test_memory);
	g_test_add_func("/container/changed", test_changed);
	g_test_add_func("/container/drain", test_drain);
	return g_test_run();
}
