/*
 * gmp_number.h - numbers between octets and GMP: big-endian, without leading
 * zero octets, zero is empty.  For keysnap/key/ only.
 */
#ifndef KEYSNAP_KEY_GMP_NUMBER_H
#define KEYSNAP_KEY_GMP_NUMBER_H

#include "keysnap/base/span.h"

#include <glib.h>
#include <gmp.h>

void gmp_number_read(mpz_t number, struct span octets);

/* The octets of "number", not negative, in "octets", which is emptied
 * before. */
struct span gmp_number_write(GByteArray *octets, const mpz_t number);

#endif
