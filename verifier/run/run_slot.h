/*
 * run_slot.h - a batch on its way through the pipeline, and what it gives.
 * Inside of run.c.
 */
#ifndef VERIFIER_RUN_RUN_SLOT_H
#define VERIFIER_RUN_RUN_SLOT_H

#include "verifier/run/run.h"

struct slot {
	struct batch *batch;
	bool judged;
	uint64_t first_seq;
	GString *lines, *inputs, *notes, *traces;
	GString *earlier; /* records of the case before, for an update */
	struct tally tally;
	struct archive_prefix prefix; /* of the file that it ends in */
	enum archive_prefix_state prefix_state;
	GError *error; /* the batch holds what came before it */
	bool last;
	uint64_t done, total; /* octets, for progress */
	uint64_t held;        /* octets of the batch's buffer */
};

void slot_init(struct slot *slot);
void slot_clear(struct slot *slot);

/* Judge all items of the batch, the first of which is number first_seq, into
 * the lines and the tally.  What fails is the slot's error. */
void slot_judge(struct slot *slot, const struct run_options *options,
    struct judge *judge);

#endif
