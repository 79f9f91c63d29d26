/*
 * wants.h - the names whose keys an archive needs and the snapshot lacks.
 */
#ifndef VERIFIER_RUN_WANTS_H
#define VERIFIER_RUN_WANTS_H

#include "verifier/run/judge.h"

struct wants;
struct wants *wants_new(void);
void wants_free(struct wants *wants);

/* One signature that wants a key; the spans are copied. */
void wants_add(struct wants *wants, const struct want *want);

/* The same for "count" signatures of one name, whose times "want" spans. */
void wants_add_many(
    struct wants *wants, const struct want *want, uint64_t count);

/* Call "each" for every name, by domain and selector. */
void wants_each(const struct wants *wants,
    void (*each)(void *user, const struct want *want, uint64_t count),
    void *user);

/* Add all of "more" to "wants". */
void wants_merge(struct wants *wants, const struct wants *more);

/* Distinct names so far. */
size_t wants_count(const struct wants *wants);

/*
 * Append wants.tsv: the line "domain TAB selector TAB first TAB last TAB
 * count", then one line per name, sorted by domain and selector (octets).
 * Times are those of the messages, "-" where none is known.
 */
void wants_write(GString *out, const struct wants *wants);

#endif
