/* test_index.c - keys.mdb: built twice the same, opened only when hashed. */
#include "keysnap/store/index.h"

#include "keysnap/base/digest.h"
#include "keysnap/store/sealed_file.h"
#include "keysnap/store/store.h"

#include <fcntl.h>
#include <glib/gstdio.h>
#include <malloc.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define ENTRIES 3000

struct fixture {
	struct crypto *crypto;
	struct arena *arena;
	char *folder, *path, *other;
	struct index_table table;
};

/* Every third entry has no name; 37 names share the others. */
static void
setup(struct fixture *fixture, gconstpointer unused)
{
	struct index_table *table = &fixture->table;

	(void)unused;
	fixture->crypto = crypto_open(NULL);
	fixture->arena = arena_new();
	fixture->folder = g_dir_make_tmp("index-XXXXXX", NULL);
	fixture->path = g_build_filename(fixture->folder, "keys.mdb", NULL);
	fixture->other = g_build_filename(fixture->folder, "other", NULL);
	table->n = ENTRIES;
	table->entries =
	    arena_alloc_array(fixture->arena, ENTRIES, sizeof(*table->entries));
	for (unsigned i = 0; i < ENTRIES; i++) {
		struct index_entry *entry = &table->entries[i];
		g_autofree char *name = g_strdup_printf(
		    "com%%d%u%%%s", i % 37, i % 2 == 0 ? "" : "sub%");

		entry->offset = i * UINT64_C(0x100000001);
		entry->length = i;
		memset(entry->leaf_hash, (int)i, 32);
		for (char *c = name; *c != '\0'; c++)
			*c = (char)(*c == '%' ? '\1' : *c);
		if (i % 3 != 0)
			entry->reversed_name =
			    arena_copy(fixture->arena, span_from_string(name));
	}
	index_table_sort(table);
	memset(table->root, 7, sizeof(table->root));
}

static void
teardown(struct fixture *fixture, gconstpointer unused)
{
	(void)unused;
	g_unlink(fixture->path);
	g_unlink(fixture->other);
	g_assert_cmpint(g_rmdir(fixture->folder), ==, 0);
	g_free(fixture->path);
	g_free(fixture->other);
	g_free(fixture->folder);
	g_free(fixture->table.by_name);
	arena_free(fixture->arena);
	crypto_close(fixture->crypto);
}

static struct index *
open_index(struct fixture *fixture, const char *path, GError **error)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	uint8_t sha256[32];
	struct index *index;

	g_assert_true(
	    sealed_file_digest(fd, path, fixture->crypto, sha256, NULL));
	index = index_open(fd, path, fixture->crypto, sha256, NULL, error);
	close(fd);
	return index;
}

static bool
sum(void *user, uint64_t number)
{
	uint64_t *total = user;

	*total += number;
	return true;
}

/* Is the opened index the one that the table gives? */
static bool
equals(const struct index *index, const struct index_table *table)
{
	g_autofree char *path = NULL;
	struct index *other;
	GError *error = NULL;
	int fd = sealed_file_new(0, &error);
	bool same;

	g_assert_no_error(error);
	path = sealed_file_path(fd);
	g_assert_true(index_build(path, table, &error));
	other = index_open_own(fd, path, &error);
	g_assert_no_error(error);
	same = index_equals(index, other);
	g_assert_true(same == index_equals(other, index));
	index_close(other);
	close(fd);
	return same;
}

static void
test_round_trip(struct fixture *fixture, gconstpointer unused)
{
	GError *error = NULL;
	struct index_table *table = &fixture->table;
	uint8_t root[32];

	(void)unused;
	g_assert_true(index_build(fixture->path, table, &error));
	g_assert_no_error(error);
	struct index *index = open_index(fixture, fixture->path, &error);
	g_assert_no_error(error);
	g_assert_cmpuint(index_size(index), ==, ENTRIES);
	g_assert_cmpuint(index_names(index), ==, 37 * 2);
	index_root(index, root);
	g_assert_true(memcmp(root, table->root, 32) == 0);
	for (uint64_t i = 0; i < ENTRIES; i++) {
		struct index_entry entry;

		g_assert_true(index_get(index, i, &entry));
		g_assert_cmpuint(entry.offset, ==, table->entries[i].offset);
		g_assert_cmpuint(entry.length, ==, i);
		g_assert_true(memcmp(entry.leaf_hash,
				  table->entries[i].leaf_hash, 32) == 0);
	}
	g_assert_true(equals(index, table));
	table->entries[1].length++;
	g_assert_false(equals(index, table));
	table->entries[1].length--;
	table->root[31]++;
	g_assert_false(equals(index, table));
	table->root[31]--;
	for (uint64_t i = 1; i < ENTRIES; i += 100) {
		uint64_t total = 0, want = 0, n, at;
		struct span name = table->entries[i].reversed_name;

		if (name.n == 0)
			continue;
		at = index_table_find(table, name, &n);
		for (uint64_t j = 0; j < n; j++)
			want += table->by_name[at + j];
		g_assert_true(index_each_of_name(index, name, sum, &total));
		g_assert_cmpuint(total, ==, want);
		g_assert_cmpuint(n, >, 0);
	}
	uint64_t total = 0, n;
	struct index_entry entry;
	g_assert_true(index_each_of_name(index, SPAN("com\1"), sum, &total));
	g_assert_cmpuint(total, ==, 0);
	index_table_find(table, SPAN("com\1"), &n);
	g_assert_cmpuint(n, ==, 0);
	g_assert_false(index_get(index, ENTRIES, &entry));
	index_close(index);
}

static void
test_empty(struct fixture *fixture, gconstpointer unused)
{
	struct index_table table = { .n = 0 };
	struct index_entry entry;
	uint64_t total = 0;

	(void)unused;
	index_table_sort(&table);
	g_assert_true(index_build(fixture->path, &table, NULL));
	struct index *index = open_index(fixture, fixture->path, NULL);
	g_assert_nonnull(index);
	g_assert_cmpuint(index_size(index), ==, 0);
	g_assert_false(index_get(index, 0, &entry));
	g_assert_true(index_each_of_name(index, SPAN("a"), sum, &total));
	index_close(index);
	g_free(table.by_name);
}

/* Memory that was used before must not show in the file. */
static void
test_same_octets(struct fixture *fixture, gconstpointer unused)
{
	g_autofree char *a = NULL, *b = NULL;
	gsize n, m;
	struct stat st;
	void *blocks[200];

	(void)unused;
	g_assert_true(index_build(fixture->path, &fixture->table, NULL));
	mallopt(M_PERTURB, 0x5a);
	for (size_t i = 0; i < G_N_ELEMENTS(blocks); i++)
		memset(blocks[i] = malloc(4096 + i % 3 * 8), 0xa5, 4096);
	for (size_t i = 0; i < G_N_ELEMENTS(blocks); i++)
		free(blocks[i]);
	g_assert_true(index_build(fixture->other, &fixture->table, NULL));
	mallopt(M_PERTURB, 0);
	g_assert_true(g_file_get_contents(fixture->path, &a, &n, NULL));
	g_assert_true(g_file_get_contents(fixture->other, &b, &m, NULL));
	g_assert_cmpuint(n, ==, m);
	g_assert_true(memcmp(a, b, n) == 0);
	g_assert_cmpint(stat(fixture->path, &st), ==, 0);
	uint64_t map_size;
	memcpy(&map_size, a + 32, 8);
	g_assert_cmpuint(map_size, ==, (uint64_t)st.st_size);
}

/* Add topics, in no order: "n" entries about entry 7, and about one key. */
static void
add_topics(struct index_table *table, unsigned n)
{
	table->about = g_new0(struct index_about, n + 1);
	table->n_about = n + 1;
	table->keys = g_new0(struct index_key, n + 1);
	table->n_keys = n + 1;
	table->about[n] = (struct index_about){ 6, 2999 };
	table->keys[n].key[0] = 0xfe;
	for (unsigned i = 0; i < n; i++) {
		table->about[i] = (struct index_about){ 7, 2000 - i };
		table->keys[i].number = 1000 - i;
		table->keys[i].key[0] = 0xff;
	}
	g_free(table->by_name);
	index_table_sort(table);
}

static void
clear_topics(struct index_table *table)
{
	g_clear_pointer(&table->about, g_free);
	g_clear_pointer(&table->keys, g_free);
	table->n_about = table->n_keys = 0;
}

/* What the opened index has of a topic is what the table has. */
static void
check_topic(const struct index *index, const struct index_table *table,
    uint64_t of, uint8_t first, unsigned want)
{
	const uint8_t key[32] = { first };
	uint64_t total = 0, total_of_key = 0, sum_about = 0, sum_keys = 0;
	uint64_t n, at = index_table_find_about(table, of, &n);

	g_assert_cmpuint(n, ==, want);
	for (uint64_t i = 0; i < n; i++)
		sum_about += table->about[at + i].number;
	at = index_table_find_key(table, key, &n);
	g_assert_cmpuint(n, ==, want);
	for (uint64_t i = 0; i < n; i++)
		sum_keys += table->keys[at + i].number;
	g_assert_true(index_each_about(index, of, sum, &total));
	g_assert_true(index_each_of_key(index, key, sum, &total_of_key));
	g_assert_cmpuint(total, ==, sum_about);
	g_assert_cmpuint(total_of_key, ==, sum_keys);
}

static void
test_topics(struct fixture *fixture, gconstpointer unused)
{
	struct index_table *table = &fixture->table;
	struct index *index;

	(void)unused;
	add_topics(table, 900);
	g_assert_true(index_build(fixture->path, table, NULL));
	index = open_index(fixture, fixture->path, NULL);
	g_assert_nonnull(index);
	check_topic(index, table, 7, 0xff, 900);
	check_topic(index, table, 6, 0xfe, 1);
	check_topic(index, table, 5, 0xfd, 0);
	check_topic(index, table, 8, 0x00, 0);
	g_assert_true(equals(index, table));
	table->about[5].number += 5000;
	g_assert_false(equals(index, table));
	table->about[5].number -= 5000;
	table->keys[5].key[31]++;
	g_assert_false(equals(index, table));
	table->keys[5].key[31]--;
	table->n_keys--;
	g_assert_false(equals(index, table));
	table->n_keys++;
	g_assert_true(equals(index, table));
	clear_topics(table);
	g_assert_false(equals(index, table));
	index_close(index);
}

/* An index without topics has the octets that it had before there were any;
 * one with topics has them whatever order they came in. */
static void
test_topics_octets(struct fixture *fixture, gconstpointer unused)
{
	struct index_table *table = &fixture->table;
	g_autofree char *a = NULL, *b = NULL;
	struct index *index;
	gsize n, m;

	(void)unused;
	g_assert_true(index_build(fixture->path, table, NULL));
	index = open_index(fixture, fixture->path, NULL);
	check_topic(index, table, 7, 0xff, 0);
	g_assert_true(equals(index, table));
	add_topics(table, 3);
	g_assert_false(equals(index, table));
	index_close(index);
	g_assert_true(g_file_get_contents(fixture->path, &a, &n, NULL));
	g_assert_null(memmem(a, n, "keysnap-index 2", 15));
	g_assert_null(memmem(a, n, "about", 5));
	g_free(a);
	g_unlink(fixture->path);
	g_assert_true(index_build(fixture->path, table, NULL));
	const struct index_about first = table->about[1];
	table->about[1] = table->about[3];
	table->about[3] = first;
	g_free(table->by_name);
	index_table_sort(table);
	g_assert_true(index_build(fixture->other, table, NULL));
	g_assert_true(g_file_get_contents(fixture->path, &a, &n, NULL));
	g_assert_true(g_file_get_contents(fixture->other, &b, &m, NULL));
	g_assert_nonnull(memmem(a, n, "keysnap-index 2", 15));
	g_assert_cmpuint(n, ==, m);
	g_assert_true(memcmp(a, b, n) == 0);
	clear_topics(table);
}

/* LMDB's file header says what follows is not to be trusted. */
static const struct {
	const char *name;
	size_t at, n;
	uint8_t octet;
} damages[] = {
	{ "magic", 16, 4, 0 },
	{ "version", 20, 1, 2 },
	{ "page size", 40, 4, 1 },
	{ "map size", 32, 8, 0x7f },
	{ "last page", 136, 8, 0x7f },
	{ "magic of the second", 4096 + 16, 4, 0 },
	{ "last page of the second", 4096 + 136, 4, 0x7f },
};

static void
test_damage(struct fixture *fixture, gconstpointer unused)
{
	g_autofree char *whole = NULL;
	gsize n;

	(void)unused;
	g_assert_true(index_build(fixture->path, &fixture->table, NULL));
	g_assert_true(g_file_get_contents(fixture->path, &whole, &n, NULL));
	for (size_t i = 0; i < G_N_ELEMENTS(damages); i++) {
		g_autofree char *copy = g_memdup2(whole, n);
		GError *error = NULL;

		memset(copy + damages[i].at, damages[i].octet, damages[i].n);
		g_assert_true(
		    g_file_set_contents(fixture->other, copy, (gssize)n, NULL));
		g_assert_null(open_index(fixture, fixture->other, &error));
		g_test_message("%s: %s", damages[i].name, error->message);
		g_assert_error(error, STORE_ERROR, STORE_ERROR_INTEGRITY);
		g_clear_error(&error);
	}
	for (gsize cut = 0; cut < n; cut += 1 + n / 50) {
		GError *error = NULL;

		g_assert_true(g_file_set_contents(
		    fixture->other, whole, (gssize)cut, NULL));
		g_assert_null(open_index(fixture, fixture->other, &error));
		g_assert_error(error, STORE_ERROR, STORE_ERROR_INTEGRITY);
		g_clear_error(&error);
	}
}

static void
test_wrong_digest(struct fixture *fixture, gconstpointer unused)
{
	uint8_t sha256[32] = { 0 };
	GError *error = NULL;

	(void)unused;
	g_assert_true(index_build(fixture->path, &fixture->table, NULL));
	int fd = open(fixture->path, O_RDONLY | O_CLOEXEC);
	g_assert_null(index_open(
	    fd, fixture->path, fixture->crypto, sha256, NULL, &error));
	g_assert_error(error, STORE_ERROR, STORE_ERROR_INTEGRITY);
	g_assert_nonnull(strstr(error->message, fixture->path));
	g_clear_error(&error);
	close(fd);
}

/* A hole larger than what may be copied is refused by its digest first. */
static void
test_hole(struct fixture *fixture, gconstpointer unused)
{
	uint8_t sha256[32] = { 0 };
	GError *error = NULL;
	int fd = open(fixture->path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);

	(void)unused;
	g_assert_cmpint(ftruncate(fd, 300 << 20), ==, 0);
	g_assert_null(index_open(
	    fd, fixture->path, fixture->crypto, sha256, NULL, &error));
	g_assert_error(error, STORE_ERROR, STORE_ERROR_INTEGRITY);
	g_clear_error(&error);
	close(fd);
}

/* The copy cannot be written to. */
static void
test_sealed(struct fixture *fixture, gconstpointer unused)
{
	uint8_t sha256[32];
	GError *error = NULL;

	(void)unused;
	g_assert_true(g_file_set_contents(fixture->path, "abc", 3, NULL));
	int fd = open(fixture->path, O_RDONLY | O_CLOEXEC);
	g_assert_true(sealed_file_digest(
	    fd, fixture->path, fixture->crypto, sha256, NULL));
	int copy = sealed_file_copy(
	    fd, fixture->path, 3, fixture->crypto, sha256, &error);
	g_assert_no_error(error);
	g_assert_cmpint(pwrite(copy, "x", 1, 0), ==, -1);
	g_assert_cmpint(ftruncate(copy, 1), ==, -1);
	close(copy);
	g_assert_cmpint(sealed_file_copy(fd, fixture->path, 2, fixture->crypto,
			    sha256, &error),
	    ==, -1);
	g_assert_error(error, STORE_ERROR, STORE_ERROR_INTEGRITY);
	g_clear_error(&error);
	close(fd);
}

#define ADD(path, function) \
	g_test_add(path, struct fixture, NULL, setup, function, teardown)

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_set_nonfatal_assertions();
	ADD("/index/round-trip", test_round_trip);
	ADD("/index/empty", test_empty);
	ADD("/index/same-octets", test_same_octets);
	ADD("/index/topics", test_topics);
	ADD("/index/topics-octets", test_topics_octets);
	ADD("/index/damage", test_damage);
	ADD("/index/wrong-digest", test_wrong_digest);
	ADD("/index/hole", test_hole);
	ADD("/index/sealed", test_sealed);
	return g_test_run();
}
