/*
 * shared_factor.h - which moduli have which factor in common, among those
 * that batch GCD found to have one (modulus_block.h).
 *
 * A proper factor of a modulus tells everybody its other one.  A modulus that
 * divides another one as a whole tells nothing of itself: anybody can publish
 * a multiple of a modulus that is not theirs, and that must not discredit it.
 */
#ifndef KEYSNAP_KEY_SHARED_FACTOR_H
#define KEYSNAP_KEY_SHARED_FACTOR_H

#include "keysnap/base/arena.h"

#define SHARED_FACTOR_WITH_MAX 16 /* others named of each: 100,000 moduli with
				     one factor must not name all others each */
#define SHARED_FACTOR_TRIES (1 << 24) /* greatest common divisors of two: some
				 minutes.  Only a crowd of moduli that divide
				 others, or share all their factors, takes
				 more */

#define SHARED_FACTOR_PRIME_BITS 4096 /* larger ones are not tested */

/* A modulus that has something in common with others. */
struct shared_factor {
	struct span modulus; /* no two are equal */
	struct span gcd;     /* with the product of all others; not 1 */
	/* What is found: */
	struct span factor; /* a proper one, in the arena; or empty */
	size_t with[SHARED_FACTOR_WITH_MAX]; /* ascending: indexes of others
		with that factor or, without one, of those that it divides */
	size_t n_with;
	size_t n_all; /* how many there are in all; of moduli with more than two
			 primes at least so many */
	bool factored; /* it is the product of two primes, now known */
	bool given_up; /* SHARED_FACTOR_TRIES were made before */
};

/* Find what the "n" moduli have in common. */
void shared_factor_find(struct shared_factor *shared, size_t n,
    struct arena *arena);

#endif
