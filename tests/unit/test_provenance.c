/* test_provenance.c - keys, grades and time states from log entries. */
#include "keysnap/store/provenance.h"

#define RSA_1024                                                               \
	"MIGfMA0GCSqGSIb3DQEBAQUAA4GNADCBiQKBgQDkHlOQoBTzWRiGs5V6NpP3idY6Wk08" \
	"a5qhdR6wy5bdOKb2jLQiY/J16JYi0Qvx/byYzCNb3W91y3FutACDfzwQ/BC/e/8uBsCR" \
	"+yz1Lxj+PL6lHvqMKrM3rG4hstT5QjvHO9PzoxZyVYLzBfO2EeC3Ip3G+2kryOTIKT+l" \
	"/K4w3QIDAQAB"
#define ED25519 "11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo="

/* Days since 2016-01-01, for short tables. */
#define EPOCH   INT64_C(1451606400)
#define AT(day) (EPOCH + (day)*TIMESTAMP_DAY)
#define NONE    (-9999)

struct seen {
	const char *txt; /* NULL: NXDOMAIN */
	int first, last; /* days, or NONE */
	const char *method;
};

static const struct entry_source source = {
	.observer = { (const uint8_t *)"lab", 3 },
};

static const struct entry_source *
source_of(void *user, uint64_t number)
{
	(void)user;
	return number == 1 ? &source : NULL;
}

static int64_t
at_day(int day)
{
	return day == NONE ? TIMESTAMP_NONE : AT(day);
}

static void
fill(struct entry *entry, struct span *string, const struct seen *seen)
{
	struct entry_observation *observation = &entry->observation;

	*entry = (struct entry){ .type = ENTRY_OBSERVATION };
	observation->source = 1;
	observation->kind =
	    seen->txt != NULL ? OBSERVATION_PRESENT : OBSERVATION_NXDOMAIN;
	*string = span_from_string(seen->txt);
	observation->strings = string;
	observation->n_strings = seen->txt != NULL;
	observation->first = at_day(seen->first);
	observation->last = at_day(seen->last);
	observation->precision = TIMESTAMP_DAY_PRECISION;
	observation->time_kind =
	    seen->first == NONE ? TIME_NO_TIME : TIME_CLAIMED;
	observation->method = span_from_string(seen->method);
}

static void
derive(struct known_name *known, struct arena *arena,
    const struct crypto *crypto, const struct seen *seen)
{
	struct entry entries[4];
	struct span *strings = arena_alloc_array(arena, 4, sizeof(*strings));
	uint64_t numbers[4];
	size_t n = 0;

	for (; n < 4 && seen[n].method != NULL; n++) {
		fill(&entries[n], &strings[n], &seen[n]);
		numbers[n] = 2 + n;
	}
	provenance_derive(known, arena, crypto,
	    SPAN("s._domainkey.example.com"), entries, numbers, n, source_of,
	    NULL);
}

#define A         "v=DKIM1; p=" RSA_1024
#define A_TESTING "v=DKIM1; t=y; p=" RSA_1024
#define B         "v=DKIM1; k=ed25519; p=" ED25519
#define REVOKED   "v=DKIM1; p="

static const struct {
	const char *name;
	struct seen seen[4];
	int from, to;
	size_t n_keys;
	enum grade grade; /* of the first key */
	enum time_state state;
	int days;
	unsigned flags;
} cases[] = {
	{ "claimed", { { A, 0, 100, "archive" } }, 10, 20, 1, GRADE_D,
	    TIME_STATE_CLAIMED, 0, PROVENANCE_AGING },
	{ "last day counts whole", { { B, 0, 100, "archive" } }, 10, 100, 1,
	    GRADE_D, TIME_STATE_CLAIMED, 0, 0 },
	{ "before", { { B, 50, 100, "archive" } }, 10, 20, 1, GRADE_D,
	    TIME_STATE_BEFORE_FIRST, 40, 0 },
	{ "after", { { B, 0, 9, "archive" } }, 20, 30, 1, GRADE_D,
	    TIME_STATE_AFTER_LAST, 21, 0 },
	{ "partly before", { { B, 15, 100, "archive" } }, 10, 20, 1, GRADE_D,
	    TIME_STATE_BEFORE_FIRST, 5, 0 },
	{ "both ends out", { { B, 15, 16, "archive" } }, 10, 20, 1, GRADE_D,
	    TIME_STATE_AFTER_LAST, 5, 0 },
	{ "far before, little after", { { B, 1000, 1001, "archive" } }, 10,
	    1003, 1, GRADE_D, TIME_STATE_AFTER_LAST, 990, 0 },
	{ "two windows joined",
	    { { B, 0, 10, "archive" }, { B, 11, 20, "archive" } }, 5, 15, 1,
	    GRADE_D, TIME_STATE_CLAIMED, 0, 0 },
	{ "bridged", { { B, 0, 0, "archive" }, { B, 11, 11, "archive" } }, 5, 6,
	    1, GRADE_D, TIME_STATE_BRIDGED, 10, 0 },
	{ "bridged, but another key in between",
	    { { B, 0, 0, "archive" }, { B, 11, 11, "archive" },
		{ A, 4, 5, "archive" } },
	    5, 6, 2, GRADE_D, TIME_STATE_UNKNOWN, -1, 0 },
	{ "bridged, but absent in between",
	    { { B, 0, 0, "archive" }, { B, 11, 11, "archive" },
		{ NULL, 4, 5, "archive" } },
	    5, 6, 1, GRADE_D, TIME_STATE_UNKNOWN, -1, 0 },
	{ "no message time", { { B, 0, 10, "archive" } }, NONE, NONE, 1,
	    GRADE_D, TIME_STATE_UNKNOWN, -1, 0 },
	{ "key file", { { B, 0, 10, "keyfile" } }, 5, 5, 1, GRADE_F,
	    TIME_STATE_CLAIMED, 0, 0 },
	{ "pasted", { { B, 0, 10, "pasted" } }, 5, 5, 1, GRADE_F,
	    TIME_STATE_CLAIMED, 0, 0 },
	{ "no key time", { { B, NONE, NONE, "archive" } }, 5, 5, 1, GRADE_F,
	    TIME_STATE_UNKNOWN, -1, 0 },
	{ "testing is another record",
	    { { A_TESTING, 0, 10, "archive" }, { A, 20, 30, "archive" } }, 5, 5,
	    2, GRADE_D, TIME_STATE_CLAIMED, 0,
	    PROVENANCE_TESTING | PROVENANCE_AGING },
	{ "conflict", { { B, 0, 10, "archive" }, { A, 5, 30, "archive" } }, 5,
	    5, 2, GRADE_D, TIME_STATE_CLAIMED, 0, PROVENANCE_CONFLICT },
	{ "rotation", { { B, 0, 10, "archive" }, { A, 11, 30, "archive" } }, 5,
	    5, 2, GRADE_D, TIME_STATE_CLAIMED, 0, 0 },
	{ "revoked before",
	    { { B, 0, 10, "archive" }, { REVOKED, 20, 20, "archive" } }, 25, 25,
	    2, GRADE_D, TIME_STATE_AFTER_LAST, 15, PROVENANCE_REVOKED_THEN },
	{ "revoked later",
	    { { B, 0, 10, "archive" }, { REVOKED, 20, 20, "archive" } }, 5, 5,
	    2, GRADE_D, TIME_STATE_CLAIMED, 0, 0 },
	{ "revoked, then published again",
	    { { B, 0, 10, "archive" }, { REVOKED, 20, 20, "archive" },
		{ B, 30, 40, "archive" } },
	    35, 35, 2, GRADE_D, TIME_STATE_CLAIMED, 0, 0 },
};

static void
test_case(gconstpointer data)
{
	size_t i = GPOINTER_TO_SIZE(data);
	struct crypto *crypto = crypto_open(NULL);
	struct arena *arena = arena_new();
	struct known_name known;
	struct time_standing standing;

	derive(&known, arena, crypto, cases[i].seen);
	g_assert_cmpuint(known.n_keys, ==, cases[i].n_keys);
	g_assert_cmpint(known.keys[0].grade, ==, cases[i].grade);
	g_assert_cmpuint(known.keys[0].entry, ==, 2);
	provenance_at(&known, &known.keys[0], at_day(cases[i].from),
	    at_day(cases[i].to), &standing);
	g_assert_cmpstr(time_state_name(standing.state), ==,
	    time_state_name(cases[i].state));
	g_assert_cmpint(standing.days, ==, cases[i].days);
	g_assert_cmphex(standing.flags, ==, cases[i].flags);
	arena_free(arena);
	crypto_close(crypto);
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
			.revoked_first = at_day(revocations[i].seen),
		};

		g_assert_cmpint(
		    provenance_revocation(&known, at_day(revocations[i].from),
			at_day(revocations[i].to)),
		    ==, revocations[i].want);
	}
}

static void
test_sources(void)
{
	static const struct seen seen[4] = {
		{ B, 0, 1, "archive" },
		{ B, 5, 6, "archive" },
		{ B, NONE, NONE, "keyfile" },
	};
	struct crypto *crypto = crypto_open(NULL);
	struct arena *arena = arena_new();
	struct known_name known;

	derive(&known, arena, crypto, seen);
	g_assert_cmpuint(known.n_keys, ==, 1);
	g_assert_cmpuint(known.keys[0].observations, ==, 3);
	g_assert_cmpuint(known.keys[0].n_sources, ==, 1);
	g_assert_true(span_equal(known.keys[0].sources[0], SPAN("lab")));
	g_assert_cmpint(known.keys[0].first_seen, ==, AT(0));
	g_assert_cmpint(known.keys[0].last_seen, ==, AT(7) - 1);
	arena_free(arena);
	crypto_close(crypto);
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
	g_test_add_func("/provenance/revocation", test_revocation);
	g_test_add_func("/provenance/sources", test_sources);
	g_test_add_func("/provenance/names", test_names);
	return g_test_run();
}
