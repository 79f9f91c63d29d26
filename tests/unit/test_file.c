/* test_file.c - bounded reading, writing that survives a crash. */
#include "keysnap/base/file.h"
#include "tests/unit/span_assert.h"

#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static struct span
span_of(GBytes *bytes)
{
	gsize n;
	const uint8_t *p = g_bytes_get_data(bytes, &n);

	return (struct span){ p, n };
}

/* How many names "folder" holds. */
static unsigned
count_names(const char *folder)
{
	g_autoptr(GDir) dir = g_dir_open(folder, 0, NULL);
	unsigned n = 0;

	while (g_dir_read_name(dir) != NULL)
		n++;
	return n;
}

static void
test_read_limit(void)
{
	g_autofree char *folder = g_dir_make_tmp("file-XXXXXX", NULL);
	g_autofree char *path = g_build_filename(folder, "f", NULL);
	g_autofree uint8_t *octets = g_malloc0(200001);
	static const size_t sizes[] = { 0, 1, 65535, 65536, 65537, 200000 };

	for (size_t i = 0; i < G_N_ELEMENTS(sizes); i++) {
		struct span want = { octets, sizes[i] };
		g_autoptr(GBytes) got = NULL;
		g_autoptr(GError) error = NULL;

		octets[0] = (uint8_t)i;
		g_assert_true(file_write(path, want, true, NULL));
		got = file_read(path, sizes[i], &error);
		g_assert_no_error(error);
		span_assert_equal("at the limit", span_of(got), want);
		if (sizes[i] == 0)
			continue;
		g_assert_null(file_read(path, sizes[i] - 1, &error));
		g_assert_error(error, G_FILE_ERROR, G_FILE_ERROR_INVAL);
		g_assert_nonnull(strstr(error->message, path));
	}
	g_unlink(path);
	g_rmdir(folder);
}

static void
test_read_refused(void)
{
	g_autofree char *folder = g_dir_make_tmp("file-XXXXXX", NULL);
	g_autofree char *fifo = g_build_filename(folder, "fifo", NULL);
	g_autofree char *none = g_build_filename(folder, "none", NULL);
	g_autoptr(GError) error = NULL;

	g_assert_null(file_read(folder, 10, &error));
	g_assert_error(error, G_FILE_ERROR, G_FILE_ERROR_INVAL);
	g_clear_error(&error);
	g_assert_null(file_read(none, 10, &error));
	g_assert_error(error, G_FILE_ERROR, G_FILE_ERROR_NOENT);
	g_clear_error(&error);
	g_assert_cmpint(mkfifo(fifo, 0600), ==, 0);
	g_assert_null(file_read(fifo, 10, &error));
	g_assert_error(error, G_FILE_ERROR, G_FILE_ERROR_INVAL);
	g_unlink(fifo);
	g_rmdir(folder);
}

static void
test_read_at(void)
{
	g_autofree char *path = NULL;
	g_autoptr(GError) error = NULL;
	uint8_t out[3];
	int fd = g_file_open_tmp("file-XXXXXX", &path, NULL);

	g_assert_true(file_write_all(fd, path, SPAN("a\0bcd"), &error));
	g_assert_true(file_read_at(fd, path, out, 3, 2, &error));
	span_assert_equal("at 2", (struct span){ out, 3 }, SPAN("bcd"));
	g_assert_true(file_read_at(fd, path, out, 0, 99, &error));
	g_assert_false(file_read_at(fd, path, out, 3, 3, &error));
	g_assert_error(error, G_FILE_ERROR, G_FILE_ERROR_IO);
	g_assert_nonnull(strstr(error->message, path));
	g_clear_error(&error);
	g_close(fd, NULL);
	g_assert_false(file_read_at(fd, path, out, 1, 0, &error));
	g_assert_error(error, G_FILE_ERROR, G_FILE_ERROR_BADF);
	g_unlink(path);
}

/* An old file is replaced only on demand, and no temporary file is left. */
static void
test_write(void)
{
	g_autofree char *folder = g_dir_make_tmp("file-XXXXXX", NULL);
	g_autofree char *path = g_build_filename(folder, "f", NULL);
	g_autofree char *none = g_build_filename(folder, "no", "f", NULL);
	g_autoptr(GError) error = NULL;
	g_autoptr(GBytes) got = NULL;

	g_assert_false(file_exists(path));
	g_assert_true(file_write(path, SPAN("one"), false, &error));
	g_assert_true(file_exists(path));
	g_assert_false(file_write(path, SPAN("two"), false, &error));
	g_assert_error(error, G_FILE_ERROR, G_FILE_ERROR_EXIST);
	g_clear_error(&error);
	got = file_read(path, 10, NULL);
	span_assert_equal("kept", span_of(got), SPAN("one"));
	g_bytes_unref(got);
	g_assert_true(file_write(path, SPAN("three"), true, &error));
	got = file_read(path, 10, NULL);
	span_assert_equal("replaced", span_of(got), SPAN("three"));
	g_assert_cmpuint(count_names(folder), ==, 1);

	g_assert_false(file_write(none, SPAN("x"), true, &error));
	g_assert_error(error, G_FILE_ERROR, G_FILE_ERROR_NOENT);
	g_unlink(path);
	g_rmdir(folder);
}

static void
test_exists(void)
{
	g_autofree char *folder = g_dir_make_tmp("file-XXXXXX", NULL);
	g_autofree char *link = g_build_filename(folder, "l", NULL);
	g_autoptr(GError) error = NULL;

	g_assert_cmpint(symlink("nowhere", link), ==, 0);
	g_assert_true(file_exists(link));
	g_assert_false(file_write(link, SPAN("x"), false, NULL));
	g_assert_true(file_sync_folder(folder, &error));
	g_assert_no_error(error);
	g_unlink(link);
	g_rmdir(folder);
	g_assert_false(file_sync_folder(folder, &error));
	g_assert_error(error, G_FILE_ERROR, G_FILE_ERROR_NOENT);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_set_nonfatal_assertions();
	g_test_add_func("/file/read-limit", test_read_limit);
	g_test_add_func("/file/read-refused", test_read_refused);
	g_test_add_func("/file/read-at", test_read_at);
	g_test_add_func("/file/write", test_write);
	g_test_add_func("/file/exists", test_exists);
	return g_test_run();
}
