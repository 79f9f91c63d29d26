/*
 * sum_cache.c - digests by the SHA-256 of path and algorithm, one to a slot.
 */
#include "verifier/archive/sum_cache.h"

#include "keysnap/base/digest.h"

#include <glib.h>
#include <string.h>

struct slot {
	bool taken;
	uint8_t key[DIGEST_SHA256_SIZE];
	uint8_t sum[CHECKSUM_SIZE_MAX];
};

struct sum_cache {
	const struct crypto *crypto;
	struct slot *slots; /* NULL: nothing was put */
};

struct sum_cache *
sum_cache_new(const struct crypto *crypto)
{
	struct sum_cache *cache = g_new0(struct sum_cache, 1);

	cache->crypto = crypto;
	return cache;
}

void
sum_cache_free(struct sum_cache *cache)
{
	if (cache == NULL)
		return;
	g_free(cache->slots);
	g_free(cache);
}

/* A path has no NUL, so what stands behind one is told apart. */
static void
make_key(const struct sum_cache *cache, struct span path,
    enum checksum_algorithm algorithm, uint8_t out[DIGEST_SHA256_SIZE])
{
	const char *name = checksum_name(algorithm);
	g_autoptr(GString) text = g_string_new(name);

	g_string_append_c(text, '\0');
	g_string_append_len(text, (const char *)path.p, (gssize)path.n);
	digest_sha256(cache->crypto,
	    (struct span){ (const uint8_t *)text->str, text->len }, out);
}

static size_t
slot_of(const uint8_t key[DIGEST_SHA256_SIZE])
{
	uint32_t first;

	memcpy(&first, key, sizeof(first));
	return first % SUM_CACHE_SLOTS;
}

bool
sum_cache_get(const struct sum_cache *cache, struct span path,
    enum checksum_algorithm algorithm, uint8_t out[CHECKSUM_SIZE_MAX])
{
	uint8_t key[DIGEST_SHA256_SIZE];
	const struct slot *slot;

	if (cache->slots == NULL)
		return false;
	make_key(cache, path, algorithm, key);
	slot = &cache->slots[slot_of(key)];
	if (!slot->taken || memcmp(slot->key, key, sizeof(key)) != 0)
		return false;
	memcpy(out, slot->sum, CHECKSUM_SIZE_MAX);
	return true;
}

void
sum_cache_put(struct sum_cache *cache, struct span path,
    enum checksum_algorithm algorithm, const uint8_t sum[CHECKSUM_SIZE_MAX])
{
	uint8_t key[DIGEST_SHA256_SIZE];
	struct slot *slot;

	if (cache->slots == NULL)
		cache->slots = g_new0(struct slot, SUM_CACHE_SLOTS);
	make_key(cache, path, algorithm, key);
	slot = &cache->slots[slot_of(key)];
	slot->taken = true;
	memcpy(slot->key, key, sizeof(key));
	memcpy(slot->sum, sum, CHECKSUM_SIZE_MAX);
}
