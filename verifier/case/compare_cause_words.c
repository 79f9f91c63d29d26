/* compare_cause_words.c - the codes of causes, and what they mean. */
#include "verifier/case/compare_cause.h"

static const struct {
	const char *code, *text;
} rows[CAUSES] = {
	[CAUSE_KEY_MISSING] = { "key-missing",
	    "one snapshot has no key for the name" },
	[CAUSE_OTHER_KEY] = { "other-key",
	    "another key of the name decides: one snapshot lacks it" },
	[CAUSE_OTHER_PROVENANCE] = { "other-provenance",
	    "the same key, known otherwise in the two snapshots" },
	[CAUSE_OTHER_SNAPSHOT] = { "other-snapshot",
	    "the snapshots differ in the records of the name" },
	[CAUSE_VOUCHED] = { "vouched",
	    "one snapshot was vouched for, the other by nobody" },
	[CAUSE_REPAIRS] = { "repairs",
	    "one run undid more changes than the other (--repairs)" },
	[CAUSE_MIN_GRADE] = { "min-grade",
	    "the runs ask for other grades (--min-grade)" },
	[CAUSE_MAX_GAP] = { "max-gap",
	    "the runs allow other gaps of time (--max-gap)" },
	[CAUSE_EQUIVALENCES] = { "equivalences",
	    "other domains counted for each other (--equivalences)" },
	[CAUSE_SUFFIX_LIST] = { "public-suffix-list",
	    "another public suffix list" },
	[CAUSE_ANCHORS] = { "anchors",
	    "other proofs of time were given (--anchor)" },
	[CAUSE_OTHER_READING] = { "other-reading",
	    "the same octets were read from a file, or a container, otherwise" },
	[CAUSE_OTHER_BYTES] = { "other-bytes", "the octets are others" },
	[CAUSE_COPY] = { "copy",
	    "one archive has more copies of the same message" },
	[CAUSE_ONLY] = { "only-one", "only one archive has the file" },
	[CAUSE_PROGRAM] = { "other-program",
	    "another version of the program or its libraries" },
	[CAUSE_THEIR_POLICY] = { "their-policy",
	    "the list may refuse it by a rule: SHA-1, short or test keys, "
	    "expiry, l=, alignment, another kind of signature" },
	[CAUSE_THEIR_KEY] = { "their-key",
	    "the list may rest on another key, such as that of its day" },
	[CAUSE_THEIR_SCOPE] = { "their-scope",
	    "the list may be about another thing than signatures of DKIM" },
	[CAUSE_LISTED_AGAIN] = { "listed-again",
	    "the list names the message in more lines than there are copies" },
	[CAUSE_UNEXPLAINED] = { "unexplained",
	    "nothing that is known of the two explains it" },
};

const char *
cause_code(enum cause cause)
{
	return rows[cause].code;
}

const char *
cause_text(enum cause cause)
{
	return rows[cause].text;
}
