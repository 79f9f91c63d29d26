/*
 * verdict_key.h - what speaks for and against a key that made a signature.
 */
#ifndef VERIFIER_VERDICT_VERDICT_KEY_H
#define VERIFIER_VERDICT_VERDICT_KEY_H

#include "verifier/verdict/verdict.h"

/* The flags of the standing and those of the key itself. */
unsigned key_flags(
    const struct known_key *key, const struct time_standing *standing);

/* Add what makes the word of "key" weak. */
void key_qualify(struct reasons *reasons, const struct known_key *key,
    const struct time_standing *standing, const struct policy *policy);

/* Add the notes on "key". */
void key_note(struct reasons *reasons, const struct known_key *key,
    const struct time_standing *standing);

/* Does the first key serve better than the second: fewer reasons against it,
 * then a better time state, then a better grade?  False when they are equal. */
bool key_is_better(const struct known_key *a, const struct time_standing *at_a,
    const struct known_key *b, const struct time_standing *at_b,
    const struct policy *policy);

#endif
