/*
 * regrade.h - a record of an earlier run under a later snapshot, without
 * reading the message again.
 *
 * A record is a pure function of the item, the options, and what the snapshot
 * shows for the names that were asked for; the record shows all of these
 * (key_name and other_names).  So:
 *  - When nothing known of them is other than it was, the record stands.
 *  - When a name has the same key records as before, and more or other things
 *    are known of them (grade, times, observers, flags), the hashes and the
 *    checks of the signatures stand.  A passing signature is then graded anew:
 *    its "key" is written as the old log gives it, which must be what the
 *    record has, and replaced by what the new log gives, provided that the
 *    reasons for and against the key are the same, so that no verdict changes.
 *  - In all other cases the message is judged again: a name with another set
 *    of keys, other reasons, a failing or missing signature of a name that
 *    changed, a message that was repaired or could have been, and whatever the
 *    record does not settle beyond doubt.  What is unreadable, cut, or has a
 *    text with escapes where regrade_scan.h looks, is always judged.
 * A record says nothing that depends on other messages; one that did would
 * have to be judged again whenever anything changed.
 */
#ifndef VERIFIER_RUN_REGRADE_H
#define VERIFIER_RUN_REGRADE_H

#include "verifier/run/judge.h"
#include "verifier/run/key_cache.h"

struct regrade;

/* "context" has the later snapshot, and "earlier". */
struct regrade *regrade_new(const struct judge_context *context);
void regrade_free(struct regrade *regrade);

/*
 * The record "earlier" of "item" (a line, without line feed), its number
 * "seq".  *how_out is JUDGED_BEFORE or JUDGED_REGRADED, and "judgement" is
 * filled in but for file_sha256; or it is JUDGED_ANEW, and the message is to be
 * judged.  What the judgement borrows lives in "arena" and until the next
 * call.  False with "error" when the snapshot is damaged, or the record is not
 * one of this item (RUN_ERROR_DIFFERS).
 */
bool regrade_record(struct regrade *regrade, struct arena *arena,
    const struct item *item, uint64_t seq, struct span earlier,
    struct judgement *judgement, enum judged *how_out, GError **error);

#endif
