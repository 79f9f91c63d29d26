/* test_lines.c - lines of a file, across blocks, at their bound, and cut. */
#include "verifier/run/lines.h"

#include "keysnap/base/file.h"
#include "tests/unit/span_assert.h"

#include <string.h>
#include <unistd.h>

#define LINE_MOST 100000u

static struct crypto *crypto;

static char *
put(const GString *text)
{
	g_autofree char *path = NULL;
	int fd = g_file_open_tmp("test-lines-XXXXXX", &path, NULL);

	g_assert_cmpint(fd, >=, 0);
	g_assert_true(file_write_all(fd, path,
	    (struct span){ (const uint8_t *)text->str, text->len }, NULL));
	close(fd);
	return g_steal_pointer(&path);
}

static void
check_digest(struct lines *lines, const GString *text)
{
	uint8_t got[DIGEST_SHA256_SIZE], want[DIGEST_SHA256_SIZE];

	g_assert_true(lines_finish(lines, got, NULL));
	digest_sha256(crypto,
	    (struct span){ (const uint8_t *)text->str, text->len }, want);
	g_assert_true(memcmp(got, want, sizeof(want)) == 0);
}

/* Lines of "lengths" octets, the last cut or not. */
static void
check_lengths(const size_t *lengths, size_t n, bool cut)
{
	g_autoptr(GString) text = g_string_new(NULL);
	g_autofree char *path = NULL;
	struct lines *lines;
	struct span line;

	for (size_t i = 0; i < n; i++) {
		for (size_t j = 0; j < lengths[i]; j++)
			g_string_append_c(text, (char)('a' + (i + j) % 26));
		if (!cut || i + 1 < n)
			g_string_append_c(text, '\n');
	}
	path = put(text);
	lines = lines_open(path, LINE_MOST, crypto, NULL);
	g_assert_nonnull(lines);
	for (size_t i = 0; i < n; i++) {
		g_assert_cmpint(lines_next(lines, &line, NULL), ==, 1);
		g_assert_cmpuint(line.n, ==, lengths[i]);
		g_assert_cmpuint(lines_number(lines), ==, i + 1);
		if (line.n > 0)
			g_assert_cmpint(line.p[line.n - 1], ==,
			    'a' + (int)((i + line.n - 1) % 26));
		g_assert_cmpint(lines_is_cut(lines), ==, cut && i + 1 == n);
	}
	g_assert_cmpint(lines_next(lines, &line, NULL), ==, 0);
	check_digest(lines, text);
	lines_close(lines);
	unlink(path);
}

static void
test_lengths(void)
{
	static const size_t some[] = { 0, 1, 65535, 65536, 65537, 0, LINE_MOST,
		3 };

	check_lengths(some, G_N_ELEMENTS(some), false);
	check_lengths(some, G_N_ELEMENTS(some), true);
	check_lengths(some, 0, false);
	for (size_t n = 65530; n < 65545; n++) {
		const size_t two[] = { n, 5 };

		check_lengths(two, 2, false);
	}
}

static void
test_too_long(void)
{
	g_autoptr(GString) text = g_string_new("short\n");
	g_autofree char *path = NULL;
	g_autoptr(GError) error = NULL;
	struct lines *lines;
	struct span line;

	for (size_t i = 0; i <= LINE_MOST; i++)
		g_string_append_c(text, 'x');
	g_string_append(text, "\nmore\n");
	path = put(text);
	lines = lines_open(path, LINE_MOST, crypto, NULL);
	g_assert_cmpint(lines_next(lines, &line, NULL), ==, 1);
	g_assert_cmpint(lines_next(lines, &line, &error), ==, -1);
	g_assert_nonnull(strstr(error->message, "line 2 is too long"));
	check_digest(lines, text);
	lines_close(lines);
	unlink(path);
}

/* The digest of all, whatever was read of it. */
static void
test_finish_early(void)
{
	g_autoptr(GString) text = g_string_new(NULL);
	g_autofree char *path = NULL;
	struct span line;

	for (size_t i = 0; i < 50000; i++)
		g_string_append_printf(text, "%zu\n", i);
	path = put(text);
	for (size_t n = 0; n < 50000; n += 12345) {
		struct lines *lines = lines_open(path, LINE_MOST, crypto, NULL);

		for (size_t i = 0; i < n; i++)
			g_assert_cmpint(lines_next(lines, &line, NULL), ==, 1);
		check_digest(lines, text);
		lines_close(lines);
	}
	unlink(path);
}

static void
test_no_file(void)
{
	g_autoptr(GError) error = NULL;

	g_assert_null(lines_open("/no/such", LINE_MOST, crypto, &error));
	g_assert_nonnull(strstr(error->message, "/no/such"));
	g_clear_error(&error);
	g_assert_null(lines_open("/", LINE_MOST, crypto, &error));
	g_assert_nonnull(error);
}

int
main(int argc, char **argv)
{
	int code;

	g_test_init(&argc, &argv, NULL);
	g_test_set_nonfatal_assertions();
	crypto = crypto_open(NULL);
	g_test_add_func("/lines/lengths", test_lengths);
	g_test_add_func("/lines/too-long", test_too_long);
	g_test_add_func("/lines/finish-early", test_finish_early);
	g_test_add_func("/lines/no-file", test_no_file);
	code = g_test_run();
	crypto_close(crypto);
	return code;
}
