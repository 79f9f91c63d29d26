/* test_bag.c - bags: whole, with every defect, with odd paths, and hostile. */
#include "verifier/archive/bag.h"

#include "verifier/archive/archive.h"

#include <glib/gstdio.h>
#include <string.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#define DECLARATION "BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n"

struct bag {
	char *root;
	struct crypto *crypto;
};

/* ---- making bags --------------------------------------------------------- */

static void
put(const struct bag *bag, const char *name, const char *text)
{
	g_autofree char *path = g_build_filename(bag->root, name, NULL);
	g_autofree char *folder = g_path_get_dirname(path);

	g_assert_cmpint(g_mkdir_with_parents(folder, 0700), ==, 0);
	g_assert_true(g_file_set_contents(path, text, -1, NULL));
}

static void
take_away(const struct bag *bag, const char *name)
{
	g_autofree char *path = g_build_filename(bag->root, name, NULL);

	g_assert_cmpint(g_remove(path), ==, 0);
}

/* Add a line to the manifest "name": the digest of "text", and "path". */
static void
list(const struct bag *bag, GChecksumType type, const char *name,
    const char *path, const char *text)
{
	g_autofree char *file = g_build_filename(bag->root, name, NULL);
	g_autofree char *hex = g_compute_checksum_for_string(type, text, -1);
	g_autofree char *before = NULL;

	if (!g_file_get_contents(file, &before, NULL, NULL))
		before = g_strdup("");
	g_autofree char *after =
	    g_strdup_printf("%s%s  %s\n", before, hex, path);
	put(bag, name, after);
}

/* A good bag: two payload files in two manifests, a tag file, all counted. */
static void
make_bag(const struct bag *bag)
{
	put(bag, "bagit.txt", DECLARATION);
	put(bag, "bag-info.txt", "Payload-Oxum: 7.2\nContact-Name: x\n");
	put(bag, "data/a.eml", "S: x");
	put(bag, "data/b/tmp/c", "yz\n");
	list(bag, G_CHECKSUM_SHA256, "manifest-sha256.txt", "data/a.eml",
	    "S: x");
	list(bag, G_CHECKSUM_SHA256, "manifest-sha256.txt", "data/b/tmp/c",
	    "yz\n");
	list(bag, G_CHECKSUM_MD5, "manifest-md5.txt", "data/b/tmp/c", "yz\n");
	list(bag, G_CHECKSUM_MD5, "manifest-md5.txt", "data/a.eml", "S: x");
	list(bag, G_CHECKSUM_SHA512, "tagmanifest-sha512.txt", "bagit.txt",
	    DECLARATION);
}

static void
set_up(struct bag *bag, gconstpointer data)
{
	(void)data;
	bag->root = g_dir_make_tmp("bag-XXXXXX", NULL);
	bag->crypto = crypto_open(NULL);
	make_bag(bag);
}

static void
remove_tree(const char *path)
{
	GDir *folder = g_file_test(path, G_FILE_TEST_IS_SYMLINK)
	    ? NULL
	    : g_dir_open(path, 0, NULL);
	const char *name;

	while (folder != NULL && (name = g_dir_read_name(folder)) != NULL) {
		g_autofree char *below = g_build_filename(path, name, NULL);
		remove_tree(below);
	}
	if (folder != NULL)
		g_dir_close(folder);
	g_remove(path);
}

static void
tear_down(struct bag *bag, gconstpointer data)
{
	(void)data;
	remove_tree(bag->root);
	g_free(bag->root);
	crypto_close(bag->crypto);
}

/* The report as text: "CODE PATH (DETAIL)", one per line. */
static char *
describe(const struct bag *bag)
{
	int fd = open(bag->root, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	struct bag_report *report = g_new(struct bag_report, 1);
	GString *out = g_string_new(NULL);

	g_assert_cmpint(fd, >=, 0);
	g_assert_true(bag_is_bag(fd));
	g_assert_true(bag_check(fd, bag->crypto, report, NULL));
	g_assert_cmpint(report->valid, ==, report->n_problems == 0);
	for (size_t i = 0; i < report->n_problems; i++) {
		const struct bag_problem *problem = &report->problems[i];
		g_string_append_printf(out, "%s %.*s%s%.*s\n", problem->code,
		    (int)problem->path.n, (const char *)problem->path.p,
		    problem->detail.n > 0 ? " " : "", (int)problem->detail.n,
		    (const char *)problem->detail.p);
	}
	if (report->n_more > 0)
		g_string_append_printf(out, "and %d\n", (int)report->n_more);
	bag_report_clear(report);
	g_free(report);
	close(fd);
	return g_string_free(out, FALSE);
}

static void
expect(const struct bag *bag, const char *want)
{
	g_autofree char *got = describe(bag);

	g_assert_cmpstr(got, ==, want);
}

/* ---- whole bags ---------------------------------------------------------- */

static void
test_good(struct bag *bag, gconstpointer data)
{
	(void)data;
	expect(bag, "");
	/* Tag files may be left out of a tag manifest, and be in folders. */
	put(bag, "notes/more.txt", "x");
	put(bag, "notes/data/more.txt", "x");
	expect(bag, "");
	list(bag, G_CHECKSUM_SHA512, "tagmanifest-sha512.txt", "notes/more.txt",
	    "x");
	expect(bag, "");
	put(bag, "notes/more.txt", "y");
	expect(bag, "bag-digest notes/more.txt tagmanifest-sha512.txt\n");
}

static void
test_counts(struct bag *bag, gconstpointer data)
{
	int fd = open(bag->root, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	struct bag_report *report = g_new(struct bag_report, 1);

	(void)data;
	g_assert_true(bag_check(fd, bag->crypto, report, NULL));
	g_assert_true(report->valid);
	g_assert_cmpuint(report->files, ==, 2);
	g_assert_cmpuint(report->octets, ==, 7);
	bag_report_clear(report);
	g_free(report);
	close(fd);
	take_away(bag, "bagit.txt");
	fd = open(bag->root, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	g_assert_false(bag_is_bag(fd));
	close(fd);
}

/* ---- defects, one at a time ---------------------------------------------- */

static const struct {
	const char *name, *file, *text; /* text NULL: the file goes */
	const char *want;
} defects[] = {
	{ "altered", "data/a.eml", "S: y",
	    "bag-digest data/a.eml manifest-md5.txt\n"
	    "bag-digest data/a.eml manifest-sha256.txt\n" },
	{ "cut, and the count is off", "data/a.eml", "S:",
	    "bag-digest data/a.eml manifest-md5.txt\n"
	    "bag-digest data/a.eml manifest-sha256.txt\n"
	    "bag-oxum bag-info.txt bag-info.txt line 1\n" },
	{ "missing", "data/a.eml", NULL,
	    "bag-missing data/a.eml manifest-md5.txt\n"
	    "bag-missing data/a.eml manifest-sha256.txt\n"
	    "bag-oxum bag-info.txt bag-info.txt line 1\n" },
	{ "added", "data/b/cur", "",
	    "bag-unlisted data/b/cur manifest-md5.txt\n"
	    "bag-unlisted data/b/cur manifest-sha256.txt\n"
	    "bag-oxum bag-info.txt bag-info.txt line 1\n" },
	{ "no manifest of one algorithm is fine", "manifest-md5.txt", NULL,
	    "" },
	{ "an empty manifest", "manifest-md5.txt", "",
	    "bag-unlisted data/a.eml manifest-md5.txt\n"
	    "bag-unlisted data/b/tmp/c manifest-md5.txt\n" },
	{ "an unknown algorithm", "manifest-blake2b512.txt", "x",
	    "bag-algorithm manifest-blake2b512.txt\n" },
	{ "no tag manifest is fine", "tagmanifest-sha512.txt", NULL, "" },
	{ "no bag-info.txt is fine", "bag-info.txt", NULL, "" },
	{ "counts that are none", "bag-info.txt", "X: y\npayload-oxum: 7\n",
	    "bag-oxum bag-info.txt bag-info.txt line 2\n" },
	{ "another element", "bag-info.txt", "Payload-Oxum-Old: 1.1\n", "" },
	{ "huge counts", "bag-info.txt",
	    "Payload-Oxum: 18446744073709551623.2\n",
	    "bag-oxum bag-info.txt bag-info.txt line 1\n" },
	{ "holes", "fetch.txt",
	    "https://x.example/a 4 data/a.eml\n"
	    "https://x.example/d - data/d e\n"
	    "https://x.example/d -1 data/d\n"
	    "https://x.example/d 4 ../d\n"
	    "https://x.example/d 4 bagit.txt\n"
	    "https://x.example/d\n\n",
	    "bag-hole data/d e fetch.txt\n"
	    "bag-line fetch.txt fetch.txt line 3: "
	    "not an address, a length and a path\n"
	    "bag-path ../d fetch.txt line 4\n"
	    "bag-path bagit.txt fetch.txt line 5\n"
	    "bag-line fetch.txt fetch.txt line 6: "
	    "not an address, a length and a path\n" },
};

static void
test_defects(struct bag *bag, gconstpointer data)
{
	(void)data;
	for (size_t i = 0; i < G_N_ELEMENTS(defects); i++) {
		g_test_message("%s", defects[i].name);
		if (defects[i].text == NULL)
			take_away(bag, defects[i].file);
		else
			put(bag, defects[i].file, defects[i].text);
		expect(bag, defects[i].want);
		remove_tree(bag->root);
		make_bag(bag);
	}
}

static const struct {
	const char *text, *want; /* "want" without the tag manifest's line */
} declarations[] = {
	{ DECLARATION, "" },
	{ "BagIt-Version: 1.0\r\nTag-File-Character-Encoding: utf-8", "" },
	{ "BagIt-Version: 0.97\nTag-File-Character-Encoding: UTF-8\n", "" },
	{ "BagIt-Version: 2.0\nTag-File-Character-Encoding: UTF-8\n",
	    "bag-version bagit.txt\n" },
	{ "BagIt-Version: 0.99\nTag-File-Character-Encoding: UTF-16\n",
	    "bag-version bagit.txt\nbag-encoding bagit.txt\n" },
	{ "",
	    "bag-declaration bagit.txt\nbag-version bagit.txt\n"
	    "bag-encoding bagit.txt\n" },
	{ DECLARATION "X: y\n", "bag-declaration bagit.txt\n" },
	{ "\xef\xbb\xbf" DECLARATION, "bag-version bagit.txt\n" },
};

static void
test_declarations(struct bag *bag, gconstpointer data)
{
	(void)data;
	take_away(bag, "tagmanifest-sha512.txt");
	for (size_t i = 0; i < G_N_ELEMENTS(declarations); i++) {
		put(bag, "bagit.txt", declarations[i].text);
		expect(bag, declarations[i].want);
	}
}

static void
test_nothing(struct bag *bag, gconstpointer data)
{
	g_autofree char *payload = g_build_filename(bag->root, "data", NULL);

	(void)data;
	take_away(bag, "bag-info.txt");
	take_away(bag, "manifest-md5.txt");
	take_away(bag, "manifest-sha256.txt");
	expect(bag,
	    "bag-no-manifest \n"
	    "bag-unlisted data/a.eml\n"
	    "bag-unlisted data/b/tmp/c\n");
	remove_tree(payload);
	put(bag, "manifest-md5.txt", "");
	expect(bag, "bag-no-payload data\n");
}

/* Before 1.0 one manifest is enough for a file. */
static void
test_old_version(struct bag *bag, gconstpointer data)
{
	(void)data;
	put(bag, "data/d", "d");
	take_away(bag, "bag-info.txt");
	list(bag, G_CHECKSUM_MD5, "manifest-md5.txt", "data/d", "d");
	expect(bag, "bag-unlisted data/d manifest-sha256.txt\n");
	take_away(bag, "tagmanifest-sha512.txt");
	put(bag, "bagit.txt",
	    "BagIt-Version: 0.97\nTag-File-Character-Encoding: UTF-8\n");
	expect(bag, "");
	put(bag, "data/e", "e");
	expect(bag, "bag-unlisted data/e\n");
}

/* ---- paths --------------------------------------------------------------- */

static void
test_unsafe(void)
{
	static const char *const safe[] = { "a", "data/a", "data/.a",
		"data/a..b/...", "data/a~", "data/ a" };
	static const char *const unsafe[] = { "", "/", "/etc/passwd", "..",
		"data/../../x", "data/..", "data/./x", "data//x", "data/", "~",
		"~root/x", "." };

	for (size_t i = 0; i < G_N_ELEMENTS(safe); i++)
		g_assert_true(bag_path_is_safe(span_from_string(safe[i])));
	for (size_t i = 0; i < G_N_ELEMENTS(unsafe); i++)
		g_assert_false(bag_path_is_safe(span_from_string(unsafe[i])));
	g_assert_false(bag_path_is_safe(SPAN("data/a\0b")));
	g_autofree char *longest = g_strnfill(BAG_PATH_MAX, 'x');
	g_autofree char *longer = g_strnfill(BAG_PATH_MAX + 1, 'x');
	g_assert_true(bag_path_is_safe(span_from_string(longest)));
	g_assert_false(bag_path_is_safe(span_from_string(longer)));
}

static void
test_manifest_paths(struct bag *bag, gconstpointer data)
{
	(void)data;
	take_away(bag, "manifest-md5.txt");
	list(bag, G_CHECKSUM_SHA256, "manifest-sha256.txt", "../x", "x");
	list(bag, G_CHECKSUM_SHA256, "manifest-sha256.txt", "/etc/passwd", "x");
	list(bag, G_CHECKSUM_SHA256, "manifest-sha256.txt", "bagit.txt",
	    DECLARATION);
	list(bag, G_CHECKSUM_SHA256, "manifest-sha256.txt", "./data/a.eml",
	    "S: x");
	list(bag, G_CHECKSUM_MD5, "manifest-sha256.txt", "data/a.eml", "S: x");
	list(bag, G_CHECKSUM_SHA256, "manifest-sha256.txt", "data/../x", "x");
	list(bag, G_CHECKSUM_SHA256, "manifest-sha256.txt", "data/b", "");
	list(bag, G_CHECKSUM_SHA512, "tagmanifest-sha512.txt", "data/a.eml",
	    "S: x");
	list(bag, G_CHECKSUM_SHA512, "tagmanifest-sha512.txt", "../x", "x");
	list(bag, G_CHECKSUM_SHA512, "tagmanifest-sha512.txt", "gone", "");
	expect(bag,
	    "bag-path ../x manifest-sha256.txt line 3\n"
	    "bag-path /etc/passwd manifest-sha256.txt line 4\n"
	    "bag-path bagit.txt manifest-sha256.txt line 5\n"
	    "bag-line manifest-sha256.txt manifest-sha256.txt line 7: "
	    "the digest has another length\n"
	    "bag-path data/../x manifest-sha256.txt line 8\n"
	    "bag-path data/a.eml tagmanifest-sha512.txt line 2\n"
	    "bag-path ../x tagmanifest-sha512.txt line 3\n"
	    "bag-duplicate data/a.eml manifest-sha256.txt line 6\n"
	    "bag-missing data/b manifest-sha256.txt\n"
	    "bag-missing gone tagmanifest-sha512.txt\n");
}

/* Escapes, and programs that know none of them. */
static void
test_escapes(struct bag *bag, gconstpointer data)
{
	(void)data;
	take_away(bag, "bag-info.txt");
	take_away(bag, "manifest-md5.txt");
	put(bag, "data/a\nb", "1");
	put(bag, "data/100%", "2");
	put(bag, "data/%25", "3");
	list(bag, G_CHECKSUM_SHA256, "manifest-sha256.txt", "data/a%0Ab", "1");
	list(bag, G_CHECKSUM_SHA256, "manifest-sha256.txt", "data/100%", "2");
	list(bag, G_CHECKSUM_SHA256, "manifest-sha256.txt", "data/%25", "3");
	put(bag, "fetch.txt", "x: 1 data/a%0Ab\nx: 1 data/%25\nx: 1 data/%0A");
	expect(bag, "bag-hole data/%0A fetch.txt\n");
	/* Now what 1.0 means by it is there too. */
	put(bag, "data/%", "4");
	take_away(bag, "fetch.txt");
	expect(bag,
	    "bag-digest data/% manifest-sha256.txt\n"
	    "bag-unlisted data/%25 manifest-sha256.txt\n");
}

static void
test_links(struct bag *bag, gconstpointer data)
{
	g_autofree char *link = g_build_filename(bag->root, "data/l", NULL);
	g_autofree char *pipe = g_build_filename(bag->root, "pipe", NULL);
	g_autofree char *info =
	    g_build_filename(bag->root, "bag-info.txt", NULL);

	(void)data;
	take_away(bag, "manifest-md5.txt");
	take_away(bag, "bag-info.txt");
	list(bag, G_CHECKSUM_SHA256, "manifest-sha256.txt", "data/l", "S: x");
	g_assert_cmpint(symlink("a.eml", link), ==, 0);
	g_assert_cmpint(symlink("/etc/passwd", info), ==, 0);
	g_assert_cmpint(mkfifo(pipe, 0600), ==, 0);
	g_autofree char *got = describe(bag);
	g_assert_true(g_str_has_prefix(got,
	    "bag-link bag-info.txt\n"
	    "bag-link data/l\n"
	    "bag-link pipe\n"
	    "bag-unreadable bag-info.txt "));
	take_away(bag, "data/l");
	g_assert_cmpint(symlink("b", link), ==, 0);
	g_autofree char *folder = describe(bag);
	g_assert_nonnull(strstr(folder, "bag-link data/l\n"));
}

/* ---- bounds -------------------------------------------------------------- */

static void
test_many_problems(struct bag *bag, gconstpointer data)
{
	g_autoptr(GString) lines = g_string_new(NULL);

	(void)data;
	for (int i = 0; i < BAG_PROBLEMS_MAX + 5; i++)
		g_string_append(lines, "x\n");
	put(bag, "manifest-md5.txt", lines->str);
	g_autofree char *got = describe(bag);
	g_assert_true(g_str_has_suffix(got, "\nand 7\n"));
}

static void
test_long_line(struct bag *bag, gconstpointer data)
{
	g_autofree char *line = g_strnfill(100000, 'x');

	(void)data;
	put(bag, "fetch.txt", line);
	put(bag, "bag-info.txt", line);
	expect(bag,
	    "bag-line fetch.txt fetch.txt line 1: the line is too long\n"
	    "bag-line bag-info.txt bag-info.txt line 1: "
	    "the line is too long\n");
}

static void
test_deep(struct bag *bag, gconstpointer data)
{
	g_autoptr(GString) path = g_string_new("data");

	(void)data;
	for (int i = 0; i < ARCHIVE_FOLDER_DEPTH - 1; i++)
		g_string_append(path, "/x");
	g_autofree char *deepest = g_strconcat(path->str, "/f", NULL);
	put(bag, deepest, "");
	take_away(bag, "bag-info.txt");
	list(bag, G_CHECKSUM_SHA256, "manifest-sha256.txt", deepest, "");
	list(bag, G_CHECKSUM_MD5, "manifest-md5.txt", deepest, "");
	expect(bag, "");
	g_autofree char *deeper = g_strconcat(path->str, "/x/f", NULL);
	put(bag, deeper, "");
	g_autofree char *want =
	    g_strdup_printf("bag-too-deep %s/x\n", path->str);
	expect(bag, want);
}

static void
add(const char *path, void (*test)(struct bag *, gconstpointer))
{
	g_test_add(path, struct bag, NULL, set_up, test, tear_down);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_set_nonfatal_assertions();
	add("/bag/good", test_good);
	add("/bag/counts", test_counts);
	add("/bag/defects", test_defects);
	add("/bag/declarations", test_declarations);
	add("/bag/nothing", test_nothing);
	add("/bag/old-version", test_old_version);
	g_test_add_func("/bag/unsafe", test_unsafe);
	add("/bag/manifest-paths", test_manifest_paths);
	add("/bag/escapes", test_escapes);
	add("/bag/links", test_links);
	add("/bag/many-problems", test_many_problems);
	add("/bag/long-line", test_long_line);
	add("/bag/deep", test_deep);
	return g_test_run();
}
