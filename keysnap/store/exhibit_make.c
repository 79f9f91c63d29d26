/*
 * exhibit_make.c - choosing what bears on a name, and proving it.
 *
 * The log is read whole: the inclusion proofs need every leaf hash.
 */
#include "keysnap/store/exhibit_make.h"

#include "keysnap/base/file.h"
#include "keysnap/base/span_key.h"
#include "keysnap/key/dns_name.h"
#include "keysnap/key/public_key.h"
#include "keysnap/store/pack.h"

#include <string.h>
#include <unistd.h>

struct making {
	struct exhibit *exhibit;
	struct snapshot_seals *seals;
	const struct exhibit_choice *choice;
	const struct crypto *crypto;
	struct arena *arena; /* of the seals' folder */
	struct log_table *table;
	int log_fd;
	GHashTable *chosen; /* uint64_t *: numbers */
	GArray *numbers;    /* the same; those from "next" on are to be
			       looked at */
	guint next;
};

static bool
corrupt(const struct snapshot_seals *seals, const char *why, GError **error)
{
	g_set_error(error, STORE_ERROR, STORE_ERROR_INTEGRITY, "%s: %s",
	    seals->folder.path, why);
	return false;
}

static bool
check_log(const struct snapshot_seals *seals, uint64_t n,
    const uint8_t root[32], struct span origin, GError **error)
{
	const struct checkpoint *checkpoint = &seals->folder.checkpoint;

	return (n == checkpoint->size &&
		   memcmp(root, checkpoint->root, 32) == 0 &&
		   span_equal(origin, checkpoint->origin)) ||
	    corrupt(seals, "its log does not fit its checkpoint", error);
}

static int
open_log(
    struct snapshot_seals *seals, const struct crypto *crypto, GError **error)
{
	if (!snapshot_folder_check_signatures(
		&seals->folder, crypto, NULL, error) ||
	    !snapshot_folder_read_manifest(&seals->folder, crypto, error))
		return -1;
	return snapshot_folder_open_file(&seals->folder, "log.jsonl", error);
}

static bool
add_leaf(void *user, const struct index_entry *entry, GError **error)
{
	(void)error;
	proof_tree_add(user, entry->leaf_hash);
	return true;
}

static bool
pass_about(void *user, const struct index_about *about, GError **error)
{
	(void)user;
	(void)about;
	(void)error;
	return true;
}

static bool
pass_key(void *user, const struct index_key *key, GError **error)
{
	(void)user;
	(void)key;
	(void)error;
	return true;
}

static bool
pass_evidence(void *user, const uint8_t sha256[32], GError **error)
{
	(void)user;
	(void)sha256;
	(void)error;
	return true;
}

struct proof_tree *
exhibit_read_tree(struct snapshot_seals *seals, const struct crypto *crypto,
    uint64_t size, GError **error)
{
	g_autofree char *path =
	    snapshot_folder_path(&seals->folder, "log.jsonl");
	g_autoptr(arena_auto) arena = arena_new();
	struct log_facts facts;
	int fd = open_log(seals, crypto, error);
	struct proof_tree *tree;

	if (fd < 0)
		return NULL;
	tree = proof_tree_grow(crypto, size);
	const struct log_sink sink = { tree, add_leaf, pass_about, pass_key,
		pass_evidence };
	if (!log_read(fd, path, crypto, &sink, arena, &facts, error) ||
	    !check_log(seals, facts.n, facts.root, facts.origin, error)) {
		proof_tree_free(tree);
		tree = NULL;
	}
	close(fd);
	return tree;
}

struct log_table *
exhibit_read_log(struct snapshot_seals *seals, const struct crypto *crypto,
    int *fd_out, GError **error)
{
	g_autofree char *path =
	    snapshot_folder_path(&seals->folder, "log.jsonl");
	struct log_table *table = NULL;
	int fd = open_log(seals, crypto, error);

	if (fd < 0)
		return NULL;
	table = log_table_read(fd, path, crypto, error);
	if (table != NULL &&
	    !check_log(seals, table->index.n, table->index.root, table->origin,
		error)) {
		log_table_free(table);
		table = NULL;
	}
	if (table == NULL)
		close(fd);
	else
		*fd_out = fd;
	return table;
}

static void
choose(struct making *making, uint64_t number)
{
	uint64_t *key;

	if (g_hash_table_contains(making->chosen, &number))
		return;
	key = arena_alloc(making->arena, sizeof(*key));
	*key = number;
	g_hash_table_add(making->chosen, key);
	g_array_append_val(making->numbers, number);
}

static bool
read_entry(struct making *making, uint64_t number, struct entry *entry_out,
    GError **error)
{
	const struct index_entry *where = &making->table->index.entries[number];
	uint8_t *octets = arena_alloc(making->arena, where->length + 1);
	const char *why;

	if (!file_read_at(making->log_fd, making->seals->folder.path, octets,
		where->length, (int64_t)where->offset, error))
		return false;
	return entry_parse(entry_out, making->arena,
		   (struct span){ octets, where->length }, number, &why) ||
	    corrupt(making->seals, why, error);
}

static void
choose_key(struct making *making, const struct entry *entry)
{
	const struct index_table *index = &making->table->index;
	struct key_record record;
	struct public_key key;
	uint64_t at, n;

	key_record_parse(&record, making->arena,
	    entry_joined(making->arena, &entry->observation));
	if (record.key_data.n == 0)
		return;
	public_key_parse(&key, making->arena, making->crypto, &record);
	at = index_table_find_key(index, key.sha256, &n);
	for (uint64_t i = 0; i < n; i++)
		choose(making, index->keys[at + i].number);
}

/* What the entry builds on, and what is about it. */
static bool
follow(struct making *making, uint64_t number, GError **error)
{
	const struct index_table *index = &making->table->index;
	struct entry_references references;
	struct entry entry;
	uint64_t n, at = index_table_find_about(index, number, &n);

	if (!read_entry(making, number, &entry, error))
		return false;
	entry_references(&entry, &references);
	for (size_t i = 0; i < references.source.n; i++)
		choose(making, references.source.items[i]);
	for (uint64_t i = 0; i < n; i++)
		choose(making, index->about[at + i].number);
	if (entry.type == ENTRY_OBSERVATION &&
	    (entry.observation.kind == OBSERVATION_PRESENT ||
		entry.observation.kind == OBSERVATION_RECOVERED))
		choose_key(making, &entry);
	return true;
}

static int
order_numbers(const void *a, const void *b)
{
	uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

	return x < y ? -1 : x > y;
}

/* Everything that bears on the name, in order.  False without error: nothing
 * is under it. */
static bool
choose_all(struct making *making, GError **error)
{
	const struct index_table *index = &making->table->index;
	struct span reversed =
	    dns_name_reversed(making->arena, making->choice->name);
	uint64_t n, at = index_table_find(index, reversed, &n);

	if (n == 0)
		return false;
	choose(making, 0);
	for (uint64_t i = 0; i < n && i <= EXHIBIT_ENTRIES_MAX; i++)
		choose(making, index->by_name[at + i]);
	for (; making->next < making->numbers->len; making->next++) {
		if (making->numbers->len > EXHIBIT_ENTRIES_MAX) {
			g_set_error(error, STORE_ERROR, STORE_ERROR_SYSTEM,
			    "%s holds more on this name than an exhibit may",
			    making->seals->folder.path);
			return false;
		}
		if (!follow(making,
			g_array_index(making->numbers, uint64_t, making->next),
			error))
			return false;
	}
	g_array_sort(making->numbers, order_numbers);
	return true;
}

static bool
prove_all(struct making *making, GError **error)
{
	const struct index_table *index = &making->table->index;
	struct exhibit *exhibit = making->exhibit;
	guint n = making->numbers->len;
	struct proof_tree *tree = proof_tree_new(making->crypto,
	    index->entries[0].leaf_hash, sizeof(*index->entries), index->n);
	bool ok = true;

	exhibit->entries =
	    arena_alloc_array(making->arena, n, sizeof(*exhibit->entries));
	for (guint i = 0; i < n && ok; i++) {
		struct exhibit_entry *out = &exhibit->entries[i];
		struct entry entry;

		out->number = g_array_index(making->numbers, uint64_t, i);
		ok = read_entry(making, out->number, &entry, error);
		out->leaf = entry.line;
		if (ok)
			proof_make_inclusion(tree, out->number, &out->proof);
	}
	exhibit->n_entries = n;
	proof_tree_free(tree);
	return ok;
}

/* Digests that the chosen entries name, in order: where each stands. */
static GHashTable *
collect_named(
    struct making *making, struct exhibit_piece **pieces_out, size_t *n_out)
{
	GHashTable *named = g_hash_table_new_full(
	    bytes_key_hash, g_bytes_equal, (GDestroyNotify)g_bytes_unref, NULL);
	g_autoptr(GArray) pieces =
	    g_array_new(FALSE, TRUE, sizeof(struct exhibit_piece));

	for (size_t i = 0; i < making->exhibit->n_entries; i++) {
		const uint8_t(*digests)[32];
		size_t n = entry_evidence(
		    making->arena, making->exhibit->entries[i].leaf, &digests);

		for (size_t j = 0; j < n; j++) {
			struct exhibit_piece piece = { .octets = { NULL, 0 } };

			memcpy(piece.sha256, digests[j], 32);
			if (!g_hash_table_insert(named,
				g_bytes_new(digests[j], 32),
				GUINT_TO_POINTER(pieces->len)))
				continue;
			g_array_append_val(pieces, piece);
		}
	}
	*n_out = pieces->len;
	*pieces_out = arena_alloc_array(
	    making->arena, pieces->len + 1, sizeof(**pieces_out));
	if (pieces->len > 0)
		memcpy(*pieces_out, pieces->data,
		    pieces->len * sizeof(**pieces_out));
	return named;
}

/* Take the wanted pieces out of one pack, while there is room. */
static bool
read_pack(struct making *making, const char *name, GHashTable *named,
    struct exhibit_piece *pieces, uint64_t *room, GError **error)
{
	g_autofree char *path =
	    snapshot_folder_path(&making->seals->folder, name);
	struct pack_reader *reader =
	    pack_reader_open(path, making->crypto, error);
	uint8_t sha256[32];
	struct span blob;
	gpointer at;
	int got = -1;

	while (reader != NULL &&
	    (got = pack_reader_next(reader, sha256, &blob, error)) > 0) {
		g_autoptr(GBytes) key = g_bytes_new(sha256, 32);

		if (blob.n > *room ||
		    !g_hash_table_lookup_extended(named, key, NULL, &at))
			continue;
		*room -= blob.n;
		pieces[GPOINTER_TO_UINT(at)].octets =
		    blob.n > 0 ? arena_copy(making->arena, blob) : SPAN("");
	}
	if (reader != NULL)
		pack_reader_close(reader);
	return got == 0;
}

/* Those that were found, and those that were not. */
static void
part_pieces(struct making *making, struct exhibit_piece *pieces, size_t n)
{
	struct exhibit *exhibit = making->exhibit;

	exhibit->pieces = pieces;
	exhibit->left_out = arena_alloc_array(making->arena, n + 1, 32);
	for (size_t i = 0; i < n; i++) {
		if (pieces[i].octets.p != NULL)
			exhibit->pieces[exhibit->n_pieces++] = pieces[i];
		else
			memcpy(exhibit->left_out[exhibit->n_left_out++],
			    pieces[i].sha256, 32);
	}
}

static bool
take_evidence(struct making *making, GError **error)
{
	const struct manifest *manifest = &making->seals->folder.manifest;
	uint64_t room = MIN(making->choice->evidence, EXHIBIT_EVIDENCE_MAX);
	struct exhibit_piece *pieces;
	size_t n;
	g_autoptr(GHashTable) named = collect_named(making, &pieces, &n);

	if (n > EXHIBIT_PIECES_MAX)
		return corrupt(making->seals,
		    "more pieces of evidence than an exhibit may have", error);
	for (size_t i = 0; i < manifest->n && n > 0 && room > 0; i++) {
		g_autofree char *name = span_dup(manifest->files[i].name);

		if (g_str_has_prefix(name, "evidence/") &&
		    !read_pack(making, name, named, pieces, &room, error))
			return false;
	}
	part_pieces(making, pieces, n);
	return true;
}

/* Files of seals/ that are of a seal. */
static void
take_seals(struct making *making)
{
	const struct seal_set *set = &making->seals->set;
	struct seal_file *files =
	    arena_alloc_array(making->arena, set->n + 1, sizeof(*files));
	size_t n = 0;

	for (size_t i = 0; i < set->n; i++) {
		if (seal_number(set->files[i].name) > 0)
			files[n++] = set->files[i];
	}
	making->exhibit->seals = (struct seal_set){ files, n };
}

bool
exhibit_make(struct exhibit *exhibit, struct snapshot_seals *seals,
    const struct exhibit_choice *choice, const struct crypto *crypto,
    GError **error)
{
	struct making making = {
		.exhibit = exhibit,
		.seals = seals,
		.choice = choice,
		.crypto = crypto,
		.arena = seals->folder.arena,
		.chosen = g_hash_table_new(g_int64_hash, g_int64_equal),
		.numbers = g_array_new(FALSE, FALSE, sizeof(uint64_t)),
	};
	bool ok;

	memset(exhibit, 0, sizeof(*exhibit));
	making.table = exhibit_read_log(seals, crypto, &making.log_fd, error);
	ok = making.table != NULL && choose_all(&making, error) &&
	    prove_all(&making, error) && take_evidence(&making, error);
	if (ok) {
		exhibit->name = choice->name;
		exhibit->checkpoint_octets = seals->folder.checkpoint_octets;
		exhibit->checkpoint = seals->folder.checkpoint;
		take_seals(&making);
	}
	if (making.table != NULL)
		close(making.log_fd);
	log_table_free(making.table);
	g_hash_table_unref(making.chosen);
	g_array_unref(making.numbers);
	return ok;
}
