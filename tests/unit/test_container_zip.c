/* test_container_zip.c - zip files, as wrong as they can be. */
#include "tests/unit/container_case.h"

#include <glib.h>
#include <string.h>

#define P(n, t, ...)                                  \
	{                                             \
		.name = (n), .text = (t), __VA_ARGS__ \
	}
#define PARTS(...)                                          \
	.parts = (const struct case_part[]){ __VA_ARGS__ }, \
	.n = sizeof((struct case_part[]){ __VA_ARGS__ }) /  \
	    sizeof(struct case_part)

#define UNIX      3
#define LINK_MODE (0120777u << 16)
#define PIPE_MODE (0010644u << 16)

static const struct {
	const char *name;
	struct case_zip zip;
	const char *want; /* behind "zip\n" */
} cases[] = {
	{ "empty", { 0 }, "" },
	{ "stored and deflated",
	    { PARTS(P("a", "one"),
		P("b", "two two two two two two", .method = 8)) },
	    "a: one\nb: two two two two two two\n" },
	{ "folders have no octets", { PARTS(P("d/", ""), P("d/a", "one")) },
	    "d/a: one\n" },
	{ "a file that is called a folder", { PARTS(P("d/", "mail")) },
	    "d/: mail\n" },
	{ "the order is that of the octets",
	    { PARTS(P("a", "one"), P("b", "two"), P("c", "three")),
		.reverse = true },
	    "a: one\nb: two\nc: three\n" },
	{ "descriptors",
	    { PARTS(P("a", "one", .descriptor = 1),
		P("b", "two", .descriptor = 2),
		P("c", "three", .descriptor = 1, .zip64 = true),
		P("d", "four", .descriptor = 2, .zip64 = true)) },
	    "a: one\nb: two\nc: three\nd: four\n" },
	{ "zip64", { PARTS(P("a", "one", .zip64 = true)), .zip64 = true },
	    "a: one\n" },
	{ "zip64 with octets before it",
	    { PARTS(P("a", "one", .zip64 = true)), .zip64 = true,
		.before = "stub" },
	    "- (damaged): octets 0 to 3 of the zip are no member's\n"
	    "a: one\n" },
	{ "self-extracting", { PARTS(P("a", "one")), .before = "#!stub\n" },
	    "- (damaged): octets 0 to 6 of the zip are no member's\n"
	    "a: one\n" },
	{ "a comment", { PARTS(P("a", "one")), .comment = "PK\5\6" },
	    "a: one\n" },
	{ "octets behind it", { PARTS(P("a", "one")), .after = "From x" },
	    "a: one\n ! damaged: zip: 6 octets follow its end" },
	{ "hidden between members",
	    { PARTS(P("a", "one"), P("b", "two", .hidden = true),
		P("c", "three")) },
	    "a: one\n- (damaged): octets 34 to 67 of the zip are no member's\n"
	    "c: three\n" },
	{ "hidden at the end",
	    { PARTS(P("a", "one"), P("b", "two", .hidden = true)) },
	    "a: one\n"
	    "- (damaged): octets 34 to 67 of the zip are no member's\n" },
	{ "one that is twice in the directory",
	    { PARTS(
		P("a", "one"), P("b", "one", .again = true), P("c", "three")) },
	    "a: one\n"
	    "b (damaged): shares octets with a member before it\n"
	    "c: three\n" },
	{ "one inside another",
	    { PARTS(P("a", "PK\3\4 one"),
		P("b", "x", .again = true, .local_off = 31)) },
	    "a: PK\3\4 one\n"
	    "b (damaged): shares octets with a member before it\n" },
	{ "the same name twice", { PARTS(P("a", "one"), P("a", "two")) },
	    "a: one\na [duplicate]: two\n" },
	{ "another name in the local header",
	    { PARTS(P("a", "one", .local_name = "evil")) },
	    "a [differs] - its local header has the name \"evil\": one\n" },
	{ "other sizes in the local header",
	    { PARTS(P("a", "one", .size_off = 1)) },
	    "a [differs] - its local header has other sizes: one"
	    " ! damaged: zip: a member is shorter than its size says\n" },
	{ "too long", { PARTS(P("a", "one two", .method = 8, .size_off = -1)) },
	    "a [differs] - its local header has other sizes: one tw"
	    " ! damaged: zip: a member is longer than its size says\n" },
	{ "fewer compressed octets than needed",
	    { PARTS(
		P("a", "one", .method = 8, .packed_off = -1), P("b", "two")) },
	    "a [differs] - its local header has other sizes: "
	    "one ! damaged: deflate: is cut\nb: two\n" },
	{ "the checksum", { PARTS(P("a", "one", .crc_off = 1)) },
	    "a [differs] - its local header has another checksum: one"
	    " ! damaged: zip: the checksum of a member does not hold\n" },
	{ "the checksum in a descriptor",
	    { PARTS(P("a", "one", .crc_off = 1, .descriptor = 1)) },
	    "a: one"
	    " ! damaged: zip: the checksum of a member does not hold\n"
	    "- (damaged): octets 34 to 49 of the zip are no member's\n" },
	{ "no local header",
	    { PARTS(P("a", "one", .local_off = 1), P("b", "two")) },
	    "- (damaged): octets 0 to 0 of the zip are no member's\n"
	    "a (damaged): has no local header\n"
	    "- (damaged): octets 1 to 33 of the zip are no member's\n"
	    "b: two\n" },
	{ "far behind the end", { PARTS(P("a", "one", .local_off = 1000000)) },
	    "- (damaged): octets 0 to 33 of the zip are no member's\n"
	    "a (damaged): has no local header\n" },
	{ "reaches into the directory",
	    { PARTS(P("a", "one", .packed_off = 1, .size_off = 1)) },
	    "a (damaged): is cut, or reaches into the directory\n"
	    "- (damaged): octets 0 to 33 of the zip are no member's\n" },
	{ "too many in the end record",
	    { PARTS(P("a", "one")), .count_off = 1 },
	    "a: one\n ! damaged: zip: its directory has 1 entries, its end "
	    "record says 2" },
	{ "too few", { PARTS(P("a", "one"), P("b", "two")), .count_off = -1 },
	    "a: one\nb: two\n ! damaged: zip: its directory has 2 entries, "
	    "its end record says 1" },
	{ "too few for zip64",
	    { PARTS(P("a", "one"), P("b", "two")), .count_off = -1,
		.zip64 = true },
	    "a: one\nb: two\n ! damaged: zip: its directory has 2 entries, "
	    "its end record says 1" },
	{ "encrypted", { PARTS(P("a", "one", .flags = 1), P("b", "two")) },
	    "a (encrypted): encrypted\nb: two\n" },
	{ "AES", { PARTS(P("a", "one", .flags = 1, .method = 99)) },
	    "a (encrypted): encrypted\n" },
	{ "methods", { PARTS(P("a", "one", .method = 14), P("b", "two")) },
	    "a (unsupported): compressed by method 14, which is not supported\n"
	    "b: two\n" },
	{ "not deflated", { PARTS(P("a", "one", .method = 12)) },
	    "a:  ! damaged: bzip2: damaged, or a checksum does not hold\n" },
	{ "links",
	    { PARTS(P("a", "../b", .made_by = UNIX, .attributes = LINK_MODE),
		P("c", "", .made_by = UNIX, .attributes = PIPE_MODE),
		P("d", "piped", .made_by = UNIX, .attributes = PIPE_MODE)) },
	    "a -> ../b\nc -> a device\nd: piped\n" },
	{ "names",
	    { PARTS(P("/etc/a", "1"), P("../a", "2"), P("a/..", "3"),
		P("a..b/c", "4"), P("\xff", "5"), P("", "6")) },
	    "/etc/a [absolute]: 1\n../a [parent]: 2\na/.. [parent]: 3\n"
	    "a..b/c: 4\n\xff [not-utf8]: 5\n: 6\n" },
	{ "Maildir",
	    { PARTS(P("m/cur/1.a:2,S", "1"), P("new/2.b", "2"),
		P("m/tmp/300000000.c.d", "3"), P("m/cur/x.a", "4"),
		P("cur/5", "5"), P("cur/x/6.a", "6")) },
	    "m/cur/1.a:2,S [maildir]: 1\nnew/2.b [maildir]: 2\n"
	    "m/tmp/300000000.c.d [not-delivered]\nm/cur/x.a: 4\ncur/5: 5\n"
	    "cur/x/6.a: 6\n" },
};

static void
check_case(gconstpointer data)
{
	size_t i = GPOINTER_TO_SIZE(data);
	GByteArray *file = case_zip(&cases[i].zip);
	g_autofree char *got = case_list((struct span){ file->data, file->len },
	    CONTAINER_ZIP, &container_limits_default);
	g_autofree char *want = g_strconcat("zip\n", cases[i].want, NULL);

	g_assert_cmpstr(got, ==, want);
	g_byte_array_unref(file);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_set_nonfatal_assertions();
	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autofree char *path =
		    g_strconcat("/container_zip/", cases[i].name, NULL);
		g_test_add_data_func(path, GSIZE_TO_POINTER(i), check_case);
	}
	return g_test_run();
}
