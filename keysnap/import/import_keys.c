/*
 * import_keys.c - the keys in a store, and what was said of them already.
 */
#include "keysnap/import/import_keys.h"
#include "keysnap/base/span_key.h"
#include "keysnap/key/public_key.h"

/* What an annotation of a key is known by. */
struct said {
	uint8_t key[32], evidence[32];
	int64_t since;
	uint64_t kind, precision;
};

struct import_keys {
	const struct crypto *crypto;
	struct arena *arena;
	GHashTable *keys; /* GBytes */
	GHashTable *said; /* GBytes of struct said -> uint64_t */
};

void
import_keys_free(struct import_keys *keys)
{
	if (keys == NULL)
		return;
	g_hash_table_destroy(keys->keys);
	g_hash_table_destroy(keys->said);
	arena_free(keys->arena);
	g_free(keys);
}

static GBytes *
make_said(const struct entry_annotation *annotation)
{
	struct said said = { .since = annotation->since,
		.kind = annotation->kind,
		.precision = annotation->precision };

	memcpy(said.key, annotation->key, 32);
	if (annotation->evidence.n > 0)
		memcpy(said.evidence, annotation->evidence.items[0], 32);
	if (annotation->since == TIMESTAMP_NONE)
		said.precision = 0;
	return g_bytes_new(&said, sizeof(said));
}

static void
add_annotation(struct import_keys *keys,
    const struct entry_annotation *annotation, uint64_t number)
{
	uint64_t *value;

	if (!annotation->has_key || annotation->name.n > 0)
		return;
	value = g_new(uint64_t, 1);
	*value = number;
	g_hash_table_replace(keys->said, make_said(annotation), value);
}

static void
add_key(struct import_keys *keys, const struct entry_observation *observation)
{
	struct key_record record;
	struct public_key key;

	key_record_parse(
	    &record, keys->arena, entry_joined(keys->arena, observation));
	if ((record.defects & KEY_RECORD_FATAL) != 0 || record.revoked)
		return;
	public_key_parse(&key, keys->arena, keys->crypto, &record);
	if (key.status != PUBLIC_KEY_MALFORMED &&
	    key.status != PUBLIC_KEY_WRONG_ALGORITHM &&
	    key.status != PUBLIC_KEY_BAD_LENGTH)
		g_hash_table_add(
		    keys->keys, g_bytes_new(key.sha256, sizeof(key.sha256)));
}

static bool
visit(void *user, uint64_t index, struct span leaf)
{
	struct import_keys *keys = user;
	struct entry entry;
	const char *why;

	arena_reset(keys->arena);
	if (!entry_parse(&entry, keys->arena, leaf, index, &why))
		return true; /* keysnap verify says so; here it has no key */
	if (entry.type == ENTRY_OBSERVATION &&
	    (entry.observation.kind == OBSERVATION_PRESENT ||
		entry.observation.kind == OBSERVATION_RECOVERED))
		add_key(keys, &entry.observation);
	else if (entry.type == ENTRY_ANNOTATION)
		add_annotation(keys, &entry.annotation, index);
	return true;
}

struct import_keys *
import_keys_new(
    struct store *store, const struct crypto *crypto, GError **error)
{
	struct import_keys *keys = g_new0(struct import_keys, 1);

	keys->crypto = crypto;
	keys->arena = arena_new();
	keys->keys = g_hash_table_new_full(
	    bytes_key_hash, g_bytes_equal, (GDestroyNotify)g_bytes_unref, NULL);
	keys->said = g_hash_table_new_full(bytes_key_hash, g_bytes_equal,
	    (GDestroyNotify)g_bytes_unref, g_free);
	if (store_each(store, 0, visit, keys, error))
		return keys;
	import_keys_free(keys);
	return NULL;
}

bool
import_keys_has(const struct import_keys *keys, const uint8_t sha256[32])
{
	g_autoptr(GBytes) key = g_bytes_new_static(sha256, 32);

	return g_hash_table_contains(keys->keys, key);
}

uint64_t
import_keys_said(
    const struct import_keys *keys, const struct entry_annotation *annotation)
{
	g_autoptr(GBytes) said = make_said(annotation);
	const uint64_t *number = g_hash_table_lookup(keys->said, said);

	return number == NULL ? ENTRY_NONE : *number;
}
