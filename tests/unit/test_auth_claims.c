/* test_auth_claims.c - claims beside verdicts that are filled in by hand, about
 * signatures that were parsed. */
#include "verifier/verdict/auth_claims.h"

#include "verifier/message/message.h"

#include "tests/unit/auth_claims_cases.h"

#include <string.h>

struct made {
	struct arena *arena;
	struct message message;
	struct signatures signatures;
	struct signature_facts *facts;
	struct signature_verdict *verdicts;
	struct message_verdict verdict;
	struct auth_basis basis;
};

static void
come_out(struct signature_verdict *verdict, char how)
{
	static const struct {
		char how;
		enum result result;
		enum verdict verdict;
		enum reason reason;
	} ways[] = {
		{ 'p', RESULT_PASS, VERDICT_VERIFIED, REASON_PASS },
		{ 'f', RESULT_FAIL, VERDICT_HEADERS_ONLY, REASON_BODY_ALTERED },
		{ 'n', RESULT_NEUTRAL, VERDICT_MALFORMED,
		    REASON_SIGNATURE_SYNTAX },
		{ 'm', RESULT_FAIL, VERDICT_KEY_MISMATCH, REASON_KEY_MISMATCH },
		{ 'k', RESULT_TEMPERROR, VERDICT_KEY_MISSING,
		    REASON_KEY_MISSING },
		{ 'u', RESULT_PERMERROR, VERDICT_KEY_UNUSABLE,
		    REASON_KEY_REVOKED },
		{ 'r', RESULT_PASS, VERDICT_VERIFIED_REPAIRED,
		    REASON_REPAIRED },
		{ 'd', RESULT_NEUTRAL, VERDICT_MALFORMED, REASON_DRAFT_HOLDS },
		{ 'x', RESULT_NEUTRAL, VERDICT_MALFORMED, REASON_DRAFT_FAILS },
		{ 't', RESULT_NEUTRAL, VERDICT_MALFORMED,
		    REASON_SIGNATURE_TOO_MANY_NAMES },
		{ '1', RESULT_PASS, VERDICT_VERIFIED_WEAK, REASON_SHA1 },
		{ 'w', RESULT_FAIL, VERDICT_KEY_UNUSABLE, REASON_BODY_UNSURE },
	};

	for (size_t i = 0; i < G_N_ELEMENTS(ways); i++) {
		if (ways[i].how != how)
			continue;
		verdict->result = ways[i].result;
		verdict->verdict = ways[i].verdict;
		verdict->reasons.list[verdict->reasons.n++] = ways[i].reason;
		return;
	}
	g_assert_not_reached();
}

/* Judge the text, whose signatures came out like "came". */
static const struct auth_claims *
make(struct made *made, const char *text, const char *came)
{
	static const struct reading wire = { .line_ends = LINE_ENDS_CRLF };
	static uint8_t buffer[READING_BUFFER];
	size_t n;

	*made = (struct made){ .arena = arena_new() };
	message_open(
	    &made->message, made->arena, buffer, span_from_string(text), &wire);
	signatures_find(&made->signatures, made->arena, &made->message.header);
	n = made->signatures.n;
	g_assert_cmpuint(n, ==, strlen(came));
	made->facts = arena_alloc_array(made->arena, n, sizeof(*made->facts));
	made->verdicts =
	    arena_alloc_array(made->arena, n, sizeof(*made->verdicts));
	for (size_t i = 0; i < n; i++) {
		made->facts[i].signature = &made->signatures.list[i];
		made->verdicts[i].facts = &made->facts[i];
		come_out(&made->verdicts[i], came[i]);
	}
	made->verdict = (struct message_verdict){
		.best = -1, .signatures = made->verdicts, .n_signatures = n
	};
	made->basis = (struct auth_basis){ .header = &made->message.header,
		.repaired = &made->message.header,
		.verdict = &made->verdict,
		.arc = arc_collect(
		    made->arena, &made->message.header, &made->signatures) };
	return auth_claims_get(made->arena, &made->basis);
}

static void
put_judgement(GString *out, const struct auth_judgement *judgement)
{
	const char *agreement = auth_agreement_name(judgement->agreement);
	const char *why = auth_why_row(judgement->why)->code;

	g_string_append_printf(out, "%s %s",
	    agreement != NULL ? agreement : "-", why != NULL ? why : "-");
	for (size_t i = 0; i < judgement->n_signatures; i++)
		g_string_append_printf(
		    out, "%s%zu", i == 0 ? " " : ",", judgement->signatures[i]);
}

static char *
judgements_text(const struct auth_claim *claim)
{
	GString *out = g_string_new(NULL);

	for (size_t i = 0; i < claim->results.n; i++) {
		g_string_append(out, i == 0 ? "" : "|");
		put_judgement(out, &claim->judgements[i]);
	}
	return g_string_free(out, FALSE);
}

/* Of a message with more signatures than are read. */
static void
test_left_out(void)
{
	static const char text[] =
	    "Authentication-Results: a; dkim=pass header.d=b.example; "
	    "dkim=pass header.d=a.example; domainkeys=none\r\n" ONE FROM;
	g_autofree char *got = NULL;
	struct made made;
	const struct auth_claims *claims = make(&made, text, "p");

	reasons_add(&made.verdict.reasons, REASON_SIGNATURES_LEFT_OUT);
	claims = auth_claims_get(made.arena, &made.basis);
	got = judgements_text(&claims->list[0]);
	g_assert_cmpstr(got, ==,
	    "not-comparable limit|agrees same-result 0|not-comparable limit");
	arena_free(made.arena);
}

static char *
header_text(const char *name, const char *field, const char *header)
{
	g_autofree char *line = g_strdup_printf("%s: %s\r\n", name, field);
	g_auto(GStrv) parts = g_strsplit(header, "%", 2);

	return parts[0] != NULL && parts[1] != NULL
	    ? g_strconcat(parts[0], line, parts[1], FROM, NULL)
	    : g_strconcat(line, header, FROM, NULL);
}

static void
test_cases(void)
{
	for (size_t i = 0; auth_claims_cases[i].name != NULL; i++) {
		g_autofree char *text = header_text("Authentication-Results",
		    auth_claims_cases[i].field, auth_claims_cases[i].header);
		g_autofree char *got = NULL;
		struct made made;
		const struct auth_claims *claims =
		    make(&made, text, auth_claims_cases[i].came);

		g_test_message("%s", auth_claims_cases[i].name);
		g_assert_cmpuint(claims->n, ==, 1);
		got = judgements_text(&claims->list[0]);
		g_assert_cmpstr(got, ==, auth_claims_cases[i].want);
		g_assert_cmpint(claims->list[0].seal, ==, -1);
		arena_free(made.arena);
	}
}

/* What a field says of the chain.  "i=" stands in the field of a set. */
static const struct {
	const char *name, *field, *header, *came;
	enum arc_result result;
	unsigned instance; /* where it fails; 9: weak, in the first */
	const char *want;
} chains[] = {
	{ "pass, pass", "a; arc=pass", SEAL("2") SEAL("1"), "pp", ARC_PASS, 0,
	    "agrees same-result 0,1" },
	{ "pass, fail", "a; arc=pass", SEAL("1"), "p", ARC_FAIL, 1,
	    "differs other-result 0" },
	{ "fail, pass", "a; arc=fail", SEAL("1"), "p", ARC_PASS, 0,
	    "differs other-result 0" },
	{ "fail, fail", "a; arc=fail", SEAL("1"), "p", ARC_FAIL, 1,
	    "agrees same-result 0" },
	{ "pass, not known", "a; arc=pass", SEAL("1"), "k", ARC_UNKNOWN, 1,
	    "not-comparable key-missing 0" },
	{ "temperror", "a; arc=temperror", SEAL("1"), "p", ARC_PASS, 0,
	    "not-comparable no-result 0" },
	{ "policy", "a; arc=policy", SEAL("1"), "p", ARC_PASS, 0,
	    "not-comparable by-policy 0" },
	{ "a word", "a; arc=yes", SEAL("1"), "p", ARC_PASS, 0,
	    "not-comparable unknown-word 0" },
	{ "none, one above", "a; arc=none", SEAL("1") "%" FROM, "p", ARC_PASS,
	    0, "not-comparable later 0" },
	{ "none, one below", "a; arc=none", SEAL("1"), "p", ARC_PASS, 0,
	    "not-comparable one-there 0" },
	{ "none, none", "a; arc=none", ONE, "p", ARC_PASS, 0,
	    "agrees none-there" },
	{ "pass, none", "a; arc=pass", ONE, "p", ARC_PASS, 0,
	    "no-such-signature no-signature" },
	{ "of set 2", "i=2; a; arc=pass", SEAL("2") SEAL("1"), "pp", ARC_PASS,
	    0, "agrees same-result 1" },
	{ "of set 1: none", "i=1; a; arc=none", SEAL("1"), "p", ARC_PASS, 0,
	    "agrees none-there" },
	{ "of set 1: pass", "i=1; a; arc=pass", SEAL("1"), "p", ARC_PASS, 0,
	    "no-such-signature no-signature" },
	{ "pass, no right key", "a; arc=pass", SEAL("1"), "m", ARC_FAIL, 1,
	    "not-comparable other-key 0" },
	{ "fail, no right key", "a; arc=fail", SEAL("1"), "m", ARC_FAIL, 1,
	    "not-comparable other-key 0" },
	{ "pass, weak", "a; arc=pass", SEAL("1"), "p", ARC_FAIL, 9,
	    "not-comparable rule 0" },
	{ "fail, weak", "a; arc=fail", SEAL("1"), "p", ARC_FAIL, 9,
	    "agrees same-result 0" },
	{ "permerror, pass", "a; arc=permerror", SEAL("1"), "p", ARC_PASS, 0,
	    "not-comparable unprocessed 0" },
	{ "pass, set above", "a; arc=pass", SEAL("1") "%" FROM, "p", ARC_PASS,
	    0, "not-comparable later 0" },
	{ "pass, fails in a set above", "a; arc=pass",
	    SEAL("2") "%" SEAL("1") FROM, "fp", ARC_FAIL, 2,
	    "not-comparable later-set 1" },
	{ "pass, fails in a set below", "a; arc=pass",
	    SEAL("2") "%" SEAL("1") FROM, "pf", ARC_FAIL, 1,
	    "differs other-result 1" },
	{ "of set 2, which fails", "i=2; a; arc=pass", SEAL("2") SEAL("1"),
	    "fp", ARC_FAIL, 2, "not-comparable later-set 1" },
	{ "of set 2, where the first fails", "i=2; a; arc=pass",
	    SEAL("2") SEAL("1"), "pf", ARC_FAIL, 1, "differs other-result 1" },
};

static void
test_chains(void)
{
	for (size_t i = 0; i < G_N_ELEMENTS(chains); i++) {
		bool set = g_str_has_prefix(chains[i].field, "i=");
		struct arc_verdict arc = { .result = chains[i].result,
			.reason = REASON_ARC_SEAL_BROKEN,
			.instance = chains[i].instance };
		bool weak = arc.instance == 9;
		g_autofree char *got = NULL;
		g_autofree char *text =
		    header_text(set ? "ARC-Authentication-Results"
				    : "Authentication-Results",
			chains[i].field, chains[i].header);
		struct made made;
		const struct auth_claims *claims =
		    make(&made, text, chains[i].came);

		if (weak) {
			arc.reason = REASON_ARC_WEAK;
			arc.instance = 1;
		}
		made.verdict.arc = made.basis.arc != NULL ? &arc : NULL;
		claims = auth_claims_get(made.arena, &made.basis);
		g_test_message("%s", chains[i].name);
		got = judgements_text(&claims->list[0]);
		g_assert_cmpstr(got, ==, chains[i].want);
		g_assert_cmpint(claims->list[0].seal, ==,
		    set && arc.result == ARC_PASS
			? (ssize_t)(made.signatures.n -
			      claims->list[0].results.instance)
			: -1);
		arena_free(made.arena);
	}
}

/* A signature covers what it signs, if it passes; a field that is there twice
 * in a set is sealed by nobody. */
static void
test_cover(void)
{
	static const char text[] =
	    "Authentication-Results: a; none\r\n"
	    "ARC-Authentication-Results: i=1; a; none\r\n"
	    "ARC-Authentication-Results: i=1; b; none\r\n" ONE THREE SEAL("1")
		FROM;
	uint8_t signed_fields[] = { 0, 1, 0, 0, 0, 0, 1 };
	struct arc_verdict arc = { .result = ARC_PASS };
	struct made made;
	const struct auth_claims *claims = make(&made, text, "pfp");
	struct header_index other = made.message.header;

	for (size_t i = 0; i < 3; i++)
		made.facts[i].selection.signed_fields = signed_fields;
	made.verdict.arc = &arc;
	claims = auth_claims_get(made.arena, &made.basis);
	g_assert_cmpuint(claims->n, ==, 3);
	g_assert_cmpuint(claims->list[0].n_covered_by, ==, 0);
	g_assert_cmpuint(claims->list[1].n_covered_by, ==, 1);
	g_assert_cmpuint(claims->list[1].covered_by[0], ==, 0);
	g_assert_cmpuint(claims->list[2].n_covered_by, ==, 0);
	g_assert_cmpint(claims->list[0].seal, ==, -1);
	g_assert_cmpint(claims->list[1].seal, ==, 2);
	g_assert_cmpint(claims->list[2].seal, ==, -1);
	/* A signature that anybody could have made. */
	reasons_add(&made.verdicts[0].reasons, REASON_FORGEABLE_KEY);
	claims = auth_claims_get(made.arena, &made.basis);
	g_assert_cmpuint(claims->list[1].n_covered_by, ==, 0);
	made.verdicts[0].reasons.n--;
	/* Signatures that were judged in a header with other fields. */
	other.fields = g_memdup2(
	    made.message.header.fields, (other.n - 1) * sizeof(*other.fields));
	other.n--;
	made.basis.header = &other;
	arc.result = ARC_FAIL;
	claims = auth_claims_get(made.arena, &made.basis);
	g_assert_cmpuint(claims->n, ==, 3);
	g_assert_cmpuint(claims->list[1].n_covered_by, ==, 0);
	g_assert_cmpint(claims->list[1].seal, ==, -1);
	g_free(other.fields);
	arena_free(made.arena);
}

static void
test_bounds(void)
{
	g_autoptr(GString) text = g_string_new(NULL);
	struct made made;
	const struct auth_claims *claims;

	for (int i = 0; i < AUTH_CLAIMS_MAX + 3; i++)
		g_string_append(
		    text, "authentication-results: a; dkim=pass\r\n");
	g_string_append(text, ONE FROM);
	claims = make(&made, text->str, "p");
	g_assert_cmpuint(claims->n, ==, AUTH_CLAIMS_MAX);
	g_assert_cmpuint(claims->left_out, ==, 3);
	g_assert_cmpuint(
	    claims->list[AUTH_CLAIMS_MAX - 1].place, ==, AUTH_CLAIMS_MAX - 1);
	arena_free(made.arena);
	g_assert_null(make(&made, ONE FROM, "p"));
	arena_free(made.arena);
}

static void
test_words(void)
{
	for (int i = AUTH_WHY_NONE + 1; i < AUTH_WHYS; i++) {
		const struct auth_why_row *row = auth_why_row((enum auth_why)i);

		g_assert_nonnull(row->code);
		g_assert_null(strstr(row->text, "verif"));
	}
	for (int i = AUTH_NO_DEFECT + 1; i < AUTH_DEFECTS; i++)
		g_assert_nonnull(auth_defect_name((enum auth_defect)i));
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_set_nonfatal_assertions();
	g_test_add_func("/auth_claims/cases", test_cases);
	g_test_add_func("/auth_claims/chains", test_chains);
	g_test_add_func("/auth_claims/left_out", test_left_out);
	g_test_add_func("/auth_claims/cover", test_cover);
	g_test_add_func("/auth_claims/bounds", test_bounds);
	g_test_add_func("/auth_claims/words", test_words);
	return g_test_run();
}
