/*
 * test_import_jws.c - signed statements of an archive, and that what the log
 * keeps of one is enough to verify it again.
 */
#include "keysnap/base/digest.h"
#include "keysnap/store/statement.h"
#include "tests/unit/import_case.h"
#include "tests/unit/jws_case.h"

#include <string.h>

extern const struct importer import_jws;

#define KEYS "{\"keys\":[" JWS_CASE_ED25519 "," JWS_CASE_P256 "]}"
#define TIMES                                             \
	"\"first_seen_at\":\"2026-06-01T00:00:00.000Z\"," \
	"\"last_seen_at\":\"2026-07-01T02:03:04.999Z\""
#define RECORD(rest)                                                            \
	"{\"id\":\"4711\",\"domain\":\"Example.org\",\"selector\":\"S1\"," rest \
	"}"
#define PAYLOAD(record)                                                               \
	"{\"v\":1,\"iss\":\"archive.zk.email\",\"iat\":1790000000,\"record\":" record \
	"}"
#define GOOD \
	PAYLOAD(RECORD("\"value\":\"p=AB\",\"source\":\"live_dns\"," TIMES))
static struct crypto *crypto;

static struct import_options
make_options(void)
{
	return (struct import_options){
		.observed_at = TIMESTAMP_NONE,
		.crypto = crypto,
		.jwks = SPAN(KEYS),
		.issuer = SPAN("archive.zk.email"),
	};
}

static char *
run(const char *text, const struct import_options *options)
{
	return import_case_run(&import_jws, span_from_string(text), options);
}

static void
check(const char *text, const struct import_options *options, const char *want)
{
	g_autofree char *got = run(text, options);

	g_assert_cmpstr(got, ==, want);
}

static void
test_good(void)
{
	struct import_options options = make_options();
	g_autofree char *first = jws_case_sign(false, JWS_CASE_HEADER, GOOD);
	g_autofree char *second =
	    jws_case_sign(true, JWS_CASE_HEADER_P256, GOOD);
	g_autofree char *lines = g_strdup_printf("%s\n\n%s\r\n", first, second);
	g_autofree char *list =
	    g_strdup_printf("[\"%s\",\"%s\",7]", first, second);
	g_autofree char *got_lines = run(lines, &options);
	g_autofree char *got_list = run(list, &options);

	g_assert_nonnull(strstr(got_lines,
	    "s1._domainkey.example.org present [p=AB] source "
	    "2026-06-01T00:00:00Z 2026-07-01T02:03:04Z second claimed "
	    "archive-jws by archive.zk.email record 4711 signer"));
	g_assert_nonnull(strstr(got_lines, " evidence 2 @1\n"));
	g_assert_nonnull(strstr(got_lines, " evidence 2 @3\n"));
	g_assert_nonnull(strstr(got_list, " item 2 signer"));
	g_assert_true(g_str_has_suffix(
	    got_list, "bad 3: not a compact JWS: three parts and two dots\n"));
}

#define BAD(record) PAYLOAD(RECORD(record))
#define DNS         ",\"source\":\"live_dns\","

static void
test_payload(void)
{
	static const struct {
		const char *payload, *want;
	} payloads[] = {
		{ "[]", "a statement that is not a JSON object" },
		{ "", "a statement that is not a JSON object" },
		{ "{\"v\":1,\"v\":1}",
		    "a statement that is not a JSON object" },
		{ "{\"v\":2}", "a statement of another version than 1" },
		{ "{\"v\":\"1\"}", "a statement of another version than 1" },
		{ "{\"v\":1}", "a statement without an issuer" },
		{ "{\"v\":1,\"iss\":\"archive.zk.email\"}",
		    "a statement without a time of issue" },
		{ PAYLOAD("[]"), "a statement without the name of a key" },
		{ BAD("\"value\":\"\"" DNS TIMES),
		    "a statement without a key record" },
		{ BAD("\"value\":\"p=\",\"source\":\"gcd\"," TIMES),
		    "a statement about something else than DNS" },
		{ BAD("\"value\":\"p=\"," TIMES),
		    "a statement about something else than DNS" },
		{ BAD("\"value\":\"p=\"" DNS
		      "\"first_seen_at\":\"2026-06-01T00:00:00+00:00\","
		      "\"last_seen_at\":\"2026-06-01T00:00:00Z\""),
		    "a statement without its times" },
		{ BAD("\"value\":\"p=\"" DNS
		      "\"first_seen_at\":\"2026-06-01 00:00:00Z\","
		      "\"last_seen_at\":\"2026-06-01T00:00:00Z\""),
		    "a statement without its times" },
		{ BAD("\"value\":\"p=\"" DNS
		      "\"first_seen_at\":\"2026-06-02T00:00:00Z\","
		      "\"last_seen_at\":\"2026-06-01T00:00:00Z\""),
		    "a statement without its times" },
		{ "{\"v\":1,\"iss\":\"archive.zk.email\",\"iat\":1782871383,"
		  "\"record\":" RECORD("\"value\":\"p=\"" DNS TIMES) "}",
		    "a statement that was issued before what it says was "
		    "seen" },
		{ "{\"v\":1,\"iss\":\"archive.prove.email\",\"iat\":1790000000,"
		  "\"record\":" RECORD("\"value\":\"p=\"" DNS TIMES) "}",
		    "a statement of another issuer than --issuer says" },
	};
	struct import_options options = make_options();

	for (size_t i = 0; i < G_N_ELEMENTS(payloads); i++) {
		g_autofree char *text =
		    jws_case_sign(false, JWS_CASE_HEADER, payloads[i].payload);
		g_autofree char *want =
		    g_strdup_printf("bad 1: %s\n", payloads[i].want);

		check(text, &options, want);
	}
}

/* Signed, but not as the header says. */
static void
test_signature(void)
{
	struct import_options options = make_options();
	g_autofree char *forged = jws_case_forge(JWS_CASE_HEADER, GOOD);
	g_autofree char *other =
	    jws_case_sign(true, "{\"alg\":\"ES256\",\"kid\":\"e\"}", GOOD);
	g_autofree char *swapped = jws_case_sign(true, JWS_CASE_HEADER, GOOD);
	g_autofree char *unknown =
	    jws_case_sign(false, "{\"alg\":\"EdDSA\",\"kid\":\"x\"}", GOOD);
	g_autofree char *none =
	    jws_case_forge("{\"alg\":\"none\",\"kid\":\"e\"}", GOOD);

	check(forged, &options, "bad 1: its signature does not hold\n");
	check(other, &options, "bad 1: its signature does not hold\n");
	check(swapped, &options, "bad 1: its signature does not hold\n");
	check(unknown, &options,
	    "bad 1: signed with a key that is not in the key file\n");
	check(none, &options,
	    "bad 1: signed with an algorithm other than EdDSA and ES256\n");
}

static void
test_options(void)
{
	struct import_options options = make_options();
	g_autofree char *good = jws_case_sign(false, JWS_CASE_HEADER, GOOD);

	options.jwks = SPAN("{\"keys\":{}}");
	check(good, &options,
	    "error: cannot read case: the file of --jwks is no JWK set\n");
	options.jwks = SPAN("{\"keys\":[],\"keys\":[" JWS_CASE_ED25519 "]}");
	check(good, &options,
	    "error: cannot read case: the file of --jwks is no JWK set\n");
	options.jwks.n = 0;
	check(good, &options,
	    "error: cannot read case: signed statements need --jwks and "
	    "--issuer\n");
	options = make_options();
	options.issuer.n = 0;
	check(good, &options,
	    "error: cannot read case: signed statements need --jwks and "
	    "--issuer\n");
}

/* Verify again what was kept, also with something changed. */
struct again {
	GString *evidence[2];
	size_t n;
	unsigned checked;
};

static void
take_evidence(void *user, struct span octets, uint8_t sha256_out[32])
{
	struct again *again = user;

	g_assert_cmpuint(again->n, <, 2);
	again->evidence[again->n++] =
	    g_string_new_len((const char *)octets.p, (gssize)octets.n);
	digest_sha256(crypto, octets, sha256_out);
}

static bool
verify_again(const struct again *again, const struct entry_observation *o)
{
	g_autoptr(arena_auto) arena = arena_new();
	struct span parts[2];
	const char *why;

	for (size_t i = 0; i < 2; i++)
		parts[i] =
		    (struct span){ (const uint8_t *)again->evidence[i]->str,
			    again->evidence[i]->len };
	return statement_check(
	    o, o->observer, parts[0], parts[1], arena, crypto, &why);
}

static void
take_observation(void *user, const struct entry_observation *observation)
{
	struct again *again = user;
	struct entry_observation changed = *observation;
	struct span value = SPAN("p=AC");

	g_assert_true(verify_again(again, observation));
	changed.strings = &value;
	g_assert_false(verify_again(again, &changed));
	changed = *observation;
	changed.name = SPAN("s1._domainkey.example.com");
	g_assert_false(verify_again(again, &changed));
	changed = *observation;
	changed.first -= 1;
	g_assert_false(verify_again(again, &changed));
	changed = *observation;
	changed.observer = SPAN("archive.prove.email");
	g_assert_false(verify_again(again, &changed));
	changed = *observation;
	changed.complete = true;
	g_assert_false(verify_again(again, &changed));
	changed = *observation;
	changed.signer[31] ^= 1;
	g_assert_false(verify_again(again, &changed));
	changed = *observation;
	changed.has_signer = false;
	g_assert_false(verify_again(again, &changed));
	again->evidence[1]->str[10] ^= 1;
	g_assert_false(verify_again(again, observation));
	again->evidence[1]->str[10] ^= 1;
	again->evidence[0]->str[again->evidence[0]->len - 5] ^= 1;
	g_assert_false(verify_again(again, observation));
	again->checked++;
}

static void
test_again(void)
{
	for (int p256 = 0; p256 < 2; p256++) {
		struct import_options options = make_options();
		g_autofree char *text = jws_case_sign(p256 == 1,
		    p256 == 1 ? JWS_CASE_HEADER_P256 : JWS_CASE_HEADER, GOOD);
		struct again again = { .n = 0 };
		const struct import_output output = { &again, take_observation,
			NULL, NULL, take_evidence, NULL, NULL, NULL, NULL };
		FILE *stream = fmemopen(text, strlen(text), "r");

		g_assert_true(
		    import_jws.read(stream, "case", &options, &output, NULL));
		fclose(stream);
		g_assert_cmpuint(again.checked, ==, 1);
		for (size_t i = 0; i < again.n; i++)
			g_string_free(again.evidence[i], TRUE);
	}
}

int
main(int argc, char **argv)
{
	int code;

	g_test_init(&argc, &argv, NULL);
	g_test_set_nonfatal_assertions();
	crypto = crypto_open(NULL);
	g_test_add_func("/import_jws/good", test_good);
	g_test_add_func("/import_jws/payload", test_payload);
	g_test_add_func("/import_jws/signature", test_signature);
	g_test_add_func("/import_jws/options", test_options);
	g_test_add_func("/import_jws/again", test_again);
	code = g_test_run();
	crypto_close(crypto);
	return code;
}
