/*
 * roca.h - the shape of RSA moduli made by the library of CVE-2017-15361.
 */
#ifndef KEYSNAP_KEY_ROCA_H
#define KEYSNAP_KEY_ROCA_H

#include "keysnap/base/span.h"

/* Is the modulus (big-endian) a power of 65537 modulo the product of the
 * primes from 2 to 167? */
bool roca_has_shape(struct span modulus);

#endif
