/*
 * signature_draft.c - a DKIM-Signature as the drafts before RFC 4871 had it.
 *
 * They had "nowsp", q=dns, and x= was not yet looked at.
 */
#include "verifier/dkim/signature_draft.h"

/* What an older draft allows, and RFC 6376 does not. */
static bool
is_draft_version(const struct signature *signature)
{
	return signature->v.p == NULL ||
	    (signature->v.n == 3 && span_starts_with(signature->v, SPAN("0.")));
}

void
signature_read_draft(struct signature *signature)
{
	unsigned allowed = SIGNATURE_NO_VERSION | SIGNATURE_BAD_VERSION |
	    SIGNATURE_UNKNOWN_CANON | SIGNATURE_UNKNOWN_QUERY |
	    SIGNATURE_BAD_EXPIRY;
	unsigned broken = signature->defects &
	    (unsigned)(SIGNATURE_NEUTRAL | SIGNATURE_PERMERROR);
	bool is_whole = signature->bh.p == NULL && signature->v.p == NULL;

	if (signature->kind != SIGNATURE_DKIM || !is_draft_version(signature))
		return;
	if (is_whole)
		allowed |= SIGNATURE_NO_BODY_HASH;
	if ((broken & ~allowed) != 0)
		return;
	if (!signature->canon_known &&
	    span_equal_nocase(signature->c, SPAN("nowsp"))) {
		signature->header_canon = signature->body_canon = CANON_NOWSP;
		signature->canon_known = true;
	}
	if (!signature->canon_known ||
	    ((broken & SIGNATURE_UNKNOWN_QUERY) &&
		!span_equal_nocase(signature->q, SPAN("dns"))))
		return;
	signature->draft = is_whole ? SIGNATURE_DRAFT_00 : SIGNATURE_DRAFT_01;
}
