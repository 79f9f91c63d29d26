/*
 * import_chains.c - the DNSSEC chains of one import.
 */
#include "keysnap/import/import_chains.h"
#include "keysnap/base/digest.h"
#include "keysnap/dnssec/chain_result.h"

void
import_chains_init(struct import_chains *chains)
{
	*chains = (struct import_chains){ .pool = dnssec_pool_new() };
}

void
import_chains_clear(struct import_chains *chains)
{
	dnssec_pool_free(chains->pool);
}

void
import_chains_take(struct import_chains *chains, const ldns_rr *record)
{
	if (!dnssec_pool_add(chains->pool, record))
		chains->left_out++;
}

/* The observations of an import, by number. */
struct listing {
	GArray *numbers;
	struct arena *arena;
};

static bool
list_observation(void *user, uint64_t index, struct span leaf)
{
	struct listing *listing = user;
	struct entry entry;
	const char *why;

	if (entry_parse(&entry, listing->arena, leaf, index, &why) &&
	    entry.type == ENTRY_OBSERVATION)
		g_array_append_val(listing->numbers, index);
	arena_reset(listing->arena);
	return true;
}

bool
import_chains_add_one(struct store *store, const struct crypto *crypto,
    const struct dnssec_chain *chain,
    const struct entry_observation *observation, uint64_t number,
    const struct trust_anchors *anchors, int64_t made, GError **error)
{
	g_autoptr(arena_auto) arena = arena_new();
	g_autoptr(GString) text = g_string_new(NULL);
	struct chain_result result;
	uint8_t digest[1][32];
	struct span octets;
	struct entry entry;
	uint64_t added;

	dnssec_chain_write(chain, text);
	octets = (struct span){ (const uint8_t *)text->str, text->len };
	digest_sha256(crypto, octets, digest[0]);
	if (!store_add_evidence(store, digest[0], octets, error))
		return false;
	chain_result_find(arena, octets, observation, anchors, &result);
	entry_init(&entry, ENTRY_CHAIN_RESULT);
	chain_result_entry(&result, &entry.chain_result);
	entry.chain_result.observation = number;
	entry.chain_result.made = made;
	entry.chain_result.tool = SPAN("keysnap " PROGRAM_VERSION);
	entry.chain_result.evidence.items = (const uint8_t(*)[32])digest;
	entry.chain_result.evidence.n = 1;
	return store_append(store, &entry, &added, error);
}

static bool
add_observation(struct import_chains *chains, struct store *store,
    const struct crypto *crypto, const struct trust_anchors *anchors,
    int64_t made, uint64_t number, GError **error)
{
	g_autoptr(arena_auto) arena = arena_new();
	g_autoptr(dnssec_chain_auto) chain = NULL;
	struct entry entry;

	if (!store_get_entry(store, arena, number, &entry, error))
		return false;
	chain = dnssec_pool_chain(chains->pool, entry.observation.name);
	if (chain == NULL)
		return true;
	chains->results++;
	return import_chains_add_one(store, crypto, chain, &entry.observation,
	    number, anchors, made, error);
}

bool
import_chains_add(struct import_chains *chains, struct store *store,
    const struct crypto *crypto, const struct trust_anchors *anchors,
    int64_t made, uint64_t from, GError **error)
{
	g_autoptr(GArray) numbers = g_array_new(FALSE, FALSE, sizeof(uint64_t));
	g_autoptr(arena_auto) arena = arena_new();
	struct listing listing = { numbers, arena };

	if (!dnssec_pool_is_signed(chains->pool))
		return true;
	if (!store_each(store, from, list_observation, &listing, error))
		return false;
	for (guint i = 0; i < numbers->len; i++) {
		if (!add_observation(chains, store, crypto, anchors, made,
			g_array_index(numbers, uint64_t, i), error))
			return false;
	}
	return true;
}
