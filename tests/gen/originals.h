/*
 * originals.h - messages whose signed header fields were changed, as a table:
 * what was signed, what is stored, and what can be found out.
 */
#ifndef TESTS_GEN_ORIGINALS_H
#define TESTS_GEN_ORIGINALS_H

#include <stdint.h>

/*
 * Write ROW-CANON.eml for each row, CANON being "simple" or "relaxed", and
 * keys.jsonl into "folder"; and expect.tsv: file, verdict, repairs or "-", and
 * for each field that is to be found its name, where it comes from and what
 * stood behind its colon when it was signed, all separated by tabs, folds as
 * single spaces.
 */
void originals_write(const char *folder, uint64_t seed);

#endif
