/* test_facts.c - facts about the examples of RFC 6376 and RFC 8463, and about
 * bodies and keys that do not fit. */
#include "verifier/dkim/facts.h"

#include "verifier/message/reading.h"

#include <glib.h>
#include <string.h>

/* RFC 6376 A.2 and the key of appendix C. */
static const char rfc6376[] =
    "DKIM-Signature: v=1; a=rsa-sha256; s=brisbane; d=example.com;\n"
    "      c=simple/simple; q=dns/txt; i=joe@football.example.com;\n"
    "      h=Received : From : To : Subject : Date : Message-ID;\n"
    "      bh=2jUSOH9NhtVGCQWNr9BrIAPreKQjO6Sn7XIkfJVOzv8=;\n"
    "      b=AuUoFEfDxTDkHlLXSZEpZj79LICEps6eda7W3deTVFOk4yAUoqOB\n"
    "      4nujc7YopdG5dWLSdNg6xNAZpOPr+kHxt1IrE+NahM6L/LbvaHut\n"
    "      KVdkLLkpVaVVQPzeRDI009SO2Il5Lu7rDNH6mZckBdrIx0orEtZV\n"
    "      4bmp/YzhwvcubU4=;\n"
    "Received: from client1.football.example.com  [192.0.2.1]\n"
    "      by submitserver.example.com with SUBMISSION;\n"
    "      Fri, 11 Jul 2003 21:01:54 -0700 (PDT)\n"
    "From: Joe SixPack <joe@football.example.com>\n"
    "To: Suzie Q <suzie@shopping.example.net>\n"
    "Subject: Is dinner ready?\n"
    "Date: Fri, 11 Jul 2003 21:00:37 -0700 (PDT)\n"
    "Message-ID: <20030712040037.46341.5F8J@football.example.com>\n"
    "\n"
    "Hi.\n"
    "\n"
    "We lost the game. Are you hungry yet?\n"
    "\n"
    "Joe.\n";
#define RFC6376_P                                                          \
	"p=MIGfMA0GCSqGSIb3DQEBAQUAA4GNADCBiQKBgQDwIRP/UC3SBsEmGqZ9ZJW3"   \
	"/DkMoGeLnQg1fWn7/zYtIxN2SnFCjxOCKG9v3b4jYfcTNh5ijSsq631uBItLa7od" \
	"+v/RtdC2UzJ1lWT947qR+Rcac2gbto/NMqJ0fzfVjH4OuKhitdY9tf6mcwGjaNBc" \
	"WToIMmPSPDdQPNUYckcQ2QIDAQAB"

/* RFC 8463 A.2 and A.3. */
static const char rfc8463[] =
    "DKIM-Signature: v=1; a=ed25519-sha256; c=relaxed/relaxed;\n"
    " d=football.example.com; i=@football.example.com;\n"
    " q=dns/txt; s=brisbane; t=1528637909; h=from : to :\n"
    " subject : date : message-id : from : subject : date;\n"
    " bh=2jUSOH9NhtVGCQWNr9BrIAPreKQjO6Sn7XIkfJVOzv8=;\n"
    " b=/gCrinpcQOoIfuHNQIbq4pgh9kyIK3AQUdt9OdqQehSwhEIug4D11Bus\n"
    " Fa3bT3FY5OsU7ZbnKELq+eXdp1Q1Dw==\n"
    "DKIM-Signature: v=1; a=rsa-sha256; c=relaxed/relaxed;\n"
    " d=football.example.com; i=@football.example.com;\n"
    " q=dns/txt; s=test; t=1528637909; h=from : to : subject :\n"
    " date : message-id : from : subject : date;\n"
    " bh=2jUSOH9NhtVGCQWNr9BrIAPreKQjO6Sn7XIkfJVOzv8=;\n"
    " b=F45dVWDfMbQDGHJFlXUNB2HKfbCeLRyhDXgFpEL8GwpsRe0IeIixNTe3\n"
    " DhCVlUrSjV4BwcVcOF6+FF3Zo9Rpo1tFOeS9mPYQTnGdaSGsgeefOsk2Jz\n"
    " dA+L10TeYt9BgDfQNZtKdN1WO//KgIqXP7OdEFE4LjFYNcUxZQ4FADY+8=\n"
    "From: Joe SixPack <joe@football.example.com>\n"
    "To: Suzie Q <suzie@shopping.example.net>\n"
    "Subject: Is dinner ready?\n"
    "Date: Fri, 11 Jul 2003 21:00:37 -0700 (PDT)\n"
    "Message-ID: <20030712040037.46341.5F8J@football.example.com>\n"
    "\n"
    "Hi.\n"
    "\n"
    "We lost the game.  Are you hungry yet?\n"
    "\n"
    "Joe.\n"
    "\n";
#define RFC8463_ED25519 \
	"v=DKIM1; k=ed25519; p=11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo="
#define RFC8463_RSA_P                                                      \
	"p=MIGfMA0GCSqGSIb3DQEBAQUAA4GNADCBiQKBgQDkHlOQoBTzWRiGs5V6NpP3"   \
	"idY6Wk08a5qhdR6wy5bdOKb2jLQiY/J16JYi0Qvx/byYzCNb3W91y3FutACDfzwQ" \
	"/BC/e/8uBsCR+yz1Lxj+PL6lHvqMKrM3rG4hstT5QjvHO9PzoxZyVYLzBfO2EeC3" \
	"Ip3G+2kryOTIKT+l/K4w3QIDAQAB"

/* A message and everything that was found out about it. */
struct found {
	struct arena *arena;
	struct crypto *crypto;
	struct body_hasher *bodies;
	struct message message;
	struct signature_facts *facts;
	size_t n;
};

static void
find_facts(struct found *found, const char *text, struct sink *also)
{
	static const struct reading wire = { .line_ends = LINE_ENDS_CRLF };
	struct signatures signatures;
	struct digest digests[2];

	found->arena = arena_new();
	found->crypto = crypto_open(NULL);
	found->bodies = body_hasher_new(found->crypto);
	message_open(&found->message, found->arena,
	    arena_alloc(found->arena, READING_BUFFER), span_from_string(text),
	    &wire);
	signatures_find(&signatures, found->arena, &found->message.header);
	found->n = signatures.n;
	found->facts =
	    arena_alloc_array(found->arena, found->n, sizeof(*found->facts));
	digest_init(&digests[DIGEST_SHA256], found->crypto, DIGEST_SHA256);
	digest_init(&digests[DIGEST_SHA1], found->crypto, DIGEST_SHA1);
	for (size_t i = 0; i < found->n; i++)
		found->facts[i].signature = &signatures.list[i];
	facts_hash_body(found->facts, found->n, found->arena, found->bodies,
	    &found->message, also);
	for (size_t i = 0; i < found->n; i++)
		facts_hash_header(
		    &found->facts[i], found->arena, &found->message, digests);
	digest_clear(&digests[0]);
	digest_clear(&digests[1]);
}

static void
found_clear(struct found *found)
{
	arena_free(found->arena);
	body_hasher_free(found->bodies);
	crypto_close(found->crypto);
}

/* Check facts "i" with the key record "text". */
static struct candidate_facts
check(struct found *found, size_t i, const char *text, bool with_checker)
{
	struct candidate_facts result;
	struct key_record record;
	struct public_key key;
	struct candidate candidate = { &record, NULL, NULL };

	key_record_parse(&record, found->arena, span_from_string(text));
	if (record.key_data.n > 0) {
		public_key_parse(&key, found->arena, found->crypto, &record);
		candidate.key = &key;
		if (with_checker)
			candidate.checker =
			    key_checker_new(found->crypto, &key);
	}
	facts_check(&found->facts[i], found->arena, &candidate, 1);
	g_assert_cmpuint(found->facts[i].n_candidates, ==, 1);
	result = found->facts[i].candidates[0];
	if (candidate.checker != NULL)
		key_checker_free(candidate.checker);
	return result;
}

static void
assert_holds(struct found *found, size_t i, const char *record)
{
	struct candidate_facts result = check(found, i, record, true);

	g_assert_cmphex(found->facts[i].signature->defects, ==, 0);
	g_assert_cmpint(found->facts[i].body.state, ==, BODY_MATCH);
	g_assert_true(found->facts[i].header_hashed);
	g_assert_cmphex(result.defects, ==, 0);
	g_assert_true(result.checked);
	g_assert_cmpint(result.check.result, ==, KEY_CHECK_VALID);
}

static void
test_rfc6376(void)
{
	struct found found;

	find_facts(&found, rfc6376, NULL);
	g_assert_cmpuint(found.n, ==, 1);
	assert_holds(&found, 0, "v=DKIM1; " RFC6376_P);
	g_assert_cmpuint(found.facts[0].selection.n, ==, 6);
	found_clear(&found);
}

static void
test_rfc8463(void)
{
	struct found found;

	find_facts(&found, rfc8463, NULL);
	g_assert_cmpuint(found.n, ==, 2);
	assert_holds(&found, 0, RFC8463_ED25519);
	assert_holds(&found, 1, "v=DKIM1; k=rsa; " RFC8463_RSA_P);
	found_clear(&found);
}

/* "text" with its first "from" replaced, to be freed. */
static char *
replaced(const char *text, const char *from, const char *to)
{
	const char *at = strstr(text, from);

	g_assert_nonnull(at);
	return g_strdup_printf(
	    "%.*s%s%s", (int)(at - text), text, to, at + strlen(from));
}

/* Body and header are told apart; the digest that was signed comes out. */
static void
test_altered(void)
{
	g_autofree char *subject = replaced(rfc6376, "dinner", "supper");
	g_autofree char *body = replaced(rfc6376, "hungry", "thirsty");
	struct candidate_facts result;
	struct found found, sound;

	find_facts(&sound, rfc6376, NULL);
	find_facts(&found, subject, NULL);
	result = check(&found, 0, RFC6376_P, true);
	g_assert_cmpint(found.facts[0].body.state, ==, BODY_MATCH);
	g_assert_true(result.checked);
	g_assert_cmpint(result.check.result, ==, KEY_CHECK_OTHER);
	g_assert_cmpuint(result.check.recovered_n, ==, 32);
	g_assert_true(memcmp(result.check.recovered, sound.facts[0].header_hash,
			  32) == 0);
	result = check(&found, 0, RFC8463_RSA_P, true);
	g_assert_cmpint(result.check.result, ==, KEY_CHECK_MISMATCH);
	found_clear(&found);

	find_facts(&found, body, NULL);
	result = check(&found, 0, RFC6376_P, true);
	g_assert_cmpint(found.facts[0].body.state, ==, BODY_MISMATCH);
	g_assert_cmpint(result.check.result, ==, KEY_CHECK_VALID);
	found_clear(&found);
	found_clear(&sound);
}

static const struct {
	const char *name, *record;
	bool checker;
	unsigned want;
	bool checked;
} candidates[] = {
	{ "usable", "v=DKIM1; t=y; " RFC6376_P, true, 0, true },
	{ "revoked", "v=DKIM1; p=", true, CANDIDATE_REVOKED, false },
	{ "no p=", "v=DKIM1; k=rsa", true, CANDIDATE_MALFORMED, false },
	{ "DER of nothing", "v=DKIM1; p=AAAA", true, CANDIDATE_MALFORMED,
	    false },
	{ "wrong version", "v=DKIM2; " RFC6376_P, true, CANDIDATE_MALFORMED,
	    false },
	{ "ends with no tag", RFC6376_P "; foo", true, CANDIDATE_MALFORMED,
	    false },
	{ "SPF", "v=spf1 -all", true, CANDIDATE_NOT_A_KEY, false },
	{ "ed25519", RFC8463_ED25519, true, CANDIDATE_TYPE, false },
	{ "unknown type", "k=dsa; " RFC6376_P, true, CANDIDATE_TYPE, false },
	{ "k=ed25519 over an RSA key", "k=ed25519; " RFC6376_P, true,
	    CANDIDATE_TYPE | CANDIDATE_MALFORMED, false },
	{ "only sha1", "h=sha1; " RFC6376_P, true, CANDIDATE_HASH, true },
	{ "both hashes", "h=sha1 : sha256; " RFC6376_P, true, 0, true },
	{ "another service", "s=tlsrpt; " RFC6376_P, true, CANDIDATE_SERVICE,
	    true },
	{ "several services", "s=foo : email; " RFC6376_P, true, 0, true },
	{ "strict", "t=s; " RFC6376_P, true, CANDIDATE_STRICT, true },
	{ "cannot be checked", RFC6376_P, false, CANDIDATE_LIMIT, false },
};

static void
test_candidates(void)
{
	struct found found;

	find_facts(&found, rfc6376, NULL);
	for (size_t i = 0; i < G_N_ELEMENTS(candidates); i++) {
		struct candidate_facts result = check(
		    &found, 0, candidates[i].record, candidates[i].checker);

		if (result.defects != candidates[i].want ||
		    result.checked != candidates[i].checked)
			g_test_message("case %s", candidates[i].name);
		g_assert_cmphex(result.defects, ==, candidates[i].want);
		g_assert_true(result.checked == candidates[i].checked);
		if (result.checked)
			g_assert_cmpint(
			    result.check.result, ==, KEY_CHECK_VALID);
	}
	found_clear(&found);
}

/* A key bound to i= in the very domain of d=. */
static void
test_strict(void)
{
	struct found found;
	struct candidate_facts result;

	find_facts(&found, rfc8463, NULL);
	result = check(&found, 1, "t=s; " RFC8463_RSA_P, true);
	g_assert_cmphex(result.defects, ==, 0);
	found_clear(&found);
}

#define OF_NOTHING "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU="
#define OF_CRLF    "frcCV1k9oG9oKj3dpUqdJg1PxRT2RSN/XKdLCPjaYaY="
#define OF_ABC     "ungWv48Bz+pBQUDeXa4iI7ADYaOWF3qctBD/YfIAFa0="

static const struct {
	const char *name, *tags, *body;
	enum body_state want;
	uint64_t covered, total;
} bodies[] = {
	{ "empty, simple", "bh=" OF_CRLF, "", BODY_MATCH, 2, 2 },
	{ "empty, relaxed", "c=simple/relaxed; bh=" OF_NOTHING, "", BODY_MATCH,
	    0, 0 },
	{ "empty lines, relaxed", "c=simple/relaxed; bh=" OF_NOTHING, "\n\n",
	    BODY_MATCH, 0, 0 },
	{ "l=0", "l=0; bh=" OF_NOTHING, "abc\n", BODY_MATCH, 0, 5 },
	{ "l=3", "l=3; bh=" OF_ABC, "abcd\n", BODY_MATCH, 3, 6 },
	{ "l=3 of canonical octets", "c=relaxed/relaxed; l=3; bh=" OF_ABC,
	    "abc \t \n", BODY_MATCH, 3, 5 },
	{ "l= just the body", "l=5; bh=" OF_ABC, "abc\n", BODY_MISMATCH, 5, 5 },
	{ "l= beyond", "l=6; bh=" OF_ABC, "abc\n", BODY_TOO_SHORT, 5, 5 },
	{ "l= huge", "l=99999999999999999999999; bh=" OF_ABC, "abc\n",
	    BODY_TOO_SHORT, 5, 5 },
	{ "altered", "bh=" OF_ABC, "abc\n", BODY_MISMATCH, 5, 5 },
	{ "missing, simple", "bh=" OF_ABC, "\n\n", BODY_MISSING, 2, 2 },
	{ "missing, relaxed", "c=simple/relaxed; bh=" OF_ABC, "", BODY_MISSING,
	    0, 0 },
	{ "no bh=", "l=3", "abc\n", BODY_NOT_HASHED, 3, 5 },
	{ "unknown c=", "c=nofws; bh=" OF_ABC, "abc\n", BODY_NOT_HASHED, 0, 0 },
};

static void
test_bodies(void)
{
	for (size_t i = 0; i < G_N_ELEMENTS(bodies); i++) {
		g_autofree char *text = g_strdup_printf(
		    "DKIM-Signature: v=1; a=rsa-sha256; d=example.com; s=s; "
		    "h=from; b=AAAA; %s\nFrom: a\n\n%s",
		    bodies[i].tags, bodies[i].body);
		struct found found;

		find_facts(&found, text, NULL);
		const struct body_facts *body = &found.facts[0].body;
		if (body->state != bodies[i].want)
			g_test_message("case %s", bodies[i].name);
		g_assert_cmpint(body->state, ==, bodies[i].want);
		g_assert_cmpuint(body->covered, ==, bodies[i].covered);
		g_assert_cmpuint(body->total, ==, bodies[i].total);
		found_clear(&found);
	}
}

struct counter {
	struct sink sink;
	uint64_t n;
};

static void
count(struct sink *self, struct span span)
{
	((struct counter *)self)->n += span.n;
}

/* Several signatures and the digest of the identity share one pass. */
static void
test_shared(void)
{
	static const char text[] =
	    "DKIM-Signature: v=1; a=rsa-sha256; b=A; bh=" OF_ABC "; l=3\n"
	    "DKIM-Signature: v=1; a=rsa-sha1; b=A; bh=" OF_ABC "; l=3\n"
	    "DKIM-Signature: v=1; a=rsa-sha256; b=A; c=relaxed/relaxed; "
	    "bh=" OF_ABC "; l=3\n"
	    "DKIM-Signature: v=1; a=rsa-sha256; b=A; bh=" OF_ABC "; l=3\n"
	    "DKIM-Signature: v=1; a=rsa-sha256; b=A; bh=" OF_ABC "\n"
	    "\nabc  d\n";
	static const enum body_state want[] = { BODY_MATCH, BODY_MISMATCH,
		BODY_MATCH, BODY_MATCH, BODY_MISMATCH };
	struct counter counter = { { count }, 0 };
	struct found found;

	find_facts(&found, text, &counter.sink);
	g_assert_cmpuint(found.n, ==, G_N_ELEMENTS(want));
	for (size_t i = 0; i < found.n; i++)
		g_assert_cmpint(found.facts[i].body.state, ==, want[i]);
	g_assert_cmpuint(found.facts[1].body.hash_n, ==, 20);
	g_assert_cmpuint(found.facts[2].body.total, ==, 7);
	g_assert_cmpuint(counter.n, ==, 8);
	found_clear(&found);
}

/* Without signatures the body still goes where it is wanted. */
static void
test_unsigned(void)
{
	struct counter counter = { { count }, 0 };
	struct found found;

	find_facts(&found, "From: a\n\nabc\n", &counter.sink);
	g_assert_cmpuint(found.n, ==, 0);
	g_assert_cmpuint(counter.n, ==, 5);
	found_clear(&found);
}

/* The unknown a= gives no header hash, and no key is tried. */
static void
test_unknown_algorithm(void)
{
	g_autofree char *text = replaced(rfc6376, "rsa-sha256", "rsa-sha512");
	struct candidate_facts result;
	struct found found;

	find_facts(&found, text, NULL);
	g_assert_false(found.facts[0].header_hashed);
	g_assert_cmpint(found.facts[0].body.state, ==, BODY_NOT_HASHED);
	g_assert_cmpuint(found.facts[0].selection.n, ==, 6);
	result = check(&found, 0, RFC6376_P, true);
	g_assert_false(result.checked);
	found_clear(&found);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_set_nonfatal_assertions();
	g_test_add_func("/facts/rfc6376", test_rfc6376);
	g_test_add_func("/facts/rfc8463", test_rfc8463);
	g_test_add_func("/facts/altered", test_altered);
	g_test_add_func("/facts/candidates", test_candidates);
	g_test_add_func("/facts/strict", test_strict);
	g_test_add_func("/facts/bodies", test_bodies);
	g_test_add_func("/facts/shared", test_shared);
	g_test_add_func("/facts/unsigned", test_unsigned);
	g_test_add_func("/facts/unknown_algorithm", test_unknown_algorithm);
	return g_test_run();
}
