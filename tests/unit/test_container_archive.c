/* test_container_archive.c - tar and 7z, whole, cut and lying. */
#include "tests/unit/container_case.h"

#include <glib.h>
#include <string.h>

#define BLOCK 512

/* ---- tar, by hand -------------------------------------------------------- */

/* One header with its octets.  "size": what it says, when not as many as
 * there are. */
struct tar_part {
	const char *name, *text, *link;
	char type;
	long size;
	bool wrong_sum;
};

static void
set_octal(uint8_t *field, size_t n, unsigned long value)
{
	g_autofree char *text = g_strdup_printf("%0*lo", (int)n - 1, value);

	memcpy(field, text, n);
}

static void
put_part(GByteArray *out, const struct tar_part *part)
{
	uint8_t header[BLOCK] = { 0 }, padding[BLOCK] = { 0 };
	const char *text = part->text != NULL ? part->text : "";
	size_t n = strlen(text), name = strlen(part->name);
	unsigned sum = 8 * ' ';

	memcpy(header, part->name, MIN(name, 100));
	set_octal(header + 100, 8, 0644);
	set_octal(header + 108, 8, 0);
	set_octal(header + 116, 8, 0);
	set_octal(
	    header + 124, 12, part->size != 0 ? (unsigned long)part->size : n);
	set_octal(header + 136, 12, 1000000000);
	header[156] = (uint8_t)(part->type != 0 ? part->type : '0');
	if (part->link != NULL)
		memcpy(header + 157, part->link, strlen(part->link));
	memcpy(header + 257,
	    "ustar\0"
	    "00",
	    8);
	for (size_t i = 0; i < BLOCK; i++)
		sum += header[i];
	set_octal(header + 148, 7, sum + part->wrong_sum);
	header[155] = ' ';
	g_byte_array_append(out, header, BLOCK);
	g_byte_array_append(out, (const guint8 *)text, (guint)n);
	g_byte_array_append(out, padding, (guint)((BLOCK - n % BLOCK) % BLOCK));
}

struct tar {
	const struct tar_part *parts;
	size_t n;
	size_t zeros;      /* blocks at the end */
	const char *after; /* them */
};

static GByteArray *
make_tar(const struct tar *tar)
{
	GByteArray *out = g_byte_array_new();
	const uint8_t zeros[BLOCK] = { 0 };

	for (size_t i = 0; i < tar->n; i++)
		put_part(out, &tar->parts[i]);
	for (size_t i = 0; i < tar->zeros; i++)
		g_byte_array_append(out, zeros, BLOCK);
	if (tar->after != NULL)
		g_byte_array_append(
		    out, (const guint8 *)tar->after, (guint)strlen(tar->after));
	return out;
}

#define P(n, t, ...)                                  \
	{                                             \
		.name = (n), .text = (t), __VA_ARGS__ \
	}
#define PARTS(...)                                         \
	.parts = (const struct tar_part[]){ __VA_ARGS__ }, \
	.n = sizeof((struct tar_part[]){ __VA_ARGS__ }) /  \
	    sizeof(struct tar_part)

static const struct {
	const char *name;
	struct tar tar;
	const char *want; /* behind "tar\n" */
} cases[] = {
	{ "two", { PARTS(P("a", "one"), P("b", "two")), .zeros = 2 },
	    "a: one\nb: two\n" },
	{ "empty member", { PARTS(P("a", "")), .zeros = 2 }, "a: \n" },
	{ "much padding", { PARTS(P("a", "one")), .zeros = 300 }, "a: one\n" },
	{ "one block of zeros", { PARTS(P("a", "one")), .zeros = 1 },
	    "a: one\n" },
	{ "no end mark", { PARTS(P("a", "one")) },
	    "a: one\n ! damaged: tar: has no end mark: it may be cut" },
	{ "another behind it",
	    { PARTS(P("a", "one")), .zeros = 2, .after = "From a@b" },
	    "a: one\n ! damaged: tar: other octets follow its end mark at "
	    "octet 2048" },
	{ "another far behind it",
	    { PARTS(P("a", "one")), .zeros = 300, .after = "From a@b" },
	    "a: one\n ! damaged: tar: other octets follow its end mark at "
	    "octet 2048" },
	{ "a mark that is half zero",
	    { PARTS(P("a", "one")), .zeros = 1, .after = "x" },
	    "a: one\n ! damaged: tar: other octets follow its end mark at "
	    "octet 1536" },
	{ "damaged header",
	    { PARTS(P("a", "one"), P("b", "two", .wrong_sum = true),
		  P("c", "three")),
		.zeros = 2 },
	    "a: one\n ! damaged: tar: Damaged tar archive" },
	{ "cut in a member", { PARTS(P("a", "one", .size = 5000)) },
	    "a: 512 octets ! damaged: tar: Truncated tar archive\n"
	    " ! damaged: tar: Truncated input file (needed 4608 bytes, only 0 "
	    "available)" },
	{ "folders",
	    { PARTS(P("d", "", .type = '5'), P("d/a", "one")), .zeros = 2 },
	    "d/a: one\n" },
	{ "a file that is called a folder",
	    { PARTS(P("d/", "mail"), P("d/", "")), .zeros = 2 },
	    "d/:  ! damaged: tar: a member is shorter than its size says\n"
	    " ! damaged: tar: Damaged tar archive" },
	{ "links",
	    { PARTS(P("a", "", .type = '2', .link = "../b"),
		  P("c", "", .type = '1', .link = "a"), P("d", "", .type = '6'),
		  P("e", "", .type = '3')),
		.zeros = 2 },
	    "a -> ../b\nc -> a\nd -> a pipe\ne -> a device\n" },
	{ "unknown types are files",
	    { PARTS(P("a", "one", .type = 'Z'), P("b", "two", .type = '7')),
		.zeros = 2 },
	    "a: one\nb: two\n" },
	{ "names",
	    { PARTS(P("/etc/a", "1"), P("../a", "2"), P("\xff", "3"),
		  P("u\xcc\x88", "4"), P("/etc/a", "5")),
		.zeros = 2 },
	    "/etc/a [absolute]: 1\n../a [parent]: 2\n\xff [not-utf8]: 3\n"
	    "u\xcc\x88: 4\n/etc/a [absolute] [duplicate]: 5\n" },
	{ "Maildir",
	    { PARTS(P("m/new/1.x", "1"), P("m/tmp/200000000.x.y", "2"),
		  P("m/cur/3.x:2,", "3")),
		.zeros = 2 },
	    "m/new/1.x [maildir]: 1\nm/tmp/200000000.x.y [not-delivered]\n"
	    "m/cur/3.x:2, [maildir]: 3\n" },
	{ "pax names",
	    { PARTS(P("x", "11 path=\xff\xfe\n", .type = 'x'), P("a", "one"),
		  P("x", "12 path=u\xcc\x88\n", .type = 'x'), P("b", "two"),
		  P("x", "13 path=\xc3\xbc/c\n", .type = 'x'), P("c", "three")),
		.zeros = 2 },
	    "\xff\xfe [not-utf8]: one\nu\xcc\x88: two\n\xc3\xbc/c: three\n" },
	{ "malformed pax",
	    { PARTS(P("x", "99 path=b\n", .type = 'x'), P("a", "one")),
		.zeros = 2 },
	    "a [odd] - Ignoring malformed pax extended attribute: one\n" },
	{ "pax size",
	    { PARTS(
		  P("x", "10 size=2\n", .type = 'x'), P("a", "one", .size = 1)),
		.zeros = 2 },
	    "a: on\n" },
	{ "a special header that is too large",
	    { PARTS(P("x", "x", .type = 'x', .size = 2000000)), .zeros = 2 },
	    " ! damaged: tar: Special header too large" },
	{ "sparse, its end a hole",
	    { PARTS(P("x", "22 GNU.sparse.map=2,3\n22 GNU.sparse.size=10\n",
			.type = 'x'),
		  P("a", "one")),
		.zeros = 2 },
	    "a: 00one00000\n" },
};

static void
check_case(gconstpointer data)
{
	size_t i = GPOINTER_TO_SIZE(data);
	GByteArray *file = make_tar(&cases[i].tar);
	g_autofree char *got = case_list((struct span){ file->data, file->len },
	    CONTAINER_TAR, &container_limits_default);
	g_autofree char *want = g_strconcat("tar\n", cases[i].want, NULL);

	g_assert_cmpstr(got, ==, want);
	g_byte_array_unref(file);
}

/* Zeros that are no whole block are zeros. */
static void
test_short_mark(void)
{
	const struct tar_part part = P("a", "one");
	const struct tar tar = { .parts = &part, .n = 1, .zeros = 2 };
	GByteArray *file = make_tar(&tar);

	g_byte_array_set_size(file, file->len - 1);
	g_autofree char *got = case_list_array(file);
	g_assert_cmpstr(got, ==, "tar\na: one\n");
}

/* A hole in 512 octets that is larger than any ratio. */
static void
test_sparse_bomb(void)
{
	const struct tar_part parts[] = {
		P("x",
		    "32 GNU.sparse.map=80000000000,3\n"
		    "31 GNU.sparse.size=80000000003\n",
		    .type = 'x'),
		P("a", "one"),
		P("b", "two"),
	};
	const struct tar tar = { .parts = parts, .n = 3, .zeros = 2 };
	struct container_limits limits = container_limits_default;
	GByteArray *file = make_tar(&tar);

	limits.member_size = UINT64_MAX;
	g_autofree char *got = case_list(
	    (struct span){ file->data, file->len }, CONTAINER_TAR, &limits);
	g_assert_cmpstr(got, ==,
	    "tar\na:  ! limit: expands to more than 1000 times its size "
	    "(--max-ratio)\nb: two\n");
	g_byte_array_unref(file);
}

/* A long name is cut; the library refuses one of more than a megabyte. */
static void
test_long_names(void)
{
	static const size_t sizes[] = { 65535, 65536, 65537, 1000000 };

	for (size_t i = 0; i < G_N_ELEMENTS(sizes); i++) {
		g_autofree char *name = g_strnfill(sizes[i], 'n');
		const struct tar_part parts[] = {
			P("././@LongLink", name, .type = 'L'),
			P("a", "one"),
		};
		const struct tar tar = { .parts = parts, .n = 2, .zeros = 2 };
		g_autofree char *got = case_list_array(make_tar(&tar));
		g_autofree char *want = g_strdup_printf("tar\n<%zu>%s: one\n",
		    MIN(sizes[i], 65536), sizes[i] > 65536 ? " [cut]" : "");
		g_assert_cmpstr(got, ==, want);
	}
}

/* 10,000 folders in each other are one name. */
static void
test_deep(void)
{
	GString *name = g_string_new(NULL);
	const struct case_file file = { .name = name->str, .text = "one" };
	const char *const formats[] = { "gnutar", "pax", "zip", "7zip" };

	for (size_t i = 0; i < 10000; i++)
		g_string_append(name, "d/");
	g_string_append(name, "a");
	for (size_t i = 0; i < G_N_ELEMENTS(formats); i++) {
		struct case_file deep = file;
		deep.name = name->str;
		g_autofree char *got =
		    case_list_array(case_pack(formats[i], NULL, &deep, 1));
		g_assert_true(g_str_has_suffix(got, "\n<20001>: one\n"));
	}
	g_string_free(name, TRUE);
}

/* ---- 7z ------------------------------------------------------------------ */

static const struct case_file files[] = {
	{ .name = "a", .text = "one" },
	{ .name = "d/\xc3\xbc", .text = "two two two two two two" },
	{ .name = "l", .target = "a" },
	{ .name = "empty", .text = "" },
};

/* Names need a locale; the caller's is as good as one opened here. */
static void
test_7z(void)
{
	struct container_limits limits = container_limits_default;
	GByteArray *same = case_pack("7zip", NULL, files, G_N_ELEMENTS(files));
	g_autofree char *got = case_list_array(
	    case_pack("7zip", NULL, files, G_N_ELEMENTS(files)));

	/* Those without octets come last in this format. */
	g_assert_cmpstr(got, ==,
	    "7z\na: one\nd/\xc3\xbc: two two two two two two\n"
	    "l -> a\nempty: \n");
	limits.utf8 = newlocale(LC_ALL_MASK, "C.UTF-8", (locale_t)0);
	g_autofree char *again = case_list(
	    (struct span){ same->data, same->len }, CONTAINER_7Z, &limits);
	g_assert_cmpstr(again, ==, got);
	freelocale(limits.utf8);
	g_byte_array_unref(same);
}

static void
test_7z_tail(void)
{
	GByteArray *file = case_pack("7zip", NULL, files, 1);

	g_byte_array_append(file, (const guint8 *)"From", 4);
	g_autofree char *got = case_list_array(file);
	g_assert_cmpstr(
	    got, ==, "7z\na: one\n ! damaged: 7z: 4 octets follow its end");
}

/* Whatever octet is wrong, whatever is cut: never a clean end with other
 * octets than those that were packed. */
static void
test_7z_damage(void)
{
	const struct case_file file = { .name = "a", .text = "one two" };
	GByteArray *packed = case_pack("7zip", NULL, &file, 1);
	struct span span = { packed->data, packed->len };

	for (size_t i = 0; i < packed->len; i++) {
		packed->data[i] ^= 0x10;
		g_autofree char *got =
		    case_list(span, CONTAINER_7Z, &container_limits_default);
		packed->data[i] ^= 0x10;
		if (strchr(got, '!') == NULL &&
		    strstr(got, "damaged") == NULL &&
		    strstr(got, "unsupported") == NULL)
			g_assert_nonnull(strstr(got, ": one two\n"));
		g_free(got);
		got = case_list(span_sub(span, 0, i), CONTAINER_7Z,
		    &container_limits_default);
		g_assert_nonnull(strchr(got, '!'));
	}
	g_byte_array_unref(packed);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_set_nonfatal_assertions();
	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autofree char *path =
		    g_strconcat("/container_archive/", cases[i].name, NULL);
		g_test_add_data_func(path, GSIZE_TO_POINTER(i), check_case);
	}
	g_test_add_func("/container_archive/sparse_bomb", test_sparse_bomb);
	g_test_add_func("/container_archive/long_names", test_long_names);
	g_test_add_func("/container_archive/deep", test_deep);
	g_test_add_func("/container_archive/7z", test_7z);
	g_test_add_func("/container_archive/short_mark", test_short_mark);
	g_test_add_func("/container_archive/7z_tail", test_7z_tail);
	g_test_add_func("/container_archive/7z_damage", test_7z_damage);
	return g_test_run();
}
