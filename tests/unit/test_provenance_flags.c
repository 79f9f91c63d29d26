/* test_provenance_flags.c - since when keys are weak or forgeable, what is
 * left when entries are retracted, and names with many entries. */
#include "tests/unit/provenance_case.h"

#include <glib.h>

#define LAB                                  \
	{                                    \
		SOURCE, "lab", .word = "cof" \
	}

/* From when on a key is forgeable, or known to be weak. */
static const struct {
	const char *name;
	struct step steps[CASE_STEPS];
	int64_t forgeable, weak;
} sinces[] = {
	{ "neither", { LAB, { SEE, record_b, 1, 0, 10, .word = "pdns" } },
	    TIMESTAMP_NONE, TIMESTAMP_NONE },
	{ "512 bits", { LAB, { SEE, record_512, 1, 0, 10, .word = "pdns" } },
	    TIMESTAMP_NONE, INT64_C(933465600) },
	{ "a time",
	    { LAB, { SEE, record_b, 1, 0, 10, .word = "pdns" },
		{ TAKEN, record_b, .first = 7 } },
	    AT(7), TIMESTAMP_NONE },
	{ "the earliest",
	    { LAB, { SEE, record_b, 1, 0, 10, .word = "pdns" },
		{ TAKEN, record_b, .first = 7 },
		{ HEALTH, record_b, .first = 5, .word = "roca" },
		{ TAKEN, record_b, .first = 6 } },
	    AT(5), TIMESTAMP_NONE },
	{ "not known is before all",
	    { LAB, { SEE, record_b, 1, 0, 10, .word = "pdns" },
		{ TAKEN, record_b, .first = 7 },
		{ HEALTH, record_b, .first = NONE, .word = "roca" },
		{ TAKEN, record_b, .first = 6 } },
	    TIMESTAMP_NONE, TIMESTAMP_NONE },
	{ "the earliest retracted",
	    { LAB, { SEE, record_b, 1, 0, 10, .word = "pdns" },
		{ TAKEN, record_b, .first = 7 },
		{ TAKEN, record_b, .first = 6 }, { RETRACT, .of = 4 } },
	    AT(7), TIMESTAMP_NONE },
};

static void
test_since(void)
{
	for (size_t i = 0; i < G_N_ELEMENTS(sinces); i++) {
		struct provenance_case given;

		g_test_message("%s", sinces[i].name);
		case_derive(&given, sinces[i].steps, true);
		g_assert_cmpint(given.known.keys[0].forgeable_since, ==,
		    sinces[i].forgeable);
		g_assert_cmpint(
		    given.known.keys[0].weak_since, ==, sinces[i].weak);
		case_clear(&given);
	}
}

/* What of retracted entries is left. */
static void
test_retracted(void)
{
	static const struct step steps[CASE_STEPS] = { LAB,
		{ SOURCE, "other", .word = "cof" },
		{ SEE, record_a, 1, 0, 10, .word = "pdns" },
		{ SEE, NULL, 1, 20, 20, .word = "pdns" },
		{ SEE, record_revoked, 1, 20, 20, .word = "pdns" },
		{ SEE, record_b, 2, 0, 10, .word = "pdns" },
		{ RETRACT, .of = 1 } };
	struct provenance_case given;

	case_derive(&given, steps, true);
	g_assert_cmpuint(given.known.n_keys, ==, 1);
	g_assert_cmpuint(given.known.keys[0].entry, ==, 6);
	g_assert_false(given.known.absent_seen);
	g_assert_false(given.known.revoked_seen);
	g_assert_cmpuint(given.known.contrary.n, ==, 0);
	case_clear(&given);
}

static const struct entry_source *
no_source(void *user, uint64_t number)
{
	(void)user;
	(void)number;
	return NULL;
}

/* Many observations of more records than are kept. */
static void
test_many(void)
{
	enum { MANY = 20000 };
	struct arena *arena = arena_new();
	struct crypto *crypto = crypto_open(NULL);
	struct entry *entries =
	    arena_alloc_array(arena, MANY, sizeof(*entries));
	uint64_t *numbers = arena_alloc_array(arena, MANY, sizeof(*numbers));
	struct provenance_input input = {
		.name = SPAN(CASE_NAME), .vouched = true, .source_of = no_source
	};
	struct known_name known;

	for (size_t i = 0; i < MANY; i++) {
		struct entry_observation *seen = &entries[i].observation;
		struct span *text = arena_alloc(arena, sizeof(*text));
		g_autofree char *octets =
		    g_strdup_printf("v=DKIM1; n=%zu; p=", i % 100);

		entry_init(&entries[i], ENTRY_OBSERVATION);
		*text = arena_copy(arena, span_from_string(octets));
		seen->strings = text;
		seen->n_strings = 1;
		seen->method = SPAN("pdns");
		seen->time_kind = TIME_OBSERVED;
		seen->first = seen->last = AT((int64_t)(i / 100) * 2);
		numbers[i] = i + 1;
	}
	input.of_name = (struct bearing){ entries, numbers, MANY };
	provenance_derive(&known, arena, crypto, &input);
	g_assert_cmpuint(known.n_keys, ==, PROVENANCE_KEYS_MAX);
	g_assert_cmpuint(known.n_left_out, ==, 100 - PROVENANCE_KEYS_MAX);
	g_assert_cmpuint(known.keys[0].observations, ==, MANY / 100);
	g_assert_cmpuint(known.keys[0].windows.n, ==, MANY / 100);
	crypto_close(crypto);
	arena_free(arena);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_set_nonfatal_assertions();
	g_test_add_func("/provenance_flags/since", test_since);
	g_test_add_func("/provenance_flags/retracted", test_retracted);
	g_test_add_func("/provenance_flags/many", test_many);
	return g_test_run();
}
