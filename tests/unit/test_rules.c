/* test_rules.c - facts filled by hand, and what each document on DKIM makes of
 * them.  One row for each statement of a document. */
#include "tests/unit/verdict_setting.h"

#include "verifier/verdict/rules.h"

#include <glib.h>

#define PLAIN   "From: a@example.com\r\nSubject: x\r\n\r\nText\r\n"

/* 2007-05 to 2007-06 and so on: the months of publication. */
#define RFC4871 RULES_RFC4871
#define RFC6376 RULES_RFC6376
#define RFC8301 RULES_RFC8301
#define RFC8463 RULES_RFC8463
#define RFC8616 RULES_RFC8616

/* A signature over PLAIN and one key that it holds with, by default. */
struct fact_case {
	const char *name;
	bool sha1, ed25519, utf8, short_key, testing;
	const char *granularity, *local;
	unsigned defects; /* of the key record's use, enum candidate_defect */
	bool fails, altered; /* no key made it; for another header */
	bool body_differs;
	bool missing;       /* no key is known */
	unsigned malformed; /* enum signature_defect */
};

static struct setting setting;

static void
set_facts(const struct fact_case *c)
{
	static struct header_field field;
	const struct key_case key = { c->defects,
		c->altered     ? KEY_CHECK_OTHER
		    : c->fails ? KEY_CHECK_MISMATCH
			       : KEY_CHECK_VALID,
		0, GRADE_D, 900, 1100 };
	struct signature *signature = &setting.signature;

	set_message(&setting, PLAIN, false);
	set_signature(&setting, "example.com",
	    c->malformed | (c->sha1 ? (unsigned)SIGNATURE_SHA1 : 0));
	signature->algorithm = c->ed25519 ? SIGNATURE_ED25519_SHA256
	    : c->sha1                     ? SIGNATURE_RSA_SHA1
					  : SIGNATURE_RSA_SHA256;
	field.value =
	    c->utf8 ? SPAN("d=b\xc3\xbc.example") : SPAN("d=b.example");
	signature->field = &field;
	signature->identity_local =
	    span_from_string(c->local != NULL ? c->local : "");
	set_keys(&setting, &key, c->missing ? 0 : 1);
	setting.signature_facts.body.state =
	    c->body_differs ? BODY_MISMATCH : BODY_MATCH;
	if (c->missing)
		return;
	struct known_key *known = &setting.known.keys[0];
	known->key.flags = c->short_key ? PUBLIC_KEY_WEAK : 0;
	known->record.testing = c->testing;
	if (c->granularity != NULL)
		known->record.granularity = span_from_string(c->granularity);
}

static void
judge(void)
{
	const struct policy policy = { GRADE_D, 1826, REPAIRS_ALL };

	verdict_of_signature(&setting.verdict, setting.arena,
	    &setting.signature_facts, &setting.known, &setting.facts,
	    setting.alignment, &policy);
}

/* What a case comes to under the documents up to "last". */
static const struct {
	struct fact_case facts;
	enum rules_document last;
	enum result result;
	const char *reasons;
	enum rules_document says;
} cases[] = {
	/* RFC 4871 and 6376 6.1.3: nothing stands against it */
	{ { .name = "good" }, RFC4871, RESULT_PASS, "pass", RFC4871 },
	{ { .name = "good" }, RFC6376, RESULT_PASS, "pass", RFC6376 },
	{ { .name = "good" }, RFC8616, RESULT_PASS, "pass", RFC6376 },
	/* RFC 4871, 6376 3.3: verifiers MUST implement rsa-sha1 */
	{ { "sha1", .sha1 = true }, RFC4871, RESULT_PASS, "pass", RFC4871 },
	{ { "sha1", .sha1 = true }, RFC6376, RESULT_PASS, "pass", RFC6376 },
	/* RFC 8301 3.1: MUST NOT be used for verifying */
	{ { "sha1", .sha1 = true }, RFC8301, RESULT_POLICY, "sha1", RFC8301 },
	{ { "sha1", .sha1 = true }, RFC8616, RESULT_POLICY, "sha1", RFC8301 },
	/* but what does not hold anyway, fails */
	{ { "sha1, body", .sha1 = true, .body_differs = true }, RFC8301,
	    RESULT_FAIL, "body-altered", RFC6376 },
	/* RFC 4871, 6376 3.3.3: keys from 512 bits on */
	{ { "short", .short_key = true }, RFC4871, RESULT_PASS, "pass",
	    RFC4871 },
	{ { "short", .short_key = true }, RFC6376, RESULT_PASS, "pass",
	    RFC6376 },
	/* RFC 8301 3.2: MUST NOT be considered valid */
	{ { "short", .short_key = true }, RFC8301, RESULT_POLICY, "weak-key",
	    RFC8301 },
	{ { "both", .short_key = true, .sha1 = true }, RFC8301, RESULT_POLICY,
	    "sha1 weak-key", RFC8301 },
	/* RFC 4871, 6376 3.6.1, t=y: as if unsigned, holding or not */
	{ { "testing", .testing = true }, RFC4871, RESULT_NONE, "testing-key",
	    RFC4871 },
	{ { "testing", .testing = true }, RFC6376, RESULT_NONE, "testing-key",
	    RFC6376 },
	{ { "testing", .testing = true }, RFC8616, RESULT_NONE, "testing-key",
	    RFC6376 },
	{ { "testing fails", .testing = true, .fails = true }, RFC6376,
	    RESULT_NONE, "testing-key", RFC6376 },
	{ { "testing, altered", .testing = true, .altered = true }, RFC4871,
	    RESULT_NONE, "testing-key", RFC4871 },
	{ { "testing and sha1", .testing = true, .sha1 = true }, RFC8301,
	    RESULT_NONE, "testing-key sha1", RFC6376 },
	/* RFC 4871 3.6.1 and 6.1.2 step 6, g= */
	{ { "g=*", .granularity = "*" }, RFC4871, RESULT_PASS, "pass",
	    RFC4871 },
	{ { "g=*, i=bob@", .granularity = "*", .local = "bob" }, RFC4871,
	    RESULT_PASS, "pass", RFC4871 },
	{ { "g=bob, i=bob@", .granularity = "bob", .local = "bob" }, RFC4871,
	    RESULT_PASS, "pass", RFC4871 },
	{ { "g=bob, i=Bob@", .granularity = "bob", .local = "Bob" }, RFC4871,
	    RESULT_PERMERROR, "key-granularity", RFC4871 },
	{ { "g=bob, no i=", .granularity = "bob" }, RFC4871, RESULT_PERMERROR,
	    "key-granularity", RFC4871 },
	{ { "g=bob, i=eve@", .granularity = "bob", .local = "eve" }, RFC4871,
	    RESULT_PERMERROR, "key-granularity", RFC4871 },
	{ { "g=b*", .granularity = "b*", .local = "bob" }, RFC4871, RESULT_PASS,
	    "pass", RFC4871 },
	{ { "g=*-offer", .granularity = "*-offer", .local = "x-offer" },
	    RFC4871, RESULT_PASS, "pass", RFC4871 },
	{ { "g=b*b", .granularity = "b*b", .local = "b" }, RFC4871,
	    RESULT_PERMERROR, "key-granularity", RFC4871 },
	{ { "empty g=", .granularity = "" }, RFC4871, RESULT_PERMERROR,
	    "key-granularity", RFC4871 },
	{ { "empty g=, i=bob@", .granularity = "", .local = "bob" }, RFC4871,
	    RESULT_PERMERROR, "key-granularity", RFC4871 },
	{ { "g=, fails", .granularity = "", .fails = true }, RFC4871,
	    RESULT_PERMERROR, "key-granularity", RFC4871 },
	{ { "g= and t=y", .granularity = "", .testing = true }, RFC4871,
	    RESULT_PERMERROR, "key-granularity testing-key", RFC4871 },
	/* RFC 6376 3.6.1: the tag is not known, and ignored */
	{ { "empty g=", .granularity = "" }, RFC6376, RESULT_PASS, "pass",
	    RFC6376 },
	{ { "g=bob", .granularity = "bob", .local = "eve" }, RFC8616,
	    RESULT_PASS, "pass", RFC6376 },
	/* RFC 4871, 6376 3.3: algorithms not implemented are ignored */
	{ { "ed25519", .ed25519 = true }, RFC4871, RESULT_NEUTRAL,
	    "signature-unknown-algorithm", RFC4871 },
	{ { "ed25519", .ed25519 = true }, RFC8301, RESULT_NEUTRAL,
	    "signature-unknown-algorithm", RFC6376 },
	{ { "ed25519, no key", .ed25519 = true, .missing = true }, RFC8301,
	    RESULT_NEUTRAL, "signature-unknown-algorithm", RFC6376 },
	/* RFC 8463 3 */
	{ { "ed25519", .ed25519 = true }, RFC8463, RESULT_PASS, "pass",
	    RFC8463 },
	{ { "ed25519, no key", .ed25519 = true, .missing = true }, RFC8463,
	    RESULT_TEMPERROR, "key-missing", RFC8463 },
	{ { "ed25519, testing", .ed25519 = true, .testing = true }, RFC8463,
	    RESULT_NONE, "testing-key", RFC6376 },
	/* RFC 4871, 6376 3.2: tag values are ASCII */
	{ { "U-label", .utf8 = true }, RFC4871, RESULT_NEUTRAL,
	    "signature-syntax", RFC4871 },
	{ { "U-label", .utf8 = true }, RFC8463, RESULT_NEUTRAL,
	    "signature-syntax", RFC6376 },
	{ { "both", .utf8 = true, .ed25519 = true }, RFC6376, RESULT_NEUTRAL,
	    "signature-syntax signature-unknown-algorithm", RFC6376 },
	/* RFC 8616 5 */
	{ { "U-label", .utf8 = true }, RFC8616, RESULT_PASS, "pass", RFC8616 },
	{ { "both", .utf8 = true, .ed25519 = true }, RFC8616, RESULT_PASS,
	    "pass", RFC8616 },
	{ { "U-label, body", .utf8 = true, .body_differs = true }, RFC8616,
	    RESULT_FAIL, "body-altered", RFC8616 },
	/* what no document changes */
	{ { "t=s", .defects = CANDIDATE_STRICT }, RFC4871, RESULT_PERMERROR,
	    "key-strict", RFC4871 },
	{ { "t=s", .defects = CANDIDATE_STRICT }, RFC8616, RESULT_PERMERROR,
	    "key-strict", RFC6376 },
	{ { "h= of the record", .defects = CANDIDATE_HASH }, RFC4871,
	    RESULT_PERMERROR, "key-hash", RFC4871 },
	{ { "i= outside d=", .malformed = SIGNATURE_IDENTITY_OUTSIDE }, RFC4871,
	    RESULT_PERMERROR, "signature-identity-outside", RFC4871 },
	{ { "not a tag-list", .malformed = SIGNATURE_SYNTAX, .utf8 = true,
	      .ed25519 = true },
	    RFC4871, RESULT_NEUTRAL, "signature-syntax", RFC4871 },
	{ { "no key", .missing = true, .sha1 = true }, RFC8301,
	    RESULT_TEMPERROR, "key-missing", RFC6376 },
	{ { "altered", .altered = true }, RFC8301, RESULT_FAIL,
	    "headers-altered", RFC6376 },
};

static void
test_cases(void)
{
	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		struct rules_outcome outcome;

		g_test_message("%zu %s", i, cases[i].facts.name);
		set_facts(&cases[i].facts);
		judge();
		rules_judge_under(&outcome, &setting.verdict, cases[i].last);
		g_assert_cmpstr(result_name(outcome.result), ==,
		    result_name(cases[i].result));
		assert_reasons(&outcome.reasons, cases[i].reasons);
		g_assert_cmpint((int)outcome.document, ==, (int)cases[i].says);
	}
}

/* The months in which the documents came out, and nothing before. */
static void
test_documents(void)
{
	static const char *const months[RULES_DOCUMENTS][3] = {
		{ "RFC 4871", "2007-05-01T00:00:00Z", "2007-06-01T00:00:00Z" },
		{ "RFC 6376", "2011-09-01T00:00:00Z", "2011-10-01T00:00:00Z" },
		{ "RFC 8301", "2018-01-01T00:00:00Z", "2018-02-01T00:00:00Z" },
		{ "RFC 8463", "2018-09-01T00:00:00Z", "2018-10-01T00:00:00Z" },
		{ "RFC 8616", "2019-06-01T00:00:00Z", "2019-07-01T00:00:00Z" },
	};

	for (int i = 0; i < RULES_DOCUMENTS; i++) {
		enum rules_document document = (enum rules_document)i;
		char text[TIMESTAMP_SIZE];

		g_assert_cmpstr(
		    rules_document_name(document), ==, months[i][0]);
		timestamp_format(rules_document_from(document), text);
		g_assert_cmpstr(text, ==, months[i][1]);
		timestamp_format(rules_document_until(document), text);
		g_assert_cmpstr(text, ==, months[i][2]);
	}
}

/* "pass" "|" between the outcomes of then; "today"; does any differ? */
static const struct {
	struct fact_case facts;
	const char *from, *to; /* NULL: no time stated */
	const char *then, *today;
	bool differ;
} times[] = {
	{ { .name = "plain" }, "2008-03-01", "2008-03-01", "RFC 4871 pass",
	    "RFC 6376 pass", false },
	{ { .name = "plain, over a change" }, "2008-03-01", "2020-03-01",
	    "RFC 4871 pass", "RFC 6376 pass", false },
	{ { "sha1", .sha1 = true }, "2012-03-01", "2012-03-01", "RFC 6376 pass",
	    "RFC 8301 policy", true },
	{ { "sha1", .sha1 = true }, "2020-03-01", "2020-03-01",
	    "RFC 8301 policy", "RFC 8301 policy", true },
	/* the last day before the month, the month itself, the day after */
	{ { "sha1", .sha1 = true }, "2017-12-31", "2017-12-31", "RFC 6376 pass",
	    "RFC 8301 policy", true },
	{ { "sha1", .sha1 = true }, "2018-01-01", "2018-01-01",
	    "RFC 6376 pass|RFC 8301 policy", "RFC 8301 policy", true },
	{ { "sha1", .sha1 = true }, "2018-01-31", "2018-01-31",
	    "RFC 6376 pass|RFC 8301 policy", "RFC 8301 policy", true },
	{ { "sha1", .sha1 = true }, "2018-02-01", "2018-02-01",
	    "RFC 8301 policy", "RFC 8301 policy", true },
	{ { "sha1, an interval", .sha1 = true }, "2012-03-01", "2020-03-01",
	    "RFC 6376 pass|RFC 8301 policy", "RFC 8301 policy", true },
	{ { "g= and sha1", .sha1 = true, .granularity = "" }, "2008-03-01",
	    "2020-03-01", "RFC 4871 permerror|RFC 6376 pass|RFC 8301 policy",
	    "RFC 8301 policy", true },
	{ { "g=", .granularity = "" }, "2008-03-01", "2008-03-01",
	    "RFC 4871 permerror", "RFC 6376 pass", true },
	{ { "g=, later", .granularity = "" }, "2012-03-01", "2012-03-01",
	    "RFC 6376 pass", "RFC 6376 pass", false },
	{ { "before all rules", .sha1 = true }, "2006-03-01", "2007-04-30", "",
	    "RFC 8301 policy", true },
	{ { "before and after", .sha1 = true }, "2006-03-01", "2008-03-01",
	    "RFC 4871 pass", "RFC 8301 policy", true },
	{ { "no time", .granularity = "" }, NULL, NULL, "", "RFC 6376 pass",
	    true },
	{ { .name = "no time, plain" }, NULL, NULL, "", "RFC 6376 pass",
	    false },
	{ { "testing", .testing = true }, "2012-03-01", "2012-03-01",
	    "RFC 6376 none", "RFC 6376 none", true },
	{ { "ed25519", .ed25519 = true }, "2012-03-01", "2012-03-01",
	    "RFC 6376 neutral", "RFC 8463 pass", true },
	{ { "ed25519", .ed25519 = true }, "2020-03-01", "2020-03-01",
	    "RFC 8463 pass", "RFC 8463 pass", false },
	{ { "the far future", .sha1 = true }, "9999-12-31", "9999-12-31",
	    "RFC 8301 policy", "RFC 8301 policy", true },
};

static int64_t
day(const char *text)
{
	enum timestamp_precision precision;
	int64_t at = TIMESTAMP_NONE;

	if (text != NULL)
		g_assert_true(timestamp_parse_lenient(
		    span_from_string(text), &at, &precision));
	return at;
}

static void
append(GString *out, const struct rules_outcome *outcome)
{
	g_string_append_printf(out, "%s%s %s", out->len > 0 ? "|" : "",
	    rules_document_name(outcome->document),
	    result_name(outcome->result));
}

static void
test_times(void)
{
	for (size_t i = 0; i < G_N_ELEMENTS(times); i++) {
		g_autoptr(GString) then = g_string_new(NULL);
		g_autoptr(GString) today = g_string_new(NULL);
		struct rules rules;

		g_test_message("%zu %s", i, times[i].facts.name);
		set_facts(&times[i].facts);
		judge();
		setting.verdict.interval.from = day(times[i].from);
		setting.verdict.interval.to = day(times[i].to);
		g_assert_true(rules_judge(&rules, &setting.verdict));
		for (size_t j = 0; j < rules.n_then; j++)
			append(then, &rules.then[j]);
		append(today, &rules.today);
		g_assert_cmpstr(then->str, ==, times[i].then);
		g_assert_cmpstr(today->str, ==, times[i].today);
		g_assert_cmpint(rules.differ, ==, times[i].differ);
	}
}

/* Of several keys that fit, the one counts that has the least against it, in
 * whatever order they stand; one that does not fit, never. */
static void
test_several_keys(void)
{
	const struct key_case fits = { 0, KEY_CHECK_VALID, 0, GRADE_D, 900,
		1100 };
	const struct key_case not = { 0, KEY_CHECK_MISMATCH, 0, GRADE_D, 900,
		1100 };
	const struct key_case keys[] = { fits, fits, not };
	const struct fact_case plain = { .name = "plain" };
	struct rules_outcome outcome;

	for (size_t first = 0; first < 2; first++) {
		set_facts(&plain);
		set_keys(&setting, keys, G_N_ELEMENTS(keys));
		setting.known.keys[first].record.testing = true;
		setting.known.keys[1 - first].key.flags = PUBLIC_KEY_WEAK;
		judge();
		rules_judge_under(&outcome, &setting.verdict, RULES_RFC8301);
		assert_reasons(&outcome.reasons, "weak-key");
		setting.known.keys[1 - first].record.testing = true;
		rules_judge_under(&outcome, &setting.verdict, RULES_RFC8301);
		assert_reasons(&outcome.reasons, "testing-key");
	}
}

static void
test_other_kinds(void)
{
	static const enum signature_kind kinds[] = { SIGNATURE_DOMAINKEYS,
		SIGNATURE_ARC_MESSAGE, SIGNATURE_ARC_SEAL };
	const struct fact_case plain = { .name = "plain" };
	struct rules rules;

	for (size_t i = 0; i < G_N_ELEMENTS(kinds); i++) {
		set_facts(&plain);
		judge();
		setting.signature.kind = kinds[i];
		g_assert_false(rules_judge(&rules, &setting.verdict));
	}
}

int
main(int argc, char **argv)
{
	int failed;

	g_test_init(&argc, &argv, NULL);
	g_test_set_nonfatal_assertions();
	setting_init(&setting);
	g_test_add_func("/rules/cases", test_cases);
	g_test_add_func("/rules/documents", test_documents);
	g_test_add_func("/rules/times", test_times);
	g_test_add_func("/rules/several-keys", test_several_keys);
	g_test_add_func("/rules/other-kinds", test_other_kinds);
	failed = g_test_run();
	setting_clear(&setting);
	return failed;
}
