/*
 * damage.h - the damage matrix: what storing, exporting and passing on does
 * to a signed message, one row each, under three canonicalisations.
 */
#ifndef TESTS_GEN_DAMAGE_H
#define TESTS_GEN_DAMAGE_H

#include <stdint.h>

/*
 * Write ROW-CANON.eml or .mbox for each cell, keys.jsonl, and expect.tsv
 * (file, verdict of the first message, repairs or "-") into "folder".  CANON
 * is "simple", "mixed" (relaxed/simple) or "relaxed".
 */
void damage_write(const char *folder, uint64_t seed);

/*
 * Write alterations.mbox with "n" messages, in each of which one or more
 * signed octets are others, so that no white space, folding or quoting
 * explains it, half of them with copies of the fields in z=; keys.jsonl; and
 * fields.tsv, the name and the value of each field, folds as they are written
 * in C.
 */
void damage_write_alterations(const char *folder, unsigned n, uint64_t seed);

#endif
