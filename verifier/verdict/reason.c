/*
 * reason.c - what each reason means, in one table.
 *
 * A qualifier of a pass names the verdict that it lowers the pass to; a note
 * names none (VERDICTS).
 *
 * Two cases stand beside RFC 6376 6.1.3.  A signature that fits the header
 * but not the body is "headers-only" also when the domain is unaligned or the
 * key little known (its reasons then say so), but not when the key is weak,
 * testing or forgeable: then the field proves nothing about its maker, and
 * body-unsure takes the result to "key-unusable".  Likewise "altered" is
 * never said on the word of a testing or forgeable key (altered-unsure).
 */
#include "verifier/verdict/reason.h"

#include <glib.h>

#define OURS          "verifier(5)"

#define PASS(verdict) RESULT_PASS, VERDICT_VERIFIED_##verdict
#define NOTE          RESULT_PASS, VERDICTS
#define FAIL(verdict) RESULT_FAIL, VERDICT_##verdict
#define MISSING       RESULT_TEMPERROR, VERDICT_KEY_MISSING
#define UNUSABLE      RESULT_PERMERROR, VERDICT_KEY_UNUSABLE
#define NEUTRAL       RESULT_NEUTRAL, VERDICT_MALFORMED
#define BROKEN        RESULT_PERMERROR, VERDICT_MALFORMED
#define UNREADABLE    RESULT_NONE, VERDICT_UNREADABLE

static const struct reason_row rows[REASONS] = {
	/* pass, with what qualifies it */
	[REASON_PASS] = { "pass", RESULT_PASS, VERDICT_VERIFIED,
	    "Signature and body hash hold.", "RFC 6376 6.1.3" },
	[REASON_UNALIGNED] = { "unaligned", PASS(UNALIGNED),
	    "The signing domain is not the domain of every author in From.",
	    OURS },
	[REASON_FROM_MULTIPLE] = { "from-multiple", PASS(UNALIGNED),
	    "There is more than one From field.", "RFC 5322 3.6" },
	[REASON_FROM_UNPARSABLE] = { "from-unparsable", PASS(UNALIGNED),
	    "The From field is missing, is no list of addresses, or has more "
	    "of them than are read.",
	    "RFC 5322 3.6.2" },
	[REASON_FROM_SEVERAL_DOMAINS] = { "from-several-domains",
	    PASS(UNALIGNED), "From names authors of several domains.", OURS },
	[REASON_PUBLIC_SUFFIX] = { "public-suffix", PASS(UNALIGNED),
	    "The signing domain is a public suffix, below which anybody can "
	    "have a name.",
	    OURS },
	[REASON_EQUIVALENT] = { "equivalent", NOTE,
	    "The signing domain counts as the authors' by a recorded "
	    "equivalence.",
	    OURS },
	[REASON_FROM_UNSIGNED] = { "from-unsigned", PASS(UNALIGNED),
	    "The From field is not signed; only Sender is.", "RFC 4870 3.3" },
	[REASON_DOMAINKEYS] = { "domainkeys", PASS(WEAK),
	    "The signature is of DomainKeys, which DKIM has replaced.",
	    "RFC 4870 1" },
	[REASON_SHA1] = { "sha1", PASS(WEAK),
	    "The signature uses SHA-1, for which collisions can be made.",
	    "RFC 8301 3.1" },
	[REASON_WEAK_KEY] = { "weak-key", PASS(WEAK),
	    "The RSA key has less than 1024 bits and can be factored.",
	    "RFC 8301 3.2" },
	[REASON_FORGEABLE_KEY] = { "forgeable-key", PASS(WEAK),
	    "Signatures for this key can be made without its private key.",
	    OURS },
	[REASON_TESTING_KEY] = { "testing-key", PASS(WEAK),
	    "The key record says that the domain is testing DKIM (t=y).",
	    "RFC 6376 3.6.1" },
	[REASON_GRADE] = { "grade", PASS(WEAK),
	    "The evidence for the key is below the least grade asked for.",
	    OURS },
	[REASON_TIME_UNSUPPORTED] = { "time-unsupported", PASS(WEAK),
	    "Nothing shows that the key was there at the message's time, or "
	    "near it.",
	    OURS },
	[REASON_TIME_CONTRADICTED] = { "time-contradicted", PASS(WEAK),
	    "What was seen at the message's time speaks against the key.",
	    OURS },
	[REASON_REVOKED_THEN] = { "revoked-then", PASS(WEAK),
	    "The name was seen revoked before the message's time.", OURS },
	[REASON_KEY_TRUNCATED] = { "key-truncated", PASS(WEAK),
	    "The record of the key was cut short, or can be put together in "
	    "several ways.",
	    OURS },
	[REASON_BODY_PARTLY] = { "body-partly", PASS(PARTIAL),
	    "The length tag (l=) leaves a part of the body unsigned.",
	    "RFC 6376 8.2" },
	[REASON_ARC_SEAL] = { "arc-seal", PASS(PARTIAL),
	    "A seal covers the ARC fields, and nothing else of the message.",
	    "RFC 8617 4.1.3" },
	[REASON_HEADER_UNSIGNED] = { "header-unsigned", PASS(PARTIAL),
	    "A header field that people read is unsigned.", "RFC 6376 5.4.1" },
	[REASON_MIME_UNSIGNED] = { "mime-unsigned", PASS(PARTIAL),
	    "MIME fields are unsigned and decide how the body is read.",
	    "RFC 6376 5.4.1" },
	[REASON_NO_FIELD_LINES] = { "no-field-lines", PASS(PARTIAL),
	    "The header has lines that are no header field.", "RFC 5322 2.2" },
	[REASON_HEADER_LINE_ENDS] = { "header-line-ends", PASS(PARTIAL),
	    "The header has a bare CR, a bare LF or a NUL, where some programs "
	    "end a line and see other fields.",
	    "RFC 5322 2.2" },
	[REASON_RESTORED] = { "restored", PASS(RESTORED),
	    "The signature holds only after changes that a reader sees were "
	    "undone; repairs names them.",
	    OURS },
	[REASON_REPAIRED] = { "repaired", PASS(REPAIRED),
	    "The signature holds only after changes that no reader sees were "
	    "undone; repairs names them.",
	    OURS },
	/* notes */
	[REASON_MIME_FRAMED] = { "mime-framed", NOTE,
	    "How the body is to be read is not signed, but the body leaves "
	    "no choice.",
	    OURS },
	[REASON_EXPIRED] = { "expired", NOTE,
	    "The message bears a time after the signature's expiry (x=).",
	    "RFC 6376 3.5" },
	[REASON_CLAIMED_AFTER_PROOF] = { "claimed-after-proof", NOTE,
	    "The message bears a time after one at which it is proved to have "
	    "existed: a clock was wrong, or somebody was.",
	    OURS },
	[REASON_FORGEABLE_LATER] = { "forgeable-later", NOTE,
	    "The key became forgeable only after a time at which the message "
	    "is proved to have existed.",
	    OURS },
	[REASON_AGING_KEY] = { "aging-key", NOTE,
	    "The RSA key has 1024 to 1535 bits.", "RFC 8301 3.2" },
	[REASON_CONFLICT] = { "conflict", NOTE,
	    "Observations of the name disagree.", OURS },
	[REASON_SPLIT_HEURISTIC] = { "split-heuristic", NOTE,
	    "Where the message begins and ends in its file is a guess.",
	    "RFC 4155" },
	[REASON_KEYS_LEFT_OUT] = { "keys-left-out", NOTE,
	    "The name has more keys than are tried.", OURS },
	[REASON_REPAIRS_CUT] = { "repairs-cut", NOTE,
	    "The search for repairs ended at its bound.", OURS },
	[REASON_SIGNED_FIELDS] = { "signed-fields", NOTE,
	    "What the altered header fields were when they were signed is "
	    "proved by the digest in the signature.",
	    "RFC 8017 8.2.2" },
	[REASON_GUESSES_CUT] = { "guesses-cut", NOTE,
	    "The search for what was signed ended at its bound.", OURS },
	[REASON_DOMAINKEYS_ASSUMED] = { "domainkeys-assumed", NOTE,
	    "The canonicalisation (c=) or query method (q=) is missing; the "
	    "usual one was taken.",
	    "RFC 4870 3.3" },
	[REASON_DRAFT_HOLDS] = { "draft-holds", NOTE,
	    "Read as the drafts of DKIM had it before RFC 4871, the signature "
	    "holds.",
	    "draft-ietf-dkim-base" },
	[REASON_DRAFT_FAILS] = { "draft-fails", NOTE,
	    "Read as the drafts of DKIM had it before RFC 4871, the signature "
	    "does not hold either.",
	    "draft-ietf-dkim-base" },
	/* fail */
	[REASON_BODY_ALTERED] = { "body-altered", FAIL(HEADERS_ONLY),
	    "The signature fits the header, but the body is not the signed "
	    "one.",
	    "RFC 6376 6.1.3" },
	[REASON_BODY_MISSING] = { "body-missing", FAIL(HEADERS_ONLY),
	    "The signature fits the header, but the body is missing.",
	    "RFC 6376 6.1.3" },
	[REASON_BODY_UNSURE] = { "body-unsure", FAIL(KEY_UNUSABLE),
	    "The signature fits the header only, under a key that is weak, "
	    "testing or forgeable.",
	    OURS },
	[REASON_HEADERS_ALTERED] = { "headers-altered", FAIL(ALTERED),
	    "A known key made the signature, but for other header fields.",
	    "RFC 6376 6.1.3" },
	[REASON_MESSAGE_ALTERED] = { "message-altered", FAIL(ALTERED),
	    "A known key made the signature, but for another header or "
	    "another body; DomainKeys cannot tell which.",
	    "RFC 4870 3.4" },
	[REASON_KEY_MISMATCH] = { "key-mismatch", FAIL(KEY_MISMATCH),
	    "No known key of the name made the signature, or it is damaged.",
	    "RFC 6376 6.1.3" },
	[REASON_ALTERED_UNSURE] = { "altered-unsure", FAIL(KEY_MISMATCH),
	    "The signature is for other header fields, or with DomainKeys for "
	    "another message, by a key that is testing or forgeable.",
	    OURS },
	/* temperror */
	[REASON_KEY_MISSING] = { "key-missing", MISSING,
	    "The snapshot has no key for this name.", "RFC 6376 6.1.2" },
	[REASON_KEY_ABSENT_SEEN] = { "key-absent-seen", MISSING,
	    "The name was seen without a key record.", "RFC 6376 6.1.2" },
	[REASON_REVOKED_LATER] = { "revoked-later", MISSING,
	    "The name was seen revoked only after the message's time; the key "
	    "before that is not known.",
	    OURS },
	/* permerror: the key */
	[REASON_KEY_REVOKED] = { "key-revoked", UNUSABLE,
	    "The key was revoked (p= is empty), and not only after the "
	    "message's time.",
	    "RFC 6376 3.6.1" },
	[REASON_KEY_MALFORMED] = { "key-malformed", UNUSABLE,
	    "The key record, or the key in it, is malformed.",
	    "RFC 6376 6.1.2" },
	[REASON_KEY_NOT_A_KEY] = { "key-not-a-key", UNUSABLE,
	    "The record at the name is no key record.", "RFC 6376 6.1.2" },
	[REASON_KEY_TYPE] = { "key-type", UNUSABLE,
	    "The key's type (k=) does not fit the signature's algorithm.",
	    "RFC 6376 6.1.2" },
	[REASON_KEY_HASH] = { "key-hash", UNUSABLE,
	    "The key record (h=) does not allow the signature's hash.",
	    "RFC 6376 6.1.2" },
	[REASON_KEY_SERVICE] = { "key-service", UNUSABLE,
	    "The key record (s=) does not allow the key for e-mail.",
	    "RFC 6376 3.6.1" },
	[REASON_KEY_STRICT] = { "key-strict", UNUSABLE,
	    "The key record (t=s) does not allow an identity (i=) in a "
	    "subdomain.",
	    "RFC 6376 3.6.1" },
	[REASON_KEY_SENDER] = { "key-sender", UNUSABLE,
	    "The key record (g=) allows another sender only.",
	    "RFC 4870 3.2.3" },
	[REASON_KEY_LIMIT] = { "key-limit", UNUSABLE,
	    "The key is beyond what can be checked.", OURS },
	/* neutral: the signature field */
	[REASON_SIGNATURE_SYNTAX] = { "signature-syntax", NEUTRAL,
	    "The signature field is no tag-list.", "RFC 6376 3.2" },
	[REASON_SIGNATURE_DUPLICATE_TAG] = { "signature-duplicate-tag", NEUTRAL,
	    "A tag stands twice in the signature field.", "RFC 6376 3.2" },
	[REASON_SIGNATURE_BAD_VERSION] = { "signature-bad-version", NEUTRAL,
	    "The version (v=) is not 1.", "RFC 6376 3.5" },
	[REASON_SIGNATURE_UNKNOWN_ALGORITHM] = { "signature-unknown-algorithm",
	    NEUTRAL, "The algorithm (a=) is not known.", "RFC 6376 3.3" },
	[REASON_SIGNATURE_UNKNOWN_CANON] = { "signature-unknown-canon", NEUTRAL,
	    "The canonicalisation (c=) is not known.", "RFC 6376 3.5" },
	[REASON_SIGNATURE_UNKNOWN_QUERY] = { "signature-unknown-query", NEUTRAL,
	    "The query methods (q=) do not name dns/txt.", "RFC 6376 3.5" },
	[REASON_SIGNATURE_TOO_MANY_NAMES] = { "signature-too-many-names",
	    NEUTRAL, "The list of signed fields (h=) has too many names.",
	    OURS },
	/* permerror: the signature field */
	[REASON_SIGNATURE_NO_VERSION] = { "signature-no-version", BROKEN,
	    "The version (v=) is missing.", "RFC 6376 6.1.1" },
	[REASON_SIGNATURE_NO_ALGORITHM] = { "signature-no-algorithm", BROKEN,
	    "The algorithm (a=) is missing.", "RFC 6376 6.1.1" },
	[REASON_SIGNATURE_NO_DOMAIN] = { "signature-no-domain", BROKEN,
	    "The signing domain (d=) is missing.", "RFC 6376 6.1.1" },
	[REASON_SIGNATURE_NO_SELECTOR] = { "signature-no-selector", BROKEN,
	    "The selector (s=) is missing.", "RFC 6376 6.1.1" },
	[REASON_SIGNATURE_NO_HEADERS] = { "signature-no-headers", BROKEN,
	    "The list of signed fields (h=) is missing or empty.",
	    "RFC 6376 6.1.1" },
	[REASON_SIGNATURE_NO_SIGNATURE] = { "signature-no-signature", BROKEN,
	    "The signature data (b=) is missing or empty.", "RFC 6376 6.1.1" },
	[REASON_SIGNATURE_NO_BODY_HASH] = { "signature-no-body-hash", BROKEN,
	    "The body hash (bh=) is missing or empty.", "RFC 6376 6.1.1" },
	[REASON_SIGNATURE_BAD_SIGNATURE] = { "signature-bad-signature", BROKEN,
	    "The signature data (b=) is no base64.", "RFC 6376 3.5" },
	[REASON_SIGNATURE_BAD_BODY_HASH] = { "signature-bad-body-hash", BROKEN,
	    "The body hash (bh=) is no base64, or has the wrong length.",
	    "RFC 6376 3.5" },
	[REASON_SIGNATURE_BAD_DOMAIN] = { "signature-bad-domain", BROKEN,
	    "The signing domain (d=) is no domain name.", "RFC 6376 3.5" },
	[REASON_SIGNATURE_BAD_SELECTOR] = { "signature-bad-selector", BROKEN,
	    "The selector (s=) is no part of a domain name.", "RFC 6376 3.5" },
	[REASON_SIGNATURE_BAD_HEADERS] = { "signature-bad-headers", BROKEN,
	    "The list of signed fields (h=) holds what is no field name.",
	    "RFC 6376 3.5" },
	[REASON_SIGNATURE_FROM_UNSIGNED] = { "signature-from-unsigned", BROKEN,
	    "From is not among the signed fields; with DomainKeys, neither "
	    "From nor Sender is.",
	    "RFC 6376 5.4, RFC 4870 3.3" },
	[REASON_SIGNATURE_BAD_IDENTITY] = { "signature-bad-identity", BROKEN,
	    "The identity (i=) is no address; with ARC, it is no instance from "
	    "1 to 50.",
	    "RFC 6376 3.5, RFC 8617 4.2.1" },
	[REASON_SIGNATURE_IDENTITY_OUTSIDE] = { "signature-identity-outside",
	    BROKEN,
	    "The identity (i=), with DomainKeys the sender, lies outside the "
	    "signing domain.",
	    "RFC 6376 3.5, RFC 4870 3.3" },
	[REASON_SIGNATURE_BAD_LENGTH] = { "signature-bad-length", BROKEN,
	    "The length (l=) is no number.", "RFC 6376 3.5" },
	[REASON_SIGNATURE_BAD_TIME] = { "signature-bad-time", BROKEN,
	    "The time (t=) is no number.", "RFC 6376 3.5" },
	[REASON_SIGNATURE_BAD_EXPIRY] = { "signature-bad-expiry", BROKEN,
	    "The expiry (x=) is no number, or is not after the time (t=).",
	    "RFC 6376 3.5" },
	[REASON_SIGNATURE_BAD_CHAIN] = { "signature-bad-chain", BROKEN,
	    "The chain value (cv=) of the seal is missing, or none of none, "
	    "fail and pass.",
	    "RFC 8617 4.1.3" },
	[REASON_SIGNATURE_ARC_HEADERS] = { "signature-arc-headers", BROKEN,
	    "A seal has a list of signed fields (h=), or the list of a message "
	    "signature names ARC-Seal.",
	    "RFC 8617 4.1.2, 4.1.3" },
	[REASON_ARC_SET_BROKEN] = { "arc-set-broken", BROKEN,
	    "What the seal is over is not there, or not once.",
	    "RFC 8617 5.1.1" },
	[REASON_LENGTH_BEYOND_BODY] = { "length-beyond-body", BROKEN,
	    "The length (l=) goes beyond the end of the body.",
	    "RFC 6376 3.5" },
	/* notes on the field */
	[REASON_SIGNATURE_UNUSED_BITS] = { "signature-unused-bits", NOTE,
	    "The base64 of the signature or body hash has bits left over.",
	    "RFC 4648 3.5" },
	[REASON_SIGNATURE_BAD_COPIED] = { "signature-bad-copied", NOTE,
	    "The copied header fields (z=) are malformed.", "RFC 6376 3.5" },
	[REASON_SIGNATURE_SIGNS_ITSELF] = { "signature-signs-itself", NOTE,
	    "The list of signed fields (h=) names DKIM-Signature.",
	    "RFC 6376 3.5" },
	[REASON_KEY_GRANULARITY] = { "key-granularity", NOTE,
	    "The key record has a granularity (g=), which DKIM no longer counts.",
	    "RFC 6376 C.2" },
	/* the chain of ARC sets */
	[REASON_ARC_PASS] = { "arc-pass", NOTE,
	    "The newest message signature and all seals hold.",
	    "RFC 8617 5.2" },
	[REASON_ARC_KEY_MISSING] = { "arc-key-missing", NOTE,
	    "The snapshot lacks a key that the chain rests on.",
	    "RFC 8617 5.2" },
	[REASON_ARC_INSTANCE] = { "arc-instance", NOTE,
	    "An ARC field has no instance (i=) from 1 to 50, or there are more "
	    "fields than 50 sets have.",
	    "RFC 8617 4.2.1" },
	[REASON_ARC_SAYS_FAIL] = { "arc-says-fail", NOTE,
	    "The newest seal says that the chain failed before it (cv=fail).",
	    "RFC 8617 5.2 step 2" },
	[REASON_ARC_SET_INCOMPLETE] = { "arc-set-incomplete", NOTE,
	    "A field of an ARC set is missing, or a whole set is.",
	    "RFC 8617 5.2 step 3" },
	[REASON_ARC_SET_DUPLICATE] = { "arc-set-duplicate", NOTE,
	    "A field of an ARC set is there more than once.",
	    "RFC 8617 5.2 step 3" },
	[REASON_ARC_CHAIN_VALUE] = { "arc-chain-value", NOTE,
	    "A seal has another chain value (cv=) than its place in the chain "
	    "asks for.",
	    "RFC 8617 5.2 step 3" },
	[REASON_ARC_MESSAGE_SIGNATURE] = { "arc-message-signature", NOTE,
	    "The newest message signature does not hold.",
	    "RFC 8617 5.2 step 4" },
	[REASON_ARC_SEAL_BROKEN] = { "arc-seal-broken", NOTE,
	    "A seal does not hold.", "RFC 8617 5.2 step 6" },
	[REASON_ARC_WEAK] = { "arc-weak", NOTE,
	    "A signature of the chain uses SHA-1, an RSA key of less than 1024 "
	    "bits, or a key that anybody can sign for.",
	    "RFC 8301 3.1, 3.2" },
	/* the message */
	[REASON_UNSIGNED] = { "unsigned", RESULT_NONE, VERDICT_UNSIGNED,
	    "The message has no DKIM or DomainKeys signature.",
	    "RFC 8601 2.7.1" },
	[REASON_SIGNATURES_LEFT_OUT] = { "signatures-left-out", NOTE,
	    "The message has more signatures than are checked.",
	    "RFC 6376 6.1" },
	[REASON_UNREADABLE_EMPTY] = { "unreadable-empty", UNREADABLE,
	    "There are no octets.", OURS },
	[REASON_UNREADABLE_NO_HEADER] = { "unreadable-no-header", UNREADABLE,
	    "There is no header field.", "RFC 5322 3.6" },
	[REASON_UNREADABLE_NOT_MAIL] = { "unreadable-not-mail", UNREADABLE,
	    "The file does not look like mail.", OURS },
	[REASON_UNREADABLE_TOO_LARGE] = { "unreadable-too-large", UNREADABLE,
	    "The message is larger than is read.", OURS },
	[REASON_UNREADABLE_HEADER_TOO_LARGE] = { "unreadable-header-too-large",
	    UNREADABLE, "The header is larger than is read.", OURS },
	[REASON_UNREADABLE_HEADER_TOO_MANY] = { "unreadable-header-too-many",
	    UNREADABLE, "The header has more fields than are read.", OURS },
	[REASON_UNREADABLE_NO_ACCESS] = { "unreadable-no-access", UNREADABLE,
	    "The file could not be opened or read.", OURS },
	[REASON_UNREADABLE_LINK] = { "unreadable-link", UNREADABLE,
	    "The file is a symbolic link or no regular file.", OURS },
	[REASON_UNREADABLE_TOO_DEEP] = { "unreadable-too-deep", UNREADABLE,
	    "The folder is nested too deeply.", OURS },
	[REASON_UNREADABLE_ENCRYPTED] = { "unreadable-encrypted", UNREADABLE,
	    "The member of the container is encrypted.", OURS },
	[REASON_UNREADABLE_ENCODED] = { "unreadable-encoded", UNREADABLE,
	    "The attached message has a transfer encoding, which is not undone.",
	    "RFC 2046 5.2.1" },
	[REASON_UNREADABLE_DAMAGED] = { "unreadable-damaged", UNREADABLE,
	    "The container is damaged here.", OURS },
	[REASON_UNREADABLE_LIMIT] = { "unreadable-limit", UNREADABLE,
	    "The container is past a bound that is kept against bombs.", OURS },
	[REASON_UNREADABLE_UNSUPPORTED] = { "unreadable-unsupported",
	    UNREADABLE, "The container has a method that is not known.", OURS },
};

const struct reason_row *
reason_row(enum reason reason)
{
	g_assert((size_t)reason < REASONS);
	return &rows[reason];
}
