/*
 * proof.c - making and checking proofs over the tree of the log.
 *
 * The roots of full subtrees from level KEPT on are kept, in all a 512th of
 * the leaves; those below are hashed again from their leaves, at most 1023
 * hashes for each part of a proof.
 */
#include "keysnap/store/proof.h"

#include "keysnap/base/base64.h"
#include "keysnap/store/merkle.h"

#include <string.h>

#define KEPT  10
#define BLOCK (UINT64_C(1) << KEPT) /* leaves */

struct proof_tree {
	struct digest digest;
	const uint8_t *leaves; /* NULL for one that grows */
	size_t stride;
	uint64_t n;
	/* Of one that grows: the leaves of the block in which the earlier
	 * state ends, and of the last block.  All parts of the proof that are
	 * less than a block lie there. */
	uint64_t edge;
	uint8_t (*blocks)[32];
	struct merkle merkle;
	GByteArray *kept[MERKLE_LEVELS]; /* 32 octets each, by number */
};

static void
hash_node(struct digest *digest, const uint8_t left[32],
    const uint8_t right[32], uint8_t out[32])
{
	uint8_t octets[65] = { 0x01 };

	memcpy(octets + 1, left, 32);
	memcpy(octets + 33, right, 32);
	digest_reset(digest);
	digest_add(digest, (struct span){ octets, sizeof(octets) });
	digest_finish(digest, out);
}

static bool
keep(void *user, unsigned level, uint64_t number, const uint8_t hash[32])
{
	struct proof_tree *tree = user;

	(void)number; /* they come in order */
	if (level < KEPT)
		return true;
	if (tree->kept[level] == NULL)
		tree->kept[level] = g_byte_array_new();
	g_byte_array_append(tree->kept[level], hash, 32);
	return true;
}

struct proof_tree *
proof_tree_new(const struct crypto *crypto, const uint8_t *leaves,
    size_t stride, uint64_t n)
{
	struct proof_tree *tree = g_new0(struct proof_tree, 1);
	struct merkle merkle;

	digest_init(&tree->digest, crypto, DIGEST_SHA256);
	tree->leaves = leaves;
	tree->stride = stride;
	tree->n = n;
	merkle_init(&merkle, crypto);
	for (uint64_t i = 0; i < n; i++)
		merkle_add_each(&merkle, leaves + i * stride, keep, tree);
	merkle_clear(&merkle);
	return tree;
}

struct proof_tree *
proof_tree_grow(const struct crypto *crypto, uint64_t size)
{
	struct proof_tree *tree = g_new0(struct proof_tree, 1);

	digest_init(&tree->digest, crypto, DIGEST_SHA256);
	tree->edge = size > 0 ? (size - 1) / BLOCK : 0;
	tree->blocks = g_malloc0_n(2 * BLOCK, sizeof(*tree->blocks));
	merkle_init(&tree->merkle, crypto);
	return tree;
}

/* Where the leaf is, or would be. */
static uint8_t *
leaf_of(const struct proof_tree *tree, uint64_t index)
{
	size_t block = index / BLOCK == tree->edge ? 0 : BLOCK;

	return tree->blocks[block + index % BLOCK];
}

void
proof_tree_add(struct proof_tree *tree, const uint8_t leaf_hash[32])
{
	memcpy(leaf_of(tree, tree->n++), leaf_hash, 32);
	merkle_add_each(&tree->merkle, leaf_hash, keep, tree);
}

void
proof_tree_free(struct proof_tree *tree)
{
	if (tree == NULL)
		return;
	for (size_t i = 0; i < MERKLE_LEVELS; i++) {
		if (tree->kept[i] != NULL)
			g_byte_array_unref(tree->kept[i]);
	}
	if (tree->blocks != NULL)
		merkle_clear(&tree->merkle);
	g_free(tree->blocks);
	digest_clear(&tree->digest);
	g_free(tree);
}

/* The largest power of two below "n", which is 2 or more. */
static uint64_t
split_of(uint64_t n)
{
	uint64_t k = 1;

	while (k < n - k)
		k *= 2;
	return k;
}

/* MTH(D[start:start + n]), n > 0; "start" is a multiple of any full subtree's
 * size in it.  Depth: at most two for each level. */
static void
hash_range(struct proof_tree *tree, uint64_t start, uint64_t n, uint8_t out[32])
{
	uint8_t left[32], right[32];
	unsigned level = (unsigned)__builtin_ctzll(n);
	uint64_t k;

	if (n == 1) {
		memcpy(out,
		    tree->leaves == NULL ? leaf_of(tree, start)
					 : tree->leaves + start * tree->stride,
		    32);
		return;
	}
	if (n == UINT64_C(1) << level && level >= KEPT) {
		memcpy(
		    out, tree->kept[level]->data + (start >> level) * 32, 32);
		return;
	}
	k = split_of(n);
	hash_range(tree, start, k, left);
	hash_range(tree, start + k, n - k, right);
	hash_node(&tree->digest, left, right, out);
}

void
proof_tree_root(struct proof_tree *tree, uint64_t size, uint8_t out[32])
{
	g_assert(size <= tree->n);
	if (size > 0) {
		hash_range(tree, 0, size, out);
		return;
	}
	digest_reset(&tree->digest);
	digest_finish(&tree->digest, out);
}

static void
add_range(
    struct proof_tree *tree, struct proof *proof, uint64_t start, uint64_t n)
{
	g_assert(proof->n < PROOF_MAX);
	hash_range(tree, start, n, proof->hashes[proof->n++]);
}

/* The parts were found from the root down; a proof has them from the leaf
 * up. */
static void
reverse(struct proof *proof)
{
	for (size_t i = 0; i < proof->n / 2; i++) {
		uint8_t *low = proof->hashes[i];
		uint8_t *high = proof->hashes[proof->n - 1 - i];
		uint8_t kept[32];

		memcpy(kept, low, 32);
		memcpy(low, high, 32);
		memcpy(high, kept, 32);
	}
}

/* PATH(m, D[n]) of 2.1.1. */
void
proof_make_inclusion(
    struct proof_tree *tree, uint64_t index, struct proof *proof_out)
{
	uint64_t start = 0, n = tree->n;

	g_assert(index < n);
	proof_out->n = 0;
	while (n > 1) {
		uint64_t k = split_of(n);

		if (index - start < k) {
			add_range(tree, proof_out, start + k, n - k);
			n = k;
		} else {
			add_range(tree, proof_out, start, k);
			start += k;
			n -= k;
		}
	}
	reverse(proof_out);
}

/* PROOF(m, D[n]) of 2.1.2; "whole" is its b: the range that is left is a
 * subtree of the earlier tree that the reader knows the root of. */
void
proof_make_consistency(
    struct proof_tree *tree, uint64_t size, struct proof *proof_out)
{
	uint64_t start = 0, n = tree->n, m = size;
	bool whole = true;

	g_assert(size <= tree->n);
	proof_out->n = 0;
	if (size == 0)
		return;
	while (m != n) {
		uint64_t k = split_of(n);

		if (m <= k) {
			add_range(tree, proof_out, start + k, n - k);
			n = k;
		} else {
			add_range(tree, proof_out, start, k);
			start += k;
			n -= k;
			m -= k;
			whole = false;
		}
	}
	if (!whole)
		add_range(tree, proof_out, start, n);
	reverse(proof_out);
}

/* RFC 9162 2.1.3.2, step 4. */
static bool
walk_inclusion(struct digest *digest, const struct proof *proof, uint64_t fn,
    uint64_t sn, uint8_t hash[32])
{
	for (size_t i = 0; i < proof->n; i++) {
		if (sn == 0)
			return false;
		if ((fn & 1) == 0 && fn != sn) {
			hash_node(digest, hash, proof->hashes[i], hash);
		} else {
			hash_node(digest, proof->hashes[i], hash, hash);
			while ((fn & 1) == 0 && fn != 0) {
				fn >>= 1;
				sn >>= 1;
			}
		}
		fn >>= 1;
		sn >>= 1;
	}
	return sn == 0;
}

bool
proof_check_inclusion(const struct crypto *crypto, const struct proof *proof,
    const uint8_t leaf_hash[32], uint64_t index, uint64_t size,
    const uint8_t root[32])
{
	struct digest digest;
	uint8_t hash[32];
	bool ok;

	if (index >= size)
		return false;
	memcpy(hash, leaf_hash, 32);
	digest_init(&digest, crypto, DIGEST_SHA256);
	ok = walk_inclusion(&digest, proof, index, size - 1, hash);
	digest_clear(&digest);
	return ok && memcmp(hash, root, 32) == 0;
}

/* RFC 9162 2.1.4.2, step 6: "fr" and "sr" start from hashes[at - 1]. */
static bool
walk_consistency(struct digest *digest, const struct proof *proof, size_t at,
    uint64_t fn, uint64_t sn, uint8_t fr[32], uint8_t sr[32])
{
	for (; at < proof->n; at++) {
		const uint8_t *c = proof->hashes[at];

		if (sn == 0)
			return false;
		if ((fn & 1) == 1 || fn == sn) {
			hash_node(digest, c, fr, fr);
			hash_node(digest, c, sr, sr);
			while ((fn & 1) == 0 && fn != 0) {
				fn >>= 1;
				sn >>= 1;
			}
		} else {
			hash_node(digest, sr, c, sr);
		}
		fn >>= 1;
		sn >>= 1;
	}
	return sn == 0;
}

/* 0 < earlier < later. */
static bool
check_growth(struct digest *digest, const struct proof *proof,
    const struct proof_state *earlier, const struct proof_state *later)
{
	uint64_t fn = earlier->size - 1, sn = later->size - 1;
	bool is_full = (earlier->size & (earlier->size - 1)) == 0;
	uint8_t fr[32], sr[32];

	if (proof->n == 0)
		return false;
	memcpy(fr, is_full ? earlier->root : proof->hashes[0], 32);
	memcpy(sr, fr, 32);
	while ((fn & 1) == 1) {
		fn >>= 1;
		sn >>= 1;
	}
	return walk_consistency(
		   digest, proof, is_full ? 0 : 1, fn, sn, fr, sr) &&
	    memcmp(fr, earlier->root, 32) == 0 &&
	    memcmp(sr, later->root, 32) == 0;
}

bool
proof_check_consistency(const struct crypto *crypto, const struct proof *proof,
    const struct proof_state *earlier, const struct proof_state *later)
{
	struct digest digest;
	uint8_t empty[32];
	bool ok;

	if (earlier->size > later->size)
		return false;
	if (earlier->size == later->size)
		return proof->n == 0 &&
		    memcmp(earlier->root, later->root, 32) == 0;
	if (earlier->size == 0) {
		digest_sha256(crypto, (struct span){ NULL, 0 }, empty);
		return proof->n == 0 && memcmp(earlier->root, empty, 32) == 0;
	}
	digest_init(&digest, crypto, DIGEST_SHA256);
	ok = check_growth(&digest, proof, earlier, later);
	digest_clear(&digest);
	return ok;
}

void
proof_append(GString *out, const struct proof *proof)
{
	for (size_t i = 0; i < proof->n; i++) {
		base64_append(out, (struct span){ proof->hashes[i], 32 });
		g_string_append_c(out, '\n');
	}
}

bool
proof_add_line(struct proof *proof, struct span line)
{
	g_autoptr(arena_auto) arena = arena_new();
	struct span octets;

	if (proof->n == PROOF_MAX || line.n != 44 ||
	    !base64_decode_strict(arena, line, &octets) || octets.n != 32)
		return false;
	memcpy(proof->hashes[proof->n++], octets.p, 32);
	return true;
}
