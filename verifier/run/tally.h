/*
 * tally.h - the counts of a run, added up in archive order.
 */
#ifndef VERIFIER_RUN_TALLY_H
#define VERIFIER_RUN_TALLY_H

#include "verifier/run/wants.h"

struct run_counts {
	uint64_t items;	   /* that the archive gave */
	uint64_t messages; /* records written: the same, or some are lost */
	uint64_t verdicts[VERDICTS];
	uint64_t files, octets; /* read in full */
	uint64_t notes;         /* on inputs, in run.json */
	uint64_t senders, signing_domains; /* distinct */
	int64_t first_date, last_date;	   /* or TIMESTAMP_NONE */
	uint64_t wanted_names, wanted_signatures;
	uint64_t judged[JUDGED_REGRADED + 1]; /* by enum judged */
	bool interrupted;
};

struct tally {
	struct run_counts counts;
	struct wants *wants;
	GHashTable *senders, *domains; /* sets of "struct span *" */
};

void tally_init(struct tally *tally);
void tally_clear(struct tally *tally);
void tally_add(struct tally *tally, const struct judgement *judgement);

/* One sender or signing domain; copied, nothing when it is there already. */
void tally_add_sender(struct tally *tally, struct span address);
void tally_add_domain(struct tally *tally, struct span domain);

/* Add what "more" counted, and empty it.  The order of adding changes
 * nothing: sums, sets, earliest and latest. */
void tally_merge(struct tally *tally, struct tally *more);

/* Fill the distinct counts in. */
void tally_finish(struct tally *tally);

#endif
