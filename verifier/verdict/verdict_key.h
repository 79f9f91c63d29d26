/*
 * verdict_key.h - what speaks for and against a key that made a signature.
 */
#ifndef VERIFIER_VERDICT_VERDICT_KEY_H
#define VERIFIER_VERDICT_VERDICT_KEY_H

#include "verifier/verdict/verdict.h"

/*
 * How "key" stands to a message of "interval": provenance_at(), and what a
 * time proved from outside takes off.  A key that became forgeable at a known
 * time (forgeable_since) is not forgeable for a message that existed before
 * it: existed at a second that is earlier, not the same one.  A time that the
 * message claims is never enough, nor is any time when it is not known since
 * when the key is forgeable.  Nothing else is taken off: a weak key was weak
 * before somebody broke one of its size in public.
 */
void key_standing(const struct known_name *known, const struct known_key *key,
    const struct time_interval *interval, struct time_standing *standing_out);

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
