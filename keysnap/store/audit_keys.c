/*
 * audit_keys.c - the distinct keys of a log, for an audit.
 */
#include "keysnap/store/audit_keys.h"

#include "keysnap/key/dns_name.h"
#include "keysnap/store/lmdb_file.h"

#include <string.h>

#define BESIDE_KEY 128 /* octets of the table, and what the arena rounds up */

struct gathering {
	struct audit_keys *keys;
	const struct crypto *crypto;
	uint64_t from, below, memory_max;
	GHashTable *table;     /* audit_key's sha256 to its index + 1 */
	struct arena *scratch; /* of one entry */
	const char *why;       /* of an entry that cannot be read */
	bool too_large;
};

/* SHA-256 is as good as random; nobody can make many alike. */
static guint
hash_key(gconstpointer key)
{
	guint hash;

	memcpy(&hash, key, sizeof(hash));
	return hash;
}

static gboolean
equal_key(gconstpointer a, gconstpointer b)
{
	return memcmp(a, b, 32) == 0;
}

/* The last two labels of the domain of a key's name. */
static struct span
domain_end(struct span name)
{
	struct span selector, domain;
	unsigned dots = 0;

	if (!dns_name_split_key(name, &selector, &domain))
		domain = name;
	for (size_t i = domain.n; i > 0; i--) {
		if (domain.p[i - 1] == '.' && ++dots == 2)
			return span_from(domain, i);
	}
	return domain;
}

bool
audit_keys_related(struct span name, struct span other)
{
	return span_equal(domain_end(name), domain_end(other));
}

static unsigned
bit_length(struct span number)
{
	unsigned bits = (unsigned)(8 * number.n);

	for (unsigned top = 0x80; number.n > 0 && top > number.p[0]; top >>= 1)
		bits--;
	return bits;
}

static void
set_numbers(struct gathering *gathering, struct audit_key *key,
    const struct public_key *parsed)
{
	struct span modulus = parsed->modulus, exponent = parsed->exponent;

	key->numbers = (struct modulus_numbers){
		.bits = parsed->bits,
		.exponent_bits = bit_length(exponent),
		.exponent_even = (exponent.p[exponent.n - 1] & 1) == 0,
		.exponent_exceeds = exponent.n > modulus.n ||
		    (exponent.n == modulus.n &&
			span_compare(exponent, modulus) >= 0),
	};
	/* Larger ones are not calculated with. */
	if (parsed->bits <= PUBLIC_KEY_MAX_BITS)
		key->numbers.modulus =
		    arena_copy(gathering->keys->arena, modulus);
}

static void
add_key(struct gathering *gathering, const struct public_key *parsed,
    uint64_t entry, struct span name)
{
	struct audit_keys *keys = gathering->keys;
	struct audit_key key = { .entry = entry, .type = parsed->type };
	uint8_t *sha256 = arena_alloc(keys->arena, sizeof(key.sha256));

	memcpy(key.sha256, parsed->sha256, sizeof(key.sha256));
	memcpy(sha256, parsed->sha256, sizeof(key.sha256));
	key.name = arena_copy(keys->arena, name);
	key.small_order = parsed->type == KEY_TYPE_ED25519 &&
	    (parsed->flags & PUBLIC_KEY_FORGEABLE) != 0;
	if (parsed->type == KEY_TYPE_RSA)
		set_numbers(gathering, &key, parsed);
	g_array_append_val(keys->array, key);
	g_hash_table_insert(gathering->table, sha256,
	    GSIZE_TO_POINTER((gsize)keys->array->len));
	keys->memory += sizeof(key) + name.n + key.numbers.modulus.n +
	    sizeof(key.sha256) + BESIDE_KEY;
	gathering->too_large = keys->memory > gathering->memory_max ||
	    keys->array->len == G_MAXUINT32;
}

static void
see_name(struct gathering *gathering, struct audit_key *key, struct span name)
{
	if (key->more_names && key->unrelated.n > 0)
		return;
	if (span_equal(key->name, name))
		return;
	key->more_names = true;
	if (key->unrelated.n == 0 && !audit_keys_related(key->name, name)) {
		key->unrelated = arena_copy(gathering->keys->arena, name);
		gathering->keys->memory += name.n + 16;
	}
}

/* The key of an observation; false when it has none. */
static bool
parse_key(struct gathering *gathering,
    const struct entry_observation *observation, struct public_key *key_out)
{
	struct key_record record;

	key_record_parse(&record, gathering->scratch,
	    entry_joined(gathering->scratch, observation));
	if (record.revoked || record.key_data.n == 0)
		return false;
	public_key_parse(
	    key_out, gathering->scratch, gathering->crypto, &record);
	return key_out->type == KEY_TYPE_RSA ? key_out->modulus.n > 0
					     : key_out->raw.n > 0;
}

static void
take_observation(struct gathering *gathering, uint64_t index,
    const struct entry_observation *observation)
{
	struct audit_keys *keys = gathering->keys;
	struct public_key parsed;
	struct audit_key *key;
	gsize at;

	if (index >= gathering->from)
		keys->observations++;
	if ((observation->kind != OBSERVATION_PRESENT &&
		observation->kind != OBSERVATION_RECOVERED) ||
	    !parse_key(gathering, observation, &parsed))
		return;
	at = GPOINTER_TO_SIZE(
	    g_hash_table_lookup(gathering->table, parsed.sha256));
	if (at == 0) {
		add_key(gathering, &parsed, index, observation->name);
		at = keys->array->len;
		if (index < gathering->from)
			keys->n_old = at;
	}
	key = &g_array_index(keys->array, struct audit_key, at - 1);
	key->seen_again = key->seen_again || index >= gathering->from;
	see_name(gathering, key, observation->name);
}

static bool
visit(void *user, uint64_t index, struct span leaf)
{
	struct gathering *gathering = user;
	struct entry entry;

	if (index >= gathering->below)
		return false;
	arena_reset(gathering->scratch);
	if (!entry_parse(
		&entry, gathering->scratch, leaf, index, &gathering->why))
		return false;
	gathering->why = NULL;
	if (entry.type == ENTRY_OBSERVATION)
		take_observation(gathering, index, &entry.observation);
	return !gathering->too_large;
}

static bool
check_end(struct gathering *gathering, GError **error)
{
	if (gathering->why != NULL) {
		g_set_error(error, STORE_ERROR, STORE_ERROR_INTEGRITY,
		    "an entry of the store cannot be read: %s", gathering->why);
		return false;
	}
	if (gathering->too_large)
		g_set_error(error, STORE_ERROR, STORE_ERROR_MEMORY,
		    "the keys alone take more memory than was given");
	return !gathering->too_large;
}

bool
audit_keys_gather(struct audit_keys *keys, struct store *store,
    const struct crypto *crypto, uint64_t from, uint64_t below, uint64_t memory,
    GError **error)
{
	struct gathering gathering = { .keys = keys,
		.crypto = crypto,
		.from = from,
		.below = below,
		.memory_max = memory };
	bool ok;

	*keys = (struct audit_keys){ .arena = arena_new(),
		.array = g_array_new(FALSE, FALSE, sizeof(struct audit_key)) };
	gathering.table = g_hash_table_new(hash_key, equal_key);
	gathering.scratch = arena_new();
	ok = store_each(store, 0, visit, &gathering, error) &&
	    check_end(&gathering, error);
	keys->keys = (struct audit_key *)(void *)keys->array->data;
	keys->n = keys->array->len;
	arena_free(gathering.scratch);
	g_hash_table_unref(gathering.table);
	return ok;
}

void
audit_keys_clear(struct audit_keys *keys)
{
	if (keys->array != NULL)
		g_array_unref(keys->array);
	arena_free(keys->arena);
	*keys = (struct audit_keys){ 0 };
}
