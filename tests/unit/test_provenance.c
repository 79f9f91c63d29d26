/* test_provenance.c - keys, time states and flags from log entries. */
#include "tests/unit/provenance_case.h"

#include <glib.h>

#define LAB                                   \
	{                                     \
		SOURCE, "lab", .word = "zone" \
	}
#define S(record, first, last, method)                        \
	{                                                     \
		SEE, record, 1, first, last, .word = (method) \
	}
#define O(record, first, last, more)                                  \
	{                                                             \
		SEE, record, 1, first, last, .word = "dig",           \
					     .options = SEEN | (more) \
	}

static const struct {
	const char *name;
	struct step steps[CASE_STEPS];
	int from, to;
	size_t n_keys;
	enum grade grade; /* of the first key */
	enum time_state state;
	int days;
	unsigned flags;
} cases[] = {
	{ "claimed", { LAB, S(record_a, 0, 100, "archive") }, 10, 20, 1,
	    GRADE_D, TIME_STATE_CLAIMED, 0, PROVENANCE_AGING },
	{ "last day counts whole", { LAB, S(record_b, 0, 100, "archive") }, 10,
	    100, 1, GRADE_D, TIME_STATE_CLAIMED, 0, 0 },
	{ "before", { LAB, S(record_b, 50, 100, "archive") }, 10, 20, 1,
	    GRADE_D, TIME_STATE_BEFORE_FIRST, 40, 0 },
	{ "after", { LAB, S(record_b, 0, 9, "archive") }, 20, 30, 1, GRADE_D,
	    TIME_STATE_AFTER_LAST, 21, 0 },
	{ "partly before", { LAB, S(record_b, 15, 100, "archive") }, 10, 20, 1,
	    GRADE_D, TIME_STATE_BEFORE_FIRST, 5, 0 },
	{ "both ends out", { LAB, S(record_b, 15, 16, "archive") }, 10, 20, 1,
	    GRADE_D, TIME_STATE_AFTER_LAST, 5, 0 },
	{ "far before, little after",
	    { LAB, S(record_b, 1000, 1001, "archive") }, 10, 1003, 1, GRADE_D,
	    TIME_STATE_AFTER_LAST, 990, 0 },
	{ "two windows joined",
	    { LAB, S(record_b, 0, 10, "archive"),
		S(record_b, 11, 20, "archive") },
	    5, 15, 1, GRADE_D, TIME_STATE_CLAIMED, 0, 0 },
	{ "bridged",
	    { LAB, S(record_b, 0, 0, "archive"),
		S(record_b, 11, 11, "archive") },
	    5, 6, 1, GRADE_D, TIME_STATE_BRIDGED, 10, 0 },
	{ "bridged, but another key in between",
	    { LAB, S(record_b, 0, 0, "archive"), S(record_b, 11, 11, "archive"),
		S(record_a, 4, 5, "archive") },
	    5, 6, 2, GRADE_D, TIME_STATE_UNKNOWN, -1, 0 },
	{ "absent just then",
	    { LAB, S(record_b, 0, 0, "archive"), S(record_b, 11, 11, "archive"),
		S(NULL, 4, 5, "archive") },
	    5, 6, 1, GRADE_D, TIME_STATE_CONTRADICTED, 0, 0 },
	{ "bridged, but absent in between",
	    { LAB, S(record_b, 0, 0, "archive"), S(record_b, 11, 11, "archive"),
		S(NULL, 3, 4, "archive") },
	    6, 6, 1, GRADE_D, TIME_STATE_UNKNOWN, -1, 0 },
	{ "no message time", { LAB, S(record_b, 0, 10, "archive") }, NONE, NONE,
	    1, GRADE_D, TIME_STATE_UNKNOWN, -1, 0 },
	{ "key file", { LAB, S(record_b, 0, 10, "keyfile") }, 5, 5, 1, GRADE_F,
	    TIME_STATE_CLAIMED, 0, 0 },
	{ "pasted", { LAB, S(record_b, 0, 10, "pasted") }, 5, 5, 1, GRADE_F,
	    TIME_STATE_CLAIMED, 0, 0 },
	{ "no key time", { LAB, S(record_b, NONE, NONE, "archive") }, 5, 5, 1,
	    GRADE_F, TIME_STATE_UNKNOWN, -1, 0 },
	{ "testing is another record",
	    { LAB, S(record_a_testing, 0, 10, "archive"),
		S(record_a, 20, 30, "archive") },
	    5, 5, 2, GRADE_D, TIME_STATE_CLAIMED, 0,
	    PROVENANCE_TESTING | PROVENANCE_AGING },
	{ "two keys at once are no conflict",
	    { LAB, S(record_b, 0, 10, "archive"),
		S(record_a, 5, 30, "archive") },
	    5, 5, 2, GRADE_D, TIME_STATE_CLAIMED, 0, 0 },
	{ "conflict",
	    { LAB, S(record_b, 0, 10, "archive"), O(record_a, 5, 5, COMPLETE) },
	    7, 7, 2, GRADE_D, TIME_STATE_CLAIMED, 0, PROVENANCE_CONFLICT },
	{ "rotation",
	    { LAB, S(record_b, 0, 10, "archive"),
		S(record_a, 11, 30, "archive") },
	    5, 5, 2, GRADE_D, TIME_STATE_CLAIMED, 0, 0 },
	{ "revoked before",
	    { LAB, S(record_b, 0, 10, "archive"),
		S(record_revoked, 20, 20, "archive") },
	    25, 25, 2, GRADE_D, TIME_STATE_UNKNOWN, -1,
	    PROVENANCE_REVOKED_THEN },
	{ "revoked later",
	    { LAB, S(record_b, 0, 10, "archive"),
		S(record_revoked, 20, 20, "archive") },
	    5, 5, 2, GRADE_D, TIME_STATE_CLAIMED, 0, 0 },
	{ "revoked, then published again",
	    { LAB, S(record_b, 0, 10, "archive"),
		S(record_revoked, 20, 20, "archive"),
		S(record_b, 30, 40, "archive") },
	    35, 35, 2, GRADE_D, TIME_STATE_CLAIMED, 0, 0 },
	/* Seen, and what speaks against it. */
	{ "seen", { LAB, O(record_b, 10, 20, 0) }, 10, 10, 1, GRADE_D,
	    TIME_STATE_SEEN, 0, 0 },
	{ "said to be there between two looks", { LAB, O(record_b, 10, 20, 0) },
	    12, 20, 1, GRADE_D, TIME_STATE_CLAIMED, 0, 0 },
	{ "seen at the edge of its day", { LAB, O(record_b, 10, 10, 0) }, 11,
	    11, 1, GRADE_D, TIME_STATE_AFTER_LAST, 1, 0 },
	{ "seen within its TTL", { LAB, O(record_b, 10, 10, DAY_TTL) }, 11, 11,
	    1, GRADE_D, TIME_STATE_SEEN, 0, 0 },
	{ "seen again extends",
	    { LAB, S(record_b, 10, 10, "archive"),
		{ AGAIN, .of = 2, .first = 20, .last = 20, .source = 1 } },
	    15, 15, 1, GRADE_D, TIME_STATE_BRIDGED, 9, 0 },
	{ "contradicted by absence",
	    { LAB, S(record_b, 0, 0, "archive"), O(NULL, 10, 10, SECOND),
		S(record_b, 20, 20, "archive") },
	    10, 10, 1, GRADE_D, TIME_STATE_CONTRADICTED, 0, 0 },
	{ "contradicted by a complete set of another",
	    { LAB, S(record_b, 0, 0, "archive"),
		O(record_a, 10, 10, COMPLETE | SECOND),
		S(record_b, 20, 20, "archive") },
	    10, 10, 2, GRADE_D, TIME_STATE_CONTRADICTED, 0, 0 },
	{ "not by one that may not be complete",
	    { LAB, S(record_b, 0, 0, "archive"), O(record_a, 10, 10, 0),
		S(record_b, 20, 20, "archive") },
	    12, 12, 2, GRADE_D, TIME_STATE_UNKNOWN, -1, 0 },
	{ "two keys at once, in turn",
	    { LAB, S(record_b, 0, 30, "archive"), O(record_a, 10, 10, 0),
		S(record_b, 40, 50, "archive") },
	    35, 35, 2, GRADE_D, TIME_STATE_BRIDGED, 9, 0 },
	{ "nothing but retracted times",
	    { LAB, S(record_b, 0, 30, "archive"),
		S(record_b, 100, 110, "archive"), { RETRACT, .of = 2 } },
	    10, 10, 1, GRADE_D, TIME_STATE_BEFORE_FIRST, 90, 0 },
	/* Flags. */
	{ "compromised",
	    { LAB, S(record_b, 0, 30, "archive"),
		{ TAKEN, record_b, .first = 20 } },
	    10, 10, 1, GRADE_D, TIME_STATE_CLAIMED, 0, PROVENANCE_FORGEABLE },
	{ "compromised under another name",
	    { LAB, S(record_b, 0, 30, "archive"),
		{ TAKEN, record_b, .first = 20, .more = "x._domainkey.a.b" } },
	    10, 10, 1, GRADE_D, TIME_STATE_CLAIMED, 0, 0 },
	{ "another key compromised",
	    { LAB, S(record_b, 0, 30, "archive"),
		{ TAKEN, record_a, .first = 20 } },
	    10, 10, 1, GRADE_D, TIME_STATE_CLAIMED, 0, 0 },
	{ "a compromise retracted",
	    { LAB, S(record_b, 0, 30, "archive"),
		{ TAKEN, record_b, .first = 20 }, { RETRACT, .of = 3 } },
	    10, 10, 1, GRADE_D, TIME_STATE_CLAIMED, 0, 0 },
	{ "factored",
	    { LAB, S(record_a, 0, 30, "archive"),
		{ HEALTH, record_a, .first = NONE, .word = "shared-factor" } },
	    10, 10, 1, GRADE_D, TIME_STATE_CLAIMED, 0,
	    PROVENANCE_FORGEABLE | PROVENANCE_AGING },
	{ "found good",
	    { LAB, S(record_a, 0, 30, "archive"),
		{ HEALTH, record_a, .first = NONE, .word = "shared-factor",
		    .options = GOOD } },
	    10, 10, 1, GRADE_D, TIME_STATE_CLAIMED, 0, PROVENANCE_AGING },
	{ "weak", { LAB, S(record_512, 0, 30, "archive") }, 10, 10, 1, GRADE_D,
	    TIME_STATE_CLAIMED, 0, PROVENANCE_WEAK },
	{ "ambiguous",
	    { LAB,
		{ SEE, record_b, 1, 0, 30, .word = "archive",
		    .options = AMBIGUOUS } },
	    10, 10, 1, GRADE_D, TIME_STATE_CLAIMED, 0,
	    PROVENANCE_JOIN_AMBIGUOUS },
	{ "truncated",
	    { LAB,
		{ SEE, record_b, 1, 0, 30, .word = "archive",
		    .options = CUT } },
	    10, 10, 1, GRADE_D, TIME_STATE_CLAIMED, 0, PROVENANCE_TRUNCATED },
};

static void
test_case(gconstpointer data)
{
	size_t i = GPOINTER_TO_SIZE(data);
	struct provenance_case given;
	struct time_standing standing;

	case_derive(&given, cases[i].steps, true);
	g_assert_cmpuint(given.known.n_keys, ==, cases[i].n_keys);
	g_assert_cmpstr(grade_name(given.known.keys[0].grade), ==,
	    grade_name(cases[i].grade));
	provenance_at(&given.known, &given.known.keys[0],
	    case_day(cases[i].from), case_day(cases[i].to), &standing);
	g_assert_cmpstr(time_state_name(standing.state), ==,
	    time_state_name(cases[i].state));
	g_assert_cmpint(standing.days, ==, cases[i].days);
	g_assert_cmphex(standing.flags, ==, cases[i].flags);
	case_clear(&given);
}

/* Since when: the earliest that is known; not known is from the beginning. */
static void
test_since(void)
{
	static const struct step steps[3][CASE_STEPS] = {
		{ LAB, S(record_b, 0, 30, "archive"),
		    { TAKEN, record_b, .first = 20 },
		    { TAKEN, record_b, .first = 10 } },
		{ LAB, S(record_b, 0, 30, "archive"),
		    { TAKEN, record_b, .first = 20 },
		    { TAKEN, record_b, .first = NONE } },
		{ LAB, S(record_512, 0, 30, "archive") },
	};
	static const int want[] = { 10, NONE };
	struct provenance_case given;

	for (size_t i = 0; i < G_N_ELEMENTS(want); i++) {
		case_derive(&given, steps[i], true);
		g_assert_cmpint(
		    given.known.keys[0].forgeable_since, ==, case_day(want[i]));
		case_clear(&given);
	}
	/* RSA-155, of 512 bits, was factored in August 1999. */
	case_derive(&given, steps[2], true);
	g_assert_cmpint(given.known.keys[0].weak_since, >, 930000000);
	g_assert_cmpint(given.known.keys[0].weak_since, <, 940000000);
	case_clear(&given);
}

static const struct {
	int seen, from, to; /* seen NONE: without a time; -1: not at all */
	enum revocation want;
} revocations[] = {
	{ -1, 5, 5, REVOCATION_NONE },
	{ 4, 5, 6, REVOCATION_THEN },
	{ 5, 5, 6, REVOCATION_THEN },
	{ 6, 5, 6, REVOCATION_UNKNOWN },
	{ 7, 5, 6, REVOCATION_LATER },
	{ NONE, 5, 6, REVOCATION_UNKNOWN },
	{ 4, NONE, NONE, REVOCATION_UNKNOWN },
};

static void
test_revocation(void)
{
	for (size_t i = 0; i < G_N_ELEMENTS(revocations); i++) {
		const struct known_name known = {
			.revoked_seen = revocations[i].seen != -1,
			.revoked_first = case_day(revocations[i].seen),
		};

		g_assert_cmpint(
		    provenance_revocation(&known, case_day(revocations[i].from),
			case_day(revocations[i].to)),
		    ==, revocations[i].want);
	}
}

static void
test_sources(void)
{
	static const struct step steps[CASE_STEPS] = { LAB,
		S(record_b, 0, 1, "archive"), S(record_b, 5, 6, "archive"),
		S(record_b, NONE, NONE, "keyfile") };
	struct provenance_case given;
	const struct known_key *key;

	case_derive(&given, steps, true);
	key = &given.known.keys[0];
	g_assert_cmpuint(given.known.n_keys, ==, 1);
	g_assert_cmpuint(key->observations, ==, 3);
	g_assert_cmpuint(key->n_sources, ==, 1);
	g_assert_true(span_equal(key->sources[0], SPAN("lab")));
	g_assert_cmpint(key->first_seen, ==, AT(0));
	g_assert_cmpint(key->last_seen, ==, AT(7) - 1);
	case_clear(&given);
}

static void
test_names(void)
{
	enum grade grade;

	g_assert_true(grade_from_name(SPAN("C2"), &grade));
	g_assert_cmpint(grade, ==, GRADE_C2);
	g_assert_false(grade_from_name(SPAN("d"), &grade));
	g_assert_cmpstr(
	    provenance_flag_name(PROVENANCE_REVOKED_THEN), ==, "revoked-then");
	g_assert_null(provenance_flag_name(1u << 8));
	for (int i = 0; i <= GRADE_F; i++)
		g_assert_nonnull(grade_meaning((enum grade)i));
	for (int i = 0; i <= TIME_STATE_UNKNOWN; i++)
		g_assert_nonnull(time_state_meaning((enum time_state)i));
	for (unsigned bit = 1; bit <= 1u << 8; bit <<= 1)
		g_assert_true((provenance_flag_meaning(bit) == NULL) ==
		    (provenance_flag_name(bit) == NULL));
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_set_nonfatal_assertions();
	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autofree char *path =
		    g_strdup_printf("/provenance/%s", cases[i].name);

		g_test_add_data_func(path, GSIZE_TO_POINTER(i), test_case);
	}
	g_test_add_func("/provenance/since", test_since);
	g_test_add_func("/provenance/revocation", test_revocation);
	g_test_add_func("/provenance/sources", test_sources);
	g_test_add_func("/provenance/names", test_names);
	return g_test_run();
}
