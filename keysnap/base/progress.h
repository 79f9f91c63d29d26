/*
 * progress.h - the progress line on a terminal, and nothing elsewhere.
 */
#ifndef KEYSNAP_BASE_PROGRESS_H
#define KEYSNAP_BASE_PROGRESS_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

struct progress {
	FILE *stream; /* NULL: silent */
	const char *unit;
	int64_t started; /* clock_monotonic() of the start */
	int64_t shown;	 /* of the last line printed */
};

/* Show on "stream" when it is a terminal and "wanted"; "unit" is plural
 * ("messages").  "now" is clock_monotonic(). */
void progress_init(struct progress *progress, FILE *stream, bool wanted,
    const char *unit, int64_t now);

/* "done" of "total" octets (0: unknown) and "count" units so far; prints at
 * most five times a second: count, per cent, rate, time left. */
void progress_update(struct progress *progress, int64_t now, uint64_t count,
    uint64_t done, uint64_t total);

/* Wipe the line. */
void progress_clear(struct progress *progress);

#endif
