/*
 * provenance_words.c - grades, states and flags by their names, and what they
 * mean.
 */
#include "keysnap/store/provenance.h"

static const char *const grades[] = {
	[GRADE_A1] = "A1",
	[GRADE_A2] = "A2",
	[GRADE_B] = "B",
	[GRADE_C1] = "C1",
	[GRADE_C2] = "C2",
	[GRADE_D] = "D",
	[GRADE_E1] = "E1",
	[GRADE_E2] = "E2",
	[GRADE_F] = "F",
};

const char *
grade_name(enum grade grade)
{
	return grades[grade];
}

bool
grade_from_name(struct span name, enum grade *grade_out)
{
	for (size_t i = 0; i < G_N_ELEMENTS(grades); i++) {
		if (span_equal(name, span_from_string(grades[i]))) {
			*grade_out = (enum grade)i;
			return true;
		}
	}
	return false;
}

const char *
time_state_name(enum time_state state)
{
	static const char *const names[] = {
		[TIME_STATE_SEEN] = "seen",
		[TIME_STATE_CLAIMED] = "claimed",
		[TIME_STATE_BRIDGED] = "bridged",
		[TIME_STATE_BEFORE_FIRST] = "before-first",
		[TIME_STATE_AFTER_LAST] = "after-last",
		[TIME_STATE_CONTRADICTED] = "contradicted",
		[TIME_STATE_UNKNOWN] = "unknown",
	};

	return names[state];
}

const char *
provenance_flag_name(unsigned bit)
{
	switch (bit) {
	case PROVENANCE_WEAK:
		return "weak";
	case PROVENANCE_FORGEABLE:
		return "forgeable";
	case PROVENANCE_AGING:
		return "aging";
	case PROVENANCE_TESTING:
		return "testing";
	case PROVENANCE_REVOKED_THEN:
		return "revoked-then";
	case PROVENANCE_CONFLICT:
		return "conflict";
	case PROVENANCE_TRUNCATED:
		return "truncated";
	case PROVENANCE_JOIN_AMBIGUOUS:
		return "join-ambiguous";
	default:
		return NULL;
	}
}

const char *
grade_meaning(enum grade grade)
{
	static const char *const texts[] = {
		[GRADE_A1] = "a DNSSEC chain that was valid when the key was "
			     "seen, and a proof of time soon after",
		[GRADE_A2] = "such a chain, without a proof of time: the keys "
			     "of the zone may have leaked since",
		[GRADE_B] = "two or more independent observers saw the key at "
			    "about the same time",
		[GRADE_C1] = "one capture of our own, octets kept",
		[GRADE_C2] = "one statement of a third party, its signature "
			     "verified",
		[GRADE_D] = "the record of a third party, unsigned",
		[GRADE_E1] = "calculated from messages of two collections",
		[GRADE_E2] = "calculated from messages of one collection",
		[GRADE_F] = "asserted: a key file, pasted, or without a time",
	};

	return texts[grade];
}

const char *
time_state_meaning(enum time_state state)
{
	static const char *const texts[] = {
		[TIME_STATE_SEEN] = "somebody looked and saw the key then",
		[TIME_STATE_CLAIMED] = "the time lies within one that an "
				       "observer claims; gaps are not known",
		[TIME_STATE_BRIDGED] = "the key was seen before and after, and "
				       "nothing spoke against it between",
		[TIME_STATE_BEFORE_FIRST] = "the time is before the key was "
					    "first seen, which is when "
					    "somebody first looked",
		[TIME_STATE_AFTER_LAST] = "the time is after the key was last "
					  "seen: it may have leaked since",
		[TIME_STATE_CONTRADICTED] = "the name was seen without the key "
					    "then",
		[TIME_STATE_UNKNOWN] = "nothing says that the key was there "
				       "then, or something speaks against it",
	};

	return texts[state];
}

const char *
provenance_flag_meaning(unsigned bit)
{
	switch (bit) {
	case PROVENANCE_WEAK:
		return "an RSA key below 1024 bits";
	case PROVENANCE_FORGEABLE:
		return "others than the holder can sign: factored, published, "
		       "compromised, or an exponent that needs no key";
	case PROVENANCE_AGING:
		return "an RSA key of 1024 to 1535 bits";
	case PROVENANCE_TESTING:
		return "the record of that time said that DKIM is tested (t=y)";
	case PROVENANCE_REVOKED_THEN:
		return "seen revoked before that time, and not since";
	case PROVENANCE_CONFLICT:
		return "the name was seen without the key at a time for which "
		       "others say that it was there";
	case PROVENANCE_TRUNCATED:
		return "nobody saw the record whole";
	case PROVENANCE_JOIN_AMBIGUOUS:
		return "the strings of the record can be joined in several ways";
	default:
		return NULL;
	}
}
