/*
 * cmd_summary.h - the few lines about a run that people see.
 */
#ifndef VERIFIER_CMD_SUMMARY_H
#define VERIFIER_CMD_SUMMARY_H

#include "verifier/run/tally.h"

struct summary {
	const char *snapshot; /* its path, or NULL */
	const struct record_header *header;
	const struct run_counts *counts;
	const char *folder;
	bool color;
};

void summary_write(GString *out, const struct summary *summary);

#endif
