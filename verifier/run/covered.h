/*
 * covered.h - what the signatures of a message cover, in detail, and what it
 * has attached: for its record, when it has been judged.
 */
#ifndef VERIFIER_RUN_COVERED_H
#define VERIFIER_RUN_COVERED_H

#include "verifier/report/record.h"
#include "verifier/run/attempt.h"

#define COVERED_EXTENTS_MAX \
	4 /* signatures of a message whose l= is followed
				 to its octet; each costs two passes */

/*
 * Fill in record->attachments, for a message whose verdict is verified in any
 * way, and the members "fields" and "left_out" of the signatures of
 * "attempt", whose verdict record->verdict is.  Nothing of a record depends on
 * more than the attempt, so it is as lasting as the rest.
 */
void covered_get(struct record *record, const struct attempt_tools *tools,
    const struct item *item, const struct attempt *attempt);

#endif
