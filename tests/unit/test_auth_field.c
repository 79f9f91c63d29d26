/* test_auth_field.c - verdicts made by hand as Authentication-Results fields,
 * with what hostile mail may write into the tags. */
#include "tests/unit/verdict_setting.h"

#include "verifier/message/auth_results.h"
#include "verifier/report/auth_field.h"
#include "verifier/verdict/arc_chain.h"

#include <glib.h>
#include <string.h>
#include <time.h>

#define HEAD       "Authentication-Results: offline.verifier.invalid"
#define PLAIN      "From: a@example.com\r\nSubject: x\r\n\r\nText\r\n"
#define SIGNED_MAX 4

static struct setting setting;

/* A signature as the field has it, and what it comes to. */
struct signed_case {
	const char *d, *i, *s, *a, *b; /* NULL: the tag is missing */
	const char *domain;            /* canonical */
	enum signature_kind kind;
	enum result result;
	enum reason reason;
	bool sha1;
};

struct made {
	struct signature signatures[SIGNED_MAX];
	struct signature_facts facts[SIGNED_MAX];
	struct signature_verdict verdicts[SIGNED_MAX];
	struct message_verdict message;
};

static struct span
tag(const char *text)
{
	return text == NULL ? (struct span){ NULL, 0 } : span_from_string(text);
}

/* A known key that the signature holds with, where it passes. */
static void
make_one(struct made *made, size_t at, const struct signed_case *c)
{
	const struct key_case key = { 0,
		c->result == RESULT_PASS ? KEY_CHECK_VALID : KEY_CHECK_MISMATCH,
		0, GRADE_D, 900, 1100 };
	struct signature_verdict *verdict = &made->verdicts[at];

	set_message(&setting, PLAIN, false);
	set_keys(&setting, &key, 1);
	made->signatures[at] = (struct signature){ .kind = c->kind,
		.algorithm = SIGNATURE_RSA_SHA256,
		.defects = c->sha1 ? (unsigned)SIGNATURE_SHA1 : 0,
		.d = tag(c->d),
		.i = tag(c->i),
		.s = tag(c->s),
		.a = tag(c->a),
		.b = tag(c->b),
		.domain = tag(c->domain) };
	made->facts[at] = setting.signature_facts;
	made->facts[at].signature = &made->signatures[at];
	*verdict = (struct signature_verdict){ .facts = &made->facts[at],
		.known = &setting.known,
		.result = c->result,
		.verdict = reason_row(c->reason)->verdict,
		.interval = { .from = TIMESTAMP_NONE, .to = TIMESTAMP_NONE } };
	reasons_add(&verdict->reasons, c->reason);
}

static char *
write_all(const struct signed_case *cases, size_t n,
    const struct arc_verdict *arc, bool left_out)
{
	GString *out = g_string_new(NULL);
	struct made made = { .message = { .n_signatures = n, .arc = arc } };

	made.message.signatures = made.verdicts;
	for (size_t i = 0; i < n; i++)
		make_one(&made, i, &cases[i]);
	if (left_out)
		reasons_add(&made.message.reasons, REASON_SIGNATURES_LEFT_OUT);
	auth_field_write(out, &made.message);
	return g_string_free(out, FALSE);
}

#define LONG_64 \
	"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"
#define LONG_256 LONG_64 LONG_64 LONG_64 LONG_64

/* One signature, passing. */
static const struct {
	const char *name;
	struct signed_case signed_by;
	const char *want;
} cases[] = {
	{ "plain",
	    { "example.com", "@example.com", "s1", "rsa-sha256",
		"AbCd0123Zz==", "example.com", .result = RESULT_PASS },
	    HEAD ";\n\tdkim=pass header.d=example.com header.i=@example.com "
		 "header.s=s1\n\theader.a=rsa-sha256 header.b=AbCd0123\n" },
	{ "sha1 is policy (RFC 8301 3.1)",
	    { "example.com", NULL, "s1", "rsa-sha1",
		"AbCd0123Zz==", "example.com", .result = RESULT_PASS,
		.reason = REASON_SHA1, .sha1 = true },
	    HEAD ";\n\tdkim=policy reason=\"sha1\" header.d=example.com "
		 "header.s=s1\n\theader.a=rsa-sha1 header.b=AbCd0123\n" },
	{ "fail",
	    { "example.com", NULL, "s1", "rsa-sha256", "AbCd0123",
		"example.com", .result = RESULT_FAIL,
		.reason = REASON_BODY_ALTERED },
	    HEAD ";\n\tdkim=fail reason=\"body-altered\" header.d=example.com "
		 "header.s=s1\n\theader.a=rsa-sha256 header.b=AbCd0123\n" },
	{ "a body that is signed in part is policy (RFC 6376 8.2)",
	    { "example.com", NULL, "s1", "rsa-sha256", "AbCd0123",
		"example.com", .result = RESULT_PASS,
		.reason = REASON_BODY_PARTLY },
	    HEAD ";\n\tdkim=policy reason=\"body-partly\" header.d=example.com "
		 "header.s=s1\n\theader.a=rsa-sha256 header.b=AbCd0123\n" },
	{ "b= with tspecials (RFC 2045 5.1) and folding",
	    { "a.example", NULL, "s", "rsa-sha256", "Ab/d\r\n\t+12=Zz",
		"a.example", .result = RESULT_PASS },
	    HEAD ";\n\tdkim=pass header.d=a.example header.s=s "
		 "header.a=rsa-sha256\n\theader.b=\"Ab/d+12=\"\n" },
	{ "a short b=",
	    { "a.example", NULL, "s", "rsa-sha256", "Ab", "a.example",
		.result = RESULT_PASS },
	    HEAD ";\n\tdkim=pass header.d=a.example header.s=s "
		 "header.a=rsa-sha256\n\theader.b=Ab\n" },
	{ "local parts",
	    { "a.example", "bob.x+y@sub.a.example", NULL, NULL, NULL,
		"a.example", .result = RESULT_PASS },
	    HEAD ";\n\tdkim=pass header.d=a.example "
		 "header.i=bob.x+y@sub.a.example\n" },
	{ "a local part that needs quotes",
	    { "a.example", "\"b \\\"x\"@a.example", NULL, NULL, NULL,
		"a.example", .result = RESULT_PASS },
	    HEAD ";\n\tdkim=pass header.d=a.example "
		 "header.i=\"\\\"b \\\\\\\"x\\\"@a.example\"\n" },
	{ "dots that nobody should read",
	    { "a.example", "b..c@a.example", NULL, NULL, NULL, "a.example",
		.result = RESULT_PASS },
	    HEAD ";\n\tdkim=pass header.d=a.example "
		 "header.i=\"b..c@a.example\"\n" },
	{ "a second result in a tag",
	    { "evil.example; dkim=pass header.d=bank.example", NULL, "s", "a",
		NULL, NULL, .result = RESULT_PERMERROR,
		.reason = REASON_SIGNATURE_BAD_DOMAIN },
	    HEAD ";\n\tdkim=permerror reason=\"signature-bad-domain\"\n"
		 "\theader.d=\"evil.example; dkim=pass header.d=bank.example\" "
		 "header.s=s\n\theader.a=a\n" },
	{ "a comment in a tag",
	    { "example.com(.evil.example", NULL, NULL, NULL, NULL, NULL,
		.result = RESULT_PERMERROR,
		.reason = REASON_SIGNATURE_BAD_DOMAIN },
	    HEAD ";\n\tdkim=permerror reason=\"signature-bad-domain\"\n"
		 "\theader.d=\"example.com(.evil.example\"\n" },
	{ "line ends and controls are left out",
	    { "a.example\r\nX: y", "@a\x1b.example", "s\x7f", "a\tb", NULL,
		NULL, .result = RESULT_PERMERROR,
		.reason = REASON_SIGNATURE_BAD_DOMAIN },
	    HEAD ";\n\tdkim=permerror reason=\"signature-bad-domain\" "
		 "(header.d is left out)\n\t(header.i is left out) "
		 "(header.s is left out) (header.a is left out)\n" },
	{ "a U-label as A-label (RFC 8616 5)",
	    { "b\xc3\xbc.example", "@b\xc3\xbc.example", "s\xc3\xbc", NULL,
		NULL, "xn--b-xga.example", .result = RESULT_PASS },
	    HEAD ";\n\tdkim=pass header.d=xn--b-xga.example "
		 "(header.i is left out)\n\t(header.s is left out)\n" },
	{ "empty tags",
	    { "", "", "", "", "", NULL, .result = RESULT_PERMERROR,
		.reason = REASON_SIGNATURE_BAD_DOMAIN },
	    HEAD ";\n\tdkim=permerror reason=\"signature-bad-domain\" "
		 "(header.d is left out)\n\t(header.i is left out) "
		 "(header.s is left out) (header.a is left out)\n" },
	{ "the longest value",
	    { LONG_256, NULL, NULL, NULL, NULL, NULL,
		.result = RESULT_PERMERROR,
		.reason = REASON_SIGNATURE_BAD_DOMAIN },
	    HEAD ";\n\tdkim=permerror reason=\"signature-bad-domain\"\n"
		 "\theader.d=" LONG_256 "\n" },
	{ "one longer",
	    { LONG_256 "x", NULL, NULL, NULL, NULL, NULL,
		.result = RESULT_PERMERROR,
		.reason = REASON_SIGNATURE_BAD_DOMAIN },
	    HEAD ";\n\tdkim=permerror reason=\"signature-bad-domain\" "
		 "(header.d is left out)\n" },
	{ "DomainKeys",
	    { "a.example", NULL, "s", "rsa-sha1", "AbCd0123", "a.example",
		SIGNATURE_DOMAINKEYS, RESULT_PASS, REASON_DOMAINKEYS, true },
	    HEAD ";\n\tdkim=none;\n\tdomainkeys=policy reason=\"sha1 "
		 "domainkeys\" header.d=a.example\n" },
	{ "DomainKeys that holds after a repair only",
	    { "a.example", NULL, "s", "rsa-sha1", "AbCd0123", "a.example",
		SIGNATURE_DOMAINKEYS, RESULT_PASS, REASON_REPAIRED, true },
	    HEAD ";\n\tdkim=none;\n\tdomainkeys=fail "
		 "reason=\"sha1 repaired\" header.d=a.example\n" },
	{ "DomainKeys that fails",
	    { "a.example", NULL, "s", "rsa-sha1", "AbCd0123", "a.example",
		SIGNATURE_DOMAINKEYS, RESULT_FAIL, REASON_MESSAGE_ALTERED,
		true },
	    HEAD ";\n\tdkim=none;\n\tdomainkeys=fail "
		 "reason=\"message-altered\" header.d=a.example\n" },
};

/* Who reads the word alone: "pass" is a signature by the holder of d='s key
 * over a message that can be read in one way (RFC 8601 2.7.1: acceptable). */
static void
test_words(void)
{
	static const enum reason pass[] = { REASON_PASS, REASON_UNALIGNED,
		REASON_FROM_SEVERAL_DOMAINS, REASON_HEADER_UNSIGNED,
		REASON_AGING_KEY, REASON_EXPIRED };
	static const enum reason policy[] = { REASON_FORGEABLE_KEY,
		REASON_WEAK_KEY, REASON_TESTING_KEY, REASON_GRADE,
		REASON_TIME_UNSUPPORTED, REASON_TIME_CONTRADICTED,
		REASON_REVOKED_THEN, REASON_KEY_TRUNCATED, REASON_BODY_PARTLY,
		REASON_MIME_UNSIGNED, REASON_NO_FIELD_LINES,
		REASON_HEADER_LINE_ENDS, REASON_FROM_MULTIPLE,
		REASON_FROM_UNPARSABLE, REASON_PUBLIC_SUFFIX };
	static const enum reason fail[] = { REASON_RESTORED, REASON_REPAIRED };
	const struct {
		const enum reason *list;
		size_t n;
		const char *want;
	} rows[] = { { pass, G_N_ELEMENTS(pass), "pass" },
		{ policy, G_N_ELEMENTS(policy), "policy" },
		{ fail, G_N_ELEMENTS(fail), "fail" } };

	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		for (size_t j = 0; j < rows[i].n; j++) {
			const struct signed_case one = { .d = "a.example",
				.domain = "a.example",
				.result = RESULT_PASS,
				.reason = rows[i].list[j] };
			g_autofree char *got = write_all(&one, 1, NULL, false);
			g_autofree char *want =
			    g_strdup_printf(HEAD ";\n\tdkim=%s ", rows[i].want);

			g_test_message("%s", reason_row(one.reason)->code);
			g_assert_true(g_str_has_prefix(got, want));
		}
	}
}

static void
test_cases(void)
{
	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_test_message("%s", cases[i].name);
		g_autofree char *got =
		    write_all(&cases[i].signed_by, 1, NULL, false);
		g_assert_cmpstr(got, ==, cases[i].want);
	}
}

/* RFC 6008 2: b= tells signatures apart. */
static void
test_several(void)
{
	static const struct signed_case two[] = {
		{ "a.example", NULL, NULL, NULL, "AAAABBBBCCCCDDDD",
		    "a.example", .result = RESULT_PASS },
		{ "a.example", NULL, NULL, NULL, "AAAA BBBB CCCX", "a.example",
		    .result = RESULT_PASS },
		{ "a.example", NULL, NULL, NULL, "AAAABBBBCCCX", "a.example",
		    .result = RESULT_PASS },
		{ "s.example", NULL, NULL, NULL, "AAAABBBBCCCCDDDD",
		    "s.example", SIGNATURE_ARC_SEAL, RESULT_PASS, REASON_PASS,
		    false },
	};
	g_autofree char *got = write_all(two, 4, NULL, true);

	g_assert_cmpstr(got, ==,
	    HEAD ";\n\tdkim=pass header.d=a.example header.b=AAAABBBBCCCC;\n"
		 "\tdkim=pass header.d=a.example header.b=AAAABBBBCCCX;\n"
		 "\tdkim=pass header.d=a.example header.b=AAAABBBBCCCX\n"
		 "\t(more signatures are left out)\n");
}

/* What a chain holds with is the message as it was judged; and as it is stored
 * it may be another one. */
static void
test_arc_repaired(void)
{
	static const struct signed_case one = { "a.example", NULL, NULL, NULL,
		NULL, "a.example", SIGNATURE_ARC_MESSAGE, RESULT_PASS,
		REASON_RESTORED, false };
	const struct arc_verdict pass = { .result = ARC_PASS,
		.reason = REASON_ARC_PASS };
	g_autofree char *got = write_all(&one, 1, &pass, false);

	g_assert_cmpstr(
	    got, ==, HEAD ";\n\tdkim=none;\n\tarc=fail reason=\"restored\"\n");
}

/* Fields of 500,000 octets of white space in b=: each is read once. */
static void
test_wide(void)
{
	enum { N = 64, WIDE = 500000 };
	g_autofree char *wide = g_strnfill(WIDE, ' ');
	g_autoptr(GString) out = g_string_new(NULL);
	struct signature signature = { .b = tag(wide) };
	const struct signature_facts facts = { .signature = &signature };
	struct signature_verdict verdicts[N];
	const struct message_verdict message = { .signatures = verdicts,
		.n_signatures = N };
	clock_t start = clock();

	wide[0] = wide[WIDE - 1] = 'A';
	for (size_t i = 0; i < N; i++)
		verdicts[i] = (struct signature_verdict){ .facts = &facts,
			.result = RESULT_NEUTRAL,
			.verdict = VERDICT_MALFORMED,
			.reasons = { { REASON_SIGNATURE_SYNTAX }, 1 } };
	auth_field_write(out, &message);
	/* 32 million octets, and not 64 times as many. */
	g_assert_cmpint(clock() - start, <, CLOCKS_PER_SEC / 2);
}

static void
test_messages(void)
{
	const struct arc_verdict pass = {
		.result = ARC_PASS, .reason = REASON_ARC_PASS, .oldest_pass = 2
	};
	const struct arc_verdict fail = { .result = ARC_FAIL,
		.reason = REASON_ARC_SEAL_BROKEN };
	const struct arc_verdict unknown = { .result = ARC_UNKNOWN,
		.reason = REASON_ARC_KEY_MISSING };
	const struct {
		const struct arc_verdict *arc;
		const char *want;
	} rows[] = {
		{ NULL, HEAD ";\n\tdkim=none\n" },
		{ &pass,
		    HEAD ";\n\tdkim=none;\n\tarc=pass "
			 "header.oldest-pass=2\n" },
		{ &fail,
		    HEAD ";\n\tdkim=none;\n\tarc=fail "
			 "reason=\"arc-seal-broken\"\n" },
		{ &unknown, HEAD ";\n\tdkim=none\n" },
	};
	struct message_verdict unreadable;
	g_autoptr(GString) out = g_string_new(NULL);

	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_autofree char *got = write_all(NULL, 0, rows[i].arc, false);

		g_assert_cmpstr(got, ==, rows[i].want);
	}
	auth_field_write(out, NULL);
	g_assert_cmpstr(out->str, ==, HEAD "; none\n");
	g_string_truncate(out, 0);
	verdict_unreadable(&unreadable, REASON_UNREADABLE_EMPTY);
	auth_field_write(out, &unreadable);
	g_assert_cmpstr(out->str, ==, HEAD "; none\n");
}

/* Whatever the tags hold: lines of ASCII with a TAB in front, short enough,
 * quotes and brackets closed, and one result. */
static void
check_form(const char *field)
{
	bool quoted = false, comment = false;
	size_t results = 0, line = 0;

	g_assert_true(g_str_has_prefix(field, HEAD ";\n\tdkim="));
	for (const char *p = field; *p != '\0'; p++, line++) {
		if (*p == '\n') {
			g_assert_true(p[1] == '\0' || p[1] == '\t');
			g_assert_cmpuint(line, <, 998);
			g_assert_false(quoted || comment);
			line = 0;
		} else if (*p == '\t') {
			g_assert_true(p[-1] == '\n');
		} else {
			g_assert_true(*p >= ' ' && *p <= '~');
		}
		if (quoted && *p == '\\') {
			g_assert_true(*++p == '\\' || *p == '"');
			line++;
		} else if (*p == '"') {
			quoted = !quoted;
		} else if (!quoted && (*p == '(' || *p == ')')) {
			g_assert_true(comment == (*p == ')'));
			comment = *p == '(';
		} else if (!quoted && *p == ';') {
			results++;
		}
	}
	g_assert_cmpuint(results, ==, 1);
}

/* RFC 8601 2.2, by the reader of such fields: the value of "name" in the only
 * result, p NULL: it has none. */
static struct span
read_back(struct auth_results *results, const char *field, const char *name)
{
	g_autoptr(GString) wire = g_string_new(strchr(field, ' ') + 1);
	struct span value;

	g_string_truncate(wire, wire->len - 1);
	g_string_replace(wire, "\n", "\r\n", 0);
	arena_reset(setting.arena);
	value = arena_copy(setting.arena,
	    (struct span){ (const uint8_t *)wire->str, wire->len });
	auth_results_parse(results, setting.arena, value, false);
	g_assert_cmpint((int)results->defect, ==, (int)AUTH_NO_DEFECT);
	g_assert_cmpuint(results->liberties, ==, 0);
	g_assert_cmpuint(results->n, ==, 1);
	for (size_t i = 0; i < results->results[0].n_properties; i++) {
		const struct auth_property *property =
		    &results->results[0].properties[i];

		if (span_equal(property->name, span_from_string(name)))
			return property->value;
	}
	return (struct span){ NULL, 0 };
}

/* A value is read back as it was in the tag, or is not there. */
static size_t
check_read_back(const char *field, const char *name, const char *text)
{
	struct auth_results results;
	struct span value = read_back(&results, field, name);

	g_assert_true(
	    value.p == NULL || span_equal(value, span_from_string(text)));
	return value.p == NULL ? 0 : 1;
}

static char *
any_text(GRand *rand)
{
	static const char nasty[] = "\"\\();=@,.:<>[]?/ \t\r\n\x7f\xc3\xbc aB1";
	size_t n = (size_t)g_rand_int_range(rand, 0, 300);
	char *text = g_malloc(n + 1);

	for (size_t i = 0; i < n; i++)
		text[i] = g_rand_boolean(rand)
		    ? (char)g_rand_int_range(rand, 1, 256)
		    : nasty[g_rand_int_range(rand, 0, sizeof(nasty) - 1)];
	if (g_rand_boolean(rand)) {
		for (size_t i = 0; i < n; i++)
			text[i] = (char)(' ' + (unsigned char)text[i] % 95);
	}
	text[n] = '\0';
	return text;
}

static void
test_any_octets(void)
{
	GRand *rand = g_rand_new_with_seed(8601);
	size_t read = 0;

	for (int i = 0; i < 2000; i++) {
		g_autofree char *d = any_text(rand), *o = any_text(rand),
				*s = any_text(rand), *a = any_text(rand),
				*b = any_text(rand);
		const struct signed_case one = { d, o, s, a, b, NULL,
			.result = RESULT_PERMERROR,
			.reason = REASON_SIGNATURE_BAD_DOMAIN };
		g_autofree char *got = write_all(&one, 1, NULL, false);

		check_form(got);
		read += check_read_back(got, "d", d);
		read += check_read_back(got, "i", o);
		read += check_read_back(got, "s", s);
		read += check_read_back(got, "a", a);
	}
	g_assert_cmpuint(read, >, 1000);
	g_rand_free(rand);
}

int
main(int argc, char **argv)
{
	int failed;

	g_test_init(&argc, &argv, NULL);
	g_test_set_nonfatal_assertions();
	setting_init(&setting);
	g_test_add_func("/auth-field/cases", test_cases);
	g_test_add_func("/auth-field/words", test_words);
	g_test_add_func("/auth-field/arc-repaired", test_arc_repaired);
	g_test_add_func("/auth-field/wide", test_wide);
	g_test_add_func("/auth-field/several", test_several);
	g_test_add_func("/auth-field/messages", test_messages);
	g_test_add_func("/auth-field/any-octets", test_any_octets);
	failed = g_test_run();
	setting_clear(&setting);
	return failed;
}
