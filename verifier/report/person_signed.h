/*
 * person_signed.h - for people: what a signature was made over, where the
 * message is not as it was.
 */
#ifndef VERIFIER_REPORT_PERSON_SIGNED_H
#define VERIFIER_REPORT_PERSON_SIGNED_H

#include "verifier/report/record.h"

/* Append a line for each header field that is proved to have been another, and
 * one about the length of a body that is. */
void person_append_signed(GString *out, const json_t *signature);

#endif
