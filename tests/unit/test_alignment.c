/* test_alignment.c - whose domain is it?  Against the list in data/. */
#include "verifier/verdict/alignment.h"

#include <glib.h>
#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

#define LIST    "data/public_suffix_list.dat"
#define S(text) SPAN(text)

static struct crypto *crypto;

static const struct {
	struct span domain;
	const char *want;
} organisations[] = {
	{ S("example.com"), "example.com" },
	{ S("a.b.example.com"), "example.com" },
	{ S("example.co.uk"), "example.co.uk" },
	{ S("mail.example.co.uk"), "example.co.uk" },
	{ S("co.uk"), "" },
	{ S("com"), "" },
	{ S("github.io"), "" },
	{ S("x.github.io"), "x.github.io" },
	{ S("x.anything.ck"), "x.anything.ck" }, /* *.ck */
	{ S("www.ck"), "www.ck" },               /* !www.ck */
	{ S("example.notatld"), "example.notatld" },
	{ S("localhost"), "" },
	{ S("xn--85x722f.xn--55qx5d.cn"), "xn--85x722f.xn--55qx5d.cn" },
	{ S("xn--55qx5d.cn"), "" },
	{ S(""), "" },
};

static void
test_organisation(void)
{
	g_autoptr(GError) error = NULL;
	struct alignment *alignment =
	    alignment_open(LIST, NULL, crypto, &error);

	g_assert_no_error(error);
	for (size_t i = 0; i < G_N_ELEMENTS(organisations); i++) {
		struct span got =
		    alignment_organisation(alignment, organisations[i].domain);
		g_autofree char *text = span_dup(got);
		g_assert_cmpstr(text, ==, organisations[i].want);
		/* a part of what was given, at its end */
		g_assert_true(got.p + got.n ==
		    organisations[i].domain.p + organisations[i].domain.n);
	}
	g_assert_null(alignment_equivalences_sha256(alignment));
	alignment_close(alignment);
}

static const char equivalences[] = "# source: the hosts' own manuals\n"
				   "\n"
				   "*.20150623.gappssmtp.com *\n"
				   "  contoso.onmicrosoft.com\tcontoso.com\r\n"
				   "*.bulk.example big.example";

static const struct {
	struct span from, domain;
	enum alignment_state plain, equivalent; /* without, with the file */
} checks[] = {
	{ S("a@example.com"), S("example.com"), ALIGNED, ALIGNED },
	{ S("a@sub.example.com"), S("mail.example.com"), ALIGNED, ALIGNED },
	{ S("a@example.com, b@x.example.com"), S("example.com"), ALIGNED,
	    ALIGNED },
	{ S("a@example.com, b@example.net"), S("example.com"), UNALIGNED,
	    UNALIGNED },
	{ S("\"b@example.net\" <a@example.com>"), S("example.net"), UNALIGNED,
	    UNALIGNED },
	{ S("a@example.com"), S("badexample.com"), UNALIGNED, UNALIGNED },
	{ S("a@x.co.uk"), S("y.co.uk"), UNALIGNED, UNALIGNED },
	{ S("a@x.co.uk"), S("co.uk"), UNALIGNED_SUFFIX, UNALIGNED_SUFFIX },
	{ S("a@co.uk"), S("co.uk"), UNALIGNED_SUFFIX, UNALIGNED_SUFFIX },
	{ S("a@co.uk"), S("x.co.uk"), UNALIGNED, UNALIGNED },
	{ S("broken"), S("example.com"), UNALIGNED_FROM, UNALIGNED_FROM },
	{ S(""), S("example.com"), UNALIGNED_FROM, UNALIGNED_FROM },
	{ S("a@example.com"), S("example-com.20150623.gappssmtp.com"),
	    UNALIGNED, ALIGNED_BY_EQUIVALENCE },
	{ S("a@sub.example.com"), S("example-com.20150623.gappssmtp.com"),
	    UNALIGNED, ALIGNED_BY_EQUIVALENCE },
	{ S("a@example.net"), S("example-com.20150623.gappssmtp.com"),
	    UNALIGNED, UNALIGNED },
	{ S("a@example.com"), S("x.example-com.20150623.gappssmtp.com"),
	    UNALIGNED, UNALIGNED },
	{ S("a@example.com"), S("example-com.x.20150623.gappssmtp.com"),
	    UNALIGNED, UNALIGNED },
	{ S("a@contoso.com"), S("contoso.onmicrosoft.com"), UNALIGNED,
	    ALIGNED_BY_EQUIVALENCE },
	{ S("a@contoso.com"), S("x.contoso.onmicrosoft.com"), UNALIGNED,
	    UNALIGNED },
	{ S("a@big.example"), S("x.y.bulk.example"), UNALIGNED,
	    ALIGNED_BY_EQUIVALENCE },
	{ S("a@big.example"), S("bulk.example"), UNALIGNED, UNALIGNED },
	{ S("a@big.example, b@bulk.example"), S("x.bulk.example"), UNALIGNED,
	    ALIGNED_BY_EQUIVALENCE },
};

/* A new file with "text"; to be freed and removed. */
static char *
write_file(const char *text)
{
	char *path = NULL;
	int fd = g_file_open_tmp("alignment-XXXXXX", &path, NULL);

	g_assert_cmpint(fd, >=, 0);
	g_assert_true(g_file_set_contents(path, text, -1, NULL));
	close(fd);
	return path;
}

static void
test_check(void)
{
	g_autoptr(arena_auto) arena = arena_new();
	g_autofree char *path = write_file(equivalences);
	g_autoptr(GError) error = NULL;
	struct alignment *plain = alignment_open(LIST, NULL, crypto, &error);
	struct alignment *with = alignment_open(LIST, path, crypto, &error);

	g_assert_no_error(error);
	for (size_t i = 0; i < G_N_ELEMENTS(checks); i++) {
		struct from_list from;
		g_test_message("%s", (const char *)checks[i].domain.p);
		from_parse(&from, arena, checks[i].from);
		g_assert_cmpint(alignment_check(plain, &from, checks[i].domain),
		    ==, checks[i].plain);
		g_assert_cmpint(alignment_check(with, &from, checks[i].domain),
		    ==, checks[i].equivalent);
	}
	g_assert_nonnull(alignment_equivalences_sha256(with));
	g_assert_true(memcmp(alignment_sha256(with), alignment_sha256(plain),
			  DIGEST_SHA256_SIZE) == 0);
	alignment_close(plain);
	alignment_close(with);
	g_unlink(path);
}

static const struct {
	const char *text, *line; /* NULL: right */
} files[] = {
	{ "", NULL },
	{ "# only this\n", NULL },
	{ "a.example b.example\n\n", NULL },
	{ "a.example\n", ":1:" },
	{ "\na.example b.example c.example\n", ":2:" },
	{ "a.example *\n", ":1:" },
	{ "* b.example\n", ":1:" },
	{ "*.*.example b.example\n", ":1:" },
	{ "a..example b.example\n", ":1:" },
};

static void
test_files(void)
{
	for (size_t i = 0; i < G_N_ELEMENTS(files); i++) {
		g_autoptr(GError) error = NULL;
		g_autofree char *path = write_file(files[i].text);
		struct alignment *alignment =
		    alignment_open(LIST, path, crypto, &error);
		g_test_message("%s", files[i].text);
		g_assert_cmpint(alignment != NULL, ==, files[i].line == NULL);
		if (files[i].line != NULL)
			g_assert_true(
			    strstr(error->message, files[i].line) != NULL);
		alignment_close(alignment);
		g_unlink(path);
	}
}

static const struct {
	const char *text, *version, *commit;
} versions[] = {
	{ "com\n", NULL, NULL },
	{ "// about\n\n// VERSION: 2024-06-01_12-00-00_UTC\n"
	  "// COMMIT: 0123abcd\r\ncom\n",
	    "2024-06-01_12-00-00_UTC", "0123abcd" },
	{ "// COMMIT:0123abcd\ncom\n", NULL, "0123abcd" },
	{ "// VERSION: two words\n// COMMIT:\ncom\n", NULL, NULL },
	{ "// VERSION: a\x1b[1mb\ncom\n", NULL, NULL },
	{ "// VERSION: "
	  "0123456789012345678901234567890123456789012345678901234567890123\n"
	  "com\n",
	    "0123456789012345678901234567890123456789012345678901234567890123",
	    NULL },
	{ "// VERSION: "
	  "01234567890123456789012345678901234567890123456789012345678901234\n"
	  "com\n",
	    NULL, NULL },
	{ "com // VERSION: 1\n", NULL, NULL },
};

static void
test_version(void)
{
	for (size_t i = 0; i < G_N_ELEMENTS(versions); i++) {
		g_autoptr(GError) error = NULL;
		g_autofree char *path = write_file(versions[i].text);
		struct alignment *alignment =
		    alignment_open(path, NULL, crypto, &error);
		const struct suffix_list *list;

		g_assert_no_error(error);
		list = alignment_list(alignment);
		g_assert_cmpstr(list->version, ==, versions[i].version);
		g_assert_cmpstr(list->commit, ==, versions[i].commit);
		g_assert_true(list->sha256 == alignment_sha256(alignment));
		alignment_close(alignment);
		g_unlink(path);
	}
}

static void
test_public(void)
{
	static const struct {
		struct span domain;
		bool want;
	} names[] = { { S("example.com"), true }, { S("com"), true },
		{ S("node.js"), false }, { S("a.co.uk"), true },
		{ S("x.anything.ck"), true }, { S("localhost"), false },
		{ S("xn--85x722f.xn--55qx5d.cn"), true },
		{ S("a.xn--p1ai"), true }, { S("a."), false },
		{ S(""), false } };
	struct alignment *alignment = alignment_open(LIST, NULL, crypto, NULL);

	for (size_t i = 0; i < G_N_ELEMENTS(names); i++)
		g_assert_cmpint(alignment_is_public(alignment, names[i].domain),
		    ==, names[i].want);
	alignment_close(alignment);
}

static void
test_no_list(void)
{
	g_autofree char *empty = write_file("");
	g_autofree char *comment = write_file("// no rule\n");
	const char *const paths[] = { empty, comment, "/nonexistent/list" };

	for (size_t i = 0; i < G_N_ELEMENTS(paths); i++) {
		g_autoptr(GError) error = NULL;
		g_assert_null(alignment_open(paths[i], NULL, crypto, &error));
		g_assert_nonnull(error);
		g_assert_true(strstr(error->message, paths[i]) != NULL);
	}
	g_unlink(empty);
	g_unlink(comment);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_set_nonfatal_assertions();
	crypto = crypto_open(NULL);
	g_test_add_func("/alignment/organisation", test_organisation);
	g_test_add_func("/alignment/check", test_check);
	g_test_add_func("/alignment/files", test_files);
	g_test_add_func("/alignment/version", test_version);
	g_test_add_func("/alignment/public", test_public);
	g_test_add_func("/alignment/no-list", test_no_list);
	int status = g_test_run();
	crypto_close(crypto);
	return status;
}
