/*
 * auth_claims_judge.h - one claim beside what was found.  Inside of
 * auth_claims.c.
 */
#ifndef VERIFIER_VERDICT_AUTH_CLAIMS_JUDGE_H
#define VERIFIER_VERDICT_AUTH_CLAIMS_JUDGE_H

#include "verifier/verdict/auth_claims.h"

/* Compare "result" of "claim". */
void auth_claims_judge(struct auth_judgement *judgement, struct arena *arena,
    const struct auth_basis *basis, const struct auth_claim *claim,
    const struct auth_result *result);

/* Where the field of "signature" stands in basis->header; false when it is of
 * another reading that has other fields. */
bool auth_claims_place(const struct auth_basis *basis,
    const struct signature *signature, size_t *place_out);

/* Does "signature" have what "result" says of the one it is about?  RFC 8601
 * section 2.7.1, RFC 6008; n is how many properties say anything. */
struct auth_wanted;
struct auth_wanted *auth_wanted_get(struct arena *arena,
    const struct auth_result *result, enum signature_kind kind);
bool auth_wanted_fits(
    const struct auth_wanted *wanted, const struct signature *signature);

#endif
