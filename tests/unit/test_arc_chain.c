/* test_arc_chain.c - the steps of RFC 8617 5.2, over sets filled by hand. */
#include "verifier/verdict/arc_chain.h"

#include <glib.h>
#include <string.h>

#define SETS 3

/* What is wrong with a good chain of SETS sets. */
struct change {
	const char *name;
	unsigned set; /* 0: none */
	enum {
		NOTHING,
		MESSAGE_FAILS,
		SEAL_FAILS,
		MESSAGE_KEY,
		SEAL_KEY,
		CV,
		NO_SEAL,
		NO_MESSAGE,
		NO_RESULTS,
		TWICE,
		STRAY,
		SHA1,
		SHORT
	} what;
	enum arc_chain_value cv;
	enum arc_result result;
	enum reason reason;
	unsigned instance, oldest;
};

static const struct change changes[] = {
	{ "good", 0, NOTHING, 0, ARC_PASS, REASON_ARC_PASS, 0, 0 },
	{ "stray field", 1, STRAY, 0, ARC_FAIL, REASON_ARC_INSTANCE, 0, 0 },
	{ "newest says fail", 3, CV, ARC_CV_FAIL, ARC_FAIL,
	    REASON_ARC_SAYS_FAIL, 3, 0 },
	{ "older says fail", 2, CV, ARC_CV_FAIL, ARC_FAIL,
	    REASON_ARC_CHAIN_VALUE, 2, 0 },
	{ "first says pass", 1, CV, ARC_CV_PASS, ARC_FAIL,
	    REASON_ARC_CHAIN_VALUE, 1, 0 },
	{ "second says none", 2, CV, ARC_CV_NONE, ARC_FAIL,
	    REASON_ARC_CHAIN_VALUE, 2, 0 },
	{ "third says nothing", 3, CV, ARC_CV_BAD, ARC_FAIL,
	    REASON_ARC_CHAIN_VALUE, 3, 0 },
	{ "no seal", 1, NO_SEAL, 0, ARC_FAIL, REASON_ARC_SET_INCOMPLETE, 1, 0 },
	{ "no newest seal", 3, NO_SEAL, 0, ARC_FAIL, REASON_ARC_SET_INCOMPLETE,
	    3, 0 },
	{ "no message signature", 2, NO_MESSAGE, 0, ARC_FAIL,
	    REASON_ARC_SET_INCOMPLETE, 2, 0 },
	{ "no results", 3, NO_RESULTS, 0, ARC_FAIL, REASON_ARC_SET_INCOMPLETE,
	    3, 0 },
	{ "a seal twice", 2, TWICE, 0, ARC_FAIL, REASON_ARC_SET_DUPLICATE, 2,
	    0 },
	{ "newest message signature", 3, MESSAGE_FAILS, 0, ARC_FAIL,
	    REASON_ARC_MESSAGE_SIGNATURE, 3, 0 },
	{ "older message signature", 2, MESSAGE_FAILS, 0, ARC_PASS,
	    REASON_ARC_PASS, 0, 3 },
	{ "oldest message signature", 1, MESSAGE_FAILS, 0, ARC_PASS,
	    REASON_ARC_PASS, 0, 2 },
	{ "oldest seal", 1, SEAL_FAILS, 0, ARC_FAIL, REASON_ARC_SEAL_BROKEN, 1,
	    0 },
	{ "newest seal", 3, SEAL_FAILS, 0, ARC_FAIL, REASON_ARC_SEAL_BROKEN, 3,
	    0 },
	{ "no key of a seal", 2, SEAL_KEY, 0, ARC_UNKNOWN,
	    REASON_ARC_KEY_MISSING, 2, 0 },
	{ "no key of the newest message signature", 3, MESSAGE_KEY, 0,
	    ARC_UNKNOWN, REASON_ARC_KEY_MISSING, 3, 0 },
	{ "no key of an older one", 1, MESSAGE_KEY, 0, ARC_PASS,
	    REASON_ARC_PASS, 0, 2 },
	{ "SHA-1", 2, SHA1, 0, ARC_FAIL, REASON_ARC_WEAK, 2, 0 },
	{ "short key", 3, SHORT, 0, ARC_FAIL, REASON_ARC_WEAK, 3, 0 },
};

struct made {
	struct arc arc;
	struct header_field field;
	struct signature signatures[2 * SETS]; /* message, seal, ... */
	struct signature_facts facts[2 * SETS];
	struct signature_verdict verdicts[2 * SETS];
	struct known_key key;
};

static void
make_good(struct made *made)
{
	memset(made, 0, sizeof(*made));
	made->arc.highest = SETS;
	made->arc.n_seals = SETS;
	for (unsigned i = 0; i < 2u * SETS; i++) {
		struct signature *signature = &made->signatures[i];

		signature->instance = i / 2 + 1;
		signature->kind =
		    i % 2 == 0 ? SIGNATURE_ARC_MESSAGE : SIGNATURE_ARC_SEAL;
		signature->algorithm = SIGNATURE_RSA_SHA256;
		signature->chain = i / 2 == 0 ? ARC_CV_NONE : ARC_CV_PASS;
		made->facts[i].signature = signature;
		made->verdicts[i].facts = &made->facts[i];
		made->verdicts[i].key = &made->key;
		made->verdicts[i].result = RESULT_PASS;
		made->verdicts[i].verdict = VERDICT_VERIFIED;
	}
	for (unsigned i = 1; i <= SETS; i++)
		made->arc.sets[i] = (struct arc_set){ &made->field,
			&made->signatures[2 * i - 2],
			&made->signatures[2 * i - 1], 1, 1, 1 };
}

static void
lose(struct signature_verdict *verdict, enum result result, enum verdict word)
{
	verdict->result = result;
	verdict->verdict = word;
	verdict->key = NULL;
}

static void
apply(struct made *made, const struct change *change)
{
	struct arc_set *set = &made->arc.sets[change->set];
	size_t message = change->set > 0 ? 2 * change->set - 2 : 0;

	switch (change->what) {
	case NOTHING:
		break;
	case MESSAGE_FAILS:
		lose(&made->verdicts[message], RESULT_FAIL,
		    VERDICT_HEADERS_ONLY);
		break;
	case SEAL_FAILS:
		lose(
		    &made->verdicts[message + 1], RESULT_FAIL, VERDICT_ALTERED);
		break;
	case MESSAGE_KEY:
		lose(&made->verdicts[message], RESULT_TEMPERROR,
		    VERDICT_KEY_MISSING);
		break;
	case SEAL_KEY:
		lose(&made->verdicts[message + 1], RESULT_TEMPERROR,
		    VERDICT_KEY_MISSING);
		break;
	case CV:
		made->signatures[message + 1].chain = change->cv;
		break;
	case NO_SEAL:
		set->seal = NULL;
		set->n_seals = 0;
		break;
	case NO_MESSAGE:
		set->message = NULL;
		set->n_messages = 0;
		break;
	case NO_RESULTS:
		set->results = NULL;
		set->n_results = 0;
		break;
	case TWICE:
		set->n_seals = 2;
		break;
	case STRAY:
		made->arc.no_instance = 1;
		break;
	case SHA1:
		made->signatures[message + 1].algorithm = SIGNATURE_RSA_SHA1;
		break;
	case SHORT:
		made->verdicts[message].standing.flags = PROVENANCE_WEAK;
		break;
	}
}

static void
test_changes(void)
{
	g_autofree struct made *made = g_new(struct made, 1);

	for (size_t i = 0; i < G_N_ELEMENTS(changes); i++) {
		struct arc_verdict got;

		make_good(made);
		apply(made, &changes[i]);
		arc_chain_judge(
		    &got, &made->arc, made->signatures, made->verdicts);
		g_test_message("%s", changes[i].name);
		g_assert_cmpint(got.result, ==, changes[i].result);
		g_assert_cmpstr(reason_row(got.reason)->code, ==,
		    reason_row(changes[i].reason)->code);
		g_assert_cmpuint(got.instance, ==, changes[i].instance);
		g_assert_cmpuint(got.oldest_pass, ==, changes[i].oldest);
		g_assert_cmpuint(got.sets, ==, SETS);
	}
}

/* A failure counts more than a key that is missing before it. */
static void
test_failure_before_missing(void)
{
	g_autofree struct made *made = g_new(struct made, 1);
	struct arc_verdict got;

	make_good(made);
	lose(&made->verdicts[4], RESULT_TEMPERROR, VERDICT_KEY_MISSING);
	lose(&made->verdicts[1], RESULT_FAIL, VERDICT_ALTERED);
	arc_chain_judge(&got, &made->arc, made->signatures, made->verdicts);
	g_assert_cmpint(got.result, ==, ARC_FAIL);
	g_assert_cmpint(got.reason, ==, REASON_ARC_SEAL_BROKEN);
	g_assert_cmpuint(got.instance, ==, 1);
	g_assert_cmpstr(arc_result_name(ARC_FAIL), ==, "fail");
	g_assert_null(arc_result_name(ARC_UNKNOWN));
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_set_nonfatal_assertions();
	g_test_add_func("/arc_chain/changes", test_changes);
	g_test_add_func(
	    "/arc_chain/failure_before_missing", test_failure_before_missing);
	return g_test_run();
}
