/*
 * log_reader.c - reading the log.  Memory: an octet for each entry, 2 KiB for
 * each MARK of them, and 48 octets for each anchor.
 */
#include "keysnap/store/log_reader.h"

#include "keysnap/key/dns_name.h"
#include "keysnap/store/entry.h"
#include "keysnap/store/log_lines.h"
#include "keysnap/store/merkle.h"
#include "keysnap/store/store.h"

#include <string.h>

#define MARK 1024 /* entries from one mark to the next */

/* The tree over the entries before "offset": from the mark before it, the root
 * of any state is a matter of MARK lines. */
struct mark {
	int64_t offset;
	uint64_t size;
	uint8_t full[MERKLE_LEVELS][32];
};

/* A state that an entry says this log had. */
struct stated_root {
	uint64_t size, number; /* of the state, of the entry */
	uint8_t root[32];
};

struct reader {
	struct log_lines lines;
	const struct crypto *crypto;
	struct digest digest;
	struct merkle merkle;
	struct arena *scratch; /* for one line */
	struct arena *arena;   /* the caller's */
	const struct log_sink *sink;
	struct log_facts *facts;
	GByteArray *types;       /* of the entries so far */
	GArray *anchors, *marks; /* stated roots, in the order of the log */
};

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

static void
note_anchor(struct reader *reader, const struct entry *entry, uint64_t number)
{
	struct stated_root stated = { .number = number };

	if (entry->type != ENTRY_ANCHOR || !entry->anchor.of_state)
		return;
	stated.size = entry->anchor.size;
	memcpy(stated.root, entry->anchor.root, sizeof(stated.root));
	g_array_append_val(reader->anchors, stated);
}

static bool
give_topics(struct reader *reader, const struct entry *entry, uint64_t number,
    GError **error)
{
	const struct log_sink *sink = reader->sink;
	struct index_key key = { .number = number };
	struct entry_topics topics;

	entry_topics(entry, &topics);
	for (size_t i = 0; i < topics.about.n; i++) {
		const struct index_about about = { topics.about.items[i],
			number };

		if (!sink->about(sink->user, &about, error))
			return false;
	}
	if (topics.key == NULL)
		return true;
	memcpy(key.key, topics.key, sizeof(key.key));
	return sink->key(sink->user, &key, error);
}

static bool
give_evidence(struct reader *reader, struct span line, GError **error)
{
	const uint8_t(*digests)[32];
	size_t n = entry_evidence(reader->scratch, line, &digests);

	for (size_t i = 0; i < n; i++) {
		if (!reader->sink->evidence(
			reader->sink->user, digests[i], error))
			return false;
	}
	return true;
}

static bool
give_entry(struct reader *reader, const struct entry *entry, uint64_t number,
    GError **error)
{
	struct index_entry indexed = {
		.offset = (uint64_t)reader->lines.offset,
		.length = (uint32_t)entry->line.n,
	};

	if (entry->name.n > 0)
		indexed.reversed_name =
		    dns_name_reversed(reader->scratch, entry->name);
	merkle_leaf(&reader->merkle, entry->line, indexed.leaf_hash);
	merkle_add(&reader->merkle, indexed.leaf_hash);
	return reader->sink->entry(reader->sink->user, &indexed, error) &&
	    give_topics(reader, entry, number, error) &&
	    give_evidence(reader, entry->line, error);
}

static void
add_mark(struct reader *reader)
{
	struct mark mark = { .offset = reader->lines.offset,
		.size = reader->merkle.size };

	memcpy(mark.full, reader->merkle.full, sizeof(mark.full));
	g_array_append_val(reader->marks, mark);
}

static bool
take_line(struct reader *reader, struct span line, GError **error)
{
	uint64_t number = reader->merkle.size;
	struct entry entry;
	const char *why;
	guint8 type;

	arena_reset(reader->scratch);
	if (!entry_parse(&entry, reader->scratch, line, number, &why) ||
	    !check_references(reader, &entry, &why))
		return log_lines_fail(&reader->lines, why, error);
	if (number % MARK == 0)
		add_mark(reader);
	if (entry.type == ENTRY_STORE)
		reader->facts->origin =
		    arena_copy(reader->arena, entry.store.origin);
	type = (guint8)entry.type;
	g_byte_array_append(reader->types, &type, 1);
	note_anchor(reader, &entry, number);
	return give_entry(reader, &entry, number, error);
}

static bool
read_lines(struct reader *reader, GError **error)
{
	struct span line;
	int got;

	while ((got = log_lines_next(&reader->lines, &line, error)) > 0) {
		if (!take_line(reader, line, error))
			return false;
	}
	if (got == 0 && reader->merkle.size == 0) {
		reader->lines.number = 1;
		return log_lines_fail(
		    &reader->lines, "the log is empty", error);
	}
	return got == 0;
}

static bool
is_tree_at(const struct merkle *merkle, const struct mark *mark)
{
	for (unsigned i = 0; i < MERKLE_LEVELS; i++) {
		if ((mark->size >> i & 1) != 0 &&
		    memcmp(merkle->full[i], mark->full[i], 32) != 0)
			return false;
	}
	return merkle->size == mark->size;
}

/*
 * The root of the first "size" entries.  The lines from the mark before it to
 * the one behind it are read again, and must lead from the one to the other:
 * a file that changes meanwhile gives no root that the log never had.
 */
static bool
find_root(struct reader *reader, uint64_t size, uint8_t out[32], GError **error)
{
	const struct mark *marks = (const void *)reader->marks->data;
	const struct mark *from = &marks[size / MARK], *to = from + 1;
	struct merkle merkle;
	struct log_lines lines;
	struct span line;
	uint8_t hash[32];
	int got = 1;

	merkle_init(&merkle, reader->crypto);
	merkle.size = from->size;
	memcpy(merkle.full, from->full, sizeof(merkle.full));
	log_lines_init(
	    &lines, reader->lines.fd, reader->lines.path, from->offset);
	while (got > 0) {
		if (merkle.size == size)
			merkle_root(&merkle, out);
		if (merkle.size == to->size)
			break;
		got = log_lines_next(&lines, &line, error);
		if (got <= 0)
			break;
		merkle_leaf(&merkle, line, hash);
		merkle_add(&merkle, hash);
	}
	if (got >= 0 && !is_tree_at(&merkle, to)) {
		log_lines_fail(
		    &lines, "the log has changed while it was read", error);
		got = -1;
	}
	log_lines_clear(&lines);
	merkle_clear(&merkle);
	return got >= 0;
}

/* An anchor proves a time for a state that this log had, or for none. */
static bool
check_anchors(struct reader *reader, GError **error)
{
	if (reader->anchors->len > 0)
		add_mark(reader);
	for (guint i = 0; i < reader->anchors->len; i++) {
		const struct stated_root *stated =
		    &g_array_index(reader->anchors, struct stated_root, i);
		uint8_t root[32];

		if (!find_root(reader, stated->size, root, error))
			return false;
		reader->lines.number = stated->number + 1;
		if (memcmp(root, stated->root, sizeof(root)) != 0)
			return log_lines_fail(&reader->lines,
			    "an anchor of a state that this log never had",
			    error);
	}
	return true;
}

static void
finish(struct reader *reader)
{
	uint8_t sha256[DIGEST_MAX_SIZE];

	digest_finish(&reader->digest, sha256);
	memcpy(reader->facts->sha256, sha256, sizeof(reader->facts->sha256));
	merkle_root(&reader->merkle, reader->facts->root);
	reader->facts->n = reader->merkle.size;
}

bool
log_read(int fd, const char *path, const struct crypto *crypto,
    const struct log_sink *sink, struct arena *arena,
    struct log_facts *facts_out, GError **error)
{
	struct reader reader = { .crypto = crypto,
		.arena = arena,
		.sink = sink,
		.facts = facts_out };
	bool ok;

	memset(facts_out, 0, sizeof(*facts_out));
	log_lines_init(&reader.lines, fd, path, 0);
	reader.lines.digest = &reader.digest;
	reader.scratch = arena_new();
	reader.types = g_byte_array_new();
	reader.anchors = g_array_new(FALSE, FALSE, sizeof(struct stated_root));
	reader.marks = g_array_new(FALSE, FALSE, sizeof(struct mark));
	digest_init(&reader.digest, crypto, DIGEST_SHA256);
	merkle_init(&reader.merkle, crypto);
	ok = read_lines(&reader, error) && check_anchors(&reader, error);
	if (ok)
		finish(&reader);
	merkle_clear(&reader.merkle);
	digest_clear(&reader.digest);
	g_array_unref(reader.marks);
	g_array_unref(reader.anchors);
	g_byte_array_unref(reader.types);
	arena_free(reader.scratch);
	log_lines_clear(&reader.lines);
	return ok;
}
