/*
 * gmp_number.c - numbers between octets and GMP.
 */
#include "keysnap/key/gmp_number.h"

void
gmp_number_read(mpz_t number, struct span octets)
{
	mpz_import(number, octets.n, 1, 1, 0, 0, octets.p);
}

struct span
gmp_number_write(GByteArray *octets, const mpz_t number)
{
	size_t n = (mpz_sizeinbase(number, 2) + 7) / 8;

	g_assert(mpz_sgn(number) >= 0);
	g_byte_array_set_size(octets, (guint)n);
	mpz_export(octets->data, &n, 1, 1, 0, 0, number); /* n: 0 for zero */
	return (struct span){ octets->data, n };
}
