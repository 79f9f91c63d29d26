/*
 * signature_draft.h - a DKIM-Signature as the drafts before RFC 4871 had it
 * (draft-allman-dkim-base, draft-ietf-dkim-base-00 to -10); for signature.c.
 */
#ifndef VERIFIER_DKIM_SIGNATURE_DRAFT_H
#define VERIFIER_DKIM_SIGNATURE_DRAFT_H

#include "verifier/dkim/signature.h"

/* Set "draft", and the canonicalisation that only drafts had, when "signature",
 * parsed, has no defect but those that a draft allowed. */
void signature_read_draft(struct signature *signature);

#endif
