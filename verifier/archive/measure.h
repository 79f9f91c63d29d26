/*
 * measure.h - how much there is to read, for progress only.
 */
#ifndef VERIFIER_ARCHIVE_MEASURE_H
#define VERIFIER_ARCHIVE_MEASURE_H

#include <stdint.h>

/* Octets in the regular files at and below "paths" (NULL-ended).  Links are
 * not followed; what cannot be looked at counts nothing. */
uint64_t archive_measure(char *const *paths);

#endif
