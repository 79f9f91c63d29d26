/*
 * embedded_judge.h - messages attached to a message, judged as its members.
 *
 * Each is read as the message is that it lies in, and judged like any other;
 * its verdict changes that of no other message.
 */
#ifndef VERIFIER_RUN_EMBEDDED_JUDGE_H
#define VERIFIER_RUN_EMBEDDED_JUDGE_H

#include "verifier/report/record.h"
#include "verifier/run/attempt.h"

#define EMBEDDED_DEPTH_MAX 5 /* messages in messages in ... */

/*
 * Judge those attached to "item", which "attempt" (without edits) read, at most
 * EMBEDDED_MAX of all depths.  *records_out is NULL when there are none, else
 * in the arena.  False with "error" only when the snapshot turns out damaged.
 */
bool embedded_judge(const struct embedded_records **records_out,
    const struct attempt_tools *tools, const struct item *item,
    const struct attempt *attempt, GError **error);

#define EMBEDDED_ADDRESS_MAX 1024 /* octets; RFC 5321 4.5.3.1 allows 320 */

/* What the message says of itself, as "attempt" judged it. */
const struct auth_claims *embedded_claims(
    const struct attempt_tools *tools, const struct attempt *attempt);

/* What people see of a message that was read: fill "record" in.  The author's
 * address, when it is longer than EMBEDDED_ADDRESS_MAX, is its SHA-256 in
 * hexadecimal digits. */
void embedded_display(struct record *record,
    const struct attempt_tools *tools, const struct attempt *attempt);

#endif
