/*
 * modulus_block.h - blocks of RSA moduli: their products, and what each
 * modulus has in common with all others, in time that is nearly linear.
 *
 * Batch GCD with product and remainder trees: D. J. Bernstein, "How to find
 * smooth parts of integers" (2004); N. Heninger and others, "Mining Your Ps
 * and Qs" (2012).  Instead of remainders modulo squares, the sum of the
 * products that leave one modulus out is made on the way up; modulo each
 * modulus, it is the product of the others.
 *
 * Moduli are numbers above zero, big-endian, without leading zero octets.
 * GMP ends the process when memory is short, so callers bound a block by
 * modulus_block_memory().
 */
#ifndef KEYSNAP_KEY_MODULUS_BLOCK_H
#define KEYSNAP_KEY_MODULUS_BLOCK_H

#include "keysnap/base/span.h"

#include <glib.h>

/*
 * The most memory, in octets, that modulus_block_gcd() takes for "n" moduli of
 * "octets" octets in all: each level of the tree holds the block once; the
 * rest is GMP's and was measured, with a fifth on top.
 */
uint64_t modulus_block_memory(size_t n, uint64_t octets);

/* The product of a block. */
struct modulus_product;

struct modulus_product *modulus_product_new(const struct span *moduli,
    size_t n);
void modulus_product_free(struct modulus_product *product);

/* One block, and what it is compared with. */
struct modulus_block {
	const struct span *moduli;
	size_t n;
	bool among; /* with the other moduli of the block */
	const struct modulus_product *const *others; /* and with these */
	size_t n_others;
};

/*
 * For each modulus its greatest common divisor with the product of all that
 * it is compared with.  "found" is called, in the order of the moduli, for
 * those where it is not 1; "gcd" is borrowed for the call.
 */
void modulus_block_gcd(const struct modulus_block *block,
    void (*found)(void *user, size_t i, struct span gcd), void *user);

#endif
