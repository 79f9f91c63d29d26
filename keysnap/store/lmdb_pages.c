/*
 * lmdb_pages.c - walking the trees of an LMDB file (data version 1, 64-bit
 * little-endian), with lmdb 0.9's mdb.c as the description of them.
 *
 * A page: u64 its number, u16 pad, u16 flags, u16 lower, u16 upper, then from
 * 16 to "lower" the offsets of its nodes, u16 each; the nodes lie from "upper"
 * to its end.  A node: u32 length of the value, u16 flags, u16 length of the
 * key, key, value; in a branch the first 48 bits are a page number.  A
 * database: u32 pad, u16 flags, u16 depth, u64 branch, leaf and overflow
 * pages, u64 entries, u64 root.
 */
#include "keysnap/store/lmdb_pages.h"

#include <errno.h>
#include <inttypes.h>
#include <string.h>
#include <sys/mman.h>

#define PAGE         LMDB_FILE_PAGE
#define PAGE_FLAGS   10
#define PAGE_LOWER   12
#define PAGE_UPPER   14
#define PAGE_HEAD    16
#define FLAGS_BRANCH 1
#define FLAGS_LEAF   2
#define NODE_FLAGS   4
#define NODE_KEY     6
#define NODE_HEAD    8
#define NODE_PLAIN   0
#define NODE_DB      2
#define DB_FLAGS     4
#define DB_DEPTH     6
#define DB_ENTRIES   32
#define DB_ROOT      40
#define DB_SIZE      48
#define META_MAIN    88 /* record of the main database in a meta page */
#define PAGES_META   2
#define FORGET_AFTER 16384 /* pages until their memory is given back */

struct walk {
	const uint8_t *map;
	size_t size;
	uint64_t last;   /* page */
	uint8_t *seen;   /* a bit for each page */
	uint64_t read;   /* pages since memory was given back */
	const char *why; /* what is wrong */
	uint64_t at;     /* in which page */
};

struct tree {
	bool is_main;
	uint64_t entries; /* found */
};

static uint16_t
get_u16(const uint8_t *at)
{
	uint16_t value;

	memcpy(&value, at, sizeof(value));
	return value;
}

static bool
refuse(struct walk *walk, uint64_t page, const char *why)
{
	walk->why = why;
	walk->at = page;
	return false;
}

/* The page as octets, the first time that it is asked for; else NULL. */
static const uint8_t *
enter(struct walk *walk, uint64_t from, uint64_t number)
{
	uint8_t bit = (uint8_t)(1 << number % 8);

	if (number < PAGES_META || number > walk->last) {
		refuse(walk, from, "names a page that is none");
		return NULL;
	}
	if ((walk->seen[number / 8] & bit) != 0) {
		refuse(walk, from, "names a page that has its place already");
		return NULL;
	}
	walk->seen[number / 8] |= bit;
	if (walk->read++ % FORGET_AFTER == FORGET_AFTER - 1)
		madvise(
		    (void *)(uintptr_t)walk->map, walk->size, MADV_DONTNEED);
	return walk->map + number * PAGE;
}

/* The header, and where the nodes lie; their number, or 0 with what is wrong.
 * A branch of one node ends the process in LMDB. */
static unsigned
count_nodes(struct walk *walk, uint64_t number, const uint8_t *page, bool leaf)
{
	unsigned lower = get_u16(page + PAGE_LOWER);
	unsigned upper = get_u16(page + PAGE_UPPER), n;

	if (lmdb_file_number64(page) != number ||
	    get_u16(page + PAGE_FLAGS) != (leaf ? FLAGS_LEAF : FLAGS_BRANCH)) {
		refuse(walk, number, "is not the page that should be there");
		return 0;
	}
	n = lower < PAGE_HEAD ? 0 : (lower - PAGE_HEAD) / 2;
	if (lower % 2 != 0 || lower > upper || upper > PAGE ||
	    n < (leaf ? 1 : 2)) {
		refuse(walk, number, "has no room for its nodes");
		return 0;
	}
	return n;
}

/* Node "i", which ends within the page, or NULL. */
static const uint8_t *
find_node(struct walk *walk, uint64_t number, const uint8_t *page, unsigned i,
    bool leaf)
{
	unsigned at = get_u16(page + PAGE_HEAD + 2 * i);
	const uint8_t *node = page + at;
	uint64_t end, key;

	if (at % 2 != 0 || at < get_u16(page + PAGE_UPPER) ||
	    at > PAGE - NODE_HEAD) {
		refuse(walk, number, "has a node outside of it");
		return NULL;
	}
	key = get_u16(node + NODE_KEY);
	end = at + NODE_HEAD + key + (leaf ? lmdb_file_number32(node) : 0);
	if (end > PAGE || key > LMDB_PAGES_KEY_MAX || (leaf && key == 0)) {
		refuse(walk, number, "has a node that ends outside of it");
		return NULL;
	}
	return node;
}

static bool walk_page(struct walk *walk, struct tree *tree, uint64_t from,
    uint64_t number, unsigned levels);

/* A database, by its record, which stands in page "from". */
static bool
walk_database(
    struct walk *walk, uint64_t from, const uint8_t *record, bool is_main)
{
	struct tree tree = { .is_main = is_main };
	uint64_t root = lmdb_file_number64(record + DB_ROOT);
	unsigned depth = get_u16(record + DB_DEPTH);

	if (lmdb_file_number32(record) != 0 ||
	    get_u16(record + DB_FLAGS) != 0 || depth > LMDB_PAGES_DEPTH_MAX ||
	    (depth == 0) != (root == UINT64_MAX))
		return refuse(walk, from, "has a database of another kind");
	if (depth > 0 && !walk_page(walk, &tree, from, root, depth))
		return false;
	return tree.entries == lmdb_file_number64(record + DB_ENTRIES) ||
	    refuse(walk, from, "has a database of another size than it says");
}

static bool
walk_leaf(struct walk *walk, struct tree *tree, uint64_t number,
    const uint8_t *page, unsigned n)
{
	for (unsigned i = 0; i < n; i++) {
		const uint8_t *node = find_node(walk, number, page, i, true);

		if (node == NULL)
			return false;
		if (get_u16(node + NODE_FLAGS) !=
			(tree->is_main ? NODE_DB : NODE_PLAIN) ||
		    (tree->is_main && lmdb_file_number32(node) != DB_SIZE))
			return refuse(
			    walk, number, "has a value of another kind");
		if (tree->is_main &&
		    !walk_database(walk, number,
			node + NODE_HEAD + get_u16(node + NODE_KEY), false))
			return false;
	}
	tree->entries += n;
	return true;
}

static bool
walk_branch(struct walk *walk, struct tree *tree, uint64_t number,
    const uint8_t *page, unsigned n, unsigned levels)
{
	for (unsigned i = 0; i < n; i++) {
		const uint8_t *node = find_node(walk, number, page, i, false);

		if (node == NULL ||
		    !walk_page(walk, tree, number,
			lmdb_file_number64(node) & UINT64_C(0xffffffffffff),
			levels - 1))
			return false;
	}
	return true;
}

/* Page "number", which page "from" names; the lowest of "levels" are leaves.
 * No deeper than that, twice. */
static bool
walk_page(struct walk *walk, struct tree *tree, uint64_t from, uint64_t number,
    unsigned levels)
{
	const uint8_t *page = enter(walk, from, number);
	unsigned n;

	if (page == NULL)
		return false;
	n = count_nodes(walk, number, page, levels == 1);
	if (n == 0)
		return false;
	return levels == 1 ? walk_leaf(walk, tree, number, page, n)
			   : walk_branch(walk, tree, number, page, n, levels);
}

bool
lmdb_pages_check(
    int fd, const char *path, const struct lmdb_file_meta *meta, GError **error)
{
	struct walk walk = {
		.size = (size_t)(meta->last_page + 1) * PAGE,
		.last = meta->last_page,
	};
	g_autofree uint8_t *seen = g_malloc0((size_t)meta->last_page / 8 + 1);
	void *map = mmap(NULL, walk.size, PROT_READ, MAP_SHARED, fd, 0);
	uint64_t at = (uint64_t)meta->newer;

	if (map == MAP_FAILED)
		return lmdb_file_fail(error, "cannot map", path, errno);
	walk.map = map;
	walk.seen = seen;
	if (!walk_database(&walk, at, walk.map + at * PAGE + META_MAIN, true))
		g_set_error(error, STORE_ERROR, STORE_ERROR_INTEGRITY,
		    "%s: page %" PRIu64 " %s", path, walk.at, walk.why);
	munmap(map, walk.size);
	return walk.why == NULL;
}
