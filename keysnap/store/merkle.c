/*
 * merkle.c - RFC 6962 section 2.1, appending.
 *
 * The tree over n leaves is a row of full subtrees, one per bit set in n,
 * largest first; adding a leaf is a binary increment, the root folds the row
 * from the right.
 */
#include "keysnap/store/merkle.h"

#include <string.h>

static void
hash_node(struct merkle *merkle, const uint8_t left[32],
    const uint8_t right[32], uint8_t out[32])
{
	uint8_t octets[65] = { 0x01 };

	memcpy(octets + 1, left, 32);
	memcpy(octets + 33, right, 32);
	digest_reset(&merkle->digest);
	digest_add(&merkle->digest, (struct span){ octets, sizeof(octets) });
	digest_finish(&merkle->digest, out);
}

void
merkle_init(struct merkle *merkle, const struct crypto *crypto)
{
	memset(merkle, 0, sizeof(*merkle));
	merkle->crypto = crypto;
	digest_init(&merkle->digest, crypto, DIGEST_SHA256);
}

void
merkle_clear(struct merkle *merkle)
{
	digest_clear(&merkle->digest);
}

void
merkle_leaf(struct merkle *merkle, struct span leaf, uint8_t out[32])
{
	digest_reset(&merkle->digest);
	digest_add(&merkle->digest, SPAN("\0"));
	digest_add(&merkle->digest, leaf);
	digest_finish(&merkle->digest, out);
}

bool
merkle_add_each(struct merkle *merkle, const uint8_t leaf_hash[32],
    bool (*visit)(
	void *user, unsigned level, uint64_t number, const uint8_t hash[32]),
    void *user)
{
	uint8_t hash[32];
	unsigned level = 0;

	memcpy(hash, leaf_hash, sizeof(hash));
	for (;;) {
		if (visit != NULL &&
		    !visit(user, level, merkle->size >> level, hash))
			return false;
		if ((merkle->size >> level & 1) == 0)
			break;
		hash_node(merkle, merkle->full[level], hash, hash);
		level++;
	}
	memcpy(merkle->full[level], hash, sizeof(hash));
	merkle->size++;
	return true;
}

void
merkle_add(struct merkle *merkle, const uint8_t leaf_hash[32])
{
	merkle_add_each(merkle, leaf_hash, NULL, NULL);
}

void
merkle_root(struct merkle *merkle, uint8_t out[32])
{
	bool started = false;

	if (merkle->size == 0) {
		digest_sha256(merkle->crypto, (struct span){ NULL, 0 }, out);
		return;
	}
	for (unsigned i = 0; i < MERKLE_LEVELS; i++) {
		if ((merkle->size >> i & 1) == 0)
			continue;
		if (started)
			hash_node(merkle, merkle->full[i], out, out);
		else
			memcpy(out, merkle->full[i], 32);
		started = true;
	}
}
