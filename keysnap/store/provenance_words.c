/*
 * provenance_words.c - grades, states and flags by their names.
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
