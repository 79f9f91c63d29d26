/*
 * meter.h - how much came out of a container for what went in.
 */
#ifndef VERIFIER_ARCHIVE_METER_H
#define VERIFIER_ARCHIVE_METER_H

#include "verifier/archive/archive.h"

struct meter {
	uint64_t ratio; /* produced : consumed, at most */
	uint64_t produced, consumed;
};

/* Count.  False with ARCHIVE_ERROR_LIMIT when more came out than "ratio"
 * allows and more than CONTAINER_RATIO_FREE. */
bool meter_add(struct meter *meter, uint64_t consumed, uint64_t produced,
    GError **error);

#endif
