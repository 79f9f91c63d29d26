/*
 * octets32.h - thirty-two octets in one vector, for the few loops that every
 * octet of mail passes through; octets16.h is for the others.
 *
 * A function with OCTETS32_CLONES is compiled twice on x86-64, once for
 * processors with AVX2, and the loader takes the one that fits: the results
 * are the same, half the steps are saved.  It must be static, and its name
 * must be the only one of its kind in the program (clang makes the name of
 * the chooser from it).  Vectors go to other functions by their address: how
 * they are passed by value depends on the processor.
 */
#ifndef KEYSNAP_BASE_OCTETS32_H
#define KEYSNAP_BASE_OCTETS32_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#ifdef __x86_64__
#define OCTETS32_CLONES __attribute__((target_clones("avx2", "default")))
#else
#define OCTETS32_CLONES
#endif

typedef uint8_t octets32 __attribute__((vector_size(32)));

#define OCTETS32      sizeof(octets32)

/* Octets of one step through a text: what was found is asked for only once
 * in a step, as that costs as much as looking at one vector. */
#define OCTETS32_STEP (4 * OCTETS32)

static inline void
octets32_load(octets32 *octets, const uint8_t *p)
{
	memcpy(octets, p, sizeof(*octets));
}

/* Is any of them not 0? */
static inline bool
octets32_any(const octets32 *octets)
{
	uint64_t words[4];

	memcpy(words, octets, sizeof(words));
	return (words[0] | words[1] | words[2] | words[3]) != 0;
}

#endif
