/*
 * test_snapshot.c - from a store to a snapshot and back: opened by key, by
 * root, by nobody; every kind of damage found and named.
 */
#include "store_fixture.h"

#include "keysnap/store/freeze.h"
#include "keysnap/store/index.h"
#include "keysnap/store/log_table.h"

#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

typedef struct store_fixture fixture;

static void
test_open(fixture *f, gconstpointer unused)
{
	struct snapshot_trust nobody = { NULL, NULL };
	struct snapshot_trust by_key = { &f->key, NULL };
	struct snapshot_trust by_root = { NULL, f->root };
	struct snapshot_trust by_both = { &f->key, f->root };
	uint8_t other_root[32] = { 1 };
	struct snapshot_trust wrong_root = { &f->key, other_root };
	struct note_key other = f->key;
	struct snapshot_trust wrong_key = { &other, NULL };

	(void)unused;
	other.id[0] ^= 1;
	store_fixture_opens(f, f->signed_, &nobody, SNAPSHOT_BY_NOBODY);
	store_fixture_opens(f, f->signed_, &by_key, SNAPSHOT_BY_KEY);
	store_fixture_opens(f, f->signed_, &by_root, SNAPSHOT_BY_ROOT);
	store_fixture_opens(f, f->signed_, &by_both, SNAPSHOT_BY_ROOT);
	store_fixture_opens(f, f->unsigned_, &nobody, SNAPSHOT_BY_NOBODY);
	store_fixture_opens(f, f->unsigned_, &by_root, SNAPSHOT_BY_ROOT);
	store_fixture_refuses(f, f->unsigned_, &by_key, "not signed");
	store_fixture_refuses(f, f->unsigned_, &by_both, "not signed");
	store_fixture_refuses(f, f->signed_, &wrong_root, "root");
	store_fixture_refuses(f, f->signed_, &wrong_key, "checkpoint");
	store_fixture_refuses(f, f->store, &nobody, "keysnap freeze");
}

static void
test_verify(fixture *f, gconstpointer unused)
{
	struct snapshot_trust nobody = { NULL, NULL };
	struct snapshot_trust by_key = { &f->key, NULL };
	struct snapshot_trust by_root = { NULL, f->root };
	uint8_t other_root[32] = { 1 };
	struct snapshot_trust wrong_root = { NULL, other_root };
	g_autofree char *a = store_fixture_verify(f, f->signed_, &nobody);
	g_autofree char *b = store_fixture_verify(f, f->signed_, &by_key);
	g_autofree char *c = store_fixture_verify(f, f->unsigned_, &by_root);
	g_autofree char *d = store_fixture_verify(f, f->unsigned_, &by_key);
	g_autofree char *e = store_fixture_verify(f, f->signed_, &wrong_root);

	(void)unused;
	g_assert_cmpstr(a, ==, "");
	g_assert_cmpstr(b, ==, "");
	g_assert_cmpstr(c, ==, "");
	g_assert_cmpstr(d, ==, "signature checkpoint; ");
	g_assert_cmpstr(e, ==, "root checkpoint; ");
}

/* The same store gives the same octets, and adds nothing to the log. */
static void
test_same_octets(fixture *f, gconstpointer unused)
{
	g_autofree char *again = g_build_filename(f->folder, "again", NULL);
	struct store *store = store_open(f->store, false, f->crypto, NULL);
	struct freeze_result result;
	struct stat st;

	(void)unused;
	g_assert_true(freeze_store(
	    store, again, SPAN(FIXTURE_SECRET "\n"), f->crypto, &result, NULL));
	store_close(store);
	for (size_t i = 0; i < G_N_ELEMENTS(store_fixture_files); i++) {
		g_autofree char *a =
		    g_build_filename(f->signed_, store_fixture_files[i], NULL);
		g_autofree char *b =
		    g_build_filename(again, store_fixture_files[i], NULL);
		g_autofree char *x = NULL, *y = NULL;
		gsize n, m;

		g_assert_true(g_file_get_contents(a, &x, &n, NULL));
		g_assert_true(g_file_get_contents(b, &y, &m, NULL));
		g_assert_cmpuint(n, ==, m);
		g_assert_true(memcmp(x, y, n) == 0);
		g_assert_cmpint(stat(b, &st), ==, 0);
		g_assert_cmpint(st.st_mode & 07777, ==, 0444);
	}
	g_assert_cmpint(stat(again, &st), ==, 0);
	g_assert_cmpint(st.st_mode & 07777, ==, 0755);
}

static void
test_freeze_refused(fixture *f, gconstpointer unused)
{
	g_autofree char *again = g_build_filename(f->folder, "again", NULL);
	struct store *store = store_open(f->store, true, f->crypto, NULL);
	uint8_t missing[1][32] = { { 9 } };
	GString *line = g_string_new(NULL);
	struct entry_source source = { .file = SPAN("f"),
		.format = SPAN("zone"),
		.observer = SPAN("me"),
		.tool = SPAN("k"),
		.imported = 0,
		.evidence = (const uint8_t(*)[32])missing,
		.n_evidence = 1 };
	struct freeze_result result;
	GError *error = NULL;
	uint64_t index;

	(void)unused;
	g_assert_false(freeze_store(
	    store, f->signed_, SPAN(""), f->crypto, &result, &error));
	g_assert_error(error, STORE_ERROR, STORE_ERROR_EXISTS);
	g_clear_error(&error);
	g_assert_false(freeze_store(
	    store, again, SPAN("nonsense"), f->crypto, &result, &error));
	g_assert_error(error, STORE_ERROR, STORE_ERROR_INTEGRITY);
	g_clear_error(&error);
	/* Evidence that is named but was never stored: nothing is left. */
	entry_write_source(line, &source);
	g_assert_true(store_begin(store, NULL));
	g_assert_true(
	    store_add(store, (struct span){ (uint8_t *)line->str, line->len },
		SPAN(""), &index, NULL));
	g_assert_true(store_commit(store, NULL));
	g_assert_false(
	    freeze_store(store, again, SPAN(""), f->crypto, &result, &error));
	g_assert_nonnull(error);
	g_clear_error(&error);
	store_close(store);
	g_string_free(line, TRUE);
	GDir *dir = g_dir_open(f->folder, 0, NULL);
	const char *name;
	while ((name = g_dir_read_name(dir)) != NULL)
		g_assert_null(strstr(name, "again"));
	g_dir_close(dir);
}

/* A log that changes after opening is found when it is read. */
static void
test_changed_later(fixture *f, gconstpointer unused)
{
	struct snapshot_trust trusts[2] = { { &f->key, NULL }, { NULL, NULL } };
	gint64 size = store_fixture_size(f->signed_, "log.jsonl");
	g_autofree char *log = g_build_filename(f->signed_, "log.jsonl", NULL);

	(void)unused;
	for (int i = 0; i < 2; i++) {
		struct snapshot *snapshot =
		    snapshot_open(f->signed_, &trusts[i], f->crypto, NULL);
		struct entry entry;
		GError *error = NULL;

		g_assert_true(
		    snapshot_get(snapshot, f->arena, 12, &entry, NULL));
		store_fixture_flip(f->signed_, "log.jsonl", size - 5, 0);
		g_assert_false(
		    snapshot_get(snapshot, f->arena, 12, &entry, &error));
		g_assert_error(error, STORE_ERROR, STORE_ERROR_INTEGRITY);
		g_clear_error(&error);
		store_fixture_flip(f->signed_, "log.jsonl", size - 5, 0);
		if (i == 1) {
			g_assert_cmpint(truncate(log, size - 5), ==, 0);
			g_assert_false(snapshot_get(
			    snapshot, f->arena, 12, &entry, &error));
			g_assert_error(
			    error, STORE_ERROR, STORE_ERROR_INTEGRITY);
			g_clear_error(&error);
		}
		snapshot_close(snapshot);
	}
}

static gpointer
look_up_often(gpointer user)
{
	struct snapshot *snapshot = user;
	struct arena *arena = arena_new();
	gsize found = 0;

	for (int i = 0; i < 500; i++) {
		struct entry *entries;
		uint64_t *numbers;
		size_t n;

		arena_reset(arena);
		if (snapshot_lookup(snapshot, arena,
			SPAN("s1._domainkey.a.example"), &entries, &numbers, &n,
			NULL))
			found += n;
	}
	arena_free(arena);
	return GSIZE_TO_POINTER(found);
}

static void
test_threads(fixture *f, gconstpointer unused)
{
	struct snapshot_trust trusts[2] = { { &f->key, NULL }, { NULL, NULL } };
	GThread *threads[4];

	(void)unused;
	for (int i = 0; i < 2; i++) {
		struct snapshot *snapshot =
		    snapshot_open(f->signed_, &trusts[i], f->crypto, NULL);

		for (int j = 0; j < 4; j++)
			threads[j] =
			    g_thread_new("look", look_up_often, snapshot);
		for (int j = 0; j < 4; j++)
			g_assert_cmpuint(
			    GPOINTER_TO_SIZE(g_thread_join(threads[j])), ==,
			    1000);
		snapshot_close(snapshot);
	}
}

static void
test_rebuild(fixture *f, gconstpointer unused)
{
	struct snapshot_trust by_key = { &f->key, NULL };
	g_autofree char *mdb = g_build_filename(f->signed_, "keys.mdb", NULL);
	g_autofree char *output = g_build_filename(f->folder, "new", NULL);
	g_autofree char *a = NULL, *b = NULL;
	GError *error = NULL;
	gsize n, m;

	(void)unused;
	g_assert_true(g_file_get_contents(mdb, &a, &n, NULL));
	g_unlink(mdb);
	g_assert_true(freeze_rebuild(f->signed_, output, f->crypto, &error));
	g_assert_no_error(error);
	g_assert_true(g_file_get_contents(output, &b, &m, NULL));
	g_assert_true(n == m && memcmp(a, b, n) == 0);
	g_assert_false(freeze_rebuild(f->signed_, output, f->crypto, &error));
	g_clear_error(&error);
	g_assert_true(freeze_rebuild(f->signed_, NULL, f->crypto, &error));
	g_assert_no_error(error);
	g_autofree char *bad = store_fixture_verify(f, f->signed_, &by_key);
	g_assert_cmpstr(bad, ==, "");
	store_fixture_flip(f->signed_, "log.jsonl", 40, 0);
	g_assert_false(freeze_rebuild(f->signed_, NULL, f->crypto, &error));
	g_assert_error(error, STORE_ERROR, STORE_ERROR_INTEGRITY);
	g_clear_error(&error);
	store_fixture_flip(f->signed_, "log.jsonl", 40, 0);
	/* An index that MANIFEST does not name never replaces one. */
	store_fixture_exchange(f, f->unsigned_, true);
	g_assert_false(freeze_rebuild(f->unsigned_, NULL, f->crypto, &error));
	g_assert_error(error, STORE_ERROR, STORE_ERROR_INTEGRITY);
	g_clear_error(&error);
	g_autofree char *left = store_fixture_verify(
	    f, f->unsigned_, &(struct snapshot_trust){ NULL, NULL });
	g_assert_cmpstr(left, ==, "index keys.mdb; ");
}

/* Frozen media: no lock file, no writing. */
static void
test_read_only(fixture *f, gconstpointer unused)
{
	struct snapshot_trust by_key = { &f->key, NULL };

	(void)unused;
	g_assert_cmpint(chmod(f->signed_, 0555), ==, 0);
	store_fixture_opens(f, f->signed_, &by_key, SNAPSHOT_BY_KEY);
	g_autofree char *bad = store_fixture_verify(f, f->signed_, &by_key);
	g_assert_cmpstr(bad, ==, "");
	g_assert_cmpint(chmod(f->signed_, 0755), ==, 0);
}

#define ADD(path, function)                                            \
	g_test_add(path, fixture, NULL, store_fixture_setup, function, \
	    store_fixture_teardown)

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_set_nonfatal_assertions();
	ADD("/snapshot/open", test_open);
	ADD("/snapshot/verify", test_verify);
	ADD("/snapshot/same-octets", test_same_octets);
	ADD("/snapshot/freeze-refused", test_freeze_refused);
	ADD("/snapshot/changed-later", test_changed_later);
	ADD("/snapshot/threads", test_threads);
	ADD("/snapshot/rebuild", test_rebuild);
	ADD("/snapshot/read-only", test_read_only);
	return g_test_run();
}
