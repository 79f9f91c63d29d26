/* fuzz_arc.c - any header with ARC fields: a chain passes only when it is
 * whole, in sequence, and says so, even when every signature is said to hold. */
#include "verifier/verdict/arc_chain.h"

#include "verifier/dkim/arc_seal.h"

#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
check_pass(const struct arc *arc)
{
	g_assert_cmpuint(arc->highest, >, 0);
	g_assert_cmpuint(arc->no_instance, ==, 0);
	g_assert_cmpuint(arc->n_seals, ==, arc->highest);
	for (unsigned i = 1; i <= arc->highest; i++) {
		const struct arc_set *set = &arc->sets[i];

		g_assert_true(arc_set_is_complete(set));
		g_assert_cmpuint(set->seal->instance, ==, i);
		g_assert_cmpuint(set->message->instance, ==, i);
		g_assert_cmpuint(
		    arc_results_instance(set->results->value), ==, i);
		g_assert_cmpint(
		    set->seal->chain, ==, i == 1 ? ARC_CV_NONE : ARC_CV_PASS);
	}
}

/* Every signature without a defect is said to hold. */
static void
judge(const struct arc *arc, struct arena *arena,
    const struct signatures *signatures, struct signature_facts *facts)
{
	static const struct known_key key;
	struct signature_verdict *verdicts =
	    arena_alloc_array(arena, signatures->n, sizeof(*verdicts));
	struct arc_verdict verdict;

	for (size_t i = 0; i < signatures->n; i++) {
		bool sound =
		    (signatures->list[i].defects &
			(unsigned)(SIGNATURE_NEUTRAL | SIGNATURE_PERMERROR)) ==
		    0;
		verdicts[i].facts = &facts[i];
		verdicts[i].key = &key;
		verdicts[i].result = sound ? RESULT_PASS : RESULT_PERMERROR;
		verdicts[i].verdict =
		    sound ? VERDICT_VERIFIED : VERDICT_MALFORMED;
	}
	arc_chain_judge(&verdict, arc, signatures->list, verdicts);
	g_assert_cmpuint(verdict.sets, ==, arc->n_seals);
	g_assert_cmpuint(verdict.oldest_pass, <=, arc->highest);
	if (verdict.result == ARC_PASS)
		check_pass(arc);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const struct reading wire = { .line_ends = LINE_ENDS_CRLF };
	static uint8_t buffer[READING_BUFFER];
	static struct crypto *crypto;
	static struct digest digests[2];
	g_autoptr(arena_auto) arena = arena_new();
	struct message message;
	struct signatures signatures;

	if (crypto == NULL) {
		crypto = crypto_open(NULL);
		digest_init(&digests[DIGEST_SHA256], crypto, DIGEST_SHA256);
		digest_init(&digests[DIGEST_SHA1], crypto, DIGEST_SHA1);
	}
	message_open(
	    &message, arena, buffer, (struct span){ data, size }, &wire);
	if (message.status != HEADER_OK)
		return 0;
	signatures_find(&signatures, arena, &message.header);
	struct arc *arc = arc_collect(arena, &message.header, &signatures);
	g_assert_true((arc == NULL) == (signatures.arc_fields == 0));
	if (arc == NULL)
		return 0;
	struct signature_facts *facts =
	    arena_alloc_array(arena, signatures.n, sizeof(*facts));
	for (size_t i = 0; i < signatures.n; i++)
		facts[i].signature = &signatures.list[i];
	arc_hash_seals(
	    facts, signatures.n, arc, arena, &message.header, digests);
	judge(arc, arena, &signatures, facts);
	return 0;
}
