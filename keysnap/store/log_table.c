/*
 * log_table.c - reading the log.  Memory: 64 octets, a name and 16 or 40
 * octets for each topic per entry; a window of two lines of the longest kind.
 */
#include "keysnap/store/log_table.h"

#include "keysnap/key/dns_name.h"
#include "keysnap/store/entry.h"
#include "keysnap/store/merkle.h"
#include "keysnap/store/proof.h"
#include "keysnap/store/store.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#define WINDOW (2 * (ENTRY_LINE_MAX + 1))

struct reader {
	int fd;
	const char *path;
	uint8_t *window;
	size_t start, end; /* what is left of it */
	int64_t offset;    /* of "end" in the file */
	struct digest digest;
	struct merkle merkle;
	struct arena *scratch; /* for one line */
	struct log_table *table;
	size_t room;          /* entries allocated */
	GByteArray *types;    /* of the entries so far */
	GArray *about, *keys; /* for the index */
	GArray *anchors;      /* of states of this log */
	GHashTable *evidence; /* digests seen */
	GPtrArray *named;     /* the same, in order */
};

static bool
fail(const struct reader *reader, GError **error, const char *why)
{
	g_set_error(error, STORE_ERROR, STORE_ERROR_INTEGRITY,
	    "%s, line %" G_GUINT64_FORMAT ": %s", reader->path,
	    reader->table->index.n + 1, why);
	return false;
}

/* Get more of the file behind what is left; 0 at its end, -1 on error. */
static ssize_t
fill(struct reader *reader, GError **error)
{
	ssize_t got;

	memmove(reader->window, reader->window + reader->start,
	    reader->end - reader->start);
	reader->end -= reader->start;
	reader->start = 0;
	do {
		got = pread(reader->fd, reader->window + reader->end,
		    WINDOW - reader->end, reader->offset);
	} while (got < 0 && errno == EINTR);
	if (got < 0) {
		g_set_error(error, STORE_ERROR, STORE_ERROR_SYSTEM,
		    "cannot read %s: %s", reader->path, g_strerror(errno));
		return -1;
	}
	digest_add(&reader->digest,
	    (struct span){ reader->window + reader->end, (size_t)got });
	reader->end += (size_t)got;
	reader->offset += got;
	return got;
}

/* The next line without its line feed: 1, 0 at the end, -1 with "error". */
static int
next_line(struct reader *reader, struct span *line_out, GError **error)
{
	for (;;) {
		struct span rest = { reader->window + reader->start,
			reader->end - reader->start };
		size_t n = span_find(rest, '\n');
		ssize_t got;

		if (n < rest.n) {
			*line_out = span_sub(rest, 0, n);
			reader->start += n + 1;
			return 1;
		}
		if (rest.n > ENTRY_LINE_MAX) {
			fail(reader, error, "longer than an entry may be");
			return -1;
		}
		got = fill(reader, error);
		if (got < 0)
			return -1;
		if (got == 0 && rest.n > 0) {
			fail(reader, error, "ends without a line feed");
			return -1;
		}
		if (got == 0)
			return 0;
	}
}

static bool
have_types(
    const struct reader *reader, struct entry_numbers numbers, unsigned types)
{
	for (size_t i = 0; i < numbers.n; i++) {
		if ((types >> reader->types->data[numbers.items[i]] & 1) == 0)
			return false;
	}
	return true;
}

/* What an entry builds on must be of the types that it may build on. */
static bool
check_references(
    const struct reader *reader, const struct entry *entry, const char **why)
{
	struct entry_references references;

	entry_references(entry, &references);
	*why = "its source is no source entry";
	if (!have_types(reader, references.source, 1u << ENTRY_SOURCE))
		return false;
	*why = "it is about an entry of another type than it may be";
	return have_types(reader, references.others, references.other_types);
}

/* A state that an entry says this log had. */
struct stated_root {
	uint64_t size, number; /* of the state, of the entry */
	uint8_t root[32];
};

static void
note_topics(struct reader *reader, const struct entry *entry)
{
	uint64_t number = reader->table->index.n;
	struct stated_root stated = { .number = number };
	struct index_key key = { .number = number };
	struct entry_topics topics;

	entry_topics(entry, &topics);
	for (size_t i = 0; i < topics.about.n; i++) {
		const struct index_about about = { topics.about.items[i],
			number };

		g_array_append_val(reader->about, about);
	}
	if (topics.key != NULL) {
		memcpy(key.key, topics.key, sizeof(key.key));
		g_array_append_val(reader->keys, key);
	}
	if (entry->type == ENTRY_ANCHOR && entry->anchor.of_state) {
		stated.size = entry->anchor.size;
		memcpy(stated.root, entry->anchor.root, sizeof(stated.root));
		g_array_append_val(reader->anchors, stated);
	}
}

static void
note_evidence(struct reader *reader, struct span line)
{
	const uint8_t(*digests)[32];
	size_t n = entry_evidence(reader->scratch, line, &digests);

	for (size_t i = 0; i < n; i++) {
		struct span copy;

		if (g_hash_table_contains(reader->evidence, digests[i]))
			continue;
		copy = arena_copy(
		    reader->table->arena, (struct span){ digests[i], 32 });
		g_hash_table_add(reader->evidence, (void *)(uintptr_t)copy.p);
		g_ptr_array_add(reader->named, (void *)(uintptr_t)copy.p);
	}
}

static struct index_entry *
new_entry(struct reader *reader)
{
	struct index_table *index = &reader->table->index;

	if (index->n == reader->room) {
		reader->room = MAX(1024, 2 * reader->room);
		index->entries =
		    g_renew(struct index_entry, index->entries, reader->room);
	}
	memset(&index->entries[index->n], 0, sizeof(*index->entries));
	return &index->entries[index->n++];
}

/* The reversed name, shared with the entry before where it is the same. */
static struct span
keep_name(struct reader *reader, struct span name)
{
	const struct index_table *index = &reader->table->index;
	struct span reversed = { NULL, 0 };

	if (name.n == 0)
		return reversed;
	reversed = dns_name_reversed(reader->scratch, name);
	if (index->n > 0 &&
	    span_equal(index->entries[index->n - 1].reversed_name, reversed))
		return index->entries[index->n - 1].reversed_name;
	return arena_copy(reader->table->arena, reversed);
}

static bool
take_line(struct reader *reader, struct span line, GError **error)
{
	struct log_table *table = reader->table;
	int64_t at = reader->offset - (int64_t)(reader->end - reader->start) -
	    (int64_t)line.n - 1;
	struct index_entry *indexed;
	struct entry entry;
	const char *why;
	struct span name;
	guint8 type;

	if (!entry_parse(&entry, reader->scratch, line, table->index.n, &why))
		return fail(reader, error, why);
	if (!check_references(reader, &entry, &why))
		return fail(reader, error, why);
	if (entry.type == ENTRY_STORE)
		table->origin = arena_copy(table->arena, entry.store.origin);
	type = (guint8)entry.type;
	g_byte_array_append(reader->types, &type, 1);
	note_evidence(reader, line);
	note_topics(reader, &entry);
	name = keep_name(reader, entry.name);
	indexed = new_entry(reader);
	indexed->offset = (uint64_t)at;
	indexed->length = (uint32_t)line.n;
	indexed->reversed_name = name;
	merkle_leaf(&reader->merkle, line, indexed->leaf_hash);
	merkle_add(&reader->merkle, indexed->leaf_hash);
	return true;
}

static bool
read_lines(struct reader *reader, GError **error)
{
	struct span line;
	int got;

	while ((got = next_line(reader, &line, error)) > 0) {
		if (line.n == 0)
			return fail(reader, error, "empty");
		if (span_find(line, '\r') < line.n)
			return fail(reader, error, "holds a carriage return");
		arena_reset(reader->scratch);
		if (!take_line(reader, line, error))
			return false;
	}
	if (got == 0 && reader->table->index.n == 0)
		return fail(reader, error, "the log is empty");
	return got == 0;
}

/* Equal digests begin with equal octets, and are spread evenly. */
static guint
hash_digest(gconstpointer digest)
{
	guint hash;

	memcpy(&hash, digest, sizeof(hash));
	return hash;
}

static gboolean
equal_digests(gconstpointer a, gconstpointer b)
{
	return memcmp(a, b, 32) == 0;
}

/* An anchor proves a time for a state that this log had, or for none. */
static bool
check_anchors(
    const struct reader *reader, const struct crypto *crypto, GError **error)
{
	const struct index_table *index = &reader->table->index;
	struct proof_tree *tree;
	uint8_t root[32];
	bool ok = true;

	if (reader->anchors->len == 0)
		return true;
	tree = proof_tree_new(crypto, index->entries[0].leaf_hash,
	    sizeof(*index->entries), index->n);
	for (guint i = 0; i < reader->anchors->len && ok; i++) {
		const struct stated_root *stated =
		    &g_array_index(reader->anchors, struct stated_root, i);

		proof_tree_root(tree, stated->size, root);
		ok = memcmp(root, stated->root, sizeof(root)) == 0;
		if (!ok)
			g_set_error(error, STORE_ERROR, STORE_ERROR_INTEGRITY,
			    "%s, line %" G_GUINT64_FORMAT
			    ": an anchor of a state that this log never had",
			    reader->path, stated->number + 1);
	}
	proof_tree_free(tree);
	return ok;
}

static void
finish(struct reader *reader)
{
	struct log_table *table = reader->table;
	uint8_t sha256[DIGEST_MAX_SIZE];

	digest_finish(&reader->digest, sha256);
	memcpy(table->sha256, sha256, sizeof(table->sha256));
	merkle_root(&reader->merkle, table->index.root);
	table->index.n_about = reader->about->len;
	table->index.about =
	    (struct index_about *)(void *)g_array_steal(reader->about, NULL);
	table->index.n_keys = reader->keys->len;
	table->index.keys =
	    (struct index_key *)(void *)g_array_steal(reader->keys, NULL);
	index_table_sort(&table->index);
	table->n_evidence = reader->named->len;
	table->evidence = arena_alloc_array(
	    table->arena, table->n_evidence, sizeof(*table->evidence));
	for (size_t i = 0; i < table->n_evidence; i++)
		table->evidence[i] = reader->named->pdata[i];
}

struct log_table *
log_table_read(
    int fd, const char *path, const struct crypto *crypto, GError **error)
{
	struct reader reader = { .fd = fd, .path = path };
	bool ok;

	reader.window = g_malloc(WINDOW);
	reader.scratch = arena_new();
	reader.table = g_new0(struct log_table, 1);
	reader.table->arena = arena_new();
	reader.types = g_byte_array_new();
	reader.about = g_array_new(FALSE, FALSE, sizeof(struct index_about));
	reader.keys = g_array_new(FALSE, FALSE, sizeof(struct index_key));
	reader.anchors = g_array_new(FALSE, FALSE, sizeof(struct stated_root));
	reader.evidence = g_hash_table_new(hash_digest, equal_digests);
	reader.named = g_ptr_array_new();
	digest_init(&reader.digest, crypto, DIGEST_SHA256);
	merkle_init(&reader.merkle, crypto);
	ok =
	    read_lines(&reader, error) && check_anchors(&reader, crypto, error);
	if (ok)
		finish(&reader);
	merkle_clear(&reader.merkle);
	digest_clear(&reader.digest);
	g_ptr_array_unref(reader.named);
	g_hash_table_unref(reader.evidence);
	g_array_unref(reader.anchors);
	g_array_unref(reader.keys);
	g_array_unref(reader.about);
	g_byte_array_unref(reader.types);
	arena_free(reader.scratch);
	g_free(reader.window);
	if (ok)
		return reader.table;
	log_table_free(reader.table);
	return NULL;
}

void
log_table_free(struct log_table *table)
{
	if (table == NULL)
		return;
	index_table_clear(&table->index);
	arena_free(table->arena);
	g_free(table);
}
