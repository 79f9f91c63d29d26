/*
 * clock.h - the one place that reads the clock.
 *
 * Only main.c and cmd_*.c call it, for the run environment, the time of an
 * import and progress.  No verdict and no record depends on it, but for one
 * thing: whether the certificate of a time stamp has ended (verifier --anchor)
 * where no time is given with --as-of.
 */
#ifndef KEYSNAP_BASE_CLOCK_H
#define KEYSNAP_BASE_CLOCK_H

#include <stdint.h>

/* Now, in seconds since 1970 (see timestamp.h). */
int64_t clock_now(void);

/* Nanoseconds that only grow, for rates and progress. */
int64_t clock_monotonic(void);

#endif
