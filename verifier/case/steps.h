/*
 * steps.h - a signature as it was checked, step by step: what explain.h words
 * and openssl_kit.h hands over.
 *
 * The octets are pushed by the same code that hashes them.
 */
#ifndef VERIFIER_CASE_STEPS_H
#define VERIFIER_CASE_STEPS_H

#include "verifier/run/attempt.h"

/* One signature of an attempt. */
struct steps {
	const struct attempt *attempt; /* where its verdict comes from: with
					  repairs, or as it is stored */
	const struct signature_verdict *verdict;
	const struct signature_facts *facts;
	const struct signature *signature;
	size_t number; /* among all of the message, from 1 */
};

/* Signature "at" of attempt->verdict. */
void steps_get(struct steps *steps, const struct attempt *attempt, size_t at);

/* Can its octets be said: was it hashed at all? */
bool steps_are_known(const struct steps *steps);

/* Has it a body hash of its own? */
bool steps_have_body(const struct steps *steps);

/* Is there a hash in bh= to compare it with? */
bool steps_compare_body(const struct steps *steps);

/* Does the body hash that was computed stand in bh=?  (l= aside.) */
bool steps_body_holds(const struct steps *steps);

/* Push what the signature is over, and the canonical body that bh= is the hash
 * of. */
void steps_push_signed(
    const struct steps *steps, struct arena *arena, struct sink *out);
void steps_push_body(const struct steps *steps, struct sink *out);

/* Could candidate "at" check the signature, whether or not it may be used? */
bool steps_is_checked(const struct steps *steps, size_t at);

/* What a check by calculation alone must come to, and a script exit with. */
enum steps_outcome {
	STEPS_HOLD = 0,	     /* and so the result is pass */
	STEPS_FAIL = 1,	     /* the body hash or the signature does not hold */
	STEPS_NOTHING = 3,   /* no key can check it, or the field cannot be
				processed */
	STEPS_FORBIDDEN = 4  /* it holds, but a rule that is no calculation says
				otherwise: the deciding reason */
};
enum steps_outcome steps_outcome(const struct steps *steps);

#endif
