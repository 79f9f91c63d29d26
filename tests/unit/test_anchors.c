/* test_anchors.c - what notes, lists and files come to together: renewal needs
 * certificates and is in tests/e2e/anchor.t. */
#include "verifier/run/anchor_files.h"

#include "keysnap/base/file.h"
#include "tests/unit/span_assert.h"

#include <glib/gstdio.h>
#include <string.h>

#define SECRET                                                               \
	"PRIVATE+KEY+PeterNeumann+c74f20a3+AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx0" \
	"9iUvxdXHKDFz"
#define PUBLIC \
	"PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
#define MBOX                                                       \
	"From a@example.org Thu Nov  3 08:12:44 2016\nFrom: a\n\n" \
	"one\n\nFrom a@example.org Thu Nov  3 08:12:44 2016\nFrom: a\n\ntwo\n"

struct fixture {
	struct crypto *crypto;
	char *folder, *key;
};

static char *
path_of(const struct fixture *f, const char *name)
{
	return g_build_filename(f->folder, name, NULL);
}

static void
put(const struct fixture *f, const char *name, const char *text)
{
	g_autofree char *path = path_of(f, name);

	g_assert_true(file_write(path, span_from_string(text), true, NULL));
}

static void
setup(struct fixture *f, gconstpointer unused)
{
	(void)unused;
	f->crypto = crypto_open(NULL);
	f->folder = g_dir_make_tmp("test-anchors-XXXXXX", NULL);
	f->key = path_of(f, "key");
	put(f, "key", PUBLIC);
}

static void
teardown(struct fixture *f, gconstpointer unused)
{
	g_autoptr(GDir) listing = g_dir_open(f->folder, 0, NULL);
	const char *name;

	(void)unused;
	while ((name = g_dir_read_name(listing)) != NULL) {
		g_autofree char *path = path_of(f, name);

		g_unlink(path);
	}
	g_rmdir(f->folder);
	g_free(f->folder);
	g_free(f->key);
	crypto_close(f->crypto);
}

static void
hex_of(const struct fixture *f, const char *text, char hex[DIGEST_HEX_SIZE])
{
	uint8_t sha256[32];

	digest_sha256(f->crypto, span_from_string(text), sha256);
	digest_to_hex((struct span){ sha256, 32 }, hex);
}

/* A note of "time" over the SHA-256 of "text", as a file. */
static void
put_note(const struct fixture *f, const char *name, const char *time,
    const char *text)
{
	g_autoptr(GString) note = g_string_new("keysnap-time 1\n");
	char hex[DIGEST_HEX_SIZE];

	hex_of(f, text, hex);
	g_string_append_printf(note, "%s\n%s  x\n", time, hex);
	g_assert_true(note_sign(note, f->crypto, SPAN(SECRET), NULL));
	put(f, name, note->str);
}

static struct anchors *
open_all(const struct fixture *f, char **proofs, char **lists, GError **error)
{
	char *keys[] = { f->key, NULL };
	const struct anchor_paths paths = {
		.proofs = proofs, .lists = lists, .trust.keys = keys
	};

	return anchors_open(&paths, 0, f->crypto, error);
}

static size_t
find(const struct fixture *f, const struct anchors *anchors, const char *text,
    struct anchored_by *by)
{
	uint8_t sha256[32];
	size_t n = 0;

	digest_sha256(f->crypto, span_from_string(text), sha256);
	anchors_find(anchors, sha256, ANCHORED_MESSAGE, by, &n);
	anchors_find(anchors, sha256, ANCHORED_FILE, by, &n);
	anchors_sort(by, n);
	g_assert_true(anchors_cover(anchors, sha256) == (n > 0));
	return n;
}

/* Two proofs, one by way of a list in a list. */
static void
test_find(struct fixture *f, gconstpointer unused)
{
	g_autofree char *note = path_of(f, "note"),
			*other = path_of(f, "other");
	g_autofree char *inner = path_of(f, "inner"),
			*outer = path_of(f, "outer");
	char *proofs[] = { note, other, NULL },
	     *lists[] = { inner, outer, NULL };
	g_autofree char *text = NULL, *more = NULL;
	struct anchored_by by[ANCHORS_MAX];
	char hex[DIGEST_HEX_SIZE];
	struct anchors *anchors;

	(void)unused;
	hex_of(f, "mail", hex);
	text = g_strdup_printf("# mail\n%s  mail.eml\n", hex);
	put(f, "inner", text);
	hex_of(f, text, hex);
	more = g_strdup_printf("%s *inner\nd41d8cd98f00b204e9800998ecf8427e  "
			       "an-md5\n",
	    hex);
	put(f, "outer", more);
	put_note(f, "note", "2016-11-03T08:00:00Z", more);
	put_note(f, "other", "2015-11-03T08:00:00Z", "mail");

	anchors = open_all(f, proofs, lists, NULL);
	g_assert_nonnull(anchors);
	g_assert_cmpuint(find(f, anchors, "mail", by), ==, 2);
	g_assert_cmpint(by[0].anchor->proof.time, ==, 1446537600);
	g_assert_null(by[0].list);
	g_assert_cmpint(by[0].over, ==, ANCHORED_MESSAGE);
	g_assert_cmpint(by[1].anchor->proof.time, ==, 1478160000);
	span_assert_equal("list", by[1].list->name, SPAN("inner"));
	g_assert_cmpuint(find(f, anchors, "other mail", by), ==, 0);
	anchors_close(anchors);

	/* Without the outer list the note is over nothing that is here. */
	lists[1] = NULL;
	anchors = open_all(f, proofs, lists, NULL);
	g_assert_cmpuint(find(f, anchors, "mail", by), ==, 1);
	anchors_close(anchors);
}

static void
expect_failure(
    const struct fixture *f, char **proofs, char **lists, const char *want)
{
	g_autoptr(GError) error = NULL;
	struct anchors *anchors = open_all(f, proofs, lists, &error);

	g_assert_null(anchors);
	g_assert_nonnull(error);
	if (error != NULL && strstr(error->message, want) == NULL)
		g_test_fail_printf("%s: no \"%s\"", error->message, want);
}

static void
test_failures(struct fixture *f, gconstpointer unused)
{
	g_autofree char *note = path_of(f, "note"), *list = path_of(f, "list");
	char *proofs[ANCHORS_MAX + 2] = { note }, *lists[] = { list, NULL };

	(void)unused;
	expect_failure(f, proofs, NULL, "note");
	put(f, "note", "From: a\n");
	expect_failure(f, proofs, NULL, "it is no time stamp");
	put_note(f, "note", "2016-11-03T08:00:00Z", "mail");
	expect_failure(f, proofs, lists, "list");
	put(f, "list", "# nothing\n");
	expect_failure(f, proofs, lists, "lists no SHA-256");
	put(f, "list", "d41d8cd98f00b204e9800998ecf8427e  an-md5\n");
	expect_failure(f, proofs, lists, "lists no SHA-256");
	put(f, "list", "# a\nzz  a\n");
	expect_failure(f, proofs, lists, "line 2");
	put(f, "key", "no key");
	expect_failure(f, proofs, NULL, "not a public key");
	put(f, "key", PUBLIC);
	for (size_t i = 0; i <= ANCHORS_MAX; i++)
		proofs[i] = note;
	expect_failure(f, proofs, NULL, "more than 64");
}

/* ---- files of an archive -------------------------------------------------- */

static struct archive *
open_archive(const struct fixture *f, char *path)
{
	char *paths[] = { path, NULL };
	const struct archive_options options = { .paths = paths, .n_paths = 1 };

	return archive_open(&options, f->crypto, NULL);
}

/* Read the archive with "files"; what the check says, and how many items are
 * covered. */
static bool
read_again(const struct fixture *f, char *path, struct anchor_files *files,
    size_t *covered_out)
{
	struct archive *archive = open_archive(f, path);
	struct batch *batch = batch_new();
	struct anchored_by by[ANCHORS_MAX];
	bool ok = true;
	int more = 1;

	*covered_out = 0;
	while (more == 1) {
		g_autoptr(GError) error = NULL;

		more = archive_next(archive, batch, NULL);
		archive_hash(archive, batch);
		for (size_t i = 0; i < batch->n_items; i++) {
			size_t n = 0;

			anchor_files_find(files, &batch->items[i], by, &n);
			*covered_out += n;
		}
		if (ok)
			ok =
			    anchor_files_check(files, batch, more == 0, &error);
		g_assert_true(error == NULL ||
		    g_error_matches(
			error, ARCHIVE_ERROR, ARCHIVE_ERROR_CHANGED));
	}
	batch_free(batch);
	archive_close(archive);
	return ok;
}

/* What a note over MBOX covers in the archive "mbox", as it is now. */
static struct anchor_files *
look_through(const struct fixture *f, char *mbox, struct anchors **anchors_out)
{
	g_autofree char *note = path_of(f, "note");
	char *proofs[] = { note, NULL };
	struct archive *archive = open_archive(f, mbox);
	struct anchor_files *files;

	put_note(f, "note", "2016-11-03T08:00:00Z", MBOX);
	*anchors_out = open_all(f, proofs, NULL, NULL);
	files = anchor_files_read(*anchors_out, archive, NULL, NULL);
	archive_close(archive);
	g_assert_nonnull(files);
	return files;
}

/* First "before" is there, then "after": is the change found, and how many
 * messages are covered the second time? */
static void
test_files(struct fixture *f, gconstpointer unused)
{
	static const struct {
		const char *name, *before, *after;
		bool want;
		size_t covered;
	} cases[] = {
		{ "the same", MBOX, MBOX, true, 2 },
		{ "more in it", MBOX, MBOX "x\n", false, 2 },
		{ "no mbox any more", MBOX, "From: a\n\nhi\n", false, 0 },
		{ "nothing in it", MBOX, "", false, 0 },
		{ "another at first", MBOX "x\n", MBOX, true, 0 },
	};
	g_autofree char *mbox = path_of(f, "a.mbox");

	(void)unused;
	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		struct anchors *anchors;
		struct anchor_files *files;
		size_t covered;

		g_test_message("%s", cases[i].name);
		put(f, "a.mbox", cases[i].before);
		files = look_through(f, mbox, &anchors);
		put(f, "a.mbox", cases[i].after);
		g_assert_true(
		    read_again(f, mbox, files, &covered) == cases[i].want);
		if (cases[i].covered > 0 || cases[i].want)
			g_assert_cmpuint(covered, ==, cases[i].covered);
		anchor_files_free(files);
		anchors_close(anchors);
	}
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_set_nonfatal_assertions();
#define ADD(name)                                                  \
	g_test_add("/anchors/" #name, struct fixture, NULL, setup, \
	    test_##name, teardown)
	ADD(find);
	ADD(failures);
	ADD(files);
	return g_test_run();
}
