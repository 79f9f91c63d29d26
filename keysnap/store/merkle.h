/*
 * merkle.h - the tree of RFC 6962 section 2.1 over the leaves of the log.
 *
 * Leaf hash SHA-256(0x00 || leaf), node hash SHA-256(0x01 || left || right);
 * the root of the empty log is SHA-256("").  An appending tree keeps only the
 * roots of its full subtrees.
 */
#ifndef KEYSNAP_STORE_MERKLE_H
#define KEYSNAP_STORE_MERKLE_H

#include "keysnap/base/digest.h"

#define MERKLE_LEVELS 64

struct merkle {
	const struct crypto *crypto;
	struct digest digest;
	uint64_t size;			  /* leaves so far */
	uint8_t full[MERKLE_LEVELS][32];  /* roots of full subtrees, by level;
					     level i is used when bit i of size
					     is set */
};

/* An empty tree; "crypto" must outlive it. */
void merkle_init(struct merkle *merkle, const struct crypto *crypto);
void merkle_clear(struct merkle *merkle);

/* Hash of one leaf. */
void merkle_leaf(struct merkle *merkle, struct span leaf, uint8_t out[32]);

/* Append a leaf by its leaf hash. */
void merkle_add(struct merkle *merkle, const uint8_t leaf_hash[32]);

/* As merkle_add(), and call "visit" for each full subtree that the leaf
 * completes: level 0 (the leaf itself) first, "number" counted on its level.
 * Ends early with false when "visit" does. */
bool merkle_add_each(struct merkle *merkle, const uint8_t leaf_hash[32],
    bool (*visit)(void *user, unsigned level, uint64_t number,
	const uint8_t hash[32]),
    void *user);

/* Root over the leaves so far. */
void merkle_root(struct merkle *merkle, uint8_t out[32]);

#endif
