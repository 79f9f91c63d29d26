/*
 * semantics_older.h - messages with signatures of DomainKeys, of the drafts of
 * DKIM and of ARC, each with what has to be found.
 */
#ifndef TESTS_GEN_SEMANTICS_OLDER_H
#define TESTS_GEN_SEMANTICS_OLDER_H

#include "tests/gen/key_list.h"
#include "tests/gen/mail.h"

/* What a case is made of. */
struct case_of {
	struct key_list *keys;
	struct mail *mail;
};

/* A case, and what has to be found. */
struct older {
	const char *name, *verdict, *reason, *chain, *note;
	void (*make)(const struct case_of *given);
};

/* The key pair of this label. */
const struct gen_key *semantics_key(
    const struct case_of *given, const char *label);

extern const struct older semantics_arc[]; /* ends with a NULL name */

/* Write the messages as NAME.eml into "folder", with keys.jsonl, and
 * expect.tsv: NAME.eml TAB verdict TAB deciding reason TAB result of the chain
 * and its reason ("none" without ARC) TAB note that must be there, or "-". */
void semantics_older_write(const char *folder, uint64_t seed);

#endif
