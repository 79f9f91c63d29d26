/*
 * arc_chain.h - does the chain of ARC sets hold?  RFC 8617 section 5.2.
 *
 * A pure function of the facts about its signatures.  Nothing here decides a
 * message's verdict.  The chain is judged by the rules of today, as ARC is
 * younger than they are: RSA with SHA-1 or with less than 1024 bits does not
 * hold (RFC 8301), nor does a key that anybody can sign for.
 */
#ifndef VERIFIER_VERDICT_ARC_CHAIN_H
#define VERIFIER_VERDICT_ARC_CHAIN_H

#include "verifier/dkim/arc_set.h"
#include "verifier/verdict/verdict.h"

enum arc_result {
	ARC_PASS,
	ARC_FAIL,
	ARC_UNKNOWN /* a key is not known, and nothing else is wrong */
};

struct arc_verdict {
	enum arc_result result;
	enum reason reason;   /* REASON_ARC_* */
	unsigned instance;    /* where it fails, or 0 */
	size_t sets;	      /* ARC-Seal fields: each set has one */
	/* The lowest instance from which on every message signature holds (0:
	 * all of them do); only of ARC_PASS. */
	unsigned oldest_pass;
};

/* "verdicts" are those of the signatures that "arc" was collected from, in
 * their order: verdicts[i] is of signatures[i]. */
void arc_chain_judge(struct arc_verdict *verdict, const struct arc *arc,
    const struct signature *signatures,
    const struct signature_verdict *verdicts);

/* "pass", "fail"; NULL for ARC_UNKNOWN. */
const char *arc_result_name(enum arc_result result);

#endif
