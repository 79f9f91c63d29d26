/* test_log_index.c - the log into an index, the same as by tables in memory. */
#include "keysnap/store/log_index.h"

#include "keysnap/store/log_table.h"
#include "keysnap/store/sealed_file.h"
#include "keysnap/store/store.h"

#include <string.h>
#include <unistd.h>

#define ZEROS "000000000000000000000000000000000000000000000000000000000000"
#define STORE \
	"{\"format\":\"keysnap-log 1\",\"origin\":\"o\",\"type\":\"store\"}\n"

/* A file in memory with "text". */
static int
file_of(const char *text)
{
	int fd = sealed_file_new(0, NULL);

	g_assert_cmpint(
	    write(fd, text, strlen(text)), ==, (gssize)strlen(text));
	return fd;
}

static void
check_index(int own, const struct log_table *table)
{
	g_autofree char *path = sealed_file_path(own);
	int fd = sealed_file_new(0, NULL);
	g_autofree char *other_path = sealed_file_path(fd);
	struct index *index, *other;

	g_assert_true(index_build(other_path, &table->index, NULL));
	index = index_open_own(own, path, NULL);
	other = index_open_own(fd, other_path, NULL);
	g_assert_nonnull(index);
	g_assert_nonnull(other);
	g_assert_true(index_equals(index, other));
	index_close(index);
	index_close(other);
	close(fd);
}

static void
check_evidence(struct log_index *log, const struct log_table *table)
{
	uint8_t sha256[32];

	g_assert_cmpuint(log_index_count_evidence(log), ==, table->n_evidence);
	for (size_t i = 0; i < table->n_evidence; i++) {
		g_assert_cmpint(
		    log_index_next_evidence(log, sha256, NULL), ==, 1);
		g_assert_true(memcmp(sha256, table->evidence[i], 32) == 0);
	}
	g_assert_cmpint(log_index_next_evidence(log, sha256, NULL), ==, 0);
}

/* Entries with names, topics, and evidence that comes again. */
static void
append_entries(GString *text)
{
	g_string_append(text,
	    "{\"file\":\"f\",\"format\":\"zone\",\"imported\":"
	    "\"2020-01-01T00:00:00Z\",\"observer\":\"me\",\"sha256\":"
	    "\"" ZEROS "0000\",\"size\":0,\"tool\":\"k\",\"type\":"
	    "\"source\"}\n");
	for (unsigned i = 0; i < 4000; i++) {
		g_string_append_printf(text,
		    "{\"evidence\":[\"%04x" ZEROS "\",\"%04x" ZEROS "\"],"
		    "\"kind\":\"nodata\",\"method\":\"dig\",\"name\":"
		    "\"s._domainkey.a%u\",\"source\":1,\"time_kind\":"
		    "\"none\",\"type\":\"observation\"}\n",
		    i * 40503 % 3000, i % 7 == 0 ? 9999 : i, i % 1500);
		if (i % 9 == 0)
			g_string_append_printf(text,
			    "{\"key\":\"%04x" ZEROS "\",\"kind\":\"note\","
			    "\"made\":\"2020-01-01T00:00:00Z\",\"target\":"
			    "[1,2],\"text\":\"x\",\"type\":"
			    "\"annotation\"}\n",
			    i % 5);
	}
}

static void
test_same(void)
{
	struct crypto *crypto = crypto_open(NULL);

	for (int many = 0; many < 2; many++) {
		GString *text = g_string_new(STORE);
		GError *error = NULL;

		if (many)
			append_entries(text);
		int fd = file_of(text->str), own = sealed_file_new(0, NULL);
		g_autofree char *path = sealed_file_path(own);
		struct log_index *log =
		    log_index_read(fd, "log", path, crypto, &error);
		struct log_table *table =
		    log_table_read(fd, "log", crypto, NULL);

		g_assert_no_error(error);
		g_assert_nonnull(table);
		g_assert_cmpuint(log->facts.n, ==, table->index.n);
		g_assert_true(
		    memcmp(log->facts.root, table->index.root, 32) == 0);
		g_assert_true(
		    memcmp(log->facts.sha256, table->sha256, 32) == 0);
		check_index(own, table);
		check_evidence(log, table);
		log_index_free(log);
		log_table_free(table);
		close(fd);
		close(own);
		g_string_free(text, TRUE);
	}
	crypto_close(crypto);
}

static void
test_refused(void)
{
	struct crypto *crypto = crypto_open(NULL);
	GError *error = NULL;
	int fd = file_of(STORE "x\n"), own = sealed_file_new(0, NULL);
	g_autofree char *path = sealed_file_path(own);

	g_assert_null(log_index_read(fd, "log", path, crypto, &error));
	g_assert_error(error, STORE_ERROR, STORE_ERROR_INTEGRITY);
	g_clear_error(&error);
	close(fd);
	close(own);
	crypto_close(crypto);
	log_index_free(NULL);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_set_nonfatal_assertions();
	g_test_add_func("/log-index/same", test_same);
	g_test_add_func("/log-index/refused", test_refused);
	return g_test_run();
}
