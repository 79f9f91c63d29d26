/*
 * octets16.h - sixteen octets in one vector register.
 *
 * For loops over all octets of mail that look for what is rare.  The vectors
 * of GCC and clang: they become SSE2, NEON or plain code, with the same
 * results.  A comparison gives 0xff in the octets where it holds.
 */
#ifndef KEYSNAP_BASE_OCTETS16_H
#define KEYSNAP_BASE_OCTETS16_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

typedef uint8_t octets16 __attribute__((vector_size(16)));

#define OCTETS16 sizeof(octets16)

static inline octets16
octets16_load(const uint8_t *p)
{
	octets16 octets;

	memcpy(&octets, p, sizeof(octets));
	return octets;
}

static inline octets16
octets16_equal(octets16 octets, uint8_t octet)
{
	return (octets16)(octets == octet);
}

/* Is any of them not 0? */
static inline bool
octets16_any(octets16 octets)
{
	uint64_t words[2];

	memcpy(words, &octets, sizeof(words));
	return (words[0] | words[1]) != 0;
}

#endif
