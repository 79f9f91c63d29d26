/*
 * attempt.h - a message under one reading: read, hashed, checked and judged.
 */
#ifndef VERIFIER_RUN_ATTEMPT_H
#define VERIFIER_RUN_ATTEMPT_H

#include "verifier/repair/repair_search.h"
#include "verifier/run/judge.h"
#include "verifier/run/key_cache.h"
#include "verifier/verdict/arc_chain.h"

/* What one thread makes attempts with; all borrowed. */
struct attempt_tools {
	const struct judge_context *context;
	struct arena *arena;	/* what an attempt holds lives here */
	uint8_t *buffer;	/* READING_BUFFER */
	struct digest *digests; /* two, by enum digest_algorithm */
	struct body_hasher *bodies;
	struct key_cache *keys;
	const struct anchored *anchored; /* the proofs over the item */
	const struct other_messages *others; /* NULL: none are known */
};

struct attempt {
	struct message message;
	const struct repair_set *repairs; /* NULL: none */
	const struct attempt *stored;	  /* what was repaired, as people see
					     it; NULL: this one */
	struct message_facts facts;
	struct signatures signatures;
	const struct arc *arc; /* NULL: no field of ARC */
	struct arc_verdict arc_verdict;
	struct signature_facts *facts_of; /* one for each signature */
	struct message_verdict verdict;
};

/*
 * Judge "item" under "reading".  "identity" (or NULL) is fed the message as
 * the reading has it, in the same pass.  False with "error" only when the
 * snapshot turns out damaged.
 */
bool attempt_make(struct attempt *attempt, const struct attempt_tools *tools,
    const struct item *item, const struct reading *reading,
    struct sink *identity, GError **error);

/* Judge signature "at" and the message anew, as facts about it came up. */
bool attempt_judge_again(struct attempt *attempt,
    const struct attempt_tools *tools, size_t at, GError **error);

/*
 * The best attempt at "item" with repairs, where "best", without any, failed;
 * or "best" itself when none is better.  NULL with "error" as above.
 */
struct attempt *attempt_repair(const struct attempt_tools *tools,
    const struct item *item, struct attempt *best, GError **error);

/* Could another reading change a result that decides? */
bool attempt_failed(const struct attempt *attempt);

#endif
