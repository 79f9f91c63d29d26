/*
 * person_key.h - what is known of the key that a result rests on, for people.
 */
#ifndef VERIFIER_REPORT_PERSON_KEY_H
#define VERIFIER_REPORT_PERSON_KEY_H

#include "verifier/report/record.h"

/*
 * Append the rest of the line of the key, from its type on, as the object
 * "key" of a signature has it; and a line each, indented, for who else
 * controls it, since when others could sign, and since when keys of its size
 * are factored.
 */
void person_append_key(GString *out, const json_t *key);

/*
 * Append the line that says which log the entries are of: its root in hex and
 * its size, and the word of who vouches for it (record_header.vouched).
 * Nothing without a root.
 */
void person_append_log(
    GString *out, struct span root, uint64_t entries, struct span vouched);

#endif
