/*
 * roca.c - the shape of RSA moduli made by the library of CVE-2017-15361.
 *
 * M. Nemec and others, "The Return of Coppersmith's Attack: Practical
 * Factorization of Widely Used RSA Moduli" (2017), section 2: the primes are
 * k*M + (65537^a mod M) with M a product of the first primes, so the modulus
 * is a power of 65537 modulo M.  M has at least the primes to 167.  There is
 * one exponent for all primes when the discrete logarithms modulo each of
 * them agree modulo what their orders have in common (Chinese remainder
 * theorem); so no large number is needed.
 */
#include "keysnap/key/roca.h"

#include <glib.h>

#define GENERATOR 65537

static const unsigned primes[] = { 2, 3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37,
	41, 43, 47, 53, 59, 61, 67, 71, 73, 79, 83, 89, 97, 101, 103, 107, 109,
	113, 127, 131, 137, 139, 149, 151, 157, 163, 167 };

/* A logarithm, known modulo the order. */
struct logarithm {
	unsigned value, order;
};

static unsigned
remainder_of(struct span number, unsigned prime)
{
	unsigned rest = 0;

	for (size_t i = 0; i < number.n; i++)
		rest = (rest << 8 | number.p[i]) % prime;
	return rest;
}

static bool
find_logarithm(unsigned of, unsigned prime, struct logarithm *logarithm_out)
{
	unsigned power = 1 % prime, exponent = 0;
	bool found = false;

	do {
		if (power == of && !found) {
			logarithm_out->value = exponent;
			found = true;
		}
		power = power * (GENERATOR % prime) % prime;
		exponent++;
	} while (power != 1);
	logarithm_out->order = exponent;
	return found;
}

static unsigned
common_divisor(unsigned a, unsigned b)
{
	while (b != 0) {
		unsigned rest = a % b;

		a = b;
		b = rest;
	}
	return a;
}

bool
roca_has_shape(struct span modulus)
{
	struct logarithm logarithms[G_N_ELEMENTS(primes)];

	for (size_t i = 0; i < G_N_ELEMENTS(primes); i++) {
		struct logarithm *found = &logarithms[i];

		if (!find_logarithm(
			remainder_of(modulus, primes[i]), primes[i], found))
			return false;
		for (size_t k = 0; k < i; k++) {
			unsigned common =
			    common_divisor(found->order, logarithms[k].order);

			if (found->value % common !=
			    logarithms[k].value % common)
				return false;
		}
	}
	return true;
}
