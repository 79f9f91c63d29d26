/* test_provenance_time.c - time states and flags of keys, from log entries. */
#include "tests/unit/provenance_case.h"

#include <glib.h>

#define LAB                                  \
	{                                    \
		SOURCE, "lab", .word = "cof" \
	}

static const struct {
	const char *name;
	struct step steps[CASE_STEPS];
	int from, to;
	enum time_state state; /* of the first key */
	int days;
	unsigned flags;
} cases[] = {
	{ "claimed", { LAB, { SEE, record_a, 1, 0, 100, .word = "archive" } },
	    10, 20, TIME_STATE_CLAIMED, 0, PROVENANCE_AGING },
	{ "seen",
	    { LAB,
		{ SEE, record_b, 1, 10, 10, .word = "archive",
		    .options = SEEN } },
	    10, 10, TIME_STATE_SEEN, 0, 0 },
	{ "seen at the ends only",
	    { LAB,
		{ SEE, record_b, 1, 0, 100, .word = "archive",
		    .options = SEEN } },
	    10, 10, TIME_STATE_CLAIMED, 0, 0 },
	{ "seen, and in caches",
	    { LAB,
		{ SEE, record_b, 1, 10, 10, .word = "archive",
		    .options = SEEN | DAY_TTL } },
	    11, 11, TIME_STATE_SEEN, 0, 0 },
	{ "seen, no longer in caches",
	    { LAB,
		{ SEE, record_b, 1, 10, 10, .word = "archive",
		    .options = SEEN | DAY_TTL } },
	    12, 12, TIME_STATE_AFTER_LAST, 1, 0 },
	{ "last day counts whole",
	    { LAB, { SEE, record_b, 1, 0, 100, .word = "archive" } }, 10, 100,
	    TIME_STATE_CLAIMED, 0, 0 },
	{ "last second does not",
	    { LAB,
		{ SEE, record_b, 1, 0, 100, .word = "archive",
		    .options = SECOND } },
	    100, 101, TIME_STATE_AFTER_LAST, 1, 0 },
	{ "before", { LAB, { SEE, record_b, 1, 50, 100, .word = "archive" } },
	    10, 20, TIME_STATE_BEFORE_FIRST, 40, 0 },
	{ "after", { LAB, { SEE, record_b, 1, 0, 9, .word = "archive" } }, 20,
	    30, TIME_STATE_AFTER_LAST, 21, 0 },
	{ "partly before",
	    { LAB, { SEE, record_b, 1, 15, 100, .word = "archive" } }, 10, 20,
	    TIME_STATE_BEFORE_FIRST, 5, 0 },
	{ "both ends out",
	    { LAB, { SEE, record_b, 1, 15, 16, .word = "archive" } }, 10, 20,
	    TIME_STATE_AFTER_LAST, 5, 0 },
	{ "far before, little after",
	    { LAB, { SEE, record_b, 1, 1000, 1001, .word = "archive" } }, 10,
	    1003, TIME_STATE_AFTER_LAST, 990, 0 },
	{ "two windows joined",
	    { LAB, { SEE, record_b, 1, 0, 10, .word = "archive" },
		{ SEE, record_b, 1, 11, 20, .word = "archive" } },
	    5, 15, TIME_STATE_CLAIMED, 0, 0 },
	{ "bridged",
	    { LAB, { SEE, record_b, 1, 0, 0, .word = "archive" },
		{ SEE, record_b, 1, 11, 11, .word = "archive" } },
	    5, 6, TIME_STATE_BRIDGED, 10, 0 },
	{ "bridged by a sighting",
	    { LAB, { SEE, record_b, 1, 0, 0, .word = "archive" },
		{ AGAIN, .of = 2, .first = 11, .last = 11, .source = 1 } },
	    5, 6, TIME_STATE_BRIDGED, 10, 0 },
	{ "a sighting retracted",
	    { LAB, { SEE, record_b, 1, 0, 0, .word = "archive" },
		{ AGAIN, .of = 2, .first = 11, .last = 11, .source = 1 },
		{ RETRACT, .of = 3 } },
	    5, 6, TIME_STATE_AFTER_LAST, 6, 0 },
	{ "an observation retracted",
	    { LAB, { SEE, record_b, 1, 0, 0, .word = "archive" },
		{ SEE, record_b, 1, 11, 11, .word = "archive" },
		{ RETRACT, .of = 2 } },
	    5, 6, TIME_STATE_BEFORE_FIRST, 6, 0 },
	{ "another key in between",
	    { LAB, { SEE, record_b, 1, 0, 0, .word = "archive" },
		{ SEE, record_b, 1, 11, 11, .word = "archive" },
		{ SEE, record_a, 1, 4, 5, .word = "archive" } },
	    5, 6, TIME_STATE_UNKNOWN, -1, 0 },
	{ "another key in between, retracted",
	    { LAB, { SEE, record_b, 1, 0, 0, .word = "archive" },
		{ SEE, record_b, 1, 11, 11, .word = "archive" },
		{ SEE, record_a, 1, 4, 5, .word = "archive" },
		{ RETRACT, .of = 4 } },
	    5, 6, TIME_STATE_BRIDGED, 10, 0 },
	{ "two keys that alternate",
	    { LAB, { SEE, record_b, 1, 0, 0, .word = "archive" },
		{ SEE, record_b, 1, 11, 11, .word = "archive" },
		{ SEE, record_a, 1, 4, 5, .word = "archive" },
		{ SEE, record_a, 1, 11, 11, .word = "archive" } },
	    5, 6, TIME_STATE_BRIDGED, 10, 0 },
	{ "absent in between",
	    { LAB, { SEE, record_b, 1, 0, 0, .word = "archive" },
		{ SEE, record_b, 1, 11, 11, .word = "archive" },
		{ SEE, NULL, 1, 8, 8, .word = "archive" } },
	    5, 6, TIME_STATE_UNKNOWN, -1, 0 },
	{ "absent in between, retracted",
	    { LAB, { SEE, record_b, 1, 0, 0, .word = "archive" },
		{ SEE, record_b, 1, 11, 11, .word = "archive" },
		{ SEE, NULL, 1, 8, 8, .word = "archive" },
		{ RETRACT, .of = 4 } },
	    5, 6, TIME_STATE_BRIDGED, 10, 0 },
	{ "absent before and after",
	    { LAB, { SEE, record_b, 1, 0, 0, .word = "archive" },
		{ SEE, record_b, 1, 11, 11, .word = "archive" },
		{ SEE, NULL, 1, 3, 8, .word = "archive" } },
	    5, 6, TIME_STATE_CONTRADICTED, 0, 0 },
	{ "absent then",
	    { LAB, { SEE, record_b, 1, 0, 0, .word = "archive" },
		{ SEE, record_b, 1, 11, 11, .word = "archive" },
		{ SEE, NULL, 1, 5, 5, .word = "archive", .options = SECOND } },
	    5, 6, TIME_STATE_CONTRADICTED, 0, 0 },
	{ "absent that day, perhaps not at that hour",
	    { LAB, { SEE, record_b, 1, 0, 0, .word = "archive" },
		{ SEE, record_b, 1, 11, 11, .word = "archive" },
		{ SEE, NULL, 1, 5, 5, .word = "archive" } },
	    5, 5, TIME_STATE_UNKNOWN, -1, 0 },
	{ "absent, and seen then",
	    { LAB,
		{ SEE, record_b, 1, 5, 5, .word = "archive",
		    .options = SEEN | SECOND },
		{ SEE, NULL, 1, 5, 5, .word = "archive", .options = SECOND } },
	    5, 5, TIME_STATE_SEEN, 0, 0 },
	{ "absent within what is claimed",
	    { LAB, { SEE, record_b, 1, 0, 11, .word = "archive" },
		{ SEE, NULL, 1, 5, 5, .word = "archive", .options = SECOND } },
	    5, 5, TIME_STATE_CONTRADICTED, 0, PROVENANCE_CONFLICT },
	{ "another key alone then",
	    { LAB, { SEE, record_b, 1, 0, 11, .word = "archive" },
		{ SEE, record_a, 1, 5, 5, .word = "archive",
		    .options = SECOND | COMPLETE } },
	    5, 5, TIME_STATE_CONTRADICTED, 0, PROVENANCE_CONFLICT },
	{ "another key then, in a row",
	    { LAB, { SEE, record_b, 1, 0, 11, .word = "archive" },
		{ SEE, record_a, 1, 5, 5, .word = "archive",
		    .options = SECOND } },
	    5, 5, TIME_STATE_CLAIMED, 0, 0 },
	{ "both keys then",
	    { LAB, { SEE, record_b, 1, 0, 11, .word = "archive" },
		{ SEE, record_a, 1, 5, 5, .word = "archive",
		    .options = SECOND | COMPLETE },
		{ SEE, record_b, 1, 5, 5, .word = "archive",
		    .options = SECOND | COMPLETE } },
	    5, 5, TIME_STATE_CLAIMED, 0, 0 },
	{ "the key with other tags then",
	    { LAB, { SEE, record_a, 1, 0, 11, .word = "archive" },
		{ SEE, record_a_testing, 1, 5, 5, .word = "archive",
		    .options = SECOND | COMPLETE } },
	    5, 5, TIME_STATE_CLAIMED, 0, PROVENANCE_AGING },
	{ "gone before the message",
	    { LAB, { SEE, record_b, 1, 0, 9, .word = "archive" },
		{ SEE, NULL, 1, 15, 15, .word = "archive" } },
	    20, 20, TIME_STATE_UNKNOWN, -1, 0 },
	{ "gone after the message",
	    { LAB, { SEE, record_b, 1, 0, 9, .word = "archive" },
		{ SEE, NULL, 1, 15, 15, .word = "archive" } },
	    12, 12, TIME_STATE_AFTER_LAST, 3, 0 },
	{ "gone before and after",
	    { LAB, { SEE, record_b, 1, 0, 9, .word = "archive" },
		{ SEE, NULL, 1, 15, 25, .word = "archive" } },
	    20, 20, TIME_STATE_CONTRADICTED, 0, 0 },
	{ "not yet, after the message",
	    { LAB, { SEE, record_b, 1, 30, 40, .word = "archive" },
		{ SEE, NULL, 1, 25, 25, .word = "archive" } },
	    20, 20, TIME_STATE_UNKNOWN, -1, 0 },
	{ "not yet, before the message",
	    { LAB, { SEE, record_b, 1, 30, 40, .word = "archive" },
		{ SEE, NULL, 1, 15, 15, .word = "archive" } },
	    20, 20, TIME_STATE_BEFORE_FIRST, 10, 0 },
	{ "absence by what mail says",
	    { LAB, { SEE, record_b, 1, 0, 0, .word = "archive" },
		{ SEE, record_b, 1, 11, 11, .word = "archive" },
		{ SEE, NULL, 1, 5, 5, .word = "archive",
		    .options = MAIL_TIME } },
	    5, 6, TIME_STATE_BRIDGED, 10, 0 },
	{ "no message time",
	    { LAB, { SEE, record_b, 1, 0, 10, .word = "archive" } }, NONE, NONE,
	    TIME_STATE_UNKNOWN, -1, 0 },
	{ "no key time",
	    { LAB, { SEE, record_b, 1, NONE, NONE, .word = "archive" } }, 5, 5,
	    TIME_STATE_UNKNOWN, -1, 0 },
	{ "a chain",
	    { LAB, { SEE, record_b, 1, 9, 9, .word = "archive" },
		{ CHAIN, .of = 2, .first = 2, .last = 20, .word = "secure" } },
	    5, 8, TIME_STATE_SEEN, 0, 0 },
	{ "a chain that was over when it was seen",
	    { LAB, { SEE, record_b, 1, 29, 29, .word = "archive" },
		{ CHAIN, .of = 2, .first = 2, .last = 20, .word = "secure" } },
	    5, 8, TIME_STATE_BEFORE_FIRST, 24, 0 },
	{ "a chain, and no other time",
	    { LAB, { SEE, record_b, 1, NONE, NONE, .word = "archive" },
		{ CHAIN, .of = 2, .first = 2, .last = 20, .word = "secure" } },
	    5, 8, TIME_STATE_SEEN, 0, 0 },
	{ "a chain, after it",
	    { LAB, { SEE, record_b, 1, 9, 9, .word = "archive" },
		{ CHAIN, .of = 2, .first = 2, .last = 20, .word = "secure" } },
	    22, 22, TIME_STATE_AFTER_LAST, 2, 0 },
	{ "rotation",
	    { LAB, { SEE, record_b, 1, 0, 10, .word = "archive" },
		{ SEE, record_a, 1, 11, 30, .word = "archive" } },
	    10, 10, TIME_STATE_CLAIMED, 0, 0 },
	{ "rotation with overlap",
	    { LAB, { SEE, record_b, 1, 0, 10, .word = "archive" },
		{ SEE, record_a, 1, 5, 30, .word = "archive" } },
	    5, 5, TIME_STATE_CLAIMED, 0, 0 },
	{ "testing",
	    { LAB, { SEE, record_a_testing, 1, 0, 10, .word = "archive" },
		{ SEE, record_a, 1, 20, 30, .word = "archive" } },
	    5, 5, TIME_STATE_CLAIMED, 0,
	    PROVENANCE_TESTING | PROVENANCE_AGING },
	{ "testing then, by its other record",
	    { LAB, { SEE, record_a, 1, 0, 10, .word = "archive" },
		{ SEE, record_a_testing, 1, 20, 30, .word = "archive" } },
	    25, 25, TIME_STATE_CLAIMED, 0,
	    PROVENANCE_TESTING | PROVENANCE_AGING },
	{ "testing only later",
	    { LAB, { SEE, record_a, 1, 0, 10, .word = "archive" },
		{ SEE, record_a_testing, 1, 20, 30, .word = "archive" } },
	    5, 5, TIME_STATE_CLAIMED, 0, PROVENANCE_AGING },
	{ "revoked before",
	    { LAB, { SEE, record_b, 1, 0, 10, .word = "archive" },
		{ SEE, record_revoked, 1, 20, 20, .word = "archive" } },
	    25, 25, TIME_STATE_UNKNOWN, -1, PROVENANCE_REVOKED_THEN },
	{ "revoked before, retracted",
	    { LAB, { SEE, record_b, 1, 0, 10, .word = "archive" },
		{ SEE, record_revoked, 1, 20, 20, .word = "archive" },
		{ RETRACT, .of = 3 } },
	    25, 25, TIME_STATE_AFTER_LAST, 15, 0 },
	{ "revoked later",
	    { LAB, { SEE, record_b, 1, 0, 10, .word = "archive" },
		{ SEE, record_revoked, 1, 20, 20, .word = "archive" } },
	    5, 5, TIME_STATE_CLAIMED, 0, 0 },
	{ "revoked, then published again",
	    { LAB, { SEE, record_b, 1, 0, 10, .word = "archive" },
		{ SEE, record_revoked, 1, 20, 20, .word = "archive" },
		{ SEE, record_b, 1, 30, 40, .word = "archive" } },
	    35, 35, TIME_STATE_CLAIMED, 0, 0 },
	{ "between both",
	    { LAB, { SEE, record_b, 1, 0, 10, .word = "archive" },
		{ SEE, record_revoked, 1, 20, 20, .word = "archive" },
		{ SEE, record_b, 1, 30, 40, .word = "archive" } },
	    25, 25, TIME_STATE_UNKNOWN, -1, PROVENANCE_REVOKED_THEN },
	{ "revoked twice",
	    { LAB, { SEE, record_b, 1, 0, 10, .word = "archive" },
		{ SEE, record_revoked, 1, 20, 20, .word = "archive" },
		{ SEE, record_b, 1, 30, 40, .word = "archive" },
		{ SEE, record_revoked, 1, 50, 50, .word = "archive" } },
	    55, 55, TIME_STATE_UNKNOWN, -1, PROVENANCE_REVOKED_THEN },
	{ "weak", { LAB, { SEE, record_512, 1, 0, 10, .word = "archive" } }, 5,
	    5, TIME_STATE_CLAIMED, 0, PROVENANCE_WEAK },
	{ "join ambiguous",
	    { LAB,
		{ SEE, record_b, 1, 0, 10, .word = "archive",
		    .options = AMBIGUOUS } },
	    5, 5, TIME_STATE_CLAIMED, 0, PROVENANCE_JOIN_AMBIGUOUS },
	{ "join ambiguous, but seen as it is",
	    { LAB,
		{ SEE, record_b, 1, 0, 10, .word = "archive",
		    .options = AMBIGUOUS },
		{ SEE, record_b, 1, 3, 3, .word = "archive" } },
	    5, 5, TIME_STATE_CLAIMED, 0, 0 },
	{ "truncated",
	    { LAB,
		{ SEE, record_b, 1, 0, 10, .word = "archive",
		    .options = CUT } },
	    5, 5, TIME_STATE_CLAIMED, 0, PROVENANCE_TRUNCATED },
	{ "truncated, but seen whole",
	    { LAB,
		{ SEE, record_b, 1, 0, 10, .word = "archive", .options = CUT },
		{ SEE, record_b, 1, 3, 3, .word = "archive" } },
	    5, 5, TIME_STATE_CLAIMED, 0, 0 },
	{ "taken",
	    { LAB, { SEE, record_b, 1, 0, 10, .word = "archive" },
		{ TAKEN, record_b, .first = 7, .more = NULL } },
	    5, 5, TIME_STATE_CLAIMED, 0, PROVENANCE_FORGEABLE },
	{ "taken, under this name",
	    { LAB, { SEE, record_b, 1, 0, 10, .word = "archive" },
		{ TAKEN, record_b, .first = 7, .more = CASE_NAME } },
	    5, 5, TIME_STATE_CLAIMED, 0, PROVENANCE_FORGEABLE },
	{ "taken, under another name",
	    { LAB, { SEE, record_b, 1, 0, 10, .word = "archive" },
		{ TAKEN, record_b, .first = 7,
		    .more = "s._domainkey.example.org" } },
	    5, 5, TIME_STATE_CLAIMED, 0, 0 },
	{ "taken, retracted",
	    { LAB, { SEE, record_b, 1, 0, 10, .word = "archive" },
		{ TAKEN, record_b, .first = 7, .more = NULL },
		{ RETRACT, .of = 3 } },
	    5, 5, TIME_STATE_CLAIMED, 0, 0 },
	{ "another key taken",
	    { LAB, { SEE, record_b, 1, 0, 10, .word = "archive" },
		{ TAKEN, record_a, .first = 7, .more = NULL } },
	    5, 5, TIME_STATE_CLAIMED, 0, 0 },
	{ "factored",
	    { LAB, { SEE, record_a, 1, 0, 10, .word = "archive" },
		{ HEALTH, record_a, .first = NONE, .word = "shared-factor" } },
	    5, 5, TIME_STATE_CLAIMED, 0,
	    PROVENANCE_FORGEABLE | PROVENANCE_AGING },
	{ "found good",
	    { LAB, { SEE, record_a, 1, 0, 10, .word = "archive" },
		{ HEALTH, record_a, .first = NONE, .word = "shared-factor",
		    .options = GOOD } },
	    5, 5, TIME_STATE_CLAIMED, 0, PROVENANCE_AGING },
	{ "finding retracted",
	    { LAB, { SEE, record_a, 1, 0, 10, .word = "archive" },
		{ HEALTH, record_a, .first = NONE, .word = "shared-factor" },
		{ RETRACT, .of = 3 } },
	    5, 5, TIME_STATE_CLAIMED, 0, PROVENANCE_AGING },
	{ "one key under many domains",
	    { LAB, { SEE, record_a, 1, 0, 10, .word = "archive" },
		{ HEALTH, record_a, .first = NONE,
		    .word = "unrelated-domains" } },
	    5, 5, TIME_STATE_CLAIMED, 0, PROVENANCE_AGING },
	{ "small by a finding",
	    { LAB, { SEE, record_512, 1, 0, 10, .word = "archive" },
		{ HEALTH, record_512, .first = NONE, .word = "modulus-size" } },
	    5, 5, TIME_STATE_CLAIMED, 0, PROVENANCE_WEAK },
};

static void
test_case(gconstpointer data)
{
	size_t i = GPOINTER_TO_SIZE(data);
	struct provenance_case given;
	struct time_standing standing;

	case_derive(&given, cases[i].steps, true);
	g_assert_cmpuint(given.known.n_keys, >, 0);
	if (given.known.n_keys > 0) {
		provenance_at(&given.known, &given.known.keys[0],
		    case_day(cases[i].from), case_day(cases[i].to), &standing);
		g_assert_cmpstr(time_state_name(standing.state), ==,
		    time_state_name(cases[i].state));
		g_assert_cmpint(standing.days, ==, cases[i].days);
		g_assert_cmphex(standing.flags, ==, cases[i].flags);
	}
	case_clear(&given);
}

/* Times of day precision: 10 to 11, 20, and 40. */
static const struct {
	int from, to;
	int64_t before, after;
} distances[] = {
	{ 10, 10, 0, 0 },
	{ 11, 20, 0, 0 }, /* both ends lie in one */
	{ 14, 14, 3, 6 },
	{ 14, 16, 3, 4 },
	{ 12, 19, 1, 1 }, /* the second behind the last of a day */
	{ 14, 20, 3, 0 },
	{ 14, 30, 3, 10 }, /* across one */
	{ 5, 5, -1, 5 },
	{ 5, 50, -1, -1 },
	{ 50, 50, 10, -1 },
	{ 40, 45, 0, -1 },
	{ NONE, NONE, -1, -1 },
};

static void
test_distances(void)
{
	static const struct step steps[CASE_STEPS] = { LAB,
		{ SEE, record_b, 1, 10, 11, .word = "archive" },
		{ SEE, record_b, 1, 20, 20, .word = "archive" },
		{ SEE, record_b, 1, 40, 40, .word = "archive" } };
	struct provenance_case given;

	case_derive(&given, steps, true);
	for (size_t i = 0; i < G_N_ELEMENTS(distances); i++) {
		struct time_standing standing;

		g_test_message("%zu", i);
		provenance_at(&given.known, &given.known.keys[0],
		    case_day(distances[i].from), case_day(distances[i].to),
		    &standing);
		g_assert_cmpint(standing.days_before, ==, distances[i].before);
		g_assert_cmpint(standing.days_after, ==, distances[i].after);
	}
	case_clear(&given);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_set_nonfatal_assertions();
	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autofree char *path =
		    g_strdup_printf("/provenance_time/%s", cases[i].name);

		g_test_add_data_func(path, GSIZE_TO_POINTER(i), test_case);
	}
	g_test_add_func("/provenance_time/distances", test_distances);
	return g_test_run();
}
