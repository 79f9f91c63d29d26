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

static const char *const files[] = { "MANIFEST", "checkpoint", "keys.mdb",
	"log.jsonl", "evidence/pack-000000" };

/* What snapshot_verify() found. */
struct findings {
	GString *bad; /* "check file; ..." */
	unsigned good;
};

static void
take(void *user, const struct snapshot_finding *finding)
{
	struct findings *findings = user;

	g_assert_nonnull(finding->text);
	if (finding->good) {
		findings->good++;
		return;
	}
	g_string_append_printf(findings->bad, "%s %s; ", finding->check,
	    finding->file != NULL ? finding->file : "-");
}

/* The bad findings as a text to be freed. */
static char *
verify(fixture *f, const char *folder, const struct snapshot_trust *trust)
{
	struct findings findings = { g_string_new(NULL), 0 };
	GError *error = NULL;
	bool ok =
	    snapshot_verify(folder, trust, f->crypto, take, &findings, &error);

	g_assert_no_error(error);
	g_clear_error(&error);
	g_assert_true(ok == (findings.bad->len == 0));
	if (ok)
		g_assert_cmpuint(findings.good, >=, 8);
	return g_string_free(findings.bad, FALSE);
}

static void
expect_open(fixture *f, const char *folder, const struct snapshot_trust *trust,
    enum snapshot_vouched vouched)
{
	GError *error = NULL;
	struct snapshot *snapshot =
	    snapshot_open(folder, trust, f->crypto, &error);
	struct entry *entries, entry;
	uint64_t *numbers;
	size_t n;

	g_assert_no_error(error);
	g_assert_nonnull(snapshot);
	g_assert_cmpint(snapshot_vouched(snapshot), ==, vouched);
	g_assert_cmpuint(snapshot_checkpoint(snapshot)->size, ==, 13);
	g_assert_true(
	    memcmp(snapshot_checkpoint(snapshot)->root, f->root, 32) == 0);
	g_assert_cmpuint(snapshot_names(snapshot), ==, 4);
	g_assert_true(snapshot_lookup(snapshot, f->arena,
	    SPAN("s0._domainkey.a.example"), &entries, &numbers, &n, NULL));
	g_assert_cmpuint(n, ==, 4);
	g_assert_cmpuint(numbers[0], ==, 2);
	g_assert_cmpuint(numbers[3], ==, 12);
	g_assert_cmpuint(entries[3].observation.source, ==, 7);
	g_assert_true(span_equal(
	    entries[3].observation.strings[0], SPAN("v=DKIM1; p=24")));
	g_assert_true(snapshot_lookup(snapshot, f->arena, SPAN("a.example"),
	    &entries, &numbers, &n, NULL));
	g_assert_cmpuint(n, ==, 0);
	g_assert_true(snapshot_get(snapshot, f->arena, 7, &entry, NULL));
	g_assert_cmpint(entry.type, ==, ENTRY_SOURCE);
	g_assert_false(snapshot_get(snapshot, f->arena, 13, &entry, NULL));
	snapshot_close(snapshot);
}

static void
expect_refused(fixture *f, const char *folder,
    const struct snapshot_trust *trust, const char *part)
{
	GError *error = NULL;
	struct snapshot *snapshot =
	    snapshot_open(folder, trust, f->crypto, &error);

	g_assert_null(snapshot);
	g_assert_error(error, STORE_ERROR, STORE_ERROR_INTEGRITY);
	if (error != NULL && part != NULL &&
	    strstr(error->message, part) == NULL)
		g_assert_cmpstr(error->message, ==, part);
	g_clear_error(&error);
	snapshot_close(snapshot);
}

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
	expect_open(f, f->signed_, &nobody, SNAPSHOT_BY_NOBODY);
	expect_open(f, f->signed_, &by_key, SNAPSHOT_BY_KEY);
	expect_open(f, f->signed_, &by_root, SNAPSHOT_BY_ROOT);
	expect_open(f, f->signed_, &by_both, SNAPSHOT_BY_ROOT);
	expect_open(f, f->unsigned_, &nobody, SNAPSHOT_BY_NOBODY);
	expect_open(f, f->unsigned_, &by_root, SNAPSHOT_BY_ROOT);
	expect_refused(f, f->unsigned_, &by_key, "not signed");
	expect_refused(f, f->unsigned_, &by_both, "not signed");
	expect_refused(f, f->signed_, &wrong_root, "root");
	expect_refused(f, f->signed_, &wrong_key, "checkpoint");
	expect_refused(f, f->store, &nobody, "keysnap freeze");
}

static void
test_verify(fixture *f, gconstpointer unused)
{
	struct snapshot_trust nobody = { NULL, NULL };
	struct snapshot_trust by_key = { &f->key, NULL };
	struct snapshot_trust by_root = { NULL, f->root };
	uint8_t other_root[32] = { 1 };
	struct snapshot_trust wrong_root = { NULL, other_root };
	g_autofree char *a = verify(f, f->signed_, &nobody);
	g_autofree char *b = verify(f, f->signed_, &by_key);
	g_autofree char *c = verify(f, f->unsigned_, &by_root);
	g_autofree char *d = verify(f, f->unsigned_, &by_key);
	g_autofree char *e = verify(f, f->signed_, &wrong_root);

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
	for (size_t i = 0; i < G_N_ELEMENTS(files); i++) {
		g_autofree char *a =
		    g_build_filename(f->signed_, files[i], NULL);
		g_autofree char *b = g_build_filename(again, files[i], NULL);
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

/* Flip one bit of octet "at" of a file in "folder"; again undoes it. */
static void
flip(const char *folder, const char *file, gint64 at, int bit)
{
	g_autofree char *path = g_build_filename(folder, file, NULL);
	int fd = open(path, O_RDWR | O_CLOEXEC);
	uint8_t octet;

	g_assert_cmpint(pread(fd, &octet, 1, at), ==, 1);
	octet ^= (uint8_t)(1 << bit);
	g_assert_cmpint(pwrite(fd, &octet, 1, at), ==, 1);
	close(fd);
}

static gint64
size_of(const char *folder, const char *file)
{
	g_autofree char *path = g_build_filename(folder, file, NULL);
	struct stat st;

	g_assert_cmpint(stat(path, &st), ==, 0);
	return st.st_size;
}

static void
flip_everywhere(
    fixture *f, const char *folder, const char *file, bool is_signed)
{
	struct snapshot_trust nobody = { NULL, NULL };
	struct snapshot_trust by_key = { &f->key, NULL };
	gint64 size = size_of(folder, file);
	gint64 step = MAX(1, size / 150);

	for (gint64 at = 0; at < size; at += step) {
		flip(folder, file, at, (int)(at / step % 8));
		g_autofree char *bad = verify(f, folder, &nobody);
		if (strstr(bad, file) == NULL)
			g_test_message("%s at %d: %s", file, (int)at, bad);
		g_assert_nonnull(strstr(bad, file));
		if (strcmp(file, "keys.mdb") != 0 &&
		    strcmp(file, "evidence/pack-000000") != 0)
			expect_refused(f, folder, &nobody, NULL);
		if (is_signed && strcmp(file, "keys.mdb") == 0)
			expect_refused(f, folder, &by_key, "keys.mdb");
		flip(folder, file, at, (int)(at / step % 8));
	}
	g_autofree char *bad = verify(f, folder, &nobody);
	g_assert_cmpstr(bad, ==, "");
}

static void
test_flips(fixture *f, gconstpointer unused)
{
	g_autofree char *copy = g_build_filename(f->folder, "copy", NULL);

	(void)unused;
	for (int i = 0; i < 2; i++) {
		store_fixture_copy(i == 0 ? f->signed_ : f->unsigned_, copy);
		for (size_t j = 0; j < G_N_ELEMENTS(files); j++)
			flip_everywhere(f, copy, files[j], i == 0);
		store_fixture_remove(copy);
	}
}

static void
test_truncated(fixture *f, gconstpointer unused)
{
	g_autofree char *copy = g_build_filename(f->folder, "copy", NULL);
	struct snapshot_trust nobody = { NULL, NULL };

	(void)unused;
	for (size_t j = 0; j < G_N_ELEMENTS(files); j++) {
		for (gint64 part = 0; part < 20; part++) {
			store_fixture_copy(f->signed_, copy);
			g_autofree char *path =
			    g_build_filename(copy, files[j], NULL);
			gint64 size = size_of(copy, files[j]);

			g_assert_cmpint(
			    truncate(
				path, part == 19 ? size - 1 : size * part / 20),
			    ==, 0);
			g_autofree char *bad = verify(f, copy, &nobody);
			g_assert_nonnull(strstr(bad, files[j]));
			store_fixture_remove(copy);
		}
	}
}

static void
add_file(const char *path)
{
	g_file_set_contents(path, "x", 1, NULL);
}

static void
add_folder(const char *path)
{
	g_mkdir(path, 0755);
}

static void
add_link(const char *path)
{
	g_assert_cmpint(symlink("log.jsonl", path), ==, 0);
}

static void
add_fifo(const char *path)
{
	g_assert_cmpint(mkfifo(path, 0644), ==, 0);
}

static void
add_socket(const char *path)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_STREAM, 0);

	g_strlcpy(address.sun_path, path, sizeof(address.sun_path));
	g_assert_cmpint(
	    bind(fd, (struct sockaddr *)&address, sizeof(address)), ==, 0);
	close(fd);
}

static void
replace_by_link(const char *path)
{
	g_autofree char *folder = g_path_get_dirname(path);
	g_autofree char *outside = g_strconcat(folder, "-outside", NULL);

	g_assert_cmpint(rename(path, outside), ==, 0);
	g_assert_cmpint(symlink(outside, path), ==, 0);
}

static void
replace_by_fifo(const char *path)
{
	g_unlink(path);
	add_fifo(path);
}

static void
replace_by_folder(const char *path)
{
	g_unlink(path);
	add_folder(path);
}

static void
remove_it(const char *path)
{
	g_unlink(path);
}

/* How each file may be tampered with; "want" is among the bad findings. */
static const struct {
	void (*change)(const char *path);
	const char *file, *want;
} changes[] = {
	{ add_file, "x", "files x; " },
	{ add_file, "keys.mdb-lock", "files keys.mdb-lock; " },
	{ add_file, ".hidden", "files .hidden; " },
	{ add_folder, "x", "files x; " },
	{ add_link, "x", "files x; " },
	{ add_fifo, "x", "files x; " },
	{ add_socket, "x", "files x; " },
	{ add_file, "evidence/pack-000001", "files evidence/pack-000001; " },
	{ add_file, "evidence/x", "files evidence/x; " },
	{ add_file, "seals", "files seals; " },
	{ remove_it, "log.jsonl", "log log.jsonl; " },
	{ remove_it, "keys.mdb", "digest keys.mdb; " },
	{ remove_it, "MANIFEST", "manifest MANIFEST; " },
	{ remove_it, "checkpoint", "checkpoint checkpoint; " },
	{ remove_it, "evidence/pack-000000", "evidence/pack-000000; " },
	{ replace_by_link, "log.jsonl", "log log.jsonl; " },
	{ replace_by_link, "keys.mdb", "keys.mdb; " },
	{ replace_by_link, "MANIFEST", "manifest MANIFEST; " },
	{ replace_by_link, "checkpoint", "checkpoint checkpoint; " },
	{ replace_by_fifo, "log.jsonl", "log log.jsonl; " },
	{ replace_by_fifo, "checkpoint", "checkpoint checkpoint; " },
	{ replace_by_fifo, "evidence/pack-000000", "evidence/pack-000000; " },
	{ replace_by_folder, "log.jsonl", "log log.jsonl; " },
	{ replace_by_folder, "keys.mdb", "keys.mdb; " },
	{ replace_by_folder, "evidence/pack-000000", "evidence/pack-000000; " },
};

static void
test_changes(fixture *f, gconstpointer unused)
{
	g_autofree char *copy = g_build_filename(f->folder, "copy", NULL);
	struct snapshot_trust by_key = { &f->key, NULL };

	(void)unused;
	for (size_t i = 0; i < G_N_ELEMENTS(changes); i++) {
		g_autofree char *path =
		    g_build_filename(copy, changes[i].file, NULL);

		store_fixture_copy(f->signed_, copy);
		changes[i].change(path);
		g_autofree char *bad = verify(f, copy, &by_key);
		g_test_message("%zu %s: %s", i, changes[i].file, bad);
		g_assert_nonnull(strstr(bad, changes[i].want));
		if (strstr(changes[i].want, "evidence/pack-000000") == NULL ||
		    changes[i].change != remove_it)
			expect_refused(f, copy, &by_key, NULL);
		store_fixture_remove(copy);
		g_autofree char *outside = g_strconcat(copy, "-outside", NULL);
		store_fixture_remove(outside);
	}
}

/* seals/ may be there, and empty; a seal cannot be checked yet. */
static void
test_seals(fixture *f, gconstpointer unused)
{
	g_autofree char *seals = g_build_filename(f->signed_, "seals", NULL);
	g_autofree char *seal = g_build_filename(seals, "a.tsr", NULL);
	struct snapshot_trust nobody = { NULL, NULL };

	(void)unused;
	add_folder(seals);
	g_autofree char *good = verify(f, f->signed_, &nobody);
	g_assert_cmpstr(good, ==, "");
	add_file(seal);
	g_autofree char *bad = verify(f, f->signed_, &nobody);
	g_assert_cmpstr(bad, ==, "files seals/a.tsr; ");
}

/* Exchange keys.mdb for another index, and set MANIFEST right; with
 * "unsealed" the checkpoint too, unsigned. */
static void
exchange_index(fixture *f, const char *folder, bool unsealed)
{
	g_autofree char *mdb = g_build_filename(folder, "keys.mdb", NULL);
	g_autofree char *log = g_build_filename(folder, "log.jsonl", NULL);
	g_autofree char *manifest = g_build_filename(folder, "MANIFEST", NULL);
	g_autofree char *note = g_build_filename(folder, "checkpoint", NULL);
	g_autofree char *text = NULL, *octets = NULL;
	GString *out = g_string_new(NULL);
	uint8_t sha256[32];
	char hex[65];
	gsize n;

	int fd = open(log, O_RDONLY | O_CLOEXEC);
	struct log_table *table = log_table_read(fd, log, f->crypto, NULL);
	close(fd);
	table->index.entries[2].reversed_name =
	    table->index.entries[3].reversed_name;
	g_free(table->index.by_name);
	index_table_sort(&table->index);
	g_unlink(mdb);
	g_assert_true(index_build(mdb, &table->index, NULL));
	log_table_free(table);
	g_assert_true(g_file_get_contents(mdb, &octets, &n, NULL));
	digest_sha256(f->crypto, (struct span){ (uint8_t *)octets, n }, sha256);
	digest_to_hex((struct span){ sha256, 32 }, hex);
	g_assert_true(g_file_get_contents(manifest, &text, &n, NULL));
	memcpy(strstr(text, "  keys.mdb") - 64, hex, 64);
	g_assert_true(g_file_set_contents(manifest, text, (gssize)n, NULL));
	digest_sha256(f->crypto, (struct span){ (uint8_t *)text, n }, sha256);
	struct checkpoint checkpoint = { .origin = SPAN("o.example"),
		.size = 13 };
	memcpy(checkpoint.root, f->root, 32);
	memcpy(checkpoint.manifest_sha256, sha256, 32);
	checkpoint_append(out, &checkpoint);
	if (unsealed)
		g_assert_true(g_file_set_contents(note, out->str, -1, NULL));
	g_string_free(out, TRUE);
}

static void
test_exchanged(fixture *f, gconstpointer unused)
{
	struct snapshot_trust nobody = { NULL, NULL };
	struct snapshot_trust by_key = { &f->key, NULL };
	struct snapshot_trust by_root = { NULL, f->root };

	(void)unused;
	exchange_index(f, f->signed_, false);
	expect_refused(f, f->signed_, &by_key, "MANIFEST");
	expect_refused(f, f->signed_, &nobody, "MANIFEST");
	g_autofree char *bad = verify(f, f->signed_, &by_key);
	g_assert_cmpstr(bad, ==, "manifest MANIFEST; ");
	exchange_index(f, f->unsigned_, true);
	/* The log alone counts, and is as it was. */
	expect_open(f, f->unsigned_, &by_root, SNAPSHOT_BY_ROOT);
	g_autofree char *found = verify(f, f->unsigned_, &by_root);
	g_assert_cmpstr(found, ==, "index keys.mdb; ");
}

/* A log that changes after opening is found when it is read. */
static void
test_changed_later(fixture *f, gconstpointer unused)
{
	struct snapshot_trust trusts[2] = { { &f->key, NULL }, { NULL, NULL } };
	gint64 size = size_of(f->signed_, "log.jsonl");
	g_autofree char *log = g_build_filename(f->signed_, "log.jsonl", NULL);

	(void)unused;
	for (int i = 0; i < 2; i++) {
		struct snapshot *snapshot =
		    snapshot_open(f->signed_, &trusts[i], f->crypto, NULL);
		struct entry entry;
		GError *error = NULL;

		g_assert_true(
		    snapshot_get(snapshot, f->arena, 12, &entry, NULL));
		flip(f->signed_, "log.jsonl", size - 5, 0);
		g_assert_false(
		    snapshot_get(snapshot, f->arena, 12, &entry, &error));
		g_assert_error(error, STORE_ERROR, STORE_ERROR_INTEGRITY);
		g_clear_error(&error);
		flip(f->signed_, "log.jsonl", size - 5, 0);
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
	g_autofree char *bad = verify(f, f->signed_, &by_key);
	g_assert_cmpstr(bad, ==, "");
	flip(f->signed_, "log.jsonl", 40, 0);
	g_assert_false(freeze_rebuild(f->signed_, NULL, f->crypto, &error));
	g_assert_error(error, STORE_ERROR, STORE_ERROR_INTEGRITY);
	g_clear_error(&error);
	flip(f->signed_, "log.jsonl", 40, 0);
	/* An index that MANIFEST does not name never replaces one. */
	exchange_index(f, f->unsigned_, true);
	g_assert_false(freeze_rebuild(f->unsigned_, NULL, f->crypto, &error));
	g_assert_error(error, STORE_ERROR, STORE_ERROR_INTEGRITY);
	g_clear_error(&error);
	g_autofree char *left =
	    verify(f, f->unsigned_, &(struct snapshot_trust){ NULL, NULL });
	g_assert_cmpstr(left, ==, "index keys.mdb; ");
}

/* Frozen media: no lock file, no writing. */
static void
test_read_only(fixture *f, gconstpointer unused)
{
	struct snapshot_trust by_key = { &f->key, NULL };

	(void)unused;
	g_assert_cmpint(chmod(f->signed_, 0555), ==, 0);
	expect_open(f, f->signed_, &by_key, SNAPSHOT_BY_KEY);
	g_autofree char *bad = verify(f, f->signed_, &by_key);
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
	ADD("/snapshot/flips", test_flips);
	ADD("/snapshot/truncated", test_truncated);
	ADD("/snapshot/changes", test_changes);
	ADD("/snapshot/seals", test_seals);
	ADD("/snapshot/exchanged", test_exchanged);
	ADD("/snapshot/changed-later", test_changed_later);
	ADD("/snapshot/threads", test_threads);
	ADD("/snapshot/rebuild", test_rebuild);
	ADD("/snapshot/read-only", test_read_only);
	return g_test_run();
}
