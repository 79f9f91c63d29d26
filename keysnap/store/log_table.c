/*
 * log_table.c - the log as tables in memory: 64 octets, a name and 16 or 40
 * octets for each topic per entry.
 */
#include "keysnap/store/log_table.h"

#include <string.h>

struct filling {
	struct log_table *table;
	size_t room;          /* entries allocated */
	GArray *about, *keys; /* for the index */
	GHashTable *evidence; /* digests seen */
	GPtrArray *named;     /* the same, in order */
};

/* The reversed name, shared with the entry before where it is the same. */
static struct span
keep_name(struct filling *filling, struct span reversed)
{
	const struct index_table *index = &filling->table->index;

	if (reversed.n == 0)
		return (struct span){ NULL, 0 };
	if (index->n > 0 &&
	    span_equal(index->entries[index->n - 1].reversed_name, reversed))
		return index->entries[index->n - 1].reversed_name;
	return arena_copy(filling->table->arena, reversed);
}

static bool
take_entry(void *user, const struct index_entry *entry, GError **error)
{
	struct filling *filling = user;
	struct index_table *index = &filling->table->index;
	struct span name = keep_name(filling, entry->reversed_name);

	(void)error;
	if (index->n == filling->room) {
		filling->room = MAX(1024, 2 * filling->room);
		index->entries =
		    g_renew(struct index_entry, index->entries, filling->room);
	}
	index->entries[index->n] = *entry;
	index->entries[index->n++].reversed_name = name;
	return true;
}

static bool
take_about(void *user, const struct index_about *about, GError **error)
{
	struct filling *filling = user;

	(void)error;
	g_array_append_vals(filling->about, about, 1);
	return true;
}

static bool
take_key(void *user, const struct index_key *key, GError **error)
{
	struct filling *filling = user;

	(void)error;
	g_array_append_vals(filling->keys, key, 1);
	return true;
}

static bool
take_evidence(void *user, const uint8_t sha256[32], GError **error)
{
	struct filling *filling = user;
	struct span copy;

	(void)error;
	if (g_hash_table_contains(filling->evidence, sha256))
		return true;
	copy = arena_copy(filling->table->arena, (struct span){ sha256, 32 });
	g_hash_table_add(filling->evidence, (void *)(uintptr_t)copy.p);
	g_ptr_array_add(filling->named, (void *)(uintptr_t)copy.p);
	return true;
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

static void
finish(struct filling *filling, const struct log_facts *facts)
{
	struct log_table *table = filling->table;

	memcpy(table->sha256, facts->sha256, sizeof(table->sha256));
	memcpy(table->index.root, facts->root, sizeof(table->index.root));
	table->origin = facts->origin;
	table->index.n_about = filling->about->len;
	table->index.about =
	    (struct index_about *)(void *)g_array_steal(filling->about, NULL);
	table->index.n_keys = filling->keys->len;
	table->index.keys =
	    (struct index_key *)(void *)g_array_steal(filling->keys, NULL);
	index_table_sort(&table->index);
	table->n_evidence = filling->named->len;
	table->evidence = arena_alloc_array(
	    table->arena, table->n_evidence, sizeof(*table->evidence));
	for (size_t i = 0; i < table->n_evidence; i++)
		table->evidence[i] = filling->named->pdata[i];
}

struct log_table *
log_table_read(
    int fd, const char *path, const struct crypto *crypto, GError **error)
{
	struct filling filling = { .room = 0 };
	const struct log_sink sink = { &filling, take_entry, take_about,
		take_key, take_evidence };
	struct log_facts facts;
	bool ok;

	filling.table = g_new0(struct log_table, 1);
	filling.table->arena = arena_new();
	filling.about = g_array_new(FALSE, FALSE, sizeof(struct index_about));
	filling.keys = g_array_new(FALSE, FALSE, sizeof(struct index_key));
	filling.evidence = g_hash_table_new(hash_digest, equal_digests);
	filling.named = g_ptr_array_new();
	ok = log_read(
	    fd, path, crypto, &sink, filling.table->arena, &facts, error);
	if (ok)
		finish(&filling, &facts);
	g_ptr_array_unref(filling.named);
	g_hash_table_unref(filling.evidence);
	g_array_unref(filling.keys);
	g_array_unref(filling.about);
	if (ok)
		return filling.table;
	log_table_free(filling.table);
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
