/*
 * test_store.c - the growing store: whole or not at all, whatever happens.
 */
#include "keysnap/store/store.h"

#include "keysnap/store/entry.h"
#include "keysnap/store/merkle.h"

#include <glib/gstdio.h>
#include <signal.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

struct fixture {
	struct crypto *crypto;
	struct arena *arena;
	char *folder, *path;
};

static void
setup(struct fixture *fixture, gconstpointer unused)
{
	(void)unused;
	fixture->crypto = crypto_open(NULL);
	fixture->arena = arena_new();
	fixture->folder = g_dir_make_tmp("store-XXXXXX", NULL);
	fixture->path = g_build_filename(fixture->folder, "s", NULL);
	g_assert_true(
	    store_create(fixture->path, "o.example", fixture->crypto, NULL));
}

static void
teardown(struct fixture *fixture, gconstpointer unused)
{
	g_autofree char *lock = g_strconcat(fixture->path, "-lock", NULL);

	(void)unused;
	g_unlink(fixture->path);
	g_unlink(lock);
	g_assert_cmpint(g_rmdir(fixture->folder), ==, 0);
	g_free(fixture->path);
	g_free(fixture->folder);
	arena_free(fixture->arena);
	crypto_close(fixture->crypto);
}

static struct store *
open_store(struct fixture *fixture, bool writable)
{
	GError *error = NULL;
	struct store *store =
	    store_open(fixture->path, writable, fixture->crypto, &error);

	g_assert_no_error(error);
	return store;
}

static uint64_t
add(struct store *store, const char *leaf, const char *name)
{
	GError *error = NULL;
	uint64_t index = 0;

	g_assert_true(store_add(store, span_from_string(leaf),
	    span_from_string(name), &index, &error));
	g_assert_no_error(error);
	return index;
}

static bool
collect(void *user, uint64_t index)
{
	g_string_append_printf(user, "%u ", (unsigned)index);
	return true;
}

static char *
numbers_of(struct store *store, const char *name, bool subtree)
{
	GString *out = g_string_new(NULL);

	g_assert_true(store_each_of_name(
	    store, span_from_string(name), subtree, collect, out, NULL));
	return g_string_free(out, FALSE);
}

static void
check_numbers(struct store *store)
{
	static const struct {
		const char *name;
		bool subtree;
		const char *want;
	} cases[] = {
		{ "a.example", false, "1 4 " },
		{ "a.example", true, "1 4 2 " },
		{ "s.a.example", false, "2 " },
		{ "example", false, "" },
		{ "example", true, "1 4 2 3 " },
		{ "aa.example", true, "3 " },
		{ "le", true, "" },
	};

	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autofree char *got =
		    numbers_of(store, cases[i].name, cases[i].subtree);

		g_assert_cmpstr(got, ==, cases[i].want);
	}
}

static bool
count_leaves(void *user, uint64_t index, struct span leaf)
{
	uint64_t *count = user;

	g_assert_cmpuint(index, ==, *count);
	g_assert_cmpuint(leaf.n, >, 0);
	(*count)++;
	return *count < 4;
}

static void
test_round_trip(struct fixture *fixture, gconstpointer unused)
{
	struct store *store = open_store(fixture, true);
	uint8_t id[32] = { 1 }, root[32], again[32];
	struct span leaf;
	uint64_t count = 0;

	(void)unused;
	g_assert_cmpstr(store_origin(store), ==, "o.example");
	g_assert_cmpuint(store_size(store), ==, 1);
	g_assert_true(store_begin(store, NULL));
	g_assert_cmpuint(add(store, "one", "a.example"), ==, 1);
	add(store, "two", "s.a.example");
	add(store, "three", "aa.example");
	add(store, "four", "a.example");
	check_numbers(store);
	g_assert_cmpuint(store_find_import(store, id), ==, ENTRY_NONE);
	g_assert_true(store_note_import(store, id, 3, NULL));
	g_assert_true(store_add_evidence(store, id, SPAN("ev\0idence"), NULL));
	g_assert_true(store_commit(store, NULL));
	store_root(store, root);
	store_close(store);

	store = open_store(fixture, false);
	g_assert_cmpuint(store_size(store), ==, 5);
	store_root(store, again);
	g_assert_true(memcmp(root, again, 32) == 0);
	check_numbers(store);
	g_assert_cmpuint(store_find_import(store, id), ==, 3);
	g_assert_true(store_get(store, fixture->arena, 3, &leaf, NULL));
	g_assert_true(span_equal(leaf, SPAN("three")));
	g_assert_false(store_get(store, fixture->arena, 5, &leaf, NULL));
	g_assert_true(
	    store_get_evidence(store, fixture->arena, id, &leaf, NULL));
	g_assert_true(span_equal(leaf, SPAN("ev\0idence")));
	g_assert_true(store_each(store, 0, count_leaves, &count, NULL));
	g_assert_cmpuint(count, ==, 4);
	store_close(store);
}

/* The first entry states the origin, and the root is RFC 6962's. */
static void
test_first_entry(struct fixture *fixture, gconstpointer unused)
{
	struct store *store = open_store(fixture, false);
	uint8_t hash[32], root[32], want[32];
	struct merkle merkle;
	struct entry entry;
	struct span leaf;
	const char *why;

	(void)unused;
	g_assert_true(store_get(store, fixture->arena, 0, &leaf, NULL));
	g_assert_true(entry_parse(&entry, fixture->arena, leaf, 0, &why));
	g_assert_true(span_equal(entry.store.origin, SPAN("o.example")));
	merkle_init(&merkle, fixture->crypto);
	merkle_leaf(&merkle, leaf, hash);
	merkle_add(&merkle, hash);
	merkle_root(&merkle, want);
	store_root(store, root);
	g_assert_true(memcmp(root, want, 32) == 0);
	merkle_clear(&merkle);
	store_close(store);
}

static void
test_abort(struct fixture *fixture, gconstpointer unused)
{
	struct store *store = open_store(fixture, true);
	uint8_t before[32], after[32];

	(void)unused;
	store_root(store, before);
	g_assert_true(store_begin(store, NULL));
	add(store, "one", "a.example");
	g_assert_cmpuint(store_size(store), ==, 2);
	store_abort(store);
	store_root(store, after);
	g_assert_cmpuint(store_size(store), ==, 1);
	g_assert_true(memcmp(before, after, 32) == 0);
	g_assert_true(store_begin(store, NULL));
	g_assert_cmpuint(add(store, "two", ""), ==, 1);
	g_assert_true(store_commit(store, NULL));
	store_close(store);
}

/* A child that is killed between begin and commit leaves nothing. */
static void
test_killed(struct fixture *fixture, gconstpointer unused)
{
	pid_t child = fork();
	int status;

	(void)unused;
	if (child == 0) {
		struct store *store =
		    store_open(fixture->path, true, fixture->crypto, NULL);
		uint64_t index;

		if (store == NULL || !store_begin(store, NULL))
			_exit(1);
		for (int i = 0; i < 5000; i++) {
			if (!store_add(store, SPAN("{\"some\":\"leaf\"}"),
				SPAN("a.example"), &index, NULL))
				_exit(2);
		}
		kill(getpid(), SIGKILL);
		_exit(3);
	}
	g_assert_cmpint(waitpid(child, &status, 0), ==, child);
	g_assert_true(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL);
	struct store *store = open_store(fixture, true);
	g_assert_cmpuint(store_size(store), ==, 1);
	g_assert_true(store_begin(store, NULL));
	g_assert_cmpuint(add(store, "one", "a.example"), ==, 1);
	g_assert_true(store_commit(store, NULL));
	store_close(store);
}

/* Adding until writing fails, as on a full disk; 0 when it fails as it must. */
static int
fill_disk(struct fixture *fixture)
{
	struct rlimit limit = { 1 << 20, 1 << 20 };
	struct store *store =
	    store_open(fixture->path, true, fixture->crypto, NULL);
	g_autofree char *leaf = g_strnfill(100000, 'a');
	GError *error = NULL;
	uint64_t index;
	bool ok = true;

	signal(SIGXFSZ, SIG_IGN);
	if (store == NULL || setrlimit(RLIMIT_FSIZE, &limit) != 0 ||
	    !store_begin(store, &error))
		return 1;
	for (int i = 0; i < 30 && ok; i++)
		ok = store_add(store, span_from_string(leaf), SPAN("a.example"),
		    &index, &error);
	if (!ok)
		store_abort(store);
	else if (store_commit(store, &error))
		return 2;
	if (error == NULL || strstr(error->message, fixture->path) == NULL)
		return 3;
	return store_size(store) == 1 ? 0 : 4;
}

static void
test_full_disk(struct fixture *fixture, gconstpointer unused)
{
	pid_t child = fork();
	int status;

	(void)unused;
	if (child == 0)
		_exit(fill_disk(fixture));
	g_assert_cmpint(waitpid(child, &status, 0), ==, child);
	g_assert_true(WIFEXITED(status));
	g_assert_cmpint(WEXITSTATUS(status), ==, 0);
	struct store *store = open_store(fixture, true);
	g_assert_cmpuint(store_size(store), ==, 1);
	store_close(store);
}

/* One transaction far larger than LMDB's default map of 1 MiB, and larger
 * than the map that the store is opened with. */
static void
test_growth(struct fixture *fixture, gconstpointer unused)
{
	struct store *store = open_store(fixture, true);
	g_autofree char *leaf = g_strnfill(200000, 'a');
	struct stat st;

	(void)unused;
	g_assert_true(store_begin(store, NULL));
	for (int i = 0; i < 500; i++)
		add(store, leaf, "a.example");
	g_assert_true(store_commit(store, NULL));
	store_close(store);
	store = open_store(fixture, false);
	g_assert_cmpuint(store_size(store), ==, 501);
	store_close(store);
	g_assert_cmpint(stat(fixture->path, &st), ==, 0);
	g_assert_cmpint(st.st_size, >, 100000000);
	g_assert_cmpint(st.st_size, <, 110000000);
}

static void
test_too_long(struct fixture *fixture, gconstpointer unused)
{
	struct store *store = open_store(fixture, true);
	g_autofree char *leaf = g_strnfill(ENTRY_LINE_MAX + 1, 'a');
	GError *error = NULL;
	uint64_t index;

	(void)unused;
	g_assert_true(store_begin(store, NULL));
	g_assert_true(store_add(store,
	    span_sub(span_from_string(leaf), 0, ENTRY_LINE_MAX), SPAN(""),
	    &index, NULL));
	g_assert_false(
	    store_add(store, span_from_string(leaf), SPAN(""), &index, &error));
	g_assert_error(error, STORE_ERROR, STORE_ERROR_INTEGRITY);
	g_clear_error(&error);
	store_abort(store);
	g_assert_cmpuint(store_size(store), ==, 1);
	store_close(store);
}

static void
expect(struct fixture *fixture, enum store_error want)
{
	GError *error = NULL;
	struct store *store =
	    store_open(fixture->path, false, fixture->crypto, &error);

	g_assert_null(store);
	g_assert_error(error, STORE_ERROR, (int)want);
	if (error != NULL)
		g_assert_nonnull(strstr(error->message, fixture->path));
	g_clear_error(&error);
}

/* What is no store is refused with words, never by a signal. */
static void
test_refused(struct fixture *fixture, gconstpointer unused)
{
	g_autofree char *whole = NULL;
	GError *error = NULL;
	gsize n;

	(void)unused;
	g_assert_false(
	    store_create(fixture->path, "o.example", fixture->crypto, &error));
	g_assert_error(error, STORE_ERROR, STORE_ERROR_EXISTS);
	g_clear_error(&error);
	g_assert_true(g_file_get_contents(fixture->path, &whole, &n, NULL));
	for (gsize cut = 0; cut + 4096 <= n; cut += 4096) {
		g_assert_true(g_file_set_contents(
		    fixture->path, whole, (gssize)cut, NULL));
		expect(fixture, STORE_ERROR_INTEGRITY);
	}
	memset(whole, 0, 4096);
	g_assert_true(
	    g_file_set_contents(fixture->path, whole, (gssize)n, NULL));
	expect(fixture, STORE_ERROR_INTEGRITY);
	g_unlink(fixture->path);
	expect(fixture, STORE_ERROR_SYSTEM);
	g_assert_false(
	    store_create(fixture->path, "o o", fixture->crypto, &error));
	g_clear_error(&error);
	g_assert_false(g_file_test(fixture->path, G_FILE_TEST_EXISTS));
	g_mkdir(fixture->path, 0755);
	expect(fixture, STORE_ERROR_INTEGRITY);
	g_rmdir(fixture->path);
}

/* A reader that is open while another process adds sees what was there. */
static void
test_beside_writer(struct fixture *fixture, gconstpointer unused)
{
	struct store *reader = open_store(fixture, false);
	g_autofree char *leaf = g_strnfill(100000, 'a');
	pid_t child = fork();
	struct span got;
	int status;

	(void)unused;
	if (child == 0) {
		struct store *store =
		    store_open(fixture->path, true, fixture->crypto, NULL);
		uint64_t index;

		if (store == NULL || !store_begin(store, NULL))
			_exit(1);
		for (int i = 0; i < 1000; i++)
			store_add(store, span_from_string(leaf), SPAN(""),
			    &index, NULL);
		_exit(store_commit(store, NULL) ? 0 : 2);
	}
	g_assert_cmpint(waitpid(child, &status, 0), ==, child);
	g_assert_cmpint(status, ==, 0);
	g_assert_cmpuint(store_size(reader), ==, 1);
	g_assert_true(store_get(reader, fixture->arena, 0, &got, NULL));
	g_assert_true(store_get(reader, fixture->arena, 1000, &got, NULL));
	store_close(reader);
}

#define ADD(path, function) \
	g_test_add(path, struct fixture, NULL, setup, function, teardown)

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_set_nonfatal_assertions();
	ADD("/store/round-trip", test_round_trip);
	ADD("/store/first-entry", test_first_entry);
	ADD("/store/abort", test_abort);
	ADD("/store/killed", test_killed);
	ADD("/store/full-disk", test_full_disk);
	ADD("/store/growth", test_growth);
	ADD("/store/too-long", test_too_long);
	ADD("/store/refused", test_refused);
	ADD("/store/beside-writer", test_beside_writer);
	return g_test_run();
}
