/*
 * meter.h - how much came out of a container for what went in.
 */
#ifndef VERIFIER_ARCHIVE_METER_H
#define VERIFIER_ARCHIVE_METER_H

#include "verifier/archive/archive.h"

#define METER_STRIKES 16 /* members over the ratio, until no more is read */

struct meter {
	uint64_t ratio; /* produced : consumed, at most */
	uint64_t produced, consumed;
	uint64_t produced_before, consumed_before; /* the present member */
	unsigned strikes;
};

/* Count.  False with ARCHIVE_ERROR_LIMIT when more came out than "ratio"
 * allows and more than CONTAINER_RATIO_FREE. */
bool meter_add(struct meter *meter, uint64_t consumed, uint64_t produced,
    GError **error);

/*
 * A member begins that can be read whatever the one before was.  When that was
 * over the ratio it is forgotten, so that it does not count against others;
 * after METER_STRIKES of them no more.  False as meter_add().
 */
bool meter_begin(struct meter *meter, GError **error);

#endif
