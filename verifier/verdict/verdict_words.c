/*
 * verdict_words.c - the verdicts in words: code, colour, label, and the two
 * fixed sentences of each.  The signing domain's own name and the snapshot's
 * stand beside them in every report.
 */
#include "verifier/verdict/reason.h"

#include <glib.h>

static const struct verdict_row rows[VERDICTS] = {
	[VERDICT_VERIFIED] = { "verified", "green", "VERIFIED",
	    "The holder of the private key that belongs to the public key "
	    "which the snapshot shows for the signing domain signed the listed "
	    "header fields and this body.",
	    "Who sat at the keyboard, that the Date is true, or that the "
	    "signing domain's own staff held the key." },
	[VERDICT_VERIFIED_REPAIRED] = { "verified-repaired", "green",
	    "VERIFIED, REPAIRED",
	    "After the named repairs, which change nothing that a reader sees, "
	    "the holder of the private key that belongs to the public key "
	    "which the snapshot shows for the signing domain signed the listed "
	    "header fields and this body.",
	    "Who sat at the keyboard, that the Date is true, that the signing "
	    "domain's own staff held the key, or who made the changes that the "
	    "repairs undo." },
	[VERDICT_VERIFIED_RESTORED] = { "verified-restored", "amber",
	    "VERIFIED, RESTORED",
	    "After the named changes were undone, the holder of the private "
	    "key that belongs to the public key which the snapshot shows for "
	    "the signing domain signed the listed header fields and the "
	    "restored body.",
	    "That the message as it is stored was signed: what was changed "
	    "since is not, and who changed it is not known." },
	[VERDICT_VERIFIED_PARTIAL] = { "verified-partial", "amber",
	    "VERIFIED, PARTIAL",
	    "The signature holds under a key that the snapshot shows for the "
	    "signing domain, but it leaves a part of the message unsigned.",
	    "Anything about the part that is unsigned: it can have been added "
	    "or changed by anybody." },
	[VERDICT_VERIFIED_WEAK] = { "verified-weak", "amber", "VERIFIED, WEAK",
	    "The signature holds under a key that the snapshot shows for the "
	    "signing domain, but the algorithm, the key, or what is known "
	    "about the key at the message's time does not bear full weight.",
	    "That only the holder of the private key could have made the "
	    "signature, or that the key was in use when the message says." },
	[VERDICT_VERIFIED_UNALIGNED] = { "verified-unaligned", "amber",
	    "VERIFIED, UNALIGNED",
	    "The signature holds under a key that the snapshot shows for the "
	    "signing domain, but that is not the domain of every author in "
	    "From.",
	    "That the domain named in From had anything to do with the "
	    "message." },
	[VERDICT_HEADERS_ONLY] = { "headers-only", "amber", "HEADERS ONLY",
	    "The signature over the listed header fields holds under a key "
	    "that the snapshot shows for the signing domain, but the body is "
	    "not the one that was signed, or is missing.",
	    "What the signed body said, or who changed it." },
	[VERDICT_ALTERED] = { "altered", "red", "ALTERED",
	    "The signature was made with a key that the snapshot shows for "
	    "the signing domain, but for header fields, or with DomainKeys for "
	    "header fields or a body, other than those that are stored here.",
	    "What was changed, but for fields of which it is said what was "
	    "signed; by whom, or that it was done to deceive: mail systems "
	    "and mailing lists rewrite header fields, and add to bodies, "
	    "too." },
	[VERDICT_KEY_MISMATCH] = { "key-mismatch", "grey", "KEY MISMATCH",
	    "No key that the snapshot shows under this name, and that could "
	    "be checked, is proved to have made this signature, or the "
	    "signature itself is damaged.",
	    "That the message was forged or changed: the name can have had "
	    "another key that the snapshot does not know." },
	[VERDICT_KEY_MISSING] = { "key-missing", "grey", "NO KEY",
	    "The snapshot has no key for this name and the message's time, so "
	    "the signature could not be checked.",
	    "That the signature is false, or that it is true." },
	[VERDICT_KEY_UNUSABLE] = { "key-unusable", "grey", "KEY UNUSABLE",
	    "The key records that the snapshot shows under this name were "
	    "revoked then, are malformed, do not allow or bear this use, or "
	    "are beyond what can be checked.",
	    "That the message was forged or changed, or that it was not." },
	[VERDICT_MALFORMED] = { "malformed", "grey", "MALFORMED",
	    "The signature field cannot be processed, or breaks a rule that it "
	    "must keep.",
	    "That the message was forged or changed, or that it was not." },
	[VERDICT_UNSIGNED] = { "unsigned", "grey", "UNSIGNED",
	    "The message has no DKIM or DomainKeys signature.",
	    "That the message was forged or changed, or that it was not." },
	[VERDICT_UNREADABLE] = { "unreadable", "grey", "UNREADABLE",
	    "The bytes could not be taken as a message.",
	    "Anything about what the bytes once were." },
};

const struct verdict_row *
verdict_row(enum verdict verdict)
{
	g_assert((size_t)verdict < VERDICTS);
	return &rows[verdict];
}

bool
verdict_is_verified(enum verdict verdict)
{
	return verdict <= VERDICT_VERIFIED_UNALIGNED;
}

bool
verdict_from_code(struct span code, enum verdict *verdict_out)
{
	for (size_t i = 0; i < VERDICTS; i++) {
		if (span_equal(code, span_from_string(rows[i].code))) {
			*verdict_out = (enum verdict)i;
			return true;
		}
	}
	return false;
}

const char *
result_name(enum result result)
{
	static const char *const names[] = { "none", "pass", "fail", "neutral",
		"temperror", "permerror", "policy" };

	g_assert((size_t)result < G_N_ELEMENTS(names));
	return names[result];
}
