/* test_steps.c - what a check by calculation alone must come to, for every
 * state of body, header, keys and rules. */
#include "verifier/case/steps.h"

#include <string.h>

#define HASH "0123456789abcdef0123456789abcdef"

enum body { NO_HASH, NO_BH, OTHER_BH, SHORT_BH, SAME_BH };

static const struct {
	const char *name;
	bool hashed; /* the header */
	enum body body;
	int keys;    /* that there are */
	int checked; /* the first of them */
	int valid;   /* index of the one that holds, or -1 */
	enum result result;
	enum steps_outcome want;
} cases[] = {
	{ "holds", true, SAME_BH, 1, 1, 0, RESULT_PASS, STEPS_HOLD },
	{ "holds with the second key", true, SAME_BH, 2, 2, 1, RESULT_PASS,
	    STEPS_HOLD },
	{ "a rule forbids it", true, SAME_BH, 1, 1, 0, RESULT_PERMERROR,
	    STEPS_FORBIDDEN },
	{ "no hash of a body, as of a seal", true, NO_HASH, 1, 1, 0,
	    RESULT_PASS, STEPS_HOLD },
	{ "no bh= is no body that failed", true, NO_BH, 1, 1, 0,
	    RESULT_PERMERROR, STEPS_FORBIDDEN },
	{ "another body", true, OTHER_BH, 1, 1, 0, RESULT_FAIL, STEPS_FAIL },
	{ "a bh= that is too short", true, SHORT_BH, 1, 1, 0, RESULT_FAIL,
	    STEPS_FAIL },
	{ "another header", true, SAME_BH, 2, 2, -1, RESULT_FAIL, STEPS_FAIL },
	{ "another header, no bh=", true, NO_BH, 1, 1, -1, RESULT_PERMERROR,
	    STEPS_FAIL },
	{ "no key", true, SAME_BH, 0, 0, -1, RESULT_TEMPERROR, STEPS_NOTHING },
	{ "no key that can check", true, SAME_BH, 2, 0, -1, RESULT_PERMERROR,
	    STEPS_NOTHING },
	{ "a key that was not tried holds nothing", true, SAME_BH, 2, 1, 1,
	    RESULT_FAIL, STEPS_FAIL },
	{ "not hashed", false, SAME_BH, 1, 1, 0, RESULT_NEUTRAL,
	    STEPS_NOTHING },
};

static void
set_body(
    struct signature_facts *facts, struct signature *signature, enum body body)
{
	static const struct span hashes[] = { [NO_HASH] = SPAN(""),
		[NO_BH] = SPAN(""),
		[OTHER_BH] = SPAN("x123456789abcdef0123456789abcdef"),
		[SHORT_BH] = SPAN("012"),
		[SAME_BH] = SPAN(HASH) };

	signature->body_hash = hashes[body];
	if (body == NO_HASH)
		return;
	facts->body.hash_n = strlen(HASH);
	memcpy(facts->body.hash, HASH, facts->body.hash_n);
}

static void
test_outcome(void)
{
	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		struct candidate_facts candidates[2] = { 0 };
		struct signature signature = { .kind = SIGNATURE_DKIM };
		struct signature_facts facts = { .signature = &signature,
			.header_hashed = cases[i].hashed,
			.candidates = candidates,
			.n_candidates = (size_t)cases[i].keys };
		struct signature_verdict verdict = { .facts = &facts,
			.result = cases[i].result };
		struct attempt attempt = {
			.signatures = { .list = &signature, .n = 1 },
			.verdict = { .signatures = &verdict,
			    .n_signatures = 1 },
		};
		struct steps steps;

		set_body(&facts, &signature, cases[i].body);
		for (int j = 0; j < cases[i].keys; j++) {
			candidates[j].checked = j < cases[i].checked;
			candidates[j].check.result = j == cases[i].valid
			    ? KEY_CHECK_VALID
			    : KEY_CHECK_MISMATCH;
		}
		steps_get(&steps, &attempt, 0);
		if (steps_outcome(&steps) != cases[i].want)
			g_test_message("%s", cases[i].name);
		g_assert_cmpint(steps_outcome(&steps), ==, cases[i].want);
		g_assert_cmpint(
		    steps_have_body(&steps), ==, cases[i].body != NO_HASH);
		g_assert_cmpint(
		    steps_compare_body(&steps), ==, cases[i].body > NO_BH);
		g_assert_cmpint(
		    steps_body_holds(&steps), ==, cases[i].body == SAME_BH);
		g_assert_cmpint(steps_are_known(&steps), ==, cases[i].hashed);
	}
}

/* Of two attempts each signature is told of the one that its verdict is of. */
static void
test_attempts(void)
{
	struct signature before[2] = { { .kind = SIGNATURE_DKIM } };
	struct signature after[2] = { { .kind = SIGNATURE_DKIM } };
	struct signature_facts facts[] = { { .signature = &after[0] },
		{ .signature = &before[1] } };
	struct signature_verdict verdicts[] = { { .facts = &facts[0] },
		{ .facts = &facts[1] } };
	struct attempt stored = { .signatures = { .list = before, .n = 2 } };
	struct attempt repaired = {
		.stored = &stored,
		.signatures = { .list = after, .n = 2 },
		.verdict = { .signatures = verdicts, .n_signatures = 2 },
	};
	struct steps steps;

	steps_get(&steps, &repaired, 0);
	g_assert_true(steps.attempt == &repaired);
	g_assert_cmpuint(steps.number, ==, 1);
	steps_get(&steps, &repaired, 1);
	g_assert_true(steps.attempt == &stored);
	g_assert_true(steps.signature == &before[1]);
	g_assert_cmpuint(steps.number, ==, 2);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_set_nonfatal_assertions();
	g_test_add_func("/steps/outcome", test_outcome);
	g_test_add_func("/steps/attempts", test_attempts);
	return g_test_run();
}
