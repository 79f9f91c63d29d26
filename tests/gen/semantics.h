/*
 * semantics.h - messages that try to look better than they are, one file
 * each, with the verdict that DESIGN.md gives them.
 */
#ifndef TESTS_GEN_SEMANTICS_H
#define TESTS_GEN_SEMANTICS_H

#include <stdint.h>

/* Write NAME.eml for each case, keys.jsonl, and expect.tsv (file, verdict,
 * what was tried) into "folder". */
void semantics_write(const char *folder, uint64_t seed);

#endif
