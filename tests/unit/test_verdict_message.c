/* test_verdict_message.c - which signature decides for the message. */
#include "tests/unit/verdict_setting.h"

#include <glib.h>
#include <string.h>

static const struct signature of_kind[] = {
	[SIGNATURE_DKIM] = { .kind = SIGNATURE_DKIM },
	[SIGNATURE_ARC_MESSAGE] = { .kind = SIGNATURE_ARC_MESSAGE },
	[SIGNATURE_ARC_SEAL] = { .kind = SIGNATURE_ARC_SEAL },
	[SIGNATURE_DOMAINKEYS] = { .kind = SIGNATURE_DOMAINKEYS },
};
static const struct signature_facts of[] = {
	[SIGNATURE_DKIM] = { .signature = &of_kind[SIGNATURE_DKIM] },
	[SIGNATURE_ARC_MESSAGE] = { .signature =
					&of_kind[SIGNATURE_ARC_MESSAGE] },
	[SIGNATURE_ARC_SEAL] = { .signature = &of_kind[SIGNATURE_ARC_SEAL] },
	[SIGNATURE_DOMAINKEYS] = { .signature =
				       &of_kind[SIGNATURE_DOMAINKEYS] },
};

#define OF(k, v, a)                                           \
	{                                                     \
		.facts = &of[k], .verdict = v, .alignment = a \
	}
#define SIGNED(v, a) OF(SIGNATURE_DKIM, v, a)

static const struct {
	const char *name;
	struct signature_verdict signatures[3];
	size_t n, from_fields;
	ssize_t best;
	enum verdict verdict;
} messages[] = {
	{ "unsigned", .from_fields = 1, .best = -1,
	    .verdict = VERDICT_UNSIGNED },
	{ "the best",
	    { SIGNED(VERDICT_MALFORMED, ALIGNED),
		SIGNED(VERDICT_VERIFIED, ALIGNED),
		SIGNED(VERDICT_ALTERED, ALIGNED) },
	    3, 1, 1, VERDICT_VERIFIED },
	{ "the first of equals",
	    { SIGNED(VERDICT_KEY_MISSING, ALIGNED),
		SIGNED(VERDICT_KEY_MISSING, ALIGNED) },
	    2, 1, 0, VERDICT_KEY_MISSING },
	{ "the aligned of equals",
	    { SIGNED(VERDICT_KEY_MISSING, UNALIGNED),
		SIGNED(VERDICT_KEY_MISSING, ALIGNED_BY_EQUIVALENCE),
		SIGNED(VERDICT_KEY_MISSING, ALIGNED) },
	    3, 1, 1, VERDICT_KEY_MISSING },
	{ "none aligns with two From",
	    { SIGNED(VERDICT_ALTERED, UNALIGNED),
		SIGNED(VERDICT_ALTERED, ALIGNED) },
	    2, 2, 0, VERDICT_ALTERED },
	{ "ARC decides nothing",
	    { OF(SIGNATURE_ARC_SEAL, VERDICT_VERIFIED, ALIGNED),
		SIGNED(VERDICT_KEY_MISSING, ALIGNED),
		OF(SIGNATURE_ARC_MESSAGE, VERDICT_VERIFIED, ALIGNED) },
	    3, 1, 1, VERDICT_KEY_MISSING },
	{ "ARC alone is unsigned",
	    { OF(SIGNATURE_ARC_SEAL, VERDICT_VERIFIED, ALIGNED),
		OF(SIGNATURE_ARC_MESSAGE, VERDICT_VERIFIED, ALIGNED) },
	    2, 1, -1, VERDICT_UNSIGNED },
	{ "DomainKeys decides",
	    { SIGNED(VERDICT_KEY_MISSING, ALIGNED),
		OF(SIGNATURE_DOMAINKEYS, VERDICT_VERIFIED_WEAK, ALIGNED) },
	    2, 1, 1, VERDICT_VERIFIED_WEAK },
};

static void
test_messages(void)
{
	for (size_t i = 0; i < G_N_ELEMENTS(messages); i++) {
		struct signature_verdict signatures[3];
		struct message_facts facts = { .from_fields =
						   messages[i].from_fields };
		struct message_verdict got;
		g_test_message("%s", messages[i].name);
		memcpy(signatures, messages[i].signatures, sizeof(signatures));
		verdict_of_message(&got, signatures, messages[i].n, &facts);
		g_assert_cmpint(got.best, ==, messages[i].best);
		g_assert_cmpint(got.verdict, ==, messages[i].verdict);
		g_assert_cmpuint(got.n_signatures, ==, messages[i].n);
	}
}

static void
test_message_reasons(void)
{
	struct signature_verdict signature = SIGNED(VERDICT_VERIFIED, ALIGNED);
	struct message_facts facts = { .split_heuristic = true,
		.signatures_left_out = 1 };
	struct message_verdict got;

	reasons_add(&signature.reasons, REASON_PASS);
	reasons_add(&signature.reasons, REASON_PASS);
	verdict_of_message(&got, &signature, 1, &facts);
	assert_reasons(
	    &got.reasons, "pass signatures-left-out split-heuristic");
	verdict_of_message(&got, NULL, 0, &facts);
	assert_reasons(
	    &got.reasons, "unsigned signatures-left-out split-heuristic");
	verdict_unreadable(&got, REASON_UNREADABLE_EMPTY);
	assert_reasons(&got.reasons, "unreadable-empty");
	g_assert_cmpint(got.verdict, ==, VERDICT_UNREADABLE);
	g_assert_cmpint(got.best, ==, -1);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_set_nonfatal_assertions();
	g_test_add_func("/verdict_message/best", test_messages);
	g_test_add_func("/verdict_message/reasons", test_message_reasons);
	return g_test_run();
}
