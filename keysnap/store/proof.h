/*
 * proof.h - proofs over the tree of the log (RFC 6962 section 2.1).
 *
 * An inclusion proof (2.1.1) shows that a leaf stands at its number in the
 * log of a root; a consistency proof (2.1.2) shows that a log only added to an
 * earlier one.  Checking is pure, and follows RFC 9162 2.1.3.2 and 2.1.4.2.
 */
#ifndef KEYSNAP_STORE_PROOF_H
#define KEYSNAP_STORE_PROOF_H

#include "keysnap/base/arena.h"
#include "keysnap/base/digest.h"

#define PROOF_MAX 64 /* hashes: one a level, and one to start from; sizes are
			below 2^53 */

struct proof {
	uint8_t hashes[PROOF_MAX][32];
	size_t n;
};

/* The hashes of all leaves, and the roots of the larger full subtrees. */
struct proof_tree;

/* A tree over "n" leaf hashes, the first at "leaves", each "stride" octets
 * behind the one before.  Leaves and "crypto" must outlive it. */
struct proof_tree *proof_tree_new(const struct crypto *crypto,
    const uint8_t *leaves, size_t stride, uint64_t n);

/*
 * A tree that takes leaf hashes one after another and keeps few of them, for
 * the proof that it begins with its first "size" leaves: proof_tree_root() and
 * proof_make_consistency() of that size alone.
 */
struct proof_tree *proof_tree_grow(const struct crypto *crypto, uint64_t size);
void proof_tree_add(struct proof_tree *tree, const uint8_t leaf_hash[32]);

void proof_tree_free(struct proof_tree *tree);

/* The root over the first "size" leaves, at most all. */
void proof_tree_root(struct proof_tree *tree, uint64_t size, uint8_t out[32]);

/* Leaf "index", below the number of leaves, in the whole tree. */
void proof_make_inclusion(struct proof_tree *tree, uint64_t index,
    struct proof *proof_out);

/* From the first "size" leaves, at most all, to the whole tree; empty for
 * none and for all. */
void proof_make_consistency(struct proof_tree *tree, uint64_t size,
    struct proof *proof_out);

/* Does "proof" show that leaf "index" of the log of "size" entries with
 * "root" has this hash? */
bool proof_check_inclusion(const struct crypto *crypto,
    const struct proof *proof, const uint8_t leaf_hash[32], uint64_t index,
    uint64_t size, const uint8_t root[32]);

/* A state of a log. */
struct proof_state {
	uint64_t size;
	const uint8_t *root; /* 32 octets */
};

/* Does "proof" show that the log of "later" begins with that of "earlier"?  An
 * empty log is the start of any; its root is not looked at by the RFC, here it
 * must be the one of the empty log. */
bool proof_check_consistency(const struct crypto *crypto,
    const struct proof *proof, const struct proof_state *earlier,
    const struct proof_state *later);

/* Append the hashes, a line of base64 each. */
void proof_append(GString *out, const struct proof *proof);

/* Add the hash that "line" (no line feed) is the one spelling of; false when
 * it is none, or one too many. */
bool proof_add_line(struct proof *proof, struct span line);

#endif
