/*
 * pass.h - the proof that a signature holds under a key of known origin.
 *
 * The type is opaque and pass_of() the only way to one: there is no pass
 * without facts of a check that held, and without provenance of its key.
 */
#ifndef VERIFIER_VERDICT_PASS_H
#define VERIFIER_VERDICT_PASS_H

#include "keysnap/store/provenance.h"
#include "verifier/dkim/facts.h"
#include "verifier/verdict/message_time.h"

struct pass;

/*
 * The pass of "facts" under its candidate number "at", which is known as
 * known->keys[at], for a message of "interval"; in "arena".  NULL unless the
 * field is without defect that counts, the key may be used, and the signature
 * and the body hash hold.  At least one observation must show the key.
 */
const struct pass *pass_of(struct arena *arena,
    const struct signature_facts *facts, const struct known_name *known,
    size_t at, const struct time_interval *interval);

const struct known_key *pass_key(const struct pass *pass);
const struct time_standing *pass_standing(const struct pass *pass);

#endif
