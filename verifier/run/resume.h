/*
 * resume.h - what an interrupted run left, and whether its input is the same.
 *
 * The archive is read again from its start; items that have their records are
 * passed over.  On the way all that the journal tells is compared: files that
 * were read to their end, by their SHA-256, the notes, and at each point the
 * traces of all items before it.
 */
#ifndef VERIFIER_RUN_RESUME_H
#define VERIFIER_RUN_RESUME_H

#include "verifier/run/journal.h"

struct resume;

/*
 * Read the journal at "path".  "run" is the first line that a run with the
 * present options writes (with its line feed); another one is
 * RUN_ERROR_EXISTS and says what differs.  What is torn at its end is left
 * out.
 */
struct resume *resume_open(const char *path, struct span run,
    const struct crypto *crypto, GError **error);
void resume_close(struct resume *resume);

/* Octets of the journal that hold; 0: not even its first line does. */
uint64_t resume_length(const struct resume *resume);

/* The last point; without one its "records" are 0.  Lives as long as
 * "resume". */
const struct journal_point *resume_point(const struct resume *resume);

/* Add what the run had counted until then to "tally"; once. */
void resume_restore(struct resume *resume, struct tally *tally);

/*
 * The lines of run.json ("kind" is JOURNAL_INPUT or JOURNAL_NOTE) that the
 * archive gives now, in order.  Those that the journal has are taken off
 * "lines" and compared; RUN_ERROR_DIFFERS when they are others.
 */
bool resume_lines(struct resume *resume, enum journal_kind kind,
    struct span *lines, GError **error);

/* Add the traces of items to "items", which has those before; at each point
 * it is compared (RUN_ERROR_DIFFERS). */
bool resume_items(struct resume *resume, struct digest *items,
    struct span traces, GError **error);

/* Was all that the journal has seen again?  If not, RUN_ERROR_DIFFERS. */
bool resume_is_through(const struct resume *resume, GError **error);

#endif
