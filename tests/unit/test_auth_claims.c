/* test_auth_claims.c - claims beside verdicts that are filled in by hand, about
 * signatures that were parsed. */
#include "verifier/verdict/auth_claims.h"

#include "verifier/message/message.h"

#include <string.h>

#define SIGNATURE(name, tags) name ": " tags "\r\n"
#define DKIM(tags)                  \
	SIGNATURE("DKIM-Signature", \
	    "v=1; a=rsa-sha256; c=relaxed/relaxed; h=from; bh=AAAA; " tags)
#define SEAL(i)               \
	SIGNATURE("ARC-Seal", \
	    "i=" i "; a=rsa-sha256; cv=none; d=l.example; s=t; b=AAAA")
#define FROM "From: x@a.example\r\n\r\n"

#define ONE  DKIM("d=a.example; s=s1; b=oINE/8hgn/vnmQ2XyZ==")
#define TWO                                                        \
	DKIM("d=a.example; s=s2; i=bob@sub.a.example; b=ETo\r\n\t" \
	     "RSuvUAAAA")
#define THREE DKIM("d=B.example; s=s1; a=rsa-sha256; b=AAAAAAAA")
#define OLD                              \
	SIGNATURE("DomainKey-Signature", \
	    "a=rsa-sha1; q=dns; c=nofws; d=a.example; s=s1; b=AAAAAAAA")

/*
 * "field" stands on top, or where "%" is in "header".  How each signature came
 * out: p(ass), f(ail), n(eutral), m(ismatch), k(ey missing), u(nusable),
 * r(epaired), d(raft).  What is wanted of each result: agreement, why and
 * places.
 */
static const struct {
	const char *name, *field, *header, *came, *want;
} cases[] = {
	{ "pass, pass", "a; dkim=pass header.d=a.example", ONE, "p",
	    "agrees same-result 0" },
	{ "any case", "a; DKIM=Pass HEADER.D=A.EXAMPLE.", ONE, "p",
	    "agrees same-result 0" },
	{ "pass, fail", "a; dkim=pass header.d=a.example", ONE, "f",
	    "differs other-result 0" },
	{ "fail, pass", "a; dkim=fail header.d=a.example", ONE, "p",
	    "differs other-result 0" },
	{ "fail, fail", "a; dkim=hardfail header.d=a.example", ONE, "f",
	    "agrees same-result 0" },
	{ "neutral, fail", "a; dkim=neutral header.d=a.example", ONE, "f",
	    "agrees neither-holds 0" },
	{ "permerror, neutral", "a; dkim=permerror header.d=a.example", ONE,
	    "n", "agrees neither-holds 0" },
	{ "pass, no key", "a; dkim=pass header.d=a.example", ONE, "k",
	    "not-comparable key-missing 0" },
	{ "fail, no key", "a; dkim=fail header.d=a.example", ONE, "k",
	    "not-comparable key-missing 0" },
	{ "pass, other key", "a; dkim=pass header.d=a.example", ONE, "m",
	    "not-comparable other-key 0" },
	{ "pass, revoked key", "a; dkim=pass header.d=a.example", ONE, "u",
	    "not-comparable other-key 0" },
	{ "fail, other key", "a; dkim=fail header.d=a.example", ONE, "m",
	    "agrees same-result 0" },
	{ "temperror", "a; dkim=temperror header.d=a.example", ONE, "k",
	    "not-comparable no-result 0" },
	{ "policy", "a; dkim=policy header.d=a.example", ONE, "p",
	    "not-comparable by-policy 0" },
	{ "unknown word", "a; dkim=passed header.d=a.example", ONE, "p",
	    "not-comparable unknown-word 0" },
	{ "pass, repaired", "a; dkim=pass header.d=a.example", ONE, "r",
	    "agrees same-result 0" },
	{ "fail, repaired", "a; dkim=fail header.d=a.example", ONE, "r",
	    "not-comparable repaired 0" },
	{ "pass, draft", "a; dkim=pass header.d=a.example", ONE, "d",
	    "not-comparable draft 0" },
	/* which one */
	{ "by d=", "a; dkim=pass header.d=b.example", ONE TWO THREE, "ffp",
	    "agrees same-result 2" },
	{ "by s=", "a; dkim=pass header.d=a.example header.s=S2", ONE TWO THREE,
	    "fpf", "agrees same-result 1" },
	{ "by b= (RFC 6008)",
	    "a; dkim=pass header.d=a.example header.b=oINE/8hg; "
	    "dkim=fail header.d=a.example header.b=EToRSuvU",
	    ONE TWO THREE, "pff", "agrees same-result 0|agrees same-result 1" },
	{ "b= of another", "a; dkim=pass header.d=a.example header.b=oINEO8hg",
	    ONE TWO, "pp", "no-such-signature no-signature" },
	{ "no b=", "a; dkim=pass header.d=a.example header.b=", ONE, "p",
	    "no-such-signature no-signature" },
	{ "by domain of i=", "a; dkim=pass header.i=@sub.a.example", ONE TWO,
	    "fp", "agrees same-result 1" },
	{ "by i=", "a; dkim=pass header.i=bob@sub.a.example", ONE TWO, "fp",
	    "agrees same-result 1" },
	{ "i= of another", "a; dkim=pass header.i=eve@sub.a.example", ONE TWO,
	    "fp", "no-such-signature no-signature" },
	{ "i= that is d=", "a; dkim=pass header.i=@a.example", ONE TWO, "pf",
	    "agrees same-result 0" },
	{ "by a=", "a; dkim=pass header.a=ed25519-sha256", ONE, "p",
	    "no-such-signature no-signature" },
	{ "d= that is no name", "a; dkim=pass header.d=a_b(c", ONE, "p", "" },
	{ "two that fit, the same", "a; dkim=pass header.d=a.example", ONE TWO,
	    "pp", "agrees same-result 0,1" },
	{ "two that fit, one each", "a; dkim=pass header.d=a.example", ONE TWO,
	    "pf", "not-comparable several 0,1" },
	{ "two that fit and fail", "a; dkim=fail header.d=a.example", ONE TWO,
	    "fn", "agrees neither-holds 0,1" },
	{ "two that fit, keys missing", "a; dkim=pass header.d=a.example",
	    ONE TWO, "km", "not-comparable several 0,1" },
	{ "the author says nothing", "a; dkim=pass header.from=b.example", ONE,
	    "p", "agrees same-result 0" },
	{ "no property, one", "a; dkim=pass", ONE, "p",
	    "agrees same-result 0" },
	{ "no property, several", "a; dkim=pass", ONE THREE, "pf",
	    "not-comparable several 0,1" },
	{ "no property, none", "a; dkim=pass", "", "",
	    "no-such-signature no-signature" },
	{ "a property that says nothing", "a; dkim=pass smtp.d=b.example", ONE,
	    "p", "agrees same-result 0" },
	{ "DomainKeys is no DKIM", "a; dkim=pass header.d=a.example", OLD, "p",
	    "no-such-signature no-signature" },
	{ "DomainKeys", "a; domainkeys=pass header.From=x@a.example", ONE OLD,
	    "fp", "agrees same-result 1" },
	{ "DomainKeys of another", "a; domainkeys=pass header.from=x@b.example",
	    OLD, "p", "no-such-signature no-signature" },
	/* none */
	{ "none, none", "a; dkim=none", OLD, "p", "agrees none-there" },
	{ "none, one", "a; dkim=none header.d=none", ONE, "p",
	    "differs one-there 0" },
	{ "none, one above", "a; dkim=none", ONE "%" FROM, "p",
	    "not-comparable later 0" },
	{ "none, above and below", "a; dkim=none", ONE "%" THREE, "pp",
	    "differs one-there 0,1" },
	/* versions and other methods */
	{ "version", "a 2; dkim=pass", ONE, "p",
	    "not-comparable unknown-version" },
	{ "version 1", "a 1; dkim/1=pass", ONE, "p", "agrees same-result 0" },
	{ "method version", "a; dkim/2=pass", ONE, "p",
	    "not-comparable unknown-version" },
	{ "others", "a; spf=pass; dmarc=fail; dkim-adsp=pass; x=pass", ONE, "p",
	    "- -|- -|- -|- -" },
	{ "a defect", "a; dkim=pass; dkim=fail header.d=\"", ONE, "p",
	    "agrees same-result 0" },
	{ "no-result", "a; none", ONE, "p", "" },
};

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
	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autofree char *text = header_text(
		    "Authentication-Results", cases[i].field, cases[i].header);
		g_autofree char *got = NULL;
		struct made made;
		const struct auth_claims *claims =
		    make(&made, text, cases[i].came);

		g_test_message("%s", cases[i].name);
		g_assert_cmpuint(claims->n, ==, 1);
		got = judgements_text(&claims->list[0]);
		g_assert_cmpstr(got, ==, cases[i].want);
		g_assert_cmpint(claims->list[0].seal, ==, -1);
		arena_free(made.arena);
	}
}

/* What a field says of the chain.  "i=" stands in the field of a set. */
static const struct {
	const char *name, *field, *header, *came;
	enum arc_result result;
	unsigned instance; /* where it fails */
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
	    "differs one-there 0" },
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
			.instance = chains[i].instance };
		g_autofree char *got = NULL;
		g_autofree char *text =
		    header_text(set ? "ARC-Authentication-Results"
				    : "Authentication-Results",
			chains[i].field, chains[i].header);
		struct made made;
		const struct auth_claims *claims =
		    make(&made, text, chains[i].came);

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
	g_test_add_func("/auth_claims/cover", test_cover);
	g_test_add_func("/auth_claims/bounds", test_bounds);
	g_test_add_func("/auth_claims/words", test_words);
	return g_test_run();
}
