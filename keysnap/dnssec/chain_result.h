/*
 * chain_result.h - what a stored chain says of an observation: the substance
 * of a chain-result entry (store/entry.h), found again whenever it is asked.
 */
#ifndef KEYSNAP_DNSSEC_CHAIN_RESULT_H
#define KEYSNAP_DNSSEC_CHAIN_RESULT_H

#include "keysnap/dnssec/dnssec_validate.h"

struct chain_result {
	enum chain_status status;
	enum dnssec_reason reason;
	int64_t from, until; /* TIMESTAMP_NONE: bogus or indeterminate */
	struct span trust_anchor; /* trust_anchor_text(), or empty */
};

/*
 * Validate the octets of a chain for an observation.  Beyond what
 * dnssec_validate() asks, the chain must be about what was observed: the same
 * record, found at the same owner, or the same absence; else it is bogus with
 * the reason "answer".  Spans live in "arena".
 */
void chain_result_find(struct arena *arena, struct span octets,
    const struct entry_observation *observation,
    const struct trust_anchors *anchors, struct chain_result *result_out);

/* The entry of a result; "tool", "made", "observation" and "evidence" are the
 * caller's to set. */
void chain_result_entry(const struct chain_result *result,
    struct entry_chain_result *entry_out);

/* Does an entry say what was found now? */
bool chain_result_same(const struct chain_result *result,
    const struct entry_chain_result *entry);

#endif
