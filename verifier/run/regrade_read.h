/*
 * regrade_read.h - what a record of results.jsonl tells a tally.  Inside of
 * regrade.c.
 */
#ifndef VERIFIER_RUN_REGRADE_READ_H
#define VERIFIER_RUN_REGRADE_READ_H

#include "verifier/run/judge.h"

/* The exact octets of text "name": those of NAME_b64 where it stands, in
 * "arena"; the empty span (p NULL) for null. */
struct span regrade_text(
    struct arena *arena, const json_t *object, const char *name);

/* The time "name"; TIMESTAMP_NONE for null. */
int64_t regrade_time(const json_t *object, const char *name);

/* Fill "judgement" in from "record", but for its line and file_sha256; all
 * that it borrows is in "arena".  False when the record does not hold all. */
bool regrade_read(struct arena *arena, const json_t *record,
    struct judgement *judgement);

#endif
