/* test_verdict.c - facts filled by hand, and the verdict they must give. */
#include "tests/unit/verdict_setting.h"

#include <glib.h>

#define KEYS  3
#define PLAIN "From: a@example.com\r\nSubject: x\r\n\r\nText\r\n"

#define FITS(flags, grade, first, last)                       \
	{                                                     \
		0, KEY_CHECK_VALID, flags, grade, first, last \
	}
#define GOOD FITS(0, GRADE_D, 900, 1100)
#define OTHER(flags)                                          \
	{                                                     \
		0, KEY_CHECK_OTHER, flags, GRADE_D, 900, 1100 \
	}
#define WRONG                                                \
	{                                                    \
		0, KEY_CHECK_MISMATCH, 0, GRADE_D, 900, 1100 \
	}
#define BAD(defect)                                               \
	{                                                         \
		defect, KEY_CHECK_MISMATCH, 0, GRADE_D, 900, 1100 \
	}
#define FORBIDS(defect)                                        \
	{                                                      \
		defect, KEY_CHECK_VALID, 0, GRADE_D, 900, 1100 \
	}
#define REVOKED(day)                                                        \
	{                                                                   \
		CANDIDATE_REVOKED, KEY_CHECK_MISMATCH, 0, GRADE_D, day, day \
	}

static const struct {
	const char *name;
	const char *message; /* NULL: PLAIN */
	const char *domain;  /* NULL: example.com */
	unsigned defects;    /* of the signature field */
	enum body_state body;
	bool cut;  /* l= leaves body out */
	bool open; /* the last field is unsigned */
	size_t n_keys;
	struct key_case keys[KEYS];
	enum result result;
	enum verdict verdict;
	const char *reasons;
} cases[] = {
	/* passes */
	{ "good", .n_keys = 1, .keys = { GOOD }, .result = RESULT_PASS,
	    .verdict = VERDICT_VERIFIED, .reasons = "pass" },
	{ "aging and conflict are notes", .n_keys = 1,
	    .keys = { FITS(
		PROVENANCE_AGING | PROVENANCE_CONFLICT, GRADE_B, 900, 1100) },
	    .result = RESULT_PASS, .verdict = VERDICT_VERIFIED,
	    .reasons = "pass aging-key conflict" },
	{ "after the last within five years", .n_keys = 1,
	    .keys = { FITS(0, GRADE_D, 1, 10) }, .result = RESULT_PASS,
	    .verdict = VERDICT_VERIFIED, .reasons = "pass" },
	{ "before the first by more", .n_keys = 1,
	    .keys = { FITS(0, GRADE_D, 2900, 3000) }, .result = RESULT_PASS,
	    .verdict = VERDICT_VERIFIED_WEAK, .reasons = "time-unsupported" },
	{ "no time known", .n_keys = 1, .keys = { FITS(0, GRADE_D, 0, 0) },
	    .result = RESULT_PASS, .verdict = VERDICT_VERIFIED_WEAK,
	    .reasons = "time-unsupported" },
	{ "asserted", .n_keys = 1, .keys = { FITS(0, GRADE_F, 900, 1100) },
	    .result = RESULT_PASS, .verdict = VERDICT_VERIFIED_WEAK,
	    .reasons = "grade" },
	{ "derived", .n_keys = 1, .keys = { FITS(0, GRADE_E1, 900, 1100) },
	    .result = RESULT_PASS, .verdict = VERDICT_VERIFIED_WEAK,
	    .reasons = "grade" },
	{ "sha1", .defects = SIGNATURE_SHA1, .n_keys = 1, .keys = { GOOD },
	    .result = RESULT_PASS, .verdict = VERDICT_VERIFIED_WEAK,
	    .reasons = "sha1" },
	{ "512 bits", .n_keys = 1,
	    .keys = { FITS(PROVENANCE_WEAK, GRADE_D, 900, 1100) },
	    .result = RESULT_PASS, .verdict = VERDICT_VERIFIED_WEAK,
	    .reasons = "weak-key" },
	{ "e=1", .n_keys = 1,
	    .keys = { FITS(PROVENANCE_FORGEABLE, GRADE_A1, 900, 1100) },
	    .result = RESULT_PASS, .verdict = VERDICT_VERIFIED_WEAK,
	    .reasons = "forgeable-key" },
	{ "t=y", .n_keys = 1,
	    .keys = { FITS(PROVENANCE_TESTING, GRADE_D, 900, 1100) },
	    .result = RESULT_PASS, .verdict = VERDICT_VERIFIED_WEAK,
	    .reasons = "testing-key" },
	{ "revoked before", .n_keys = 1,
	    .keys = { FITS(PROVENANCE_REVOKED_THEN, GRADE_D, 900, 1100) },
	    .result = RESULT_PASS, .verdict = VERDICT_VERIFIED_WEAK,
	    .reasons = "revoked-then" },
	{ "truncated", .n_keys = 1,
	    .keys = { FITS(PROVENANCE_TRUNCATED, GRADE_D, 900, 1100) },
	    .result = RESULT_PASS, .verdict = VERDICT_VERIFIED_WEAK,
	    .reasons = "key-truncated" },
	{ "ambiguous join", .n_keys = 1,
	    .keys = { FITS(PROVENANCE_JOIN_AMBIGUOUS, GRADE_D, 900, 1100) },
	    .result = RESULT_PASS, .verdict = VERDICT_VERIFIED_WEAK,
	    .reasons = "key-truncated" },
	{ "l=", .cut = true, .n_keys = 1, .keys = { GOOD },
	    .result = RESULT_PASS, .verdict = VERDICT_VERIFIED_PARTIAL,
	    .reasons = "body-partly" },
	{ "unsigned subject", .open = true, .n_keys = 1, .keys = { GOOD },
	    .result = RESULT_PASS, .verdict = VERDICT_VERIFIED_PARTIAL,
	    .reasons = "header-unsigned" },
	{ "lines that are no field",
	    .message = "From: a@example.com\r\nno field\r\n\r\nText\r\n",
	    .n_keys = 1, .keys = { GOOD }, .result = RESULT_PASS,
	    .verdict = VERDICT_VERIFIED_PARTIAL, .reasons = "no-field-lines" },
	{ "another From behind a bare CR",
	    .message = "From: a@example.com\r\n"
		       "X-A: x\rFrom: b@evil.example\r\n\r\nText\r\n",
	    .n_keys = 1, .keys = { GOOD }, .result = RESULT_PASS,
	    .verdict = VERDICT_VERIFIED_PARTIAL,
	    .reasons = "header-line-ends" },
	{ "unsigned Content-Type",
	    .message = "From: a@example.com\r\n"
		       "Content-Type: text/html\r\n\r\nText\r\n",
	    .open = true, .n_keys = 1, .keys = { GOOD }, .result = RESULT_PASS,
	    .verdict = VERDICT_VERIFIED_PARTIAL, .reasons = "mime-unsigned" },
	{ "unsigned Content-Type that leaves no choice",
	    .message = "From: a@example.com\r\n"
		       "Content-Type: multipart/mixed; boundary=x\r\n"
		       "\r\n--x\r\n\r\nText\r\n--x--\r\n",
	    .open = true, .n_keys = 1, .keys = { GOOD }, .result = RESULT_PASS,
	    .verdict = VERDICT_VERIFIED, .reasons = "pass mime-framed" },
	{ "other domain", .domain = "example.net", .n_keys = 1,
	    .keys = { GOOD }, .result = RESULT_PASS,
	    .verdict = VERDICT_VERIFIED_UNALIGNED, .reasons = "unaligned" },
	{ "public suffix", .domain = "com", .n_keys = 1, .keys = { GOOD },
	    .result = RESULT_PASS, .verdict = VERDICT_VERIFIED_UNALIGNED,
	    .reasons = "public-suffix" },
	{ "two authors of two domains",
	    .message = "From: a@example.com, b@example.net\r\n\r\nText\r\n",
	    .n_keys = 1, .keys = { GOOD }, .result = RESULT_PASS,
	    .verdict = VERDICT_VERIFIED_UNALIGNED,
	    .reasons = "unaligned from-several-domains" },
	{ "two From fields, both signed",
	    .message = "From: a@example.com\r\nFrom: a@example.com\r\n"
		       "\r\nText\r\n",
	    .n_keys = 1, .keys = { GOOD }, .result = RESULT_PASS,
	    .verdict = VERDICT_VERIFIED_UNALIGNED, .reasons = "from-multiple" },
	{ "two From fields, the other one unsigned",
	    .message = "From: a@example.com\r\nFrom: b@example.com\r\n"
		       "\r\nText\r\n",
	    .open = true, .n_keys = 1, .keys = { GOOD }, .result = RESULT_PASS,
	    .verdict = VERDICT_VERIFIED_UNALIGNED,
	    .reasons = "from-multiple header-unsigned" },
	{ "From that is none",
	    .message = "From: a@example.com <b@evil.example>\r\n\r\nText\r\n",
	    .n_keys = 1, .keys = { GOOD }, .result = RESULT_PASS,
	    .verdict = VERDICT_VERIFIED_UNALIGNED,
	    .reasons = "from-unparsable" },
	{ "display name of another",
	    .message = "From: \"a@example.com\" <b@evil.example>\r\n"
		       "\r\nText\r\n",
	    .n_keys = 1, .keys = { GOOD }, .result = RESULT_PASS,
	    .verdict = VERDICT_VERIFIED_UNALIGNED, .reasons = "unaligned" },
	{ "no From", .message = "Subject: x\r\n\r\nText\r\n", .n_keys = 1,
	    .keys = { GOOD }, .result = RESULT_PASS,
	    .verdict = VERDICT_VERIFIED_UNALIGNED,
	    .reasons = "from-unparsable" },
	{ "the worst qualifier decides", .domain = "example.net",
	    .defects = SIGNATURE_SHA1, .cut = true, .n_keys = 1,
	    .keys = { FITS(PROVENANCE_WEAK, GRADE_F, 0, 0) },
	    .result = RESULT_PASS, .verdict = VERDICT_VERIFIED_UNALIGNED,
	    .reasons = "unaligned sha1 weak-key time-unsupported grade "
		       "body-partly" },
	{ "weak before partial", .cut = true, .n_keys = 1,
	    .keys = { FITS(0, GRADE_F, 900, 1100) }, .result = RESULT_PASS,
	    .verdict = VERDICT_VERIFIED_WEAK, .reasons = "grade body-partly" },
	{ "notes on the field",
	    .defects = SIGNATURE_UNUSED_BITS | SIGNATURE_BAD_COPIED |
		SIGNATURE_SIGNS_ITSELF,
	    .n_keys = 1, .keys = { GOOD }, .result = RESULT_PASS,
	    .verdict = VERDICT_VERIFIED,
	    .reasons = "pass signature-unused-bits signature-bad-copied "
		       "signature-signs-itself" },
	/* several keys */
	{ "the second key", .n_keys = 2, .keys = { WRONG, GOOD },
	    .result = RESULT_PASS, .verdict = VERDICT_VERIFIED,
	    .reasons = "pass" },
	{ "the better record of one key", .n_keys = 3,
	    .keys = { FITS(PROVENANCE_TESTING, GRADE_D, 900, 1100),
		FITS(0, GRADE_F, 0, 0), GOOD },
	    .result = RESULT_PASS, .verdict = VERDICT_VERIFIED,
	    .reasons = "pass" },
	{ "a usable record beside one that forbids", .n_keys = 2,
	    .keys = { FORBIDS(CANDIDATE_SERVICE), GOOD }, .result = RESULT_PASS,
	    .verdict = VERDICT_VERIFIED, .reasons = "pass" },
	{ "a revoked record beside", .n_keys = 2,
	    .keys = { REVOKED(2000), GOOD }, .result = RESULT_PASS,
	    .verdict = VERDICT_VERIFIED, .reasons = "pass" },
	{ "one made it, another does not fit", .n_keys = 2,
	    .keys = { WRONG, OTHER(0) }, .result = RESULT_FAIL,
	    .verdict = VERDICT_ALTERED, .reasons = "headers-altered" },
	/* headers only */
	{ "body altered", .body = BODY_MISMATCH, .n_keys = 1, .keys = { GOOD },
	    .result = RESULT_FAIL, .verdict = VERDICT_HEADERS_ONLY,
	    .reasons = "body-altered" },
	{ "body missing", .body = BODY_MISSING, .n_keys = 1, .keys = { GOOD },
	    .result = RESULT_FAIL, .verdict = VERDICT_HEADERS_ONLY,
	    .reasons = "body-missing" },
	{ "body altered, unaligned", .domain = "example.net",
	    .body = BODY_MISMATCH, .n_keys = 1, .keys = { GOOD },
	    .result = RESULT_FAIL, .verdict = VERDICT_HEADERS_ONLY,
	    .reasons = "body-altered unaligned" },
	{ "body altered, forgeable", .body = BODY_MISMATCH, .n_keys = 1,
	    .keys = { FITS(PROVENANCE_FORGEABLE, GRADE_D, 900, 1100) },
	    .result = RESULT_FAIL, .verdict = VERDICT_KEY_UNUSABLE,
	    .reasons = "body-unsure body-altered forgeable-key" },
	{ "body altered, weak", .body = BODY_MISMATCH, .n_keys = 1,
	    .keys = { FITS(PROVENANCE_WEAK, GRADE_D, 900, 1100) },
	    .result = RESULT_FAIL, .verdict = VERDICT_KEY_UNUSABLE,
	    .reasons = "body-unsure body-altered weak-key" },
	{ "body altered, testing, but a good record", .body = BODY_MISMATCH,
	    .n_keys = 2,
	    .keys = { FITS(PROVENANCE_TESTING, GRADE_D, 900, 1100), GOOD },
	    .result = RESULT_FAIL, .verdict = VERDICT_HEADERS_ONLY,
	    .reasons = "body-altered" },
	{ "body altered, no key fits", .body = BODY_MISMATCH, .n_keys = 1,
	    .keys = { WRONG }, .result = RESULT_FAIL,
	    .verdict = VERDICT_KEY_MISMATCH, .reasons = "key-mismatch" },
	/* altered */
	{ "altered", .n_keys = 1, .keys = { OTHER(0) }, .result = RESULT_FAIL,
	    .verdict = VERDICT_ALTERED, .reasons = "headers-altered" },
	{ "altered and body too", .body = BODY_MISMATCH, .n_keys = 1,
	    .keys = { OTHER(0) }, .result = RESULT_FAIL,
	    .verdict = VERDICT_ALTERED, .reasons = "headers-altered" },
	{ "altered by a testing key", .n_keys = 1,
	    .keys = { OTHER(PROVENANCE_TESTING) }, .result = RESULT_FAIL,
	    .verdict = VERDICT_KEY_MISMATCH,
	    .reasons = "altered-unsure testing-key" },
	{ "altered by a forgeable key", .n_keys = 1,
	    .keys = { OTHER(PROVENANCE_FORGEABLE) }, .result = RESULT_FAIL,
	    .verdict = VERDICT_KEY_MISMATCH,
	    .reasons = "altered-unsure forgeable-key" },
	/* no key fits */
	{ "mismatch", .n_keys = 2, .keys = { WRONG, WRONG },
	    .result = RESULT_FAIL, .verdict = VERDICT_KEY_MISMATCH,
	    .reasons = "key-mismatch" },
	{ "usable ones decide", .n_keys = 3,
	    .keys = { REVOKED(500), BAD(CANDIDATE_MALFORMED), WRONG },
	    .result = RESULT_FAIL, .verdict = VERDICT_KEY_MISMATCH,
	    .reasons = "key-mismatch" },
	{ "one could not be checked", .n_keys = 2,
	    .keys = { BAD(CANDIDATE_LIMIT), WRONG }, .result = RESULT_FAIL,
	    .verdict = VERDICT_KEY_MISMATCH,
	    .reasons = "key-mismatch key-limit" },
	/* no key */
	{ "no key", .result = RESULT_TEMPERROR, .verdict = VERDICT_KEY_MISSING,
	    .reasons = "key-missing" },
	{ "revoked later", .n_keys = 1, .keys = { REVOKED(2000) },
	    .result = RESULT_TEMPERROR, .verdict = VERDICT_KEY_MISSING,
	    .reasons = "revoked-later" },
	/* keys that cannot be used */
	{ "revoked then", .n_keys = 1, .keys = { REVOKED(500) },
	    .result = RESULT_PERMERROR, .verdict = VERDICT_KEY_UNUSABLE,
	    .reasons = "key-revoked" },
	{ "revoked some time", .n_keys = 1, .keys = { REVOKED(0) },
	    .result = RESULT_PERMERROR, .verdict = VERDICT_KEY_UNUSABLE,
	    .reasons = "key-revoked" },
	{ "malformed key", .n_keys = 1, .keys = { BAD(CANDIDATE_MALFORMED) },
	    .result = RESULT_PERMERROR, .verdict = VERDICT_KEY_UNUSABLE,
	    .reasons = "key-malformed" },
	{ "not a key", .n_keys = 1, .keys = { BAD(CANDIDATE_NOT_A_KEY) },
	    .result = RESULT_PERMERROR, .verdict = VERDICT_KEY_UNUSABLE,
	    .reasons = "key-not-a-key" },
	{ "other type", .n_keys = 1, .keys = { BAD(CANDIDATE_TYPE) },
	    .result = RESULT_PERMERROR, .verdict = VERDICT_KEY_UNUSABLE,
	    .reasons = "key-type" },
	{ "beyond the library", .n_keys = 1, .keys = { BAD(CANDIDATE_LIMIT) },
	    .result = RESULT_PERMERROR, .verdict = VERDICT_KEY_UNUSABLE,
	    .reasons = "key-limit" },
	{ "the library failed", .n_keys = 1,
	    .keys = { { 0, KEY_CHECK_UNUSABLE, 0, GRADE_D, 900, 1100 } },
	    .result = RESULT_PERMERROR, .verdict = VERDICT_KEY_UNUSABLE,
	    .reasons = "key-limit" },
	{ "hash forbidden", .n_keys = 1, .keys = { FORBIDS(CANDIDATE_HASH) },
	    .result = RESULT_PERMERROR, .verdict = VERDICT_KEY_UNUSABLE,
	    .reasons = "key-hash" },
	{ "made by the key that forbids it", .n_keys = 2,
	    .keys = { WRONG, FORBIDS(CANDIDATE_SERVICE | CANDIDATE_STRICT) },
	    .result = RESULT_PERMERROR, .verdict = VERDICT_KEY_UNUSABLE,
	    .reasons = "key-service key-strict" },
	{ "forbidden and not its own", .n_keys = 1,
	    .keys = { BAD(CANDIDATE_STRICT) }, .result = RESULT_PERMERROR,
	    .verdict = VERDICT_KEY_UNUSABLE, .reasons = "key-strict" },
	{ "all of them", .n_keys = 3,
	    .keys = { BAD(CANDIDATE_NOT_A_KEY), BAD(CANDIDATE_MALFORMED),
		REVOKED(500) },
	    .result = RESULT_PERMERROR, .verdict = VERDICT_KEY_UNUSABLE,
	    .reasons = "key-revoked key-malformed key-not-a-key" },
	/* the field */
	{ "no tag-list", .defects = SIGNATURE_SYNTAX, .n_keys = 1,
	    .keys = { GOOD }, .result = RESULT_NEUTRAL,
	    .verdict = VERDICT_MALFORMED, .reasons = "signature-syntax" },
	{ "neutral before permerror",
	    .defects = SIGNATURE_BAD_EXPIRY | SIGNATURE_TOO_MANY_NAMES |
		SIGNATURE_NO_VERSION,
	    .n_keys = 1, .keys = { GOOD }, .result = RESULT_NEUTRAL,
	    .verdict = VERDICT_MALFORMED,
	    .reasons = "signature-too-many-names signature-no-version "
		       "signature-bad-expiry" },
	{ "From unsigned", .defects = SIGNATURE_FROM_UNSIGNED, .n_keys = 1,
	    .keys = { GOOD }, .result = RESULT_PERMERROR,
	    .verdict = VERDICT_MALFORMED,
	    .reasons = "signature-from-unsigned" },
	{ "the field before the key", .defects = SIGNATURE_IDENTITY_OUTSIDE,
	    .result = RESULT_PERMERROR, .verdict = VERDICT_MALFORMED,
	    .reasons = "signature-identity-outside" },
	{ "l= beyond the body", .body = BODY_TOO_SHORT, .n_keys = 1,
	    .keys = { GOOD }, .result = RESULT_PERMERROR,
	    .verdict = VERDICT_MALFORMED, .reasons = "length-beyond-body" },
};

static const struct policy policy = { GRADE_D, 1826, REPAIRS_NONE };

/* A good message under one good key. */
static void
set_good(struct setting *setting)
{
	static const struct key_case good[] = { GOOD };

	set_message(setting, PLAIN, false);
	set_keys(setting, good, 1);
	set_signature(setting, "example.com", 0);
}

static void
judge(struct setting *setting)
{
	verdict_of_signature(&setting->verdict, setting->arena,
	    &setting->signature_facts,
	    setting->known.n_keys > 0 || setting->known.absent_seen
		? &setting->known
		: NULL,
	    &setting->facts, setting->alignment, &policy);
}

/* What the verdict promises, whatever the case. */
static void
assert_promises(const struct signature_verdict *verdict)
{
	bool pass = verdict->result == RESULT_PASS;

	g_assert_cmpint(
	    verdict->verdict <= VERDICT_VERIFIED_UNALIGNED, ==, pass);
	g_assert_cmpint(verdict->pass != NULL, ==, pass);
	if (pass)
		g_assert_true(verdict->key == pass_key(verdict->pass));
	for (size_t i = 0; i < verdict->reasons.n; i++) {
		const struct reason_row *row =
		    reason_row(verdict->reasons.list[i]);
		if (pass && row->verdict != VERDICTS)
			g_assert_cmpint(row->verdict, <=, verdict->verdict);
	}
}

static void
test_cases(void)
{
	struct setting setting;

	setting_init(&setting);
	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_test_message("%s", cases[i].name);
		set_message(&setting,
		    cases[i].message != NULL ? cases[i].message : PLAIN,
		    cases[i].open);
		set_keys(&setting, cases[i].keys, cases[i].n_keys);
		set_signature(&setting,
		    cases[i].domain != NULL ? cases[i].domain : "example.com",
		    cases[i].defects);
		setting.signature_facts.body =
		    (struct body_facts){ .state = cases[i].body,
			    .covered = cases[i].cut ? 5 : 6,
			    .total = 6 };
		judge(&setting);
		g_assert_cmpstr(result_name(setting.verdict.result), ==,
		    result_name(cases[i].result));
		g_assert_cmpstr(verdict_row(setting.verdict.verdict)->code, ==,
		    verdict_row(cases[i].verdict)->code);
		assert_reasons(&setting.verdict.reasons, cases[i].reasons);
		assert_promises(&setting.verdict);
	}
	setting_clear(&setting);
}

/* Notes that the table has no column for. */
static void
test_notes(void)
{
	struct setting setting;

	setting_init(&setting);
	set_good(&setting);
	setting.signature.expiry = SETTING_TIME + 10;
	setting.facts.times.received_max = SETTING_TIME + 11;
	setting.known.n_left_out = 1;
	setting.known.keys[0].record.defects = KEY_RECORD_HAS_GRANULARITY;
	judge(&setting);
	assert_reasons(&setting.verdict.reasons,
	    "pass key-granularity keys-left-out expired");
	g_assert_cmpint(setting.verdict.verdict, ==, VERDICT_VERIFIED);

	set_good(&setting);
	setting.signature.expiry = SETTING_TIME + 10;
	judge(&setting);
	assert_reasons(&setting.verdict.reasons, "pass");

	set_good(&setting);
	set_keys(&setting, NULL, 0);
	setting.known.absent_seen = true;
	judge(&setting);
	assert_reasons(&setting.verdict.reasons, "key-missing key-absent-seen");
	setting_clear(&setting);
}

/* The key's own properties count as the flags do. */
static void
test_key_properties(void)
{
	struct setting setting;

	setting_init(&setting);
	set_good(&setting);
	setting.known.keys[0].key.flags =
	    PUBLIC_KEY_WEAK | PUBLIC_KEY_FORGEABLE | PUBLIC_KEY_AGING;
	setting.known.keys[0].record.testing = true;
	judge(&setting);
	assert_reasons(&setting.verdict.reasons,
	    "forgeable-key weak-key testing-key aging-key");
	setting_clear(&setting);
}

/* Only a time proved from outside, before a known time of forgeability. */
static void
test_anchored(void)
{
	static const struct {
		int since, anchored; /* days; 0: none */
		unsigned own;
		const char *reasons;
	} rows[] = {
		{ 1200, 0, 0, "forgeable-key" },
		{ 1200, 1199, 0, "pass forgeable-later" },
		{ 1200, 1200, 0, "forgeable-key" },
		{ 1200, 1201, 0, "forgeable-key" },
		{ 0, 1000, 0, "forgeable-key" },
		{ 0, 999, 0, "forgeable-key claimed-after-proof" },
		{ 0, 0, 0, "forgeable-key" },
		{ 1200, 1199, PUBLIC_KEY_FORGEABLE, "forgeable-key" },
		{ 1200, 1199, PUBLIC_KEY_WEAK, "weak-key forgeable-later" },
	};
	struct setting setting;

	setting_init(&setting);
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		const struct key_case key =
		    FITS(PROVENANCE_FORGEABLE, GRADE_D, 900, 1100);

		g_test_message("%zu", i);
		set_good(&setting);
		set_keys(&setting, &key, 1);
		setting.known.keys[0].key.flags = rows[i].own;
		if (rows[i].since != 0)
			setting.known.keys[0].forgeable_since =
			    rows[i].since * TIMESTAMP_DAY;
		if (rows[i].anchored != 0)
			setting.facts.anchored_time =
			    rows[i].anchored * TIMESTAMP_DAY;
		judge(&setting);
		assert_reasons(&setting.verdict.reasons, rows[i].reasons);
	}
	setting_clear(&setting);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_set_nonfatal_assertions();
	g_test_add_func("/verdict/cases", test_cases);
	g_test_add_func("/verdict/notes", test_notes);
	g_test_add_func("/verdict/key", test_key_properties);
	g_test_add_func("/verdict/anchored", test_anchored);
	return g_test_run();
}
