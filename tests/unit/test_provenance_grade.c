/* test_provenance_grade.c - each grade, and what must not raise one. */
#include "tests/unit/provenance_case.h"

#include <glib.h>

#define LAB                                   \
	{                                     \
		SOURCE, "lab", .word = "zone" \
	}
#define OTHER                                  \
	{                                      \
		SOURCE, "other", .word = "cof" \
	}
#define NO_TIME                                                  \
	{                                                        \
		SEE, record_b, 1, NONE, NONE, .word = "dns-wire" \
	}
#define ARCHIVE(s)                                          \
	{                                                   \
		SEE, record_b, s, 10, 20, .word = "archive" \
	}

#define STRANGER(n)                                            \
	{                                                      \
		MERGED,                                        \
		    "copied from the log \"x\" of 9 entries, " \
		    "a snapshot that nobody vouches for",      \
		    .of = n,                                   \
	}

static const struct {
	const char *name;
	bool unvouched;
	struct step steps[CASE_STEPS];
	enum grade grade; /* of the first key */
	uint64_t entry;
	size_t independent;
} cases[] = {
	{ "D", false, { LAB, ARCHIVE(1) }, GRADE_D, 2, 1 },
	{ "F: key file", false,
	    { LAB, { SEE, record_b, 1, 10, 20, .word = "keyfile" } }, GRADE_F,
	    2, 0 },
	{ "F: pasted", false,
	    { LAB, { SEE, record_b, 1, 10, 20, .word = "pasted" } }, GRADE_F, 2,
	    0 },
	{ "F: derived, says a third party", false,
	    { LAB, { SEE, record_b, 1, 10, 20, .word = "gcd" } }, GRADE_F, 2,
	    0 },
	{ "F: no time", false,
	    { LAB, { SEE, record_b, 1, NONE, NONE, .word = "archive" } },
	    GRADE_F, 2, 0 },
	{ "the best entry carries it", false,
	    { LAB, { SEE, record_b, 1, 10, 20, .word = "keyfile" }, ARCHIVE(1),
		ARCHIVE(1) },
	    GRADE_D, 3, 1 },
	{ "E2", false,
	    { LAB, { SEE, "", 1, 10, 20, .word = "gcd", RECOVERED } }, GRADE_E2,
	    2, 0 },
	{ "E1", false, { LAB, { SEE, "", 1, 10, 20, .word = "gcd", CORPORA } },
	    GRADE_E1, 2, 0 },
	/* B */
	{ "B", false, { LAB, OTHER, ARCHIVE(1), ARCHIVE(2) }, GRADE_B, 3, 2 },
	{ "B: adjacent windows", false,
	    { LAB, OTHER, ARCHIVE(1),
		{ SEE, record_b, 2, 21, 22, .word = "pdns" } },
	    GRADE_B, 3, 2 },
	{ "B: a sighting by another", false,
	    { LAB, OTHER, ARCHIVE(1),
		{ AGAIN, .of = 3, .first = 12, .last = 12, .source = 2 } },
	    GRADE_B, 3, 2 },
	{ "B: two spellings of one key", false,
	    { LAB, OTHER, { SEE, record_a, 1, 10, 20, .word = "pdns" },
		{ SEE, record_a_testing, 2, 10, 20, .word = "pdns" } },
	    GRADE_B, 3, 2 },
	{ "not B: far apart", false,
	    { LAB, OTHER, ARCHIVE(1),
		{ SEE, record_b, 2, 23, 24, .word = "pdns" } },
	    GRADE_D, 3, 2 },
	{ "not B: other keys", false,
	    { LAB, OTHER, ARCHIVE(1),
		{ SEE, record_a, 2, 10, 20, .word = "pdns" } },
	    GRADE_D, 3, 1 },
	{ "not B: one observer, two files", false,
	    { LAB, { SOURCE, "lab", .word = "cof" }, ARCHIVE(1), ARCHIVE(2) },
	    GRADE_D, 3, 1 },
	{ "not B: one operator", false,
	    { { SOURCE, "lab/a", .word = "zone" },
		{ SOURCE, "LAB/b", .word = "cof" }, ARCHIVE(1), ARCHIVE(2) },
	    GRADE_D, 3, 1 },
	{ "not B: a copy", false,
	    { LAB, { SOURCE, "other", .word = "cof", .more = "lab" },
		ARCHIVE(1), ARCHIVE(2) },
	    GRADE_D, 3, 1 },
	{ "not B: two copies of a third", false,
	    { { SOURCE, "lab", .word = "zone", .more = "third" },
		{ SOURCE, "other", .word = "cof", .more = "third/x" },
		ARCHIVE(1), ARCHIVE(2) },
	    GRADE_D, 3, 1 },
	{ "not B: one file under two names", false,
	    { { SOURCE, "lab", .word = "zone", .options = SAME_FILE },
		{ SOURCE, "other", .word = "zone", .options = SAME_FILE },
		ARCHIVE(1), ARCHIVE(2) },
	    GRADE_D, 3, 1 },
	{ "not B: the same octets", false,
	    { LAB, OTHER,
		{ SEE, record_b, 1, 10, 20, .word = "pcap",
		    KEPT | SAME_OCTETS },
		{ SEE, record_b, 2, 10, 20, .word = "pcap",
		    KEPT | SAME_OCTETS } },
	    GRADE_D, 3, 1 },
	{ "not B: a file that is evidence of the other, too", false,
	    { LAB, OTHER, ARCHIVE(1),
		{ SEE, record_b, 2, 10, 20, .word = "pcap",
		    KEPT | FIRST_FILE } },
	    GRADE_D, 3, 1 },
	{ "not B: nobody was named", false,
	    { LAB, { SOURCE, "file", .word = "cof" }, ARCHIVE(1), ARCHIVE(2) },
	    GRADE_D, 3, 1 },
	{ "not B: a key file is no observer", false,
	    { LAB, OTHER, ARCHIVE(1),
		{ SEE, record_b, 2, 10, 20, .word = "keyfile" } },
	    GRADE_D, 3, 1 },
	{ "not B: times of mail", false,
	    { LAB, OTHER, ARCHIVE(1),
		{ SEE, record_b, 2, 10, 20, .word = "archive", MAIL_TIME } },
	    GRADE_D, 3, 1 },
	{ "not B: nobody vouches", true, { LAB, OTHER, ARCHIVE(1), ARCHIVE(2) },
	    GRADE_D, 3, 0 },
	{ "not B: one retracted", false,
	    { LAB, OTHER, ARCHIVE(1), ARCHIVE(2), { RETRACT, .of = 4 } },
	    GRADE_D, 3, 1 },
	{ "not B: one source retracted", false,
	    { LAB, OTHER, ARCHIVE(1), ARCHIVE(2), { RETRACT, .of = 2 } },
	    GRADE_D, 3, 1 },
	{ "not B: a sighting retracted", false,
	    { LAB, OTHER, ARCHIVE(1),
		{ AGAIN, .of = 3, .first = 12, .last = 12, .source = 2 },
		{ RETRACT, .of = 4 } },
	    GRADE_D, 3, 1 },
	{ "not B: copied from a log that nobody vouched for", false,
	    { LAB, OTHER, ARCHIVE(1), ARCHIVE(2),
		{ MERGED,
		    "copied from the log \"x\" of 9 entries, "
		    "a snapshot that nobody vouches for",
		    .of = 2 } },
	    GRADE_D, 3, 1 },
	{ "B: a stranger cannot retract what was there", false,
	    { LAB, OTHER, ARCHIVE(1), ARCHIVE(2), { RETRACT, .of = 4 },
		STRANGER(5) },
	    GRADE_B, 3, 2 },
	{ "F: but can what came with it", false,
	    { LAB, { SEE, record_b, 1, 10, 20, .word = "keyfile" }, ARCHIVE(1),
		{ RETRACT, .of = 3 }, STRANGER(3), STRANGER(4) },
	    GRADE_F, 2, 0 },
	{ "B: nor the note that says so", false,
	    { LAB, OTHER, ARCHIVE(1), ARCHIVE(2), { RETRACT, .of = 4 },
		STRANGER(5), { RETRACT, .of = 6 }, STRANGER(7) },
	    GRADE_B, 3, 2 },
	{ "not B: the note retracted by the store's keeper", false,
	    { LAB, OTHER, ARCHIVE(1), ARCHIVE(2), { RETRACT, .of = 4 },
		STRANGER(5), { RETRACT, .of = 6 } },
	    GRADE_D, 3, 1 },
	{ "not A1: an anchor that a stranger brought", false,
	    { { SOURCE, "lab", .word = "zone", .options = SAME_FILE },
		ARCHIVE(1),
		{ CHAIN, .of = 2, .first = 5, .last = 25, .word = "secure" },
		{ STAMP_OF, .of = 1, .first = 22, .word = "rfc3161" },
		STRANGER(4) },
	    GRADE_A2, 3, 1 },
	{ "A1: the same of our own", false,
	    { { SOURCE, "lab", .word = "zone", .options = SAME_FILE },
		ARCHIVE(1),
		{ CHAIN, .of = 2, .first = 5, .last = 25, .word = "secure" },
		{ STAMP_OF, .of = 1, .first = 22, .word = "rfc3161" } },
	    GRADE_A1, 3, 1 },
	{ "B: a retraction retracted", false,
	    { LAB, OTHER, ARCHIVE(1), ARCHIVE(2), { RETRACT, .of = 4 },
		{ RETRACT, .of = 5 } },
	    GRADE_B, 3, 2 },
	/* C */
	{ "C1: captured", false,
	    { { SOURCE, "lab", .word = "capture" },
		{ SEE, record_b, 1, 10, 10, .word = "dns-wire", SEEN | KEPT } },
	    GRADE_C1, 2, 1 },
	{ "not C1: octets not kept", false,
	    { { SOURCE, "lab", .word = "capture" },
		{ SEE, record_b, 1, 10, 10, .word = "dns-wire", SEEN } },
	    GRADE_D, 2, 1 },
	{ "not C1: a line that says so", false,
	    { { SOURCE, "lab", .word = "jsonl" },
		{ SEE, record_b, 1, 10, 10, .word = "dns-wire", SEEN | KEPT } },
	    GRADE_D, 2, 1 },
	{ "not C1: nobody vouches", true,
	    { { SOURCE, "lab", .word = "capture" },
		{ SEE, record_b, 1, 10, 10, .word = "dns-wire", SEEN | KEPT } },
	    GRADE_D, 2, 0 },
	{ "not C1: a packet capture can be made up", false,
	    { { SOURCE, "lab", .word = "pcap" },
		{ SEE, record_b, 1, 10, 10, .word = "pcap", SEEN | KEPT } },
	    GRADE_D, 2, 1 },
	{ "C1: but not one that was stamped soon after", false,
	    { { SOURCE, "lab", .word = "pcap" },
		{ SEE, record_b, 1, 10, 10, .word = "pcap", SEEN | KEPT },
		{ STAMP_OF, .of = 2, .first = 100, .word = "rfc3161" } },
	    GRADE_C1, 2, 1 },
	{ "C1: its file", false,
	    { { SOURCE, "lab", .word = "pcap" },
		{ SEE, record_b, 1, 10, 10, .word = "pcap", SEEN | KEPT },
		{ STAMP_OF, .of = 1, .first = 11, .word = "rfc3161" } },
	    GRADE_C1, 2, 1 },
	{ "not C1: stamped too late", false,
	    { { SOURCE, "lab", .word = "pcap" },
		{ SEE, record_b, 1, 10, 10, .word = "pcap", SEEN | KEPT },
		{ STAMP_OF, .of = 2, .first = 101, .word = "rfc3161" } },
	    GRADE_D, 2, 1 },
	{ "not C1: stamped before it was made", false,
	    { { SOURCE, "lab", .word = "pcap" },
		{ SEE, record_b, 1, 10, 10, .word = "pcap", SEEN | KEPT },
		{ STAMP_OF, .of = 2, .first = 9, .word = "rfc3161" } },
	    GRADE_D, 2, 1 },
	{ "C2", false,
	    { { SOURCE, "archive", .word = "jws" },
		{ SEE, record_b, 1, 10, 20, .word = "archive-jws", SIGNED } },
	    GRADE_C2, 2, 1 },
	{ "not C2: a line that says so", false,
	    { { SOURCE, "archive", .word = "jsonl" },
		{ SEE, record_b, 1, 10, 20, .word = "archive-jws", SIGNED } },
	    GRADE_D, 2, 1 },
	{ "not C2: from a log that nobody vouched for", false,
	    { { SOURCE, "archive", .word = "jws" },
		{ SEE, record_b, 1, 10, 20, .word = "archive-jws", SIGNED },
		{ MERGED, "x, a snapshot that nobody vouches for", .of = 1 } },
	    GRADE_D, 2, 0 },
	/* A */
	{ "A2", false,
	    { LAB, ARCHIVE(1),
		{ CHAIN, .of = 2, .first = 5, .last = 25, .word = "secure" } },
	    GRADE_A2, 3, 1 },
	{ "A1", false,
	    { LAB, ARCHIVE(1),
		{ CHAIN, .of = 2, .first = 5, .last = 25, .word = "secure" },
		{ STAMP, .of = 3, .first = 115, .word = "rfc3161" } },
	    GRADE_A1, 3, 1 },
	{ "A1: the file", false,
	    { LAB, ARCHIVE(1),
		{ CHAIN, .of = 2, .first = 5, .last = 25, .word = "secure" },
		{ STAMP_OF, .of = 1, .first = 30, .word = "rfc3161" } },
	    GRADE_A1, 3, 1 },
	{ "not A1: too late", false,
	    { LAB, ARCHIVE(1),
		{ CHAIN, .of = 2, .first = 5, .last = 25, .word = "secure" },
		{ STAMP, .of = 3, .first = 116, .word = "rfc3161" } },
	    GRADE_A2, 3, 1 },
	{ "not A1: a state without it", false,
	    { LAB, ARCHIVE(1),
		{ CHAIN, .of = 2, .first = 5, .last = 25, .word = "secure" },
		{ STAMP, .of = 2, .first = 26, .word = "rfc3161" } },
	    GRADE_A2, 3, 1 },
	{ "not A1: a note is its signer's word", false,
	    { LAB, ARCHIVE(1),
		{ CHAIN, .of = 2, .first = 5, .last = 25, .word = "secure" },
		{ STAMP, .of = 3, .first = 26, .word = "note" } },
	    GRADE_A2, 3, 1 },
	{ "not A1: the anchor retracted", false,
	    { LAB, ARCHIVE(1),
		{ CHAIN, .of = 2, .first = 5, .last = 25, .word = "secure" },
		{ STAMP, .of = 3, .first = 26, .word = "rfc3161" },
		{ RETRACT, .of = 4 } },
	    GRADE_A2, 3, 1 },
	{ "not A1: stamped before it was seen", false,
	    { LAB, ARCHIVE(1),
		{ CHAIN, .of = 2, .first = 5, .last = 25, .word = "secure" },
		{ STAMP, .of = 3, .first = 8, .word = "rfc3161" } },
	    GRADE_A2, 3, 1 },
	{ "A1: no time but the window's", false,
	    { LAB, NO_TIME,
		{ CHAIN, .of = 2, .first = 5, .last = 25, .word = "secure" },
		{ STAMP, .of = 3, .first = 6, .word = "rfc3161" } },
	    GRADE_A1, 3, 0 },
	{ "A2: no time but the window's", false,
	    { LAB, NO_TIME,
		{ CHAIN, .of = 2, .first = 5, .last = 25, .word = "secure" },
		{ STAMP, .of = 3, .first = 3, .word = "rfc3161" } },
	    GRADE_A2, 3, 0 },
	/* The window must hold the time of the observation: 10 to 20. */
	{ "A2: to the last second of the last day", false,
	    { LAB, ARCHIVE(1),
		{ CHAIN, .of = 2, .first = 10, .last = 21, .word = "secure" } },
	    GRADE_A2, 3, 1 },
	{ "not A: the window ends on the last day", false,
	    { LAB, ARCHIVE(1),
		{ CHAIN, .of = 2, .first = 10, .last = 20, .word = "secure" } },
	    GRADE_D, 2, 1 },
	{ "not A: the window begins later", false,
	    { LAB, ARCHIVE(1),
		{ CHAIN, .of = 2, .first = 11, .last = 21, .word = "secure" } },
	    GRADE_D, 2, 1 },
	{ "not A: the window was over before", false,
	    { LAB, ARCHIVE(1),
		{ CHAIN, .of = 2, .first = 1, .last = 9, .word = "secure" } },
	    GRADE_D, 2, 1 },
	{ "not A: the window came after", false,
	    { LAB, ARCHIVE(1),
		{ CHAIN, .of = 2, .first = 22, .last = 30, .word = "secure" } },
	    GRADE_D, 2, 1 },
	{ "not A: an anchor in time, but the window was over", false,
	    { LAB, ARCHIVE(1),
		{ CHAIN, .of = 2, .first = 1, .last = 9, .word = "secure" },
		{ STAMP, .of = 3, .first = 12, .word = "rfc3161" } },
	    GRADE_D, 2, 1 },
	{ "not A: captured, an old answer played again", false,
	    { { SOURCE, "lab", .word = "capture" },
		{ SEE, record_b, 1, 10, 10, .word = "dns-wire",
		    SEEN | KEPT | SECOND },
		{ CHAIN, .of = 2, .first = 1, .last = 9, .word = "secure" } },
	    GRADE_C1, 2, 1 },
	{ "A2: the second of the window's end", false,
	    { { SOURCE, "lab", .word = "capture" },
		{ SEE, record_b, 1, 10, 10, .word = "dns-wire",
		    SEEN | KEPT | SECOND },
		{ CHAIN, .of = 2, .first = 1, .last = 10, .word = "secure" } },
	    GRADE_A2, 3, 1 },
	{ "A2: of two chains one holds it", false,
	    { LAB, ARCHIVE(1),
		{ CHAIN, .of = 2, .first = 1, .last = 9, .word = "secure" },
		{ CHAIN, .of = 2, .first = 5, .last = 25, .word = "secure" } },
	    GRADE_A2, 4, 1 },
	{ "A2: validity of a signature, of which the chain has a part", false,
	    { LAB, { SEE, record_b, 1, 10, 20, .word = "dig", RRSIG_TIME },
		{ CHAIN, .of = 2, .first = 12, .last = 15, .word = "secure" } },
	    GRADE_A2, 3, 1 },
	{ "not A: validity of a signature, apart from the chain", false,
	    { LAB, { SEE, record_b, 1, 10, 20, .word = "dig", RRSIG_TIME },
		{ CHAIN, .of = 2, .first = 22, .last = 25, .word = "secure" } },
	    GRADE_D, 2, 1 },
	{ "not A: bogus", false,
	    { LAB, ARCHIVE(1),
		{ CHAIN, .of = 2, .first = 5, .last = 25, .word = "bogus" } },
	    GRADE_D, 2, 1 },
	{ "not A: nobody vouches", true,
	    { LAB, ARCHIVE(1),
		{ CHAIN, .of = 2, .first = 5, .last = 25, .word = "secure" },
		{ STAMP, .of = 3, .first = 26, .word = "rfc3161" } },
	    GRADE_D, 2, 0 },
	{ "not A: retracted", false,
	    { LAB, ARCHIVE(1),
		{ CHAIN, .of = 2, .first = 5, .last = 25, .word = "secure" },
		{ RETRACT, .of = 3 } },
	    GRADE_D, 2, 1 },
	{ "not A: what it is of retracted", false,
	    { LAB, ARCHIVE(1), ARCHIVE(1),
		{ CHAIN, .of = 2, .first = 5, .last = 25, .word = "secure" },
		{ RETRACT, .of = 2 } },
	    GRADE_D, 3, 1 },
	{ "not A: from a log that nobody vouched for", false,
	    { LAB, ARCHIVE(1),
		{ CHAIN, .of = 2, .first = 5, .last = 25, .word = "secure" },
		{ MERGED, "x, a snapshot that nobody vouches for", .of = 3 } },
	    GRADE_D, 2, 1 },
};

static void
test_case(gconstpointer data)
{
	size_t i = GPOINTER_TO_SIZE(data);
	struct provenance_case given;

	case_derive(&given, cases[i].steps, !cases[i].unvouched);
	g_assert_cmpuint(given.known.n_keys, >, 0);
	if (given.known.n_keys > 0) {
		const struct known_key *key = &given.known.keys[0];

		g_assert_cmpstr(
		    grade_name(key->grade), ==, grade_name(cases[i].grade));
		g_assert_cmpuint(key->entry, ==, cases[i].entry);
		g_assert_cmpuint(key->independent, ==, cases[i].independent);
	}
	case_clear(&given);
}

/* The grade is of the key: both spellings have it, and its sources. */
static void
test_shared(void)
{
	static const struct step steps[CASE_STEPS] = { LAB, OTHER,
		{ SEE, record_a, 1, 10, 20, .word = "pdns" },
		{ SEE, record_a_testing, 2, 15, 30, .word = "pdns" } };
	struct provenance_case given;

	case_derive(&given, steps, true);
	g_assert_cmpuint(given.known.n_keys, ==, 2);
	for (size_t i = 0; i < 2; i++) {
		const struct known_key *key = &given.known.keys[i];

		g_assert_cmpint(key->grade, ==, GRADE_B);
		g_assert_cmpuint(key->n_sources, ==, 2);
		g_assert_cmpuint(key->observations, ==, 2);
		g_assert_cmpint(key->first_seen, ==, AT(10));
		g_assert_cmpint(key->last_seen, ==, AT(31) - 1);
		g_assert_cmpuint(key->windows.n, ==, 1);
		g_assert_cmpint(key->record.testing, ==, i == 1);
	}
	case_clear(&given);
}

/* Where CNAMEs led, each once, in order of octets. */
static const struct {
	const char *name;
	struct step steps[CASE_STEPS];
	const char *owners; /* each behind a space */
} behind[] = {
	{ "no CNAME", { LAB, ARCHIVE(1) }, "" },
	{ "one, seen twice",
	    { LAB, { SEE, record_b, 1, 10, 20, .word = "dig", ELSEWHERE },
		{ SEE, record_b, 1, 30, 30, .word = "dig", ELSEWHERE } },
	    " s.keys.esp.example" },
	{ "its own name is none",
	    { LAB,
		{ SEE, record_b, 1, 10, 20, .word = "dig",
		    .more = CASE_NAME } },
	    "" },
	{ "first itself, then another, then a third",
	    { LAB, ARCHIVE(1),
		{ SEE, record_b, 1, 30, 40, .word = "dig", ELSEWHERE },
		{ SEE, record_b, 1, 50, 60, .word = "dig",
		    .more = "a.example" } },
	    " a.example s.keys.esp.example" },
	{ "a sighting of one",
	    { LAB, { SEE, record_b, 1, 10, 20, .word = "dig", ELSEWHERE },
		{ AGAIN, .of = 2, .first = 30, .last = 30, .source = 1 } },
	    " s.keys.esp.example" },
	{ "retracted",
	    { LAB, ARCHIVE(1),
		{ SEE, record_b, 1, 30, 40, .word = "dig", ELSEWHERE },
		{ RETRACT, .of = 3 } },
	    "" },
	{ "of another key",
	    { LAB, ARCHIVE(1),
		{ SEE, record_a, 1, 30, 40, .word = "dig", ELSEWHERE } },
	    "" },
};

static void
test_owners(void)
{
	for (size_t i = 0; i < G_N_ELEMENTS(behind); i++) {
		g_autoptr(GString) got = g_string_new(NULL);
		struct provenance_case given;

		g_test_message("%s", behind[i].name);
		case_derive(&given, behind[i].steps, true);
		for (size_t k = 0; k < given.known.keys[0].n_owners; k++) {
			struct span owner = given.known.keys[0].owners[k];

			g_string_append_printf(
			    got, " %.*s", (int)owner.n, (const char *)owner.p);
		}
		g_assert_cmpstr(got->str, ==, behind[i].owners);
		case_clear(&given);
	}
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_set_nonfatal_assertions();
	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autofree char *path =
		    g_strdup_printf("/provenance_grade/%s", cases[i].name);

		g_test_add_data_func(path, GSIZE_TO_POINTER(i), test_case);
	}
	g_test_add_func("/provenance_grade/shared", test_shared);
	g_test_add_func("/provenance_grade/owners", test_owners);
	return g_test_run();
}
