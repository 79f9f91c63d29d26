/*
 * modulus_check.h - the checks of one RSA key that need no other key.
 *
 *  modulus-size   below 1024 bits: weak; with the month in which a modulus as
 *                 large was first factored in public.  Over
 *                 PUBLIC_KEY_MAX_BITS: unknown, and not looked at further
 *  exponent       even or 1: bad.  Longer than EXPONENT_BITS_MAX or not below
 *                 the modulus: unknown
 *  small-factor   primes below 65536: no key generator makes such a modulus.
 *                 It is broken, but only factored when what is left is 1 or a
 *                 prime
 *  prime-modulus  the modulus is a prime itself, so that everybody can
 *                 calculate the private key (to PRIME_BITS_MAX; above:
 *                 unknown)
 *  perfect-power  of a smaller number
 *  close-primes   Fermat's method finds the factors in FERMAT_STEPS steps
 *  roca           CVE-2017-15361: M. Nemec and others, "The Return of
 *                 Coppersmith's Attack" (2017).  The modulus is a power of
 *                 65537 modulo all primes to 167 at once, as the authors'
 *                 test has it; by chance 1 of 2^150 is.  To 2048 bits bad (they
 *                 give the cost), above unknown
 *
 * Thread-safe: a checker is only read.
 */
#ifndef KEYSNAP_KEY_MODULUS_CHECK_H
#define KEYSNAP_KEY_MODULUS_CHECK_H

#include "keysnap/base/arena.h"
#include "keysnap/key/key_finding.h"

#define MODULUS_FINDINGS_MAX 7
#define EXPONENT_BITS_MAX 64 /* as OpenSSL has it for large moduli; all that
				generators use have 17 at most */
#define PRIME_BITS_MAX 4096 /* a test of 16384 bits takes a second */
#define FERMAT_STEPS 1000

/* What a check looks at. */
struct modulus_numbers {
	struct span modulus; /* big-endian, no leading zero octets, not empty */
	unsigned bits;	     /* of it */
	unsigned exponent_bits;
	bool exponent_even;
	bool exponent_exceeds; /* it is not below the modulus */
};

struct modulus_checker;
struct modulus_checker *modulus_checker_new(void);
void modulus_checker_free(struct modulus_checker *checker);

/* Write the findings in the order above; their number.  Factors and details
 * live in "arena". */
size_t modulus_check(const struct modulus_checker *checker,
    const struct modulus_numbers *numbers, struct arena *arena,
    struct key_finding findings[MODULUS_FINDINGS_MAX]);

/* The modulus without its prime factors below 65536; borrowed or in "arena".
 * One, as an octet, when nothing is left. */
struct span modulus_without_small(const struct modulus_checker *checker,
    struct span modulus, struct arena *arena);

#endif
