/*
 * stream.h - a stream of octets that a seed and a label fix for ever:
 * SHA-256 of (SHA-256(seed, label), counter), block by block.
 */
#ifndef TESTS_GEN_STREAM_H
#define TESTS_GEN_STREAM_H

#include <stddef.h>
#include <stdint.h>

struct stream {
	uint8_t key[32];
	uint8_t block[32];
	uint64_t counter;
	size_t left; /* octets of "block" not yet given out */
};

/* Streams with different labels are independent. */
void stream_init(struct stream *stream, uint64_t seed, const char *label);
void stream_octets(struct stream *stream, uint8_t *out, size_t n);

/* A number from 0 to n - 1; n is at least 1 and small, so that the bias of
 * the remainder does not matter. */
uint32_t stream_below(struct stream *stream, uint32_t n);

#endif
