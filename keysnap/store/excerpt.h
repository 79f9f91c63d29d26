/*
 * excerpt.h - some entries of a log, looked up as in a whole one.
 *
 * They come from exhibits, and their proofs were checked by the caller.  What
 * is not among them does not exist here; that an excerpt has all entries that
 * bear on a name, only the whole log shows.
 */
#ifndef KEYSNAP_STORE_EXCERPT_H
#define KEYSNAP_STORE_EXCERPT_H

#include "keysnap/store/bearing.h"

struct excerpt_line {
	uint64_t number; /* in the log */
	struct span leaf;
};

struct excerpt;

/* Of "n" lines in any order, a number once or again with the same octets; all
 * is copied.  NULL with *why_out (static) when a line is no entry. */
struct excerpt *excerpt_new(const struct excerpt_line *lines, size_t n,
    const char **why_out);
void excerpt_free(struct excerpt *excerpt);

/* The log that bearing.h asks, valid as long as "excerpt"; safe for several
 * threads. */
struct bearing_log excerpt_log(const struct excerpt *excerpt);

#endif
