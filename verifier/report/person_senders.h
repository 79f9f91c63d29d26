/*
 * person_senders.h - for people: why a signature is aligned or not, and what
 * is odd about the senders that a message names.
 */
#ifndef VERIFIER_REPORT_PERSON_SENDERS_H
#define VERIFIER_REPORT_PERSON_SENDERS_H

#include "verifier/report/record.h"

/* Append the organisational domains behind the alignment of "signature" (NULL:
 * none), where it is not simply aligned, and a note for each finding about
 * the senders of "record". */
void person_append_senders(
    GString *out, const json_t *record, const json_t *signature);

/* The notes alone, of a message that is attached, below its line. */
void person_append_attached_senders(GString *out, const json_t *attached);

/* Append the line that says by which public suffix list organisations were
 * told apart: its version, where it has one, and its SHA-256 in hex.  Nothing
 * without the hash. */
void person_append_suffix_list(
    GString *out, struct span version, struct span sha256);

#endif
