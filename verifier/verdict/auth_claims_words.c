/* auth_claims_words.c - how a claim stands to what was found, in words. */
#include "verifier/verdict/auth_claims.h"

const char *
auth_agreement_name(enum auth_agreement agreement)
{
	static const char *const names[AUTH_AGREEMENTS] = {
		[AUTH_AGREES] = "agrees",
		[AUTH_DIFFERS] = "differs",
		[AUTH_NOT_COMPARABLE] = "not-comparable",
		[AUTH_NO_SUCH_SIGNATURE] = "no-such-signature",
	};

	return names[agreement];
}

const struct auth_why_row *
auth_why_row(enum auth_why why)
{
	static const struct auth_why_row rows[AUTH_WHYS] = {
		[AUTH_SAME_RESULT] = { "same-result", "the same result" },
		[AUTH_NEITHER_HOLDS] = { "neither-holds",
		    "both say that it does not hold" },
		[AUTH_NONE_THERE] = { "none-there", "there is none" },
		[AUTH_OTHER_RESULT] = { "other-result",
		    "the result is another here" },
		[AUTH_ONE_THERE] = { "one-there",
		    "there is one below the claim; some servers put theirs "
		    "there after they wrote it" },
		[AUTH_KEY_MISSING] = { "key-missing",
		    "no key is known here; who wrote the claim may have had "
		    "it, so nothing follows" },
		[AUTH_OTHER_KEY] = { "other-key",
		    "no key that is known here fits; who wrote the claim may "
		    "have had another, so nothing follows" },
		[AUTH_NO_RESULT] = { "no-result",
		    "the claim is that no result was reached" },
		[AUTH_UNPROCESSED] = { "unprocessed",
		    "it holds here; the claim may be that there was no key, "
		    "or that it could not be read" },
		[AUTH_RULE] = { "rule",
		    "it holds, but there are rules that reject it (SHA-1, a "
		    "short or testing key, x= or g=), which not all follow" },
		[AUTH_BY_POLICY] = { "by-policy",
		    "the claim is about a rule, not about the signature" },
		[AUTH_REPAIRED] = { "repaired",
		    "it holds here only after repairs" },
		[AUTH_DRAFT] = { "draft",
		    "it holds here only by a draft, which is no pass" },
		[AUTH_UNKNOWN_WORD] = { "unknown-word",
		    "the result is no word of RFC 8601" },
		[AUTH_UNKNOWN_VERSION] = { "unknown-version",
		    "it is of a version that is not known" },
		[AUTH_SEVERAL] = { "several",
		    "it fits several signatures, which differ" },
		[AUTH_LATER] = { "later",
		    "what there is stands above the claim, and may be later" },
		[AUTH_LATER_SET] = { "later-set",
		    "the chain fails in a set that is later than the claim" },
		[AUTH_LIMIT] = { "limit",
		    "there is more than is read here, in the claim or in the "
		    "message" },
		[AUTH_NO_SIGNATURE] = { "no-signature",
		    "the message has no signature that it could be about" },
	};

	return &rows[why];
}
