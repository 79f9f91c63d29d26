/*
 * test_lmdb_pages.c - LMDB files whose pages lie are refused; those that are
 * not refused, LMDB reads without a signal.
 * LMDB_PAGES changes are tried, else 3000.
 */
#include "keysnap/store/lmdb_pages.h"

#include "keysnap/base/file.h"
#include "keysnap/store/index.h"
#include "keysnap/store/index_format.h"

#include <fcntl.h>
#include <glib/gstdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define ENTRIES 1500
#define PAGE    ((size_t)LMDB_FILE_PAGE)
#define NONE    SIZE_MAX

struct fixture {
	struct arena *arena;
	char *folder, *path;
	GByteArray *good;                /* the file as it should be */
	size_t meta, main, branch, leaf; /* where these pages begin */
};

static uint16_t
get16(const uint8_t *at)
{
	uint16_t value;

	memcpy(&value, at, sizeof(value));
	return value;
}

static uint64_t
get64(const uint8_t *at)
{
	uint64_t value;

	memcpy(&value, at, sizeof(value));
	return value;
}

static void
put16(uint8_t *at, uint16_t value)
{
	memcpy(at, &value, sizeof(value));
}

static void
put64(uint8_t *at, uint64_t value)
{
	memcpy(at, &value, sizeof(value));
}

/* The first page with these flags whose first node has these. */
static size_t
find_page(const GByteArray *file, uint16_t flags, uint16_t node_flags)
{
	for (size_t at = 2 * PAGE; at < file->len; at += PAGE) {
		const uint8_t *page = file->data + at;

		if (get16(page + 10) == flags &&
		    get16(page + get16(page + 16) + 4) == node_flags)
			return at;
	}
	g_assert_not_reached();
}

static void
fill(struct fixture *f, struct index_table *table)
{
	table->n = ENTRIES;
	table->entries =
	    arena_alloc_array(f->arena, ENTRIES, sizeof(*table->entries));
	table->about = g_new0(struct index_about, ENTRIES);
	table->n_about = ENTRIES;
	for (uint64_t i = 0; i < ENTRIES; i++) {
		g_autofree char *name = g_strdup_printf("d%d", (int)i);

		table->entries[i].offset = i;
		table->entries[i].reversed_name =
		    arena_copy(f->arena, span_from_string(name));
		table->about[i] = (struct index_about){ i / 2, i };
	}
	index_table_sort(table);
}

static void
setup(struct fixture *f, gconstpointer unused)
{
	struct index_table table = { .n = 0 };
	GError *error = NULL;
	const uint8_t *octets;
	char *text;
	gsize n;

	(void)unused;
	f->arena = arena_new();
	f->folder = g_dir_make_tmp("pages-XXXXXX", NULL);
	f->path = g_build_filename(f->folder, "keys.mdb", NULL);
	fill(f, &table);
	g_assert_true(index_build(f->path, &table, &error));
	g_free(table.about);
	g_free(table.by_name);
	g_assert_true(g_file_get_contents(f->path, &text, &n, NULL));
	f->good = g_byte_array_new_take((guint8 *)text, n);
	octets = f->good->data;
	f->meta = get64(octets + PAGE + 144) > get64(octets + 144) ? PAGE : 0;
	f->main = (size_t)get64(octets + f->meta + 128) * PAGE;
	f->branch = find_page(f->good, 1, 0);
	f->leaf = find_page(f->good, 2, 0);
}

static void
teardown(struct fixture *f, gconstpointer unused)
{
	(void)unused;
	g_byte_array_free(f->good, TRUE);
	g_unlink(f->path);
	g_assert_cmpint(g_rmdir(f->folder), ==, 0);
	g_free(f->path);
	g_free(f->folder);
	arena_free(f->arena);
}

/* The message with which the file is refused, to be freed; NULL: it is not. */
static char *
check(struct fixture *f, const uint8_t *octets, size_t n)
{
	struct lmdb_file_meta meta;
	GError *error = NULL;
	char *message = NULL;
	bool ok;
	int fd;

	g_assert_true(g_file_set_contents_full(f->path, (const char *)octets,
	    (gssize)n, G_FILE_SET_CONTENTS_NONE, 0600, NULL));
	fd = open(f->path, O_RDONLY | O_CLOEXEC);
	ok = lmdb_file_check(fd, "it", &meta, &error) &&
	    lmdb_pages_check(fd, "it", &meta, &error);
	g_assert_true(ok == (error == NULL));
	if (!ok) {
		g_assert_true(
		    g_error_matches(error, STORE_ERROR, STORE_ERROR_INTEGRITY));
		message = g_strdup(error->message);
		g_error_free(error);
	}
	close(fd);
	return message;
}

/* Records of databases: that of main in the meta page, then its values. */
static size_t
record(const struct fixture *f, unsigned i)
{
	const uint8_t *main = f->good->data + f->main;
	size_t node;

	if (i == 0)
		return f->meta + 88;
	node = get16(main + 16 + 2 * (i - 1));
	return f->main + node + 8 + get16(main + node + 6);
}

static size_t
node(const struct fixture *f, size_t page, unsigned i)
{
	return page + get16(f->good->data + page + 16 + 2 * i);
}

enum where {
	META,
	MAIN,
	BRANCH,
	LEAF,
	DB_MAIN,
	DB_FIRST,
	NODE_MAIN,
	NODE_BRANCH,
	NODE_LEAF
};

static size_t
place(const struct fixture *f, enum where where)
{
	switch (where) {
	case META:
		return f->meta;
	case MAIN:
		return f->main;
	case BRANCH:
		return f->branch;
	case LEAF:
		return f->leaf;
	case DB_MAIN:
		return record(f, 0);
	case DB_FIRST:
		return record(f, 1);
	case NODE_MAIN:
		return node(f, f->main, 0);
	case NODE_BRANCH:
		return node(f, f->branch, 1);
	case NODE_LEAF:
		return node(f, f->leaf, 0);
	}
	g_assert_not_reached();
}

static const struct {
	const char *name;
	enum where where;
	size_t at;
	unsigned octets; /* 2, or 8 */
	uint64_t value;
	const char *want;
} lies[] = {
	{ "md_pad", DB_FIRST, 0, 2, 8, "another kind" },
	{ "MDB_DUPSORT", DB_FIRST, 4, 2, 4, "another kind" },
	{ "MDB_INTEGERKEY of main", DB_MAIN, 4, 2, 8, "another kind" },
	{ "depth 0 with a root", DB_FIRST, 6, 2, 0, "another kind" },
	{ "depth 17", DB_FIRST, 6, 2, 17, "another kind" },
	{ "depth 1 for 2", DB_FIRST, 6, 2, 1, "not the page" },
	{ "depth 3 for 2", DB_FIRST, 6, 2, 3, "not the page" },
	{ "no root, with a depth", DB_FIRST, 40, 8, UINT64_MAX,
	    "another kind" },
	{ "root is a meta page", DB_FIRST, 40, 8, 1, "that is none" },
	{ "root past the end", DB_FIRST, 40, 8, 1 << 20, "that is none" },
	{ "root of main", DB_MAIN, 40, 8, UINT64_MAX - 1, "that is none" },
	{ "an entry more", DB_FIRST, 32, 8, ENTRIES + 1, "another size" },
	{ "number of a page", LEAF, 0, 8, 0, "not the page" },
	{ "a branch as a leaf", BRANCH, 10, 2, 2, "not the page" },
	{ "a leaf as a branch", LEAF, 10, 2, 1, "not the page" },
	{ "P_LEAF2", LEAF, 10, 2, 0x22, "not the page" },
	{ "P_SUBP", LEAF, 10, 2, 0x42, "not the page" },
	{ "P_OVERFLOW", LEAF, 10, 2, 4, "not the page" },
	{ "P_DIRTY", BRANCH, 10, 2, 0x11, "not the page" },
	{ "lower 0", LEAF, 12, 2, 0, "no room" },
	{ "lower 16: no node", LEAF, 12, 2, 16, "no room" },
	{ "lower 18: a branch of one", BRANCH, 12, 2, 18, "no room" },
	{ "lower odd", LEAF, 12, 2, 33, "no room" },
	{ "lower above upper", LEAF, 12, 2, 4096, "no room" },
	{ "upper past the end", LEAF, 14, 2, 4098, "no room" },
	{ "a node in the header", LEAF, 16, 2, 0, "outside" },
	{ "a node at the end", LEAF, 16, 2, 4090, "outside" },
	{ "a node past the end", LEAF, 16, 2, 0xfffe, "outside" },
	{ "a node at an odd place", LEAF, 16, 2, 4001, "outside" },
	{ "a key of 0 octets", NODE_LEAF, 6, 2, 0, "ends outside" },
	{ "a key of 512", NODE_LEAF, 6, 2, 512, "ends outside" },
	{ "a key of 65535 in a branch", NODE_BRANCH, 6, 2, 0xffff,
	    "ends outside" },
	{ "a value of 4096", NODE_LEAF, 0, 2, 4096, "ends outside" },
	{ "a value of 65536", NODE_LEAF, 2, 2, 1, "ends outside" },
	{ "F_BIGDATA", NODE_LEAF, 4, 2, 1, "another kind" },
	{ "F_SUBDATA among values", NODE_LEAF, 4, 2, 2, "another kind" },
	{ "F_DUPDATA", NODE_LEAF, 4, 2, 4, "another kind" },
	{ "F_DUPDATA in main", NODE_MAIN, 4, 2, 6, "another kind" },
	{ "a plain value in main", NODE_MAIN, 4, 2, 0, "another kind" },
	{ "a short record in main", NODE_MAIN, 0, 2, 40, "another kind" },
	{ "a child that is a meta page", NODE_BRANCH, 0, 2, 0, "that is none" },
	{ "a child of 48 bits", NODE_BRANCH, 4, 2, 1, "that is none" },
};

static void
test_lies(struct fixture *f, gconstpointer unused)
{
	g_autofree char *good = check(f, f->good->data, f->good->len);

	(void)unused;
	g_assert_cmpstr(good, ==, NULL);
	for (size_t i = 0; i < G_N_ELEMENTS(lies); i++) {
		g_autofree uint8_t *copy =
		    g_memdup2(f->good->data, f->good->len);
		uint8_t *at = copy + place(f, lies[i].where) + lies[i].at;
		g_autofree char *got = NULL;

		if (lies[i].octets == 2)
			put16(at, (uint16_t)lies[i].value);
		else
			put64(at, lies[i].value);
		got = check(f, copy, f->good->len);
		g_test_message("%s: %s", lies[i].name, got);
		g_assert_nonnull(got);
		if (got != NULL)
			g_assert_nonnull(strstr(got, lies[i].want));
	}
}

/* Pages that lead to each other, to themselves, or twice to one. */
static void
test_circles(struct fixture *f, gconstpointer unused)
{
	const uint64_t roots[] = { f->branch / PAGE, f->leaf / PAGE,
		f->main / PAGE };
	size_t child = node(f, f->branch, 1), first = node(f, f->branch, 0);

	(void)unused;
	for (size_t i = 0; i <= G_N_ELEMENTS(roots); i++) {
		g_autofree uint8_t *copy =
		    g_memdup2(f->good->data, f->good->len);
		g_autofree char *got = NULL;

		if (i < G_N_ELEMENTS(roots))
			put16(copy + child, (uint16_t)roots[i]);
		else
			memcpy(copy + child, copy + first, 6);
		got = check(f, copy, f->good->len);
		g_test_message("%s", got);
		g_assert_nonnull(got);
	}
	for (unsigned i = 2; i < 6; i++) {
		g_autofree uint8_t *copy =
		    g_memdup2(f->good->data, f->good->len);
		g_autofree char *got = NULL;

		memcpy(copy + record(f, i), copy + record(f, 1), 48);
		got = check(f, copy, f->good->len);
		g_assert_nonnull(got);
	}
}

static bool
look(void *user, struct span key, bool *done_out)
{
	uint64_t *sum = user;

	(void)done_out;
	for (size_t i = 0; i < key.n; i++)
		*sum += key.p[i];
	return true;
}

/* Have LMDB read all of it: what it says may be wrong. */
static void
read_all(const char *path)
{
	GError *error = NULL;
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	struct index *index = index_open_own(fd, path, &error);
	uint64_t sum = 0;

	close(fd);
	g_clear_error(&error);
	if (index == NULL)
		return;
	for (int i = 0; i < INDEX_TABLES; i++) {
		index_walk(index, i, SPAN(""), look, &sum);
		index_walk(index, i, SPAN("\0\0\0\0\0\0\1"), look, &sum);
		index_walk(index, i, SPAN("d7"), look, &sum);
	}
	for (uint64_t i = 0; i < ENTRIES; i += 7) {
		struct index_entry entry = { .offset = 0 };

		if (index_get(index, i, &entry))
			sum += entry.offset + entry.leaf_hash[31];
	}
	index_close(index);
}

static uint32_t
below(GRand *dice, size_t n)
{
	return (uint32_t)g_rand_int_range(dice, 0, (gint32)n);
}

/* Some octets of a page, most often where LMDB finds numbers. */
static void
change(struct fixture *f, GRand *dice, uint8_t *copy)
{
	static const uint16_t words[] = { 0, 1, 2, 4, 8, 15, 16, 17, 18, 32,
		0x22, 0x42, 512, 4088, 4090, 4096, 0x7ffe, 0xfffe, 0xffff };
	size_t pages = f->good->len / PAGE;
	size_t page = below(dice, pages) * PAGE, at;
	uint32_t n = (uint32_t)get16(copy + page + 12);

	switch (below(dice, 5)) {
	case 0:
		at = page + below(dice, 24) * 2;
		break;
	case 1:
		at = page + 16 + below(dice, 40) * 2;
		break;
	case 2:
	case 3: /* the head of a node */
		n = n >= 18 && n <= PAGE ? (n - 16) / 2 : 1;
		at = page + get16(copy + page + 16 + 2 * below(dice, n));
		at = MIN(at + below(dice, 4) * 2, f->good->len - 2);
		break;
	default:
		at = below(dice, f->good->len / 2) * 2;
		break;
	}
	if (below(dice, 2) == 0)
		put16(copy + at, words[below(dice, G_N_ELEMENTS(words))]);
	else if (below(dice, 2) == 0)
		put16(copy + at, (uint16_t)below(dice, pages + 1));
	else
		copy[at] ^= (uint8_t)(1 << below(dice, 8));
}

static void
test_changes(struct fixture *f, gconstpointer unused)
{
	const char *wanted = g_getenv("LMDB_PAGES");
	int n = wanted != NULL ? atoi(wanted) : 3000, refused = 0;
	GRand *dice = g_rand_new_with_seed(20161031);

	(void)unused;
	for (int i = 0; i < n; i++) {
		g_autofree uint8_t *copy =
		    g_memdup2(f->good->data, f->good->len);
		g_autofree char *got = NULL;

		for (uint32_t k = below(dice, 3) + 1; k > 0; k--)
			change(f, dice, copy);
		got = check(f, copy, f->good->len);
		if (got == NULL)
			read_all(f->path);
		else
			refused++;
	}
	g_rand_free(dice);
	g_test_message("%d of %d refused", refused, n);
	g_assert_cmpint(refused, >, n / 4);
	g_assert_cmpint(refused, <, n);
}

#define ADD(name, function)                                                    \
	g_test_add("/lmdb_pages/" name, struct fixture, NULL, setup, function, \
	    teardown)

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_set_nonfatal_assertions();
	ADD("lies", test_lies);
	ADD("circles", test_circles);
	ADD("changes", test_changes);
	return g_test_run();
}
