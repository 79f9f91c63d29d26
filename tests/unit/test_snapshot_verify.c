/*
 * test_snapshot_verify.c - every kind of damage to a snapshot is found and
 * named, and none ends in a signal.
 */
#include "store_fixture.h"

#include <glib/gstdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

typedef struct store_fixture fixture;

static void
flip_everywhere(
    fixture *f, const char *folder, const char *file, bool is_signed)
{
	struct snapshot_trust nobody = { NULL, NULL };
	struct snapshot_trust by_key = { &f->key, NULL };
	gint64 size = store_fixture_size(folder, file);
	gint64 step = MAX(1, size / 150);

	for (gint64 at = 0; at < size; at += step) {
		store_fixture_flip(folder, file, at, (int)(at / step % 8));
		g_autofree char *bad = store_fixture_verify(f, folder, &nobody);
		if (strstr(bad, file) == NULL)
			g_test_message("%s at %d: %s", file, (int)at, bad);
		g_assert_nonnull(strstr(bad, file));
		if (strcmp(file, "keys.mdb") != 0 &&
		    strcmp(file, "evidence/pack-000000") != 0)
			store_fixture_refuses(f, folder, &nobody, NULL);
		if (is_signed && strcmp(file, "keys.mdb") == 0)
			store_fixture_refuses(f, folder, &by_key, "keys.mdb");
		store_fixture_flip(folder, file, at, (int)(at / step % 8));
	}
	g_autofree char *bad = store_fixture_verify(f, folder, &nobody);
	g_assert_cmpstr(bad, ==, "");
}

static void
test_flips(fixture *f, gconstpointer unused)
{
	g_autofree char *copy = g_build_filename(f->folder, "copy", NULL);

	(void)unused;
	for (int i = 0; i < 2; i++) {
		store_fixture_copy(i == 0 ? f->signed_ : f->unsigned_, copy);
		for (size_t j = 0; j < G_N_ELEMENTS(store_fixture_files); j++)
			flip_everywhere(
			    f, copy, store_fixture_files[j], i == 0);
		store_fixture_remove(copy);
	}
}

static void
test_truncated(fixture *f, gconstpointer unused)
{
	g_autofree char *copy = g_build_filename(f->folder, "copy", NULL);
	struct snapshot_trust nobody = { NULL, NULL };

	(void)unused;
	for (size_t j = 0; j < G_N_ELEMENTS(store_fixture_files); j++) {
		for (gint64 part = 0; part < 20; part++) {
			store_fixture_copy(f->signed_, copy);
			g_autofree char *path = g_build_filename(
			    copy, store_fixture_files[j], NULL);
			gint64 size =
			    store_fixture_size(copy, store_fixture_files[j]);

			g_assert_cmpint(
			    truncate(
				path, part == 19 ? size - 1 : size * part / 20),
			    ==, 0);
			g_autofree char *bad =
			    store_fixture_verify(f, copy, &nobody);
			g_assert_nonnull(strstr(bad, store_fixture_files[j]));
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
		g_autofree char *bad = store_fixture_verify(f, copy, &by_key);
		g_test_message("%zu %s: %s", i, changes[i].file, bad);
		g_assert_nonnull(strstr(bad, changes[i].want));
		if (strstr(changes[i].want, "evidence/pack-000000") == NULL ||
		    changes[i].change != remove_it)
			store_fixture_refuses(f, copy, &by_key, NULL);
		store_fixture_remove(copy);
		g_autofree char *outside = g_strconcat(copy, "-outside", NULL);
		store_fixture_remove(outside);
	}
}

/* Any file may lie in seals/, and is not looked at here; nothing else may. */
static void
test_seals(fixture *f, gconstpointer unused)
{
	g_autofree char *seals = g_build_filename(f->signed_, "seals", NULL);
	g_autofree char *seal = g_build_filename(seals, "a.tsr", NULL);
	g_autofree char *folder = g_build_filename(seals, "folder", NULL);
	struct snapshot_trust nobody = { NULL, NULL };

	(void)unused;
	add_folder(seals);
	g_autofree char *empty = store_fixture_verify(f, f->signed_, &nobody);
	g_assert_cmpstr(empty, ==, "");
	add_file(seal);
	g_autofree char *good = store_fixture_verify(f, f->signed_, &nobody);
	g_assert_cmpstr(good, ==, "");
	store_fixture_opens(f, f->signed_, &nobody, SNAPSHOT_BY_NOBODY);
	add_folder(folder);
	g_autofree char *bad = store_fixture_verify(f, f->signed_, &nobody);
	g_assert_cmpstr(bad, ==, "files seals/folder; ");
}

static void
test_exchanged(fixture *f, gconstpointer unused)
{
	struct snapshot_trust nobody = { NULL, NULL };
	struct snapshot_trust by_key = { &f->key, NULL };
	struct snapshot_trust by_root = { NULL, f->root };

	(void)unused;
	store_fixture_exchange(f, f->signed_, false);
	store_fixture_refuses(f, f->signed_, &by_key, "MANIFEST");
	store_fixture_refuses(f, f->signed_, &nobody, "MANIFEST");
	g_autofree char *bad = store_fixture_verify(f, f->signed_, &by_key);
	g_assert_cmpstr(bad, ==, "manifest MANIFEST; ");
	store_fixture_exchange(f, f->unsigned_, true);
	/* The log alone counts, and is as it was. */
	store_fixture_opens(f, f->unsigned_, &by_root, SNAPSHOT_BY_ROOT);
	g_autofree char *found =
	    store_fixture_verify(f, f->unsigned_, &by_root);
	g_assert_cmpstr(found, ==, "index keys.mdb; ");
}

#define ADD(path, function)                                            \
	g_test_add(path, fixture, NULL, store_fixture_setup, function, \
	    store_fixture_teardown)

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_set_nonfatal_assertions();
	ADD("/snapshot-verify/flips", test_flips);
	ADD("/snapshot-verify/truncated", test_truncated);
	ADD("/snapshot-verify/changes", test_changes);
	ADD("/snapshot-verify/seals", test_seals);
	ADD("/snapshot-verify/exchanged", test_exchanged);
	return g_test_run();
}
