/*
 * cmd_anchor_write.c - anchors into a store, with their evidence.
 * Limits: EVIDENCE_MAX octets of a piece, ENTRY_LIST_MAX pieces.
 */
#include "keysnap/base/digest.h"
#include "keysnap/base/text.h"
#include "keysnap/cmd_anchor.h"
#include "keysnap/cmd_entry.h"
#include "keysnap/store/pack.h"
#include "keysnap/store/retraction.h"

#include <string.h>

#define PIECES_MAX 512 /* all files of the seals, and what was given */

void
anchor_writer_init(struct anchor_writer *writer, struct command_line *line,
    struct arena *arena, GString *out)
{
	memset(writer, 0, sizeof(*writer));
	writer->line = line;
	writer->arena = arena;
	writer->out = out;
	anchor_writer_start(writer);
}

bool
anchor_writer_begin(struct anchor_writer *writer, GError **error)
{
	return store_about_log(
		   writer->store, writer->arena, &writer->known, error) &&
	    store_begin(writer->store, error);
}

bool
anchor_writer_end(struct anchor_writer *writer, bool commit, GError **error)
{
	if (commit)
		return store_commit(writer->store, error);
	store_abort(writer->store);
	return true;
}

void
anchor_writer_start(struct anchor_writer *writer)
{
	writer->hashes = arena_alloc_array(writer->arena, PIECES_MAX, 32);
	writer->octets = arena_alloc_array(
	    writer->arena, PIECES_MAX, sizeof(*writer->octets));
	writer->n = 0;
}

void
anchor_writer_keep(struct anchor_writer *writer, struct span octets)
{
	uint8_t sha256[32];

	digest_sha256(writer->line->crypto, octets, sha256);
	for (size_t i = 0; i < writer->n; i++) {
		if (memcmp(writer->hashes[i], sha256, 32) == 0)
			return;
	}
	g_assert(writer->n < PIECES_MAX && octets.n <= EVIDENCE_MAX);
	memcpy(writer->hashes[writer->n], sha256, 32);
	writer->octets[writer->n++] = octets;
}

/* ---- what the store has -------------------------------------------------- */

struct search {
	struct arena *arena;
	const uint8_t *sha256;
	char member[DIGEST_HEX_SIZE + 12]; /* as it stands in a leaf */
	bool found;
};

/* Only leaves that hold the digits are parsed. */
static bool
look_at(void *user, uint64_t index, struct span leaf)
{
	struct search *search = user;
	struct entry entry;
	const char *why;

	if (memmem(leaf.p, leaf.n, search->member, strlen(search->member)) ==
	    NULL)
		return true;
	arena_reset(search->arena);
	search->found = entry_parse(&entry, search->arena, leaf, index, &why) &&
	    entry.type == ENTRY_SOURCE &&
	    memcmp(entry.source.sha256, search->sha256, 32) == 0;
	return !search->found;
}

bool
anchor_writer_knows(
    struct anchor_writer *writer, const uint8_t sha256[32], GError **error)
{
	struct search search = { .sha256 = sha256 };
	char hex[DIGEST_HEX_SIZE];

	if (store_has_evidence(writer->store, sha256))
		return true;
	digest_to_hex((struct span){ sha256, 32 }, hex);
	g_snprintf(
	    search.member, sizeof(search.member), "\"sha256\":\"%s\"", hex);
	search.arena = arena_new();
	if (!store_each(writer->store, 0, look_at, &search, error))
		search.found = false;
	arena_free(search.arena);
	return search.found;
}

/* The same proof of the same thing? */
static bool
is_same(const struct entry_anchor *a, const struct entry_anchor *b)
{
	if (a->kind != b->kind || a->of_state != b->of_state ||
	    memcmp(a->evidence.items[0], b->evidence.items[0], 32) != 0)
		return false;
	return a->of_state ? a->size == b->size
			   : memcmp(a->digest, b->digest, 32) == 0;
}

static bool
is_there(const struct anchor_writer *writer, const struct entry_anchor *anchor,
    uint64_t *number_out)
{
	GHashTable *foreign = g_hash_table_new(NULL, NULL);
	GHashTable *retractions = retractions_new(&writer->known, foreign);
	bool found = false;
	uint64_t by;

	for (size_t i = 0; i < writer->known.n && !found; i++) {
		const struct entry *entry = &writer->known.entries[i];

		*number_out = writer->known.numbers[i];
		found = entry->type == ENTRY_ANCHOR &&
		    is_same(&entry->anchor, anchor) &&
		    !g_hash_table_contains(
			foreign, GSIZE_TO_POINTER((gsize)*number_out + 1)) &&
		    !retractions_has(retractions, *number_out, entry, &by);
	}
	g_hash_table_unref(retractions);
	g_hash_table_unref(foreign);
	return found;
}

/* ---- adding -------------------------------------------------------------- */

static bool
add_evidence(const struct anchor_writer *writer, GError **error)
{
	for (size_t i = 0; i < writer->n; i++) {
		if (!store_add_evidence(writer->store, writer->hashes[i],
			writer->octets[i], error))
			return false;
	}
	return true;
}

static void
tell(struct anchor_writer *writer, const struct entry_anchor *anchor,
    uint64_t number, bool was_there)
{
	GString *out = writer->out;
	char at[TIMESTAMP_SIZE], hex[DIGEST_HEX_SIZE];

	timestamp_format(anchor->time, at);
	digest_to_hex((struct span){ anchor->digest, 32 }, hex);
	text_append_terminal(out, span_from_string(writer->line->arguments[0]));
	g_string_append_printf(out, ": entry %" PRIu64 "%s: ", number,
	    was_there ? ", which was there before" : "");
	if (anchor->of_state)
		g_string_append_printf(
		    out, "the entries below %" PRIu64, anchor->size);
	else
		g_string_append_printf(out, "%s", hex);
	g_string_append_printf(out, " existed by %s, says ", at);
	text_append_terminal(out, anchor->authority);
	g_string_append_c(out, '\n');
}

bool
anchor_writer_add(
    struct anchor_writer *writer, struct entry *entry, GError **error)
{
	uint64_t number;
	bool was_there;

	entry->anchor.evidence =
	    (struct entry_hashes){ (const uint8_t(*)[32])writer->hashes,
		    writer->n };
	was_there = is_there(writer, &entry->anchor, &number);
	if (!was_there &&
	    (!add_evidence(writer, error) ||
		!store_append(writer->store, entry, &number, error)))
		return false;
	tell(writer, &entry->anchor, number, was_there);
	return true;
}
