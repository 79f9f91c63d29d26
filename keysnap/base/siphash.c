/*
 * siphash.c - SipHash-2-4, as the paper describes it in section 2: two rounds
 * for each word of eight octets, four at the end.
 */
#include "keysnap/base/siphash.h"

struct state {
	uint64_t v0, v1, v2, v3;
};

static uint64_t
rotate(uint64_t word, unsigned bits)
{
	return word << bits | word >> (64 - bits);
}

static uint64_t
read_word(const uint8_t *p, size_t n)
{
	uint64_t word = 0;

	for (size_t i = 0; i < n; i++)
		word |= (uint64_t)p[i] << (8 * i);
	return word;
}

static void
do_rounds(struct state *s, int n)
{
	while (n-- > 0) {
		s->v0 += s->v1;
		s->v2 += s->v3;
		s->v1 = rotate(s->v1, 13) ^ s->v0;
		s->v3 = rotate(s->v3, 16) ^ s->v2;
		s->v0 = rotate(s->v0, 32);
		s->v2 += s->v1;
		s->v0 += s->v3;
		s->v1 = rotate(s->v1, 17) ^ s->v2;
		s->v3 = rotate(s->v3, 21) ^ s->v0;
		s->v2 = rotate(s->v2, 32);
	}
}

static void
add_word(struct state *s, uint64_t word)
{
	s->v3 ^= word;
	do_rounds(s, 2);
	s->v0 ^= word;
}

uint64_t
siphash(const uint8_t key[SIPHASH_KEY_SIZE], struct span text)
{
	uint64_t k0 = read_word(key, 8), k1 = read_word(key + 8, 8);
	struct state s = {
		k0 ^ UINT64_C(0x736f6d6570736575),
		k1 ^ UINT64_C(0x646f72616e646f6d),
		k0 ^ UINT64_C(0x6c7967656e657261),
		k1 ^ UINT64_C(0x7465646279746573),
	};
	size_t whole = text.n - text.n % 8;

	for (size_t i = 0; i < whole; i += 8)
		add_word(&s, read_word(text.p + i, 8));
	/* The last word has the rest, and the length modulo 256. */
	add_word(&s,
	    (uint64_t)text.n << 56 |
		(text.n > whole ? read_word(text.p + whole, text.n - whole)
				: 0));
	s.v2 ^= 0xff;
	do_rounds(&s, 4);
	return s.v0 ^ s.v1 ^ s.v2 ^ s.v3;
}
