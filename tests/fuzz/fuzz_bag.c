/*
 * fuzz_bag.c - tag files with anything in them.  What is called valid has a
 * declaration, and the digests of its two payload files stand in it; the same
 * bag gives the same report.  Tag files in the input are divided by 0x1e.
 */
#include "verifier/archive/bag.h"

#include <fcntl.h>
#include <glib/gstdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const char *const names[] = { "manifest-md5.txt", "bagit.txt",
	"tagmanifest-md5.txt", "fetch.txt", "bag-info.txt",
	"manifest-sha1.txt" };

static char *root;
static struct crypto *crypto;

static char *
path_of(const char *name)
{
	return g_build_filename(root, name, NULL);
}

static void
put(const char *name, struct span text)
{
	char *path = path_of(name);
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600);

	g_assert(fd >= 0);
	g_assert(write(fd, text.p, text.n) == (ssize_t)text.n);
	close(fd);
	g_free(path);
}

static void
take_away(void)
{
	static const char *const last[] = { "data/a", "data/b%25", "data" };

	for (size_t i = 0; i < G_N_ELEMENTS(names); i++) {
		char *path = path_of(names[i]);
		g_remove(path);
		g_free(path);
	}
	for (size_t i = 0; i < G_N_ELEMENTS(last); i++) {
		char *path = path_of(last[i]);
		g_remove(path);
		g_free(path);
	}
	g_rmdir(root);
	g_free(root);
	crypto_close(crypto);
}

static void
set_up(void)
{
	char *payload;

	root = g_dir_make_tmp("fuzz-bag-XXXXXX", NULL);
	g_assert(root != NULL);
	crypto = crypto_open(NULL);
	payload = path_of("data");
	g_assert(g_mkdir(payload, 0700) == 0);
	g_free(payload);
	put("data/a", SPAN("abc"));
	put("data/b%25", SPAN(""));
	atexit(take_away);
}

static bool
has(struct span text, const char *part)
{
	return memmem(text.p, text.n, part, strlen(part)) != NULL;
}

/* The report as text. */
static GString *
check(bool *valid_out)
{
	int fd = open(root, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	struct bag_report *report = g_new(struct bag_report, 1);
	GString *out = g_string_new(NULL);

	g_assert(bag_check(fd, crypto, report, NULL));
	*valid_out = report->valid;
	g_assert(report->valid == (report->n_problems == 0));
	g_assert(report->files == 2 && report->octets == 3);
	for (size_t i = 0; i < report->n_problems; i++) {
		const struct bag_problem *problem = &report->problems[i];
		g_assert(g_str_has_prefix(problem->code, "bag-"));
		g_string_append_printf(out, "%s ", problem->code);
		g_string_append_len(out, (const char *)problem->path.p,
		    (gssize)problem->path.n);
		g_string_append_len(out, (const char *)problem->detail.p,
		    (gssize)problem->detail.n);
		g_string_append_c(out, '\n');
	}
	g_string_append_printf(out, "%d", (int)report->n_more);
	bag_report_clear(report);
	g_free(report);
	close(fd);
	return out;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct span text = { data, size }, rest = text;
	bool valid, again_valid;

	if (root == NULL)
		set_up();
	for (size_t i = 0; i < G_N_ELEMENTS(names); i++) {
		size_t n = span_find(rest, 0x1e);
		char *path = path_of(names[i]);
		if (n > 0)
			put(names[i], span_sub(rest, 0, n));
		else
			g_remove(path);
		g_free(path);
		rest = span_from(rest, n + 1);
	}
	GString *report = check(&valid), *again = check(&again_valid);
	g_assert(g_string_equal(report, again));
	/* Hex may be of either case and names escaped: digits alone are sure. */
	g_assert(!valid ||
	    ((has(text, "900150983") || has(text, "364706816")) &&
		(has(text, "00998") || has(text, "95601890"))));
	g_string_free(report, TRUE);
	g_string_free(again, TRUE);
	return 0;
}
