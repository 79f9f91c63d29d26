/*
 * explain.h - how a verdict came about, for people: every step of every
 * signature, with the octets, hashes, keys and offsets.
 *
 * What it prints comes from the facts that the verdict was made from.
 */
#ifndef VERIFIER_CASE_EXPLAIN_H
#define VERIFIER_CASE_EXPLAIN_H

#include "verifier/archive/archive.h"
#include "verifier/case/steps.h"

#define EXPLAIN_FIELDS_MAX 200 /* header fields of a signature that are listed;
				  more are counted */
#define EXPLAIN_KEYS_MAX   16  /* keys of a name that are told */
#define EXPLAIN_TEXT_MAX   1024 /* octets of a tag or a key record shown */

/* Append the steps for all signatures of "attempt", the one at "item".
 * "arena" is scratch. */
void explain_write(GString *out, const struct attempt *attempt,
    const struct item *item, struct arena *arena);

/* What was explained. */
struct explained {
	struct span record; /* as it is now, without line feed */
	const char *const *otherwise; /* NULL-ended: members that the record of
					 the case has otherwise */
	const char *vouched; /* by whom, for the snapshot */
};

/* The same as one JSON object, a line (verifier.5); "attempt" is NULL where
 * there is no message. */
void explain_write_json(GString *out, const struct attempt *attempt,
    const struct explained *explained, struct arena *arena);

/* Parts of it, for explain.c: the header fields that were hashed; the keys, the
 * check with each, and what it came to. */
void explain_write_fields(
    GString *out, const struct steps *steps, struct arena *arena);
void explain_write_keys(GString *out, const struct steps *steps);

/* For a DKIM signature: what it comes to under the rules of each time. */
void explain_write_rules(GString *out, const struct steps *steps);

/* Append "text" escaped, at most EXPLAIN_TEXT_MAX octets of it. */
void explain_put_text(GString *out, struct span text);

/* Append "octets" as hexadecimal digits. */
void explain_put_hex(GString *out, struct span octets);

#endif
