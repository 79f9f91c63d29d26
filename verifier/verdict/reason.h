/*
 * reason.h - the one table from reason to result to verdict.
 *
 * A reason is a stable code; the table gives each its RFC 8601 result, the
 * verdict that it leads to, one sentence, and the paragraph that it rests on.
 * "verifier help verdicts" prints it; nothing else decides what a reason
 * means.  Verdicts stand in their order, best first: the verdict of a pass is
 * the worst that its reasons lead to, any other that of its first reason.
 */
#ifndef VERIFIER_VERDICT_REASON_H
#define VERIFIER_VERDICT_REASON_H

#include "keysnap/base/span.h"

enum result {
	RESULT_NONE,
	RESULT_PASS,
	RESULT_FAIL,
	RESULT_NEUTRAL,
	RESULT_TEMPERROR,
	RESULT_PERMERROR,
	RESULT_POLICY /* by the rules of a time (rules.h) alone */
};

enum verdict {
	VERDICT_VERIFIED,
	VERDICT_VERIFIED_REPAIRED,
	VERDICT_VERIFIED_RESTORED,
	VERDICT_VERIFIED_PARTIAL,
	VERDICT_VERIFIED_WEAK,
	VERDICT_VERIFIED_UNALIGNED,
	VERDICT_HEADERS_ONLY,
	VERDICT_ALTERED,
	VERDICT_KEY_MISMATCH,
	VERDICT_KEY_MISSING,
	VERDICT_KEY_UNUSABLE,
	VERDICT_MALFORMED,
	VERDICT_UNSIGNED,
	VERDICT_UNREADABLE,
	VERDICTS
};

/* One per row of the table in reason.c, in the same order. */
enum reason {
	/* pass, with what qualifies it */
	REASON_PASS,
	REASON_UNALIGNED,	 /* d= is not the authors' domain */
	REASON_FROM_MULTIPLE,	 /* two From fields */
	REASON_FROM_UNPARSABLE,
	REASON_FROM_SEVERAL_DOMAINS,
	REASON_PUBLIC_SUFFIX,	 /* d= is a public suffix */
	REASON_EQUIVALENT,	 /* aligned by a recorded equivalence (note) */
	REASON_FROM_UNSIGNED,	 /* DomainKeys: Sender is signed, From not */
	REASON_DOMAINKEYS,	 /* RFC 4870: superseded, SHA-1 only */
	REASON_SHA1,
	REASON_WEAK_KEY,	 /* RSA below 1024 bits */
	REASON_FORGEABLE_KEY,	 /* no private key is needed */
	REASON_TESTING_KEY,	 /* t=y */
	REASON_GRADE,		 /* below --min-grade */
	REASON_TIME_UNSUPPORTED, /* unknown, or past --max-gap */
	REASON_TIME_CONTRADICTED,
	REASON_REVOKED_THEN,	 /* the name was seen revoked before */
	REASON_KEY_TRUNCATED,	 /* truncated or join-ambiguous record */
	REASON_BODY_PARTLY,	 /* l= leaves body out */
	REASON_ARC_SEAL,	 /* a seal covers the ARC fields only */
	REASON_HEADER_UNSIGNED,	 /* a field of the coverage list is unsigned */
	REASON_MIME_UNSIGNED,	 /* unsigned MIME fields leave a choice */
	REASON_NO_FIELD_LINES,	 /* lines in the header that are no field */
	REASON_HEADER_LINE_ENDS, /* bare CR or LF, or NUL, in the header */
	REASON_RESTORED,	 /* only after repairs that a reader sees */
	REASON_REPAIRED,	 /* only after repairs that no reader sees */
	/* notes: they change no verdict */
	REASON_MIME_FRAMED,	 /* MIME fields unsigned, but no choice left */
	REASON_EXPIRED,		 /* x= past at the message's time */
	REASON_CLAIMED_AFTER_PROOF, /* a time that the message bears is later
					than it provably existed */
	REASON_FORGEABLE_LATER,	 /* than the message provably existed */
	REASON_AGING_KEY,
	REASON_CONFLICT,
	REASON_SPLIT_HEURISTIC,
	REASON_KEYS_LEFT_OUT,	 /* over PROVENANCE_KEYS_MAX */
	REASON_REPAIRS_CUT,	 /* the search for repairs used its budget */
	REASON_SIGNED_FIELDS,	 /* what was signed instead was found */
	REASON_GUESSES_CUT,	 /* the search for it used its budget */
	REASON_DOMAINKEYS_ASSUMED, /* c= or q= is missing */
	REASON_DRAFT_HOLDS,	 /* read by the draft of its time, it holds */
	REASON_DRAFT_FAILS,	 /* nor does it then */
	/* fail */
	REASON_BODY_ALTERED,
	REASON_BODY_MISSING,
	REASON_BODY_UNSURE,	 /* a key fits the headers only, but it is weak,
				    testing or forgeable: no "headers-only" */
	REASON_HEADERS_ALTERED,
	REASON_MESSAGE_ALTERED,	 /* DomainKeys: header or body */
	REASON_KEY_MISMATCH,
	REASON_ALTERED_UNSURE,	 /* a key made it, but it is testing or
				    forgeable: no "altered" */
	/* temperror */
	REASON_KEY_MISSING,
	REASON_KEY_ABSENT_SEEN,	 /* NXDOMAIN or NODATA observed */
	REASON_REVOKED_LATER,
	/* permerror: the key */
	REASON_KEY_REVOKED,
	REASON_KEY_MALFORMED,
	REASON_KEY_NOT_A_KEY,
	REASON_KEY_TYPE,
	REASON_KEY_HASH,
	REASON_KEY_SERVICE,
	REASON_KEY_STRICT,
	REASON_KEY_SENDER,	 /* DomainKeys: g= */
	REASON_KEY_LIMIT,
	/* neutral and permerror: the signature field; one for each bit of
	   enum signature_defect up to SIGNATURE_PERMERROR, in its order */
	REASON_SIGNATURE_SYNTAX,
	REASON_SIGNATURE_DUPLICATE_TAG,
	REASON_SIGNATURE_BAD_VERSION,
	REASON_SIGNATURE_UNKNOWN_ALGORITHM,
	REASON_SIGNATURE_UNKNOWN_CANON,
	REASON_SIGNATURE_UNKNOWN_QUERY,
	REASON_SIGNATURE_TOO_MANY_NAMES,
	REASON_SIGNATURE_NO_VERSION,
	REASON_SIGNATURE_NO_ALGORITHM,
	REASON_SIGNATURE_NO_DOMAIN,
	REASON_SIGNATURE_NO_SELECTOR,
	REASON_SIGNATURE_NO_HEADERS,
	REASON_SIGNATURE_NO_SIGNATURE,
	REASON_SIGNATURE_NO_BODY_HASH,
	REASON_SIGNATURE_BAD_SIGNATURE,
	REASON_SIGNATURE_BAD_BODY_HASH,
	REASON_SIGNATURE_BAD_DOMAIN,
	REASON_SIGNATURE_BAD_SELECTOR,
	REASON_SIGNATURE_BAD_HEADERS,
	REASON_SIGNATURE_FROM_UNSIGNED,
	REASON_SIGNATURE_BAD_IDENTITY,
	REASON_SIGNATURE_IDENTITY_OUTSIDE,
	REASON_SIGNATURE_BAD_LENGTH,
	REASON_SIGNATURE_BAD_TIME,
	REASON_SIGNATURE_BAD_EXPIRY,
	REASON_SIGNATURE_BAD_CHAIN,
	REASON_SIGNATURE_ARC_HEADERS,
	REASON_ARC_SET_BROKEN,	 /* a seal over sets that are not complete */
	REASON_LENGTH_BEYOND_BODY,
	/* notes on the field */
	REASON_SIGNATURE_UNUSED_BITS,
	REASON_SIGNATURE_BAD_COPIED,
	REASON_SIGNATURE_SIGNS_ITSELF,
	REASON_KEY_GRANULARITY,	 /* g= in the record: noted only */
	/* the chain of ARC sets; they change no verdict */
	REASON_ARC_PASS,
	REASON_ARC_KEY_MISSING,
	REASON_ARC_INSTANCE,
	REASON_ARC_SAYS_FAIL,
	REASON_ARC_SET_INCOMPLETE,
	REASON_ARC_SET_DUPLICATE,
	REASON_ARC_CHAIN_VALUE,
	REASON_ARC_MESSAGE_SIGNATURE,
	REASON_ARC_SEAL_BROKEN,
	REASON_ARC_WEAK,
	/* the message */
	REASON_UNSIGNED,
	REASON_SIGNATURES_LEFT_OUT, /* over SIGNATURES_MAX (note) */
	REASON_UNREADABLE_EMPTY,
	REASON_UNREADABLE_NO_HEADER,
	REASON_UNREADABLE_NOT_MAIL,
	REASON_UNREADABLE_TOO_LARGE,
	REASON_UNREADABLE_HEADER_TOO_LARGE,
	REASON_UNREADABLE_HEADER_TOO_MANY,
	REASON_UNREADABLE_NO_ACCESS,
	REASON_UNREADABLE_LINK,
	REASON_UNREADABLE_TOO_DEEP,
	REASON_UNREADABLE_ENCRYPTED,
	REASON_UNREADABLE_ENCODED, /* an attached message, in base64 ... */
	REASON_UNREADABLE_DAMAGED,
	REASON_UNREADABLE_LIMIT,
	REASON_UNREADABLE_UNSUPPORTED,
	REASONS
};

struct reason_row {
	const char *code;     /* stable: "body-altered" */
	enum result result;   /* RESULT_PASS for qualifiers and notes */
	enum verdict verdict; /* where it leads; VERDICTS: changes none */
	const char *text;     /* one sentence */
	const char *source;   /* "RFC 6376 6.1.1"; "verifier(5)" for ours */
};

const struct reason_row *reason_row(enum reason reason);

struct verdict_row {
	const char *code;    /* "verified-partial" */
	const char *color;   /* "green", "amber", "red", "grey" */
	const char *label;   /* "VERIFIED, PARTIAL" */
	const char *meaning; /* one fixed sentence; "%s" nowhere */
	const char *does_not_show;
};

/* The words are verdict_words.c's. */
const struct verdict_row *verdict_row(enum verdict verdict);
/* Is it one of the six that say "verified"? */
bool verdict_is_verified(enum verdict verdict);
bool verdict_from_code(struct span code, enum verdict *verdict_out);

/* "pass", "fail", ... (RFC 8601). */
const char *result_name(enum result result);

#endif
