/*
 * dice.h - quick numbers that a seed fixes, for texts by the gigabyte; for
 * keys there is stream.h.
 */
#ifndef TESTS_GEN_DICE_H
#define TESTS_GEN_DICE_H

#include <stdint.h>

struct dice {
	uint64_t state;
};

/* Dice with different labels or numbers are independent. */
void dice_init(
    struct dice *dice, uint64_t seed, const char *label, uint64_t number);

/* 64 bits (SplitMix64, Steele and others 2014), or a number from 0 to n - 1;
 * n is at least 1. */
uint64_t dice_next(struct dice *dice);
uint32_t dice_below(struct dice *dice, uint32_t n);

#endif
