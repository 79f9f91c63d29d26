/*
 * compare_private.h - inside of compare*.c: what the two ways to compare share.
 */
#ifndef VERIFIER_CASE_COMPARE_PRIVATE_H
#define VERIFIER_CASE_COMPARE_PRIVATE_H

#include "verifier/case/compare.h"

/* The verdict of a record. */
enum verdict compare_verdict_of(const json_t *record);

/* The record at "place" of "run", owned by the caller; NULL when "place" is.
 * False with "error". */
bool compare_get_record(const struct compared_run *run,
    const struct place *place, json_t **record_out, GError **error);

/* Keep and count a difference; "a" or "b" is NULL when one side has none. */
bool compare_keep(struct comparison *comparison, const struct place *a,
    const struct place *b, cause_set causes, bool verdict, GError **error);

/* Read both sides and find all differences. */
bool compare_cases(struct comparison *comparison, GError **error);
bool compare_with_list(struct comparison *comparison, const char *path,
    GError **error);

#endif
