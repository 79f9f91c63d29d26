/* test_archive.c - from paths to messages: order, paths, statuses, changes. */
#include "verifier/archive/archive.h"
#include "verifier/archive/window.h"

#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

#define F "From a@b Mon Jan  1 00:00:00 2024\n"

/* A folder with a tree of each kind in it. */
struct tree {
	char *root;
	struct crypto *crypto;
	struct batch *batch;
};

static char *
tree_path(const struct tree *tree, const char *name)
{
	return g_build_filename(tree->root, name, NULL);
}

static void
put(const struct tree *tree, const char *name, const char *text)
{
	g_autofree char *path = tree_path(tree, name);
	g_autofree char *folder = g_path_get_dirname(path);

	g_assert_cmpint(g_mkdir_with_parents(folder, 0700), ==, 0);
	g_assert_true(g_file_set_contents(path, text, -1, NULL));
}

static void
set_up(struct tree *tree, gconstpointer data)
{
	(void)data;
	tree->root = g_dir_make_tmp("archive-XXXXXX", NULL);
	tree->crypto = crypto_open(NULL);
	tree->batch = batch_new();
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
tear_down(struct tree *tree, gconstpointer data)
{
	(void)data;
	remove_tree(tree->root);
	g_free(tree->root);
	batch_free(tree->batch);
	crypto_close(tree->crypto);
}

static struct archive *
open_one(const struct tree *tree, const char *name)
{
	g_autofree char *path = tree_path(tree, name);
	char *paths[] = { path };
	struct archive_options options = { .paths = paths, .n_paths = 1 };

	return archive_open(&options, tree->crypto, NULL);
}

/* The batch as text: status, split, offset+length, path, one per line. */
static char *
describe(const struct batch *batch)
{
	GString *out = g_string_new(NULL);

	for (size_t i = 0; i < batch->n_items; i++) {
		const struct item *item = &batch->items[i];
		g_string_append_printf(out,
		    "%d %d %d %" G_GUINT64_FORMAT "+%" G_GUINT64_FORMAT
		    " %.*s\n",
		    (int)item->status, (int)item->container, (int)item->split,
		    item->offset, item->length, (int)item->path.n,
		    (const char *)item->path.p);
	}
	return g_string_free(out, FALSE);
}

static void
test_tree(struct tree *tree, gconstpointer data)
{
	g_autofree char *link = tree_path(tree, "in/link");
	struct archive *archive;

	(void)data;
	put(tree, "in/b.eml", "A: 1\n\nx\n");
	put(tree, "in/a/z.eml",
	    "\xef\xbb\xbf"
	    "A: 1\n");
	put(tree, "in/empty", "");
	put(tree, "in/note.txt", "just text\n");
	put(tree, "in/from", ">From me\nA: 1\n");
	put(tree, "in/M/cur/2.x:2,S", "A: 1\n");
	put(tree, "in/M/cur/1.x:2,", "A: 1\n");
	put(tree, "in/M/cur/1.x", F "A: 1\n");
	put(tree, "in/M/new/3.x", "A: 1\n");
	put(tree, "in/M/tmp/400000000.x.y", "A: 1\n");
	put(tree, "in/M/.Sent/cur/5.x", "A: 1\n");
	put(tree, "in/M/.Sent/new/6.x", "A: 1\n");
	put(tree, "in/box", F "A: 1\n\nx\n\n" F "B: 2\n\ny\n");
	g_assert_cmpint(symlink("b.eml", link), ==, 0);
	archive = open_one(tree, "in");
	g_assert_cmpint(archive_next(archive, tree->batch, NULL), ==, 1);
	g_autofree char *text = describe(tree->batch);
	g_assert_cmpstr(text, ==,
	    "0 2 0 0+5 M/.Sent/cur/5.x\n"
	    "0 2 0 0+5 M/.Sent/new/6.x\n"
	    "0 1 1 34+5 M/cur/1.x\n"
	    "0 2 0 0+5 M/cur/1.x:2,\n"
	    "0 2 0 0+5 M/cur/2.x:2,S\n"
	    "0 2 0 0+5 M/new/3.x\n"
	    "0 0 0 0+8 a/z.eml\n"
	    "0 0 0 0+8 b.eml\n"
	    "0 1 1 34+8 box\n"
	    "0 1 1 77+8 box\n"
	    "1 0 0 0+0 empty\n"
	    "0 1 2 9+5 from\n"
	    "5 0 0 0+0 link\n"
	    "4 0 0 0+10 note.txt\n");
	g_assert_cmpuint(tree->batch->n_files, ==, 4);
	g_assert_cmpstr(tree->batch->files[0].format, ==, "mbox");
	g_assert_cmpuint(tree->batch->files[1].messages, ==, 2);
	g_assert_cmpuint(tree->batch->files[1].size, ==, 85);
	g_assert_cmpuint(tree->batch->files[1].after_items, ==, 10);
	g_assert_cmpuint(tree->batch->files[2].messages, ==, 1);
	g_assert_cmpstr(tree->batch->files[3].format, ==, "other");
	g_assert_cmpuint(tree->batch->files[3].size, ==, 10);
	g_assert_true(
	    span_equal(tree->batch->items[9].raw, SPAN("B: 2\n\ny\n")));
	g_assert_cmpint(archive_next(archive, tree->batch, NULL), ==, 0);
	archive_close(archive);
}

/* A mailbox over many batches: every octet hashed once, none lost. */
static void
test_large_mbox(struct tree *tree, gconstpointer data)
{
	GString *text = g_string_new(NULL);
	struct archive *archive;
	uint8_t want[DIGEST_SHA256_SIZE];
	uint64_t messages = 0, done, total;
	struct input_file file = { .messages = 0 };
	int got;

	(void)data;
	for (int i = 0; i < 600; i++) {
		g_string_append_printf(text, F "S: %d\n\n", i);
		for (int k = 0; k < i; k++)
			g_string_append(text, "a body line of some length\n");
		g_string_append(text, "\n");
	}
	put(tree, "box", text->str);
	archive = open_one(tree, "box");
	while ((got = archive_next(archive, tree->batch, NULL)) == 1) {
		archive_hash(archive, tree->batch);
		for (size_t i = 0; i < tree->batch->n_items; i++) {
			g_autofree char *start =
			    g_strdup_printf("S: %d\n\n", (int)messages++);
			g_assert_true(
			    span_starts_with(tree->batch->items[i].raw,
				span_from_string(start)));
		}
		if (tree->batch->n_files > 0)
			file = tree->batch->files[0];
	}
	g_assert_cmpint(got, ==, 0);
	g_assert_cmpuint(messages, ==, 600);
	g_assert_cmpuint(file.messages, ==, 600);
	digest_sha256(tree->crypto,
	    (struct span){ (uint8_t *)text->str, text->len }, want);
	g_assert_true(memcmp(want, file.sha256, sizeof(want)) == 0);
	archive_position(archive, &done, &total);
	g_assert_cmpuint(done, ==, text->len);
	g_assert_cmpuint(total, ==, text->len);
	archive_close(archive);
	g_string_free(text, TRUE);
}

/* A mailbox cut short or added to between two batches ends the run. */
static void
check_change(struct tree *tree, bool grow)
{
	g_autofree char *path = tree_path(tree, "box");
	GString *text = g_string_new(NULL);
	g_autoptr(GError) error = NULL;
	struct archive *archive;
	int got;

	for (int i = 0; i < 40000; i++)
		g_string_append(text, F "S: x\n\nx\n\n");
	put(tree, "box", text->str);
	archive = open_one(tree, "box");
	g_assert_cmpint(archive_next(archive, tree->batch, NULL), ==, 1);
	g_assert_cmpuint(tree->batch->n_items, ==, ARCHIVE_BATCH_ITEMS);
	g_assert_cmpint(
	    truncate(path, (off_t)(grow ? text->len + 1 : text->len / 2)), ==,
	    0);
	while ((got = archive_next(archive, tree->batch, &error)) == 1)
		g_assert_cmpuint(tree->batch->n_items, >, 0);
	g_assert_cmpint(got, ==, -1);
	g_assert_error(error, ARCHIVE_ERROR, ARCHIVE_ERROR_CHANGED);
	g_assert_cmpuint(tree->batch->n_files, ==, 0);
	archive_close(archive);
	g_string_free(text, TRUE);
}

static void
test_change(struct tree *tree, gconstpointer data)
{
	(void)data;
	check_change(tree, false);
	check_change(tree, true);
}

/* Several arguments, two of one name; a missing one; a folder for "check". */
static void
test_arguments(struct tree *tree, gconstpointer data)
{
	put(tree, "a/box", F "A: 1\n");
	put(tree, "b/box/1.eml", "A: 1\n");
	g_autofree char *a = tree_path(tree, "a/box");
	g_autofree char *b = tree_path(tree, "b/box");
	g_autofree char *c = tree_path(tree, "c");
	char *paths[] = { a, b, a };
	struct archive_options options = { .paths = paths, .n_paths = 3 };
	g_autoptr(GError) error = NULL;

	(void)data;
	struct archive *archive = archive_open(&options, tree->crypto, NULL);
	g_assert_cmpint(archive_next(archive, tree->batch, NULL), ==, 1);
	g_autofree char *text = describe(tree->batch);
	g_assert_cmpstr(text, ==,
	    "0 1 1 34+5 box\n"
	    "0 0 0 0+5 box~2/1.eml\n"
	    "0 1 1 34+5 box~3\n");
	archive_close(archive);
	paths[1] = c;
	g_assert_null(archive_open(&options, tree->crypto, &error));
	g_assert_error(error, ARCHIVE_ERROR, ARCHIVE_ERROR_USAGE);
	g_clear_error(&error);
	options = (struct archive_options){
		.paths = &b, .n_paths = 1, .files_only = true
	};
	g_assert_null(archive_open(&options, tree->crypto, &error));
	g_assert_error(error, ARCHIVE_ERROR, ARCHIVE_ERROR_USAGE);
}

/* One message over the limit, in a file with a hole. */
static void
test_too_large(struct tree *tree, gconstpointer data)
{
	g_autofree char *path = tree_path(tree, "big.eml");
	struct archive *archive;

	(void)data;
	put(tree, "big.eml", "A: 1\n\n");
	g_assert_cmpint(truncate(path, (off_t)ARCHIVE_MESSAGE_MAX + 1), ==, 0);
	archive = open_one(tree, "big.eml");
	do {
		g_assert_cmpint(
		    archive_next(archive, tree->batch, NULL), ==, 1);
		g_assert_cmpuint(tree->batch->buffer_size, <=, 2 * WINDOW_AIM);
	} while (tree->batch->n_items == 0);
	g_autofree char *text = describe(tree->batch);
	g_assert_cmpstr(text, ==, "2 0 0 0+268435457 big.eml\n");
	g_assert_cmpuint(tree->batch->items[0].raw.n, ==, 0);
	archive_close(archive);
}

static void
add(const char *path, void (*test)(struct tree *, gconstpointer))
{
	g_test_add(path, struct tree, NULL, set_up, test, tear_down);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_set_nonfatal_assertions();
	add("/archive/tree", test_tree);
	add("/archive/large-mbox", test_large_mbox);
	add("/archive/change", test_change);
	add("/archive/arguments", test_arguments);
	add("/archive/too-large", test_too_large);
	return g_test_run();
}
