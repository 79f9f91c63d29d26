/* fuzz_auth_claims.c - any header, its signatures come out as the octet in
 * front says: what is said of a claim names signatures of the kind that it is
 * about, and nothing is covered by one that does not pass. */
#include "verifier/verdict/auth_claims.h"

#include "verifier/message/message.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Fill the verdicts in; all but seals sign every field. */
static struct signature_verdict *
make_verdicts(struct arena *arena, const struct message *message,
    const struct signatures *signatures, uint8_t how)
{
	struct signature_facts *facts =
	    arena_alloc_array(arena, signatures->n, sizeof(*facts));
	struct signature_verdict *verdicts =
	    arena_alloc_array(arena, signatures->n, sizeof(*verdicts));

	for (size_t i = 0; i < signatures->n; i++) {
		facts[i].signature = &signatures->list[i];
		if (facts[i].signature->kind != SIGNATURE_ARC_SEAL) {
			facts[i].selection.signed_fields =
			    arena_alloc(arena, message->header.n);
			memset(facts[i].selection.signed_fields, 1,
			    message->header.n);
		}
		verdicts[i].facts = &facts[i];
		verdicts[i].result =
		    (enum result)((how + i) % (RESULT_PERMERROR + 1));
		verdicts[i].verdict = VERDICT_KEY_MISMATCH;
	}
	return verdicts;
}

static void
check_judgement(const struct auth_judgement *judgement,
    const struct message_verdict *verdict)
{
	g_assert((judgement->agreement == AUTH_NOT_JUDGED) ==
	    (judgement->why == AUTH_WHY_NONE));
	g_assert((judgement->agreement == AUTH_NO_SUCH_SIGNATURE) ==
	    (judgement->why == AUTH_NO_SIGNATURE));
	g_assert(judgement->n_signatures <= verdict->n_signatures);
	if (judgement->agreement == AUTH_NO_SUCH_SIGNATURE ||
	    judgement->agreement == AUTH_NOT_JUDGED)
		g_assert(judgement->n_signatures == 0);
	for (size_t i = 0; i < judgement->n_signatures; i++) {
		size_t at = judgement->signatures[i];

		g_assert(at < verdict->n_signatures);
		g_assert(verdict->signatures[at].facts->signature->kind ==
		    verdict->signatures[judgement->signatures[0]]
			.facts->signature->kind);
	}
}

static void
check_claim(
    const struct auth_claim *claim, const struct message_verdict *verdict)
{
	for (size_t i = 0; i < claim->results.n; i++)
		check_judgement(&claim->judgements[i], verdict);
	for (size_t i = 0; i < claim->n_covered_by; i++)
		g_assert(verdict->signatures[claim->covered_by[i]].result ==
		    RESULT_PASS);
	if (claim->seal >= 0) {
		const struct signature *seal =
		    verdict->signatures[claim->seal].facts->signature;

		g_assert(claim->arc && seal->kind == SIGNATURE_ARC_SEAL);
		g_assert(seal->instance == claim->results.instance);
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const struct reading wire = { .line_ends = LINE_ENDS_CRLF };
	static uint8_t buffer[READING_BUFFER];
	g_autoptr(arena_auto) arena = arena_new();
	struct span raw = span_from((struct span){ data, size }, 1);
	struct arc_verdict arc = { .result = ARC_PASS };
	struct message_verdict verdict = { .best = -1 };
	struct auth_basis basis = { .verdict = &verdict };
	struct message message;
	struct signatures signatures;
	const struct auth_claims *claims;

	message_open(&message, arena, buffer, raw, &wire);
	if (size == 0 || message.status != HEADER_OK)
		return 0;
	signatures_find(&signatures, arena, &message.header);
	verdict.n_signatures = signatures.n;
	verdict.signatures =
	    make_verdicts(arena, &message, &signatures, data[0]);
	basis.header = &message.header;
	basis.arc = arc_collect(arena, &message.header, &signatures);
	verdict.arc = basis.arc != NULL ? &arc : NULL;
	claims = auth_claims_get(arena, &basis);
	for (size_t i = 0; claims != NULL && i < claims->n; i++)
		check_claim(&claims->list[i], &verdict);
	return 0;
}
