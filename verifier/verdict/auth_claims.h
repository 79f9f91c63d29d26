/*
 * auth_claims.h - what the message says of itself: the results in its fields
 * Authentication-Results (RFC 8601) and ARC-Authentication-Results (RFC 8617),
 * set beside what was found here.
 *
 * Anybody could have written them, so they are claims.  Pure functions: a claim
 * changes no result and no verdict.  Claims about DKIM, DomainKeys and the chain
 * of ARC sets are compared; all others are listed.
 */
#ifndef VERIFIER_VERDICT_AUTH_CLAIMS_H
#define VERIFIER_VERDICT_AUTH_CLAIMS_H

#include "verifier/dkim/arc_set.h"
#include "verifier/message/auth_results.h"
#include "verifier/verdict/arc_chain.h"

#define AUTH_CLAIMS_MAX 64 /* fields of a message; 50 sets of ARC have 50 */

enum auth_agreement {
	AUTH_NOT_JUDGED, /* of a method that is not checked here */
	AUTH_AGREES,
	AUTH_DIFFERS,
	AUTH_NOT_COMPARABLE,
	AUTH_NO_SUCH_SIGNATURE,
	AUTH_AGREEMENTS
};

/* Why it is so. */
enum auth_why {
	AUTH_WHY_NONE,
	/* agrees */
	AUTH_SAME_RESULT,
	AUTH_NEITHER_HOLDS, /* fail, neutral and permerror are told apart
			       otherwise by others */
	AUTH_NONE_THERE,    /* "none", and there is none */
	/* differs */
	AUTH_OTHER_RESULT,
	/* not comparable */
	AUTH_KEY_MISSING, /* no key is known here */
	AUTH_OTHER_KEY,   /* none that is known here fits or can be used */
	AUTH_NO_RESULT,   /* the claim is temperror: no result was reached */
	AUTH_UNPROCESSED, /* it holds here; the claim is neutral or permerror,
			     which is also said of a key that was not there */
	AUTH_RULE,      /* it holds here, but there is a rule, of the time or of
		      today, by which it is rejected */
	AUTH_BY_POLICY, /* the claim is "policy": about a rule */
	AUTH_REPAIRED,  /* it holds here after repairs only */
	AUTH_DRAFT,     /* it holds by a draft only, which is no pass */
	AUTH_UNKNOWN_WORD,    /* no result of RFC 8601 */
	AUTH_UNKNOWN_VERSION, /* of the field or method, other than 1 */
	AUTH_SEVERAL,         /* it fits several signatures, which differ */
	AUTH_ONE_THERE, /* "none", and one stands below the field, where some
			   put theirs later all the same */
	AUTH_LATER,     /* all it could be about stand above the field */
	AUTH_LATER_SET, /* the chain fails in a set behind the claim */
	AUTH_LIMIT, /* of what is read here: properties of the claim, names in
		       h=, or signatures */
	/* no such signature */
	AUTH_NO_SIGNATURE,
	AUTH_WHYS
};

/* One result of a field, compared. */
struct auth_judgement {
	enum auth_agreement agreement;
	enum auth_why why;
	size_t *signatures; /* places among those of the message: what it
			       speaks of, as far as there are any */
	size_t n_signatures;
};

/* One field. */
struct auth_claim {
	const struct header_field *field;
	size_t place; /* in the header, from 0 */
	bool arc;
	struct auth_results results;
	struct auth_judgement *judgements; /* one for each result */
	/* Signatures of DKIM, DomainKeys and ARC that pass, are not by a key
	 * without a secret, and sign the field, as places; of seals see
	 * "seal". */
	size_t *covered_by;
	size_t n_covered_by;
	/* Of an ARC set, where the chain passes: the place of its seal, or -1.
	 * The domain of the seal then vouches that the field was so. */
	ssize_t seal;
};

struct auth_claims {
	struct auth_claim *list; /* top to bottom */
	size_t n;
	size_t left_out; /* fields past AUTH_CLAIMS_MAX */
};

/* What the judgement rests on. */
struct auth_basis {
	const struct header_index *header;
	/* Another reading of the same header that some signatures were judged
	 * in, or NULL: one with other fields of this kind covers none. */
	const struct header_index *repaired;
	const struct message_verdict *verdict;
	const struct arc *arc; /* of "header", or NULL */
};

/* NULL when the header has no such field; else in "arena", as is all in it. */
const struct auth_claims *auth_claims_get(
    struct arena *arena, const struct auth_basis *basis);

/* "agrees", ...; NULL for AUTH_NOT_JUDGED. */
const char *auth_agreement_name(enum auth_agreement agreement);

struct auth_why_row {
	const char *code; /* stable: "same-result" */
	const char *text; /* for people */
};

/* NULL members for AUTH_WHY_NONE. */
const struct auth_why_row *auth_why_row(enum auth_why why);

#endif
