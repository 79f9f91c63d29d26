/*
 * arc_set.h - the ARC fields of a header, by their instance: RFC 8617
 * sections 3.6 and 4.2.
 *
 * Only collected here: what makes a chain is for verdict/arc_chain.h.
 */
#ifndef VERIFIER_DKIM_ARC_SET_H
#define VERIFIER_DKIM_ARC_SET_H

#include "verifier/dkim/signature.h"

/* The fields of one instance: the first of each kind from the top, and how
 * many there are. */
struct arc_set {
	const struct header_field *results; /* ARC-Authentication-Results */
	const struct signature *message;    /* ARC-Message-Signature */
	const struct signature *seal;	    /* ARC-Seal */
	size_t n_results, n_messages, n_seals;
};

struct arc {
	struct arc_set sets[ARC_SETS_MAX + 1]; /* by instance; [0] unused */
	unsigned highest;     /* instance; 0: none */
	size_t n_seals;	      /* ARC-Seal fields, all of them */
	size_t no_instance;   /* fields whose i= is no number from 1 to
				 ARC_SETS_MAX, and those past it */
};

/* i= at the start of an ARC-Authentication-Results value (RFC 8617 4.1.1): 1
 * to ARC_SETS_MAX, or 0 when it is not there or another number. */
unsigned arc_results_instance(struct span value);

/* Collect into "arena"; NULL when the header has no ARC field.  Borrows from
 * "signatures" and "header". */
struct arc *arc_collect(struct arena *arena, const struct header_index *header,
    const struct signatures *signatures);

/* Is exactly one field of each kind there? */
bool arc_set_is_complete(const struct arc_set *set);

#endif
